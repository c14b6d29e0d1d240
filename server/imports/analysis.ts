import { z } from 'zod';
import { type FileGuess, guessFile, isKnownHeader } from '@/domain/imports/columns';
import { cleanHeaders, detectDialect, hasHeader, quotes, separators } from '@/domain/imports/dialect';
import { draftPlan } from '@/domain/imports/draft';
import { decodeText, detectEncoding, encodings } from '@/domain/imports/encoding';
import { type ImportPlan, importObjectSchema } from '@/domain/imports/mapping';
import { guessOwnObject } from '@/domain/imports/own-targets';
import { type ImportObject, matchKeysOf } from '@/domain/imports/targets';
import { Refusal } from '@/domain/refusals';
import { readBeginning } from '../core/files';
import type { Work } from '../core/work';
import { settingsOf } from '../tenants/settings';
import { ownImportables, ownOf, requireImportable } from './own';
import { readRows, reasonHeader, rowHeader, sampleRows } from './rows';
import { fileOf, importedBefore } from './uploads';

export const analyseInput = z.strictObject({
  fileId: z.uuid(),
  /** What a person has corrected; the rest is found out. */
  object: importObjectSchema.optional(),
  encoding: z.enum(encodings).optional(),
  separator: z.enum(separators).optional(),
  quote: z.enum(quotes).nullable().optional(),
  hasHeader: z.boolean().optional(),
});

/** Bytes a file is judged by. */
const sampleBytes = 2 * 1024 * 1024;
/** Rows shown beside the columns. */
const shownRows = 8;
const countedBytes = 32 * 1024 * 1024;

/** What a file seems to be, each guess with its confidence, and the plan to begin with. */
export async function analyse(work: Work, input: z.infer<typeof analyseInput>) {
  const { tenantId } = work.actor;
  const [file, settings] = await Promise.all([fileOf(work, input.fileId), settingsOf(work)]);
  const bytes = await readBeginning(tenantId, file.id, sampleBytes);
  const cut = file.size > bytes.length;
  const found = detectEncoding(bytes, { truncated: cut });
  const encoding = input.encoding ?? found.encoding;
  const text = decodeText(bytes, encoding);
  const detected = detectDialect(text);
  const dialect = {
    ...detected,
    separator: input.separator ?? detected.separator,
    quote: input.quote === undefined ? detected.quote : input.quote,
  };
  const records = sampleRows(text, dialect, cut).filter((row) => row.some((cell) => cell.trim() !== ''));
  const [first] = records;
  if (!first) throw new Refusal('invalid', { code: 'fileEmpty', field: 'file' });
  const header = hasHeader(records, isKnownHeader);
  const present = input.hasHeader ?? header.present;
  const headers = present ? cleanHeaders(first) : first.map((_, i) => `#${i + 1}`);
  const rows = present ? records.slice(1) : records;
  const guess = guessAny(work, guessFile(headers, rows, file.name), headers, file.name);
  if (input.object) requireImportable(work, input.object);
  const object = input.object ?? guess.object;
  const reading = {
    encoding,
    separator: dialect.separator,
    quote: dialect.quote,
    skipLines: dialect.skipLines,
    hasHeader: present,
  };
  const draft = object
    ? draftPlan({
        object,
        own: ownOf(work, object),
        headers,
        rows,
        encoding,
        dialect,
        hasHeader: present,
        currency: settings.currency,
        timeZone: settings.timeZone,
        dateOrder: settings.locale === 'zh' ? 'ymd' : 'mdy',
        decimal: '.',
        product: guess.product,
      })
    : null;
  return {
    file: { id: file.id, name: file.name, size: file.size, createdAt: file.createdAt },
    sameAs: await importedBefore(work, file),
    encoding: { value: encoding, confidence: input.encoding ? 1 : found.confidence },
    dialect: { ...dialect, confidence: input.separator ? 1 : dialect.confidence },
    header: { present, confidence: input.hasHeader === undefined ? header.confidence : 1 },
    guess,
    object,
    headers,
    sample: rows.slice(0, shownRows).map((row) => row.slice(0, headers.length)),
    count: await countRows(tenantId, file, reading, { rows: rows.length, bytes: bytes.length, cut }),
    matches: draft?.matches ?? [],
    plan: draft ? ready(draft.plan) : null,
    open: draft?.open ?? [],
  };
}

export type Analysis = Awaited<ReturnType<typeof analyse>>;

async function countRows(
  tenantId: string,
  file: { id: string; size: number },
  reading: Parameters<typeof readRows>[2],
  sample: { rows: number; bytes: number; cut: boolean },
) {
  // The sample stops at five thousand rows or at its last byte, whichever comes first.
  if (!sample.cut && sample.rows < 5000) return { rows: sample.rows, exact: true };
  if (file.size > countedBytes) return { rows: Math.round((sample.rows / sample.bytes) * file.size), exact: false };
  return { rows: await counted(tenantId, file.id, reading), exact: true };
}

async function counted(tenantId: string, fileId: string, reading: Parameters<typeof readRows>[2]): Promise<number> {
  let rows = 0;
  for await (const { cells } of readRows(tenantId, fileId, reading))
    if (cells.some((cell) => cell.trim() !== '')) rows++;
  return rows;
}

/** What the file seems to be, the tenant's own objects among what it may be: their own words are surer than common ones. */
function guessAny(
  work: Work,
  guess: FileGuess,
  headers: readonly string[],
  fileName: string,
): Omit<FileGuess, 'object'> & { object: ImportObject | null } {
  const own = guess.product ? null : guessOwnObject(ownImportables(work), headers, fileName);
  return own && own.confidence > guess.confidence ? { ...guess, ...own, unsupported: null } : guess;
}

/** The plan as it is offered: joined by the weakest key that is still safe, and without the columns we added ourselves. */
function ready(plan: ImportPlan): ImportPlan {
  const columns = plan.columns.map((column) =>
    column.header === reasonHeader || column.header === rowHeader ? { ...column, target: null } : column,
  );
  const taken = new Set(columns.map(({ target }) => target));
  const usable = matchKeysOf(plan.object).filter((key) => taken.has(key) && !tooWeak(plan.object, key, taken));
  return { ...plan, columns, matchKey: usable.at(-1) ?? null };
}

/** People and deals of one name are often different ones: a name joins them only where there is nothing better. */
function tooWeak(object: ImportObject, key: string, taken: ReadonlySet<string | null>): boolean {
  if (key !== 'name') return false;
  if (object === 'contact') return taken.has('email') || taken.has('externalId');
  return object === 'deal' && taken.has('externalId');
}
