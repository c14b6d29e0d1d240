import { fileTypeFromBuffer } from 'file-type';
import { Refusal } from '@/domain/refusals';
import { readBeginning } from '../core/files';

/** So much of a file says what it is: office documents name their parts in the first of it. */
const beginning = 64 * 1024;

/** What would run if it were opened. */
const programs = new Set([
  'application/x-msdownload',
  'application/x-elf',
  'application/x-mach-binary',
  'application/x-msi',
  'application/vnd.android.package-archive',
  'application/x-ms-shortcut',
  'application/x-apple-alias',
  'application/java-vm',
  'application/wasm',
  'application/x-chrome-extension',
  'application/x-deb',
  'application/x-rpm',
]);

/**
 * What a stored file is, told from its bytes and never from its name or the browser's word: a text is `text/plain`
 * whatever language it is in, what nobody knows is `application/octet-stream`.
 * @throws Refusal invalid `fileIsProgram`
 */
export async function mediaTypeOf(tenantId: string, fileId: string): Promise<string> {
  const bytes = await readBeginning(tenantId, fileId, beginning);
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  const type = found?.mime ?? (isText(bytes) ? 'text/plain' : 'application/octet-stream');
  if (programs.has(type)) throw new Refusal('invalid', { code: 'fileIsProgram', field: 'file' });
  // XML is a text, SVG among it: nobody is shown it as anything else.
  return /\b(?:xml|html|svg)\b/.test(type) && !type.includes('openxmlformats') ? 'text/plain' : type;
}

/** UTF-8 without control characters; the last character may be cut. */
function isText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    return !/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text);
  } catch {
    return false;
  }
}
