/**
 * What a file is that is one table: a delimited text as somebody brought it, or one that was written from a sheet of a
 * workbook or the people of a vCard file, in UTF-8 with commas whatever that was in.
 */
export const tableFormats = ['text', 'sheet', 'people'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** What a file is that people bring; all but `text` are taken apart into tables. */
export type UploadFormat = 'text' | 'workbook' | 'vcard' | 'zip';
export type FileFormat = TableFormat | UploadFormat;

export const isTableFormat = (format: string): format is TableFormat => tableFormats.some((name) => name === format);

export const fileStates = ['reading', 'ready', 'failed'] as const;
export type FileState = (typeof fileStates)[number];

/** Why something in a file is not imported. */
export const asideReasons = [
  'hidden',
  'empty',
  'notTable',
  'tooMany',
  'unreadable',
  'formulas',
  'groups',
  'pictures',
  'unfinished',
] as const;
export interface LeftAside {
  /** The sheet, or the path in the zip; `''` for what is not one thing. */
  part: string;
  why: (typeof asideReasons)[number];
  /** How many, of what is counted. */
  count?: number;
}

/** Signatures of ZIP (which XLSX is) and of empty ones; of what Excel wrote before, or encrypts; of PDF and gzip. */
const signatures: readonly [kind: 'zip' | 'old' | 'other', bytes: readonly number[]][] = [
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  ['old', [0xd0, 0xcf, 0x11, 0xe0]],
  ['other', [0x25, 0x50, 0x44, 0x46]],
  ['other', [0x1f, 0x8b]],
];

/**
 * What a file is by its beginning; names are not believed.
 * @param text the same beginning, decoded
 * @returns `old` for workbooks in Excel's former format and such with a password, `other` for what is no table
 */
export function formatOf(bytes: Uint8Array, text: string): 'text' | 'vcard' | 'zip' | 'old' | 'other' {
  const found = signatures.find(([, signature]) => signature.every((byte, i) => bytes[i] === byte));
  if (found) return found[0];
  // Programs call web pages and other markup `.xls`; spreadsheets open them, but their tables are none of ours.
  if (/^\uFEFF?\s*<(?:!doctype|!--|\?xml|html|head|table|meta|style)\b/i.test(text)) return 'other';
  const controls = text.match(/[^\P{Cc}\t\n\r]/gu)?.length ?? 0;
  // A stray one is a matter of its cell; pictures and programs are full of them.
  if (controls > 64 && controls > text.length * 0.03) return 'other';
  return /^\uFEFF?\s*begin:\s*vcard\s/i.test(text) ? 'vcard' : 'text';
}

/** Whether a file among others, in a folder or a zip, is called like one that holds tables. */
export const isTableName = (name: string): boolean => /\.(?:csv|tsv|tab|txt|xlsx|xlsm|vcf|vcard|zip)$/i.test(name);
