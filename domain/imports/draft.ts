import { type ColumnMatch, matchColumns, type SourceProduct } from './columns';
import { type DateOrder, detectDateOrder } from './dates';
import type { Dialect } from './dialect';
import type { Encoding } from './encoding';
import { type ImportPlan, type ImportPlanInput, importPlanSchema } from './mapping';
import { type DecimalMark, detectDecimal } from './numbers';
import { matchOwn, type OwnTargets } from './own-targets';
import { type ImportObject, matchKeysOf, targetIn } from './targets';

export interface DraftInput {
  object: ImportObject;
  /** What the tenant has added to the object. */
  own?: OwnTargets;
  headers: readonly string[];
  /** Rows of the sample, without the header. */
  rows: readonly string[][];
  encoding: Encoding;
  dialect: Dialect;
  hasHeader: boolean;
  currency: string;
  timeZone: string;
  /** What to read ambiguous dates and numbers as until a person says. */
  dateOrder: DateOrder;
  decimal: DecimalMark;
  product: SourceProduct | null;
}

export interface Draft {
  plan: ImportPlan;
  matches: ColumnMatch[];
  /** What the file leaves open and a person must confirm. */
  open: ('dateOrder' | 'decimal')[];
}

/** The plan to begin with: columns matched, formats judged from the columns they matter to. */
export function draftPlan(input: DraftInput): Draft {
  const { object, headers, rows } = input;
  const found = matchColumns(object, headers, rows);
  const matches = input.own ? matchOwn(found, input.own) : found;
  const known = { object, own: input.own?.targets };
  const valuesOf = (...types: string[]) =>
    matches
      .filter(({ target }) => target !== null && types.includes(targetIn(known, target)?.type ?? ''))
      .flatMap(({ index }) => rows.map((row) => row[index] ?? ''));
  const order = detectDateOrder(valuesOf('date', 'datetime'));
  const decimal = detectDecimal(valuesOf('money', 'number', 'integer', 'percent', 'rating'));
  const taken = new Set(matches.map(({ target }) => target));
  const plan: ImportPlanInput = {
    object,
    source: input.product ?? 'file',
    encoding: input.encoding,
    separator: input.dialect.separator,
    quote: input.dialect.quote,
    skipLines: input.dialect.skipLines,
    hasHeader: input.hasHeader,
    dateOrder: order === 'ambiguous' ? input.dateOrder : order,
    decimal: decimal === 'ambiguous' ? input.decimal : decimal,
    currency: input.currency,
    timeZone: input.timeZone,
    columns: matches.map(({ index, header, target }) => ({ index, header, target })),
    matchKey: matchKeysOf(object).find((key) => taken.has(key)) ?? null,
    policy: 'overwrite',
  };
  const open: Draft['open'] = [];
  if (order === 'ambiguous') open.push('dateOrder');
  if (decimal === 'ambiguous') open.push('decimal');
  return { plan: importPlanSchema.parse(plan), matches, open };
}
