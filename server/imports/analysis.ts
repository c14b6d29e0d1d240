import { z } from 'zod';
import { ownSource } from '@/domain/exports';
import { isKnownHeader } from '@/domain/imports/columns';
import {
  cleanHeaders,
  type Dialect,
  detectDialect,
  hasHeader,
  quotes,
  rowsBeforeTable,
  separators,
} from '@/domain/imports/dialect';
import { draftPlan } from '@/domain/imports/draft';
import { draftObject } from '@/domain/imports/draft-object';
import { decodeText, detectEncoding, encodings } from '@/domain/imports/encoding';
import { type ImportPlan, importObjectSchema, mostBefore, mostColumns } from '@/domain/imports/mapping';
import { guessOwnObject } from '@/domain/imports/own-targets';
import { isCommonTable } from '@/domain/imports/products/guanxi';
import { type FileGuess, guessFile } from '@/domain/imports/recognise';
import { type ImportObject, matchKeysOf } from '@/domain/imports/targets';
import { can } from '@/domain/permissions';
import { Refusal } from '@/domain/refusals';
import { readBeginning, readStored } from '../core/files';
import type { InSteps, Work } from '../core/work';
import { settingsOf } from '../tenants/settings';
import { encodingOf } from './evidence';
import { canMakeFields } from './fields';
import { ownImportables, ownOf, requireImportable } from './own';
import { foundAs } from './read-as';
import { readableRows, readRows, reasonHeader, rowHeader, sampleRows } from './rows';
import { importedBefore, tableOf } from './uploads';

export const analyseInput = z.strictObject({
  fileId: z.uuid(),
  /** What a person has corrected; the rest is found out. */
  object: importObjectSchema.optional(),
  /** The records are to be an object of their own, made from the file. */
  asNew: z.boolean().optional(),
  encoding: z.enum(encodings).optional(),
  separator: z.enum(separators).optional(),
  quote: z.enum(quotes).nullable().optional(),
  hasHeader: z.boolean().optional(),
  /** The same as a plan has it: lines before the table, the one that tells the separator among them. */
  skipLines: z
    .int()
    .min(0)
    .max(mostBefore + 1)
    .optional(),
  /** The row of the spreadsheet that the table begins in. */
  firstRow: z
    .int()
    .min(1)
    .max(mostBefore + 1)
    .optional(),
});

/** Of what has no place yet, what are records by themselves and not parts of others. */
const recordsOf = new Set(['ticket', 'lead', 'lineItem', 'campaign', 'quote', 'order', 'contract']);
/** Bytes a file is judged by. */
const sampleBytes = 2 * 1024 * 1024;
/** Rows a file is judged by. */
const sampledRows = 5000;
/** Rows shown beside the columns. */
const shownRows = 8;
const countedBytes = 32 * 1024 * 1024;
const madeDialect: Dialect = { separator: ',', quote: '"', skipLines: 0, confidence: 1 };

/**
 * What a file seems to be, each guess with its confidence, and the plan to begin with.
 * @throws Refusal invalid `fileEmpty`, `fileTooWide`, and what `tableOf` throws
 */
export async function analyse(inSteps: InSteps, input: z.infer<typeof analyseInput>) {
  const {
    file,
    settings,
    sameAs,
    known,
    found: readAs,
  } = await inSteps(async (work) => {
    if (input.object) requireImportable(work, input.object);
    const [file, settings] = await Promise.all([tableOf(work, input.fileId), settingsOf(work)]);
    const known: Known = { types: work.types, actor: work.actor };
    return { file, settings, sameAs: await importedBefore(work, file), known, found: await foundAs(work, file) };
  });
  const { tenantId } = known.actor;
  const bytes = await readBeginning(tenantId, file.id, sampleBytes);
  const cut = file.size > bytes.length;
  // Tables that were taken out of others are all written in one way.
  const isMade = file.format !== 'text';
  const found = isMade
    ? { encoding: 'utf-8' as const, confidence: 1 }
    : cut
      ? await encodingOf(await readStored(tenantId, file.id))
      : detectEncoding(bytes);
  const encoding = input.encoding ?? found.encoding;
  const text = decodeText(bytes, encoding);
  const detected = isMade ? madeDialect : detectDialect(text);
  const written = {
    ...detected,
    separator: input.separator ?? detected.separator,
    quote: input.quote === undefined ? detected.quote : input.quote,
  };
  const { rows: lines, quote } =
    input.quote === undefined
      ? readableRows(text, written, cut)
      : { rows: sampleRows(text, written, cut), quote: input.quote };
  const before = givenBefore(input, detected.skipLines) ?? rowsBeforeTable(lines, isKnownHeader);
  const dialect = { ...written, quote, skipLines: written.skipLines + before };
  const records = lines.slice(before).filter((row) => row.some((cell) => cell.trim() !== ''));
  const [first] = records;
  if (!first) throw new Refusal('invalid', { code: 'fileEmpty', field: 'file' });
  const header = hasHeader(records, isKnownHeader);
  const present = input.hasHeader ?? header.present;
  const headers = present ? cleanHeaders(first) : first.map((_, i) => `#${i + 1}`);
  if (headers.length > mostColumns)
    throw new Refusal('invalid', { code: 'fileTooWide', params: { max: mostColumns }, field: 'file' });
  const rows = present ? records.slice(1) : records;
  const guess = guessAny(known, guessFile(headers, rows, file.name), headers, file);
  // What nobody has a place for yet gets one of its own.
  const isRecords = guess.unsupported === null ? guess.product === ownSource : recordsOf.has(guess.unsupported);
  const unknown = input.object === undefined && guess.object === null && isRecords;
  const isNew = (input.asNew ?? unknown) && can(known.actor.role, 'fields.configure');
  const object = isNew ? null : (input.object ?? guess.object);
  const reading = {
    encoding,
    separator: dialect.separator,
    quote: dialect.quote,
    skipLines: dialect.skipLines,
    hasHeader: present,
  };
  const given = {
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
    whole: !cut && records.length < sampledRows,
  } as const;
  const drafted = isNew ? draftObject(given, file.name) : null;
  const own = object && { object, own: ownOf(known, object), extensible: canMakeFields(known, object) };
  const draft = drafted ?? (own ? draftPlan({ ...given, ...own }) : null);
  return {
    file: { id: file.id, name: file.name, size: file.size, createdAt: file.createdAt, format: file.format },
    /** How the text of what it was found in was read. */
    readAs,
    sameAs,
    encoding: { value: encoding, confidence: input.encoding ? 1 : found.confidence },
    dialect: { ...dialect, confidence: input.separator ? 1 : dialect.confidence },
    header: { present, confidence: input.hasHeader === undefined ? header.confidence : 1, row: before + 1 },
    guess,
    object: draft?.plan.object ?? null,
    headers,
    sample: rows.slice(0, shownRows).map((row) => row.slice(0, headers.length)),
    count: await countRows(tenantId, file, reading, { rows: rows.length, bytes: bytes.length, cut }),
    matches: draft?.matches ?? [],
    plan: drafted?.plan ?? (draft ? ready(draft.plan) : null),
    open: draft?.open ?? [],
  };
}

export type Analysis = Awaited<ReturnType<typeof analyse>>;

/** Rows of the spreadsheet before its table, as far as a person has said. */
function givenBefore({ firstRow, skipLines }: z.infer<typeof analyseInput>, declared: number): number | undefined {
  if (firstRow !== undefined) return firstRow - 1;
  return skipLines === undefined ? undefined : Math.max(0, skipLines - declared);
}

async function countRows(
  tenantId: string,
  file: { id: string; size: number },
  reading: Parameters<typeof readRows>[2],
  sample: { rows: number; bytes: number; cut: boolean },
) {
  // The sample stops at five thousand rows or at its last byte, whichever comes first.
  if (!sample.cut && sample.rows < sampledRows) return { rows: sample.rows, exact: true };
  if (file.size > countedBytes) return { rows: Math.round((sample.rows / sample.bytes) * file.size), exact: false };
  return { rows: await counted(tenantId, file.id, reading), exact: true };
}

async function counted(tenantId: string, fileId: string, reading: Parameters<typeof readRows>[2]): Promise<number> {
  let rows = 0;
  for await (const { cells } of readRows(tenantId, fileId, reading))
    if (cells.some((cell) => cell.trim() !== '')) rows++;
  return rows;
}

/** `guessOwnObject` gives a file more than this for its name alone. */
const calledSo = 0.28;

/** What of a tenant tells what a file may be. */
type Known = Pick<Work, 'types' | 'actor'>;

/** What the file seems to be, the tenant's own objects among what it may be: their own words are surer than common ones. */
function guessAny(
  known: Known,
  guess: FileGuess,
  headers: readonly string[],
  file: { name: string; format: string; part: string | null },
): Omit<FileGuess, 'object'> & { object: ImportObject | null } {
  // What vCards were is people, however few columns they have left.
  if (file.format === 'people') return { ...guess, object: 'contact', confidence: 0.95, unsupported: null };
  if (guess.unsupported === 'link') return guess;
  const isForeign = guess.product !== null && guess.product !== ownSource;
  const own = isForeign ? null : guessOwnObject(ownImportables(known), headers, file.name);
  // A file of ours is called what it holds.
  const enough = guess.product === ownSource ? calledSo : guess.confidence;
  if (own && own.confidence > enough) return { ...guess, ...own, unsupported: null };
  // Of all that a workspace holds, what is called like no kind that everybody has is one of its own objects.
  const isOthers = guess.product === ownSource && file.part?.endsWith('.csv') && !isCommonTable(file.name);
  return isOthers && guess.confidence < surelyCommon ? { ...guess, object: null, confidence: 0 } : guess;
}

/** A file of ours that somebody gave another name fits its kind better than this. */
const surelyCommon = 0.8;

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
