import { ownSource } from '../exports';
import { type ColumnMatch, matchColumns } from './columns';
import { type DateOrder, detectDateOrder } from './dates';
import type { Dialect } from './dialect';
import type { Encoding } from './encoding';
import { type ImportPlan, type ImportPlanInput, importPlanSchema } from './mapping';
import { type DecimalMark, detectDecimal } from './numbers';
import { offerField, unlike } from './offer';
import { matchOwn, type OwnTargets } from './own-targets';
import { wholeAddresses } from './products/guanxi-parts';
import type { SourceProduct } from './products/products';
import { shapeOf } from './shapes';
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
  /** The rows are all there are. */
  whole: boolean;
  /** The object takes fields of the tenant's own: columns that fit none are offered as new ones. */
  extensible: boolean;
}

export interface Draft {
  plan: ImportPlan;
  matches: ColumnMatch[];
  /** What the file leaves open and a person must confirm. */
  open: ('dateOrder' | 'decimal')[];
}

/** The plan to begin with: columns matched, formats judged from the columns they matter to. */
export function draftPlan(input: DraftInput): Draft {
  const { object, rows } = input;
  const matched = matchAll(input);
  const known = { object, own: input.own?.targets };
  const valuesOf = (...types: string[]) =>
    matched
      .filter(({ target }) => target !== null && types.includes(targetIn(known, target)?.type ?? ''))
      .flatMap(({ index }) => rows.map((row) => row[index] ?? ''));
  // Where the columns that are taken say nothing, those that may become fields are asked.
  const loose = input.extensible
    ? matched
        .filter(({ target }) => target === null)
        .map(({ index }) => rows.map((row) => row[index] ?? ''))
        .map((cells) => ({ cells, shape: shapeOf(cells) }))
    : [];
  const cellsLike = (shape: 'date' | 'money') =>
    loose.flatMap((column) => (column.shape[shape] >= 0.9 ? column.cells : []));
  const dates = valuesOf('date', 'datetime');
  const told = detectDateOrder(dates);
  const order = told === 'ymd' ? detectDateOrder([...dates, ...cellsLike('date')]) : told;
  const numbers = valuesOf('money', 'number', 'integer', 'percent', 'rating');
  const decimal = detectDecimal(numbers.some((cell) => /[.,]/.test(cell)) ? numbers : cellsLike('money'));
  const taken = new Set(matched.map(({ target }) => target));
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
    columns: matched.map(({ index, header, target }) => ({ index, header, target })),
    matchKey: matchKeysOf(object).find((key) => taken.has(key)) ?? null,
    policy: 'overwrite',
    // Owners in the export of a product are people: those who have left stay, without access.
    missing: input.product ? { owner: 'create' } : {},
  };
  const open: Draft['open'] = [];
  if (order === 'ambiguous') open.push('dateOrder');
  if (decimal === 'ambiguous') open.push('decimal');
  const matches = input.extensible ? withOffers(input, matched, plan) : matched;
  return { plan: importPlanSchema.parse(plan), matches, open };
}

/** Columns of a file of ours that say what the one beside them says better. */
const toldBeside = ({ product, headers }: DraftInput): ReadonlySet<number> =>
  product === ownSource ? wholeAddresses(headers) : new Set();

/** Where each column goes, by what everybody knows and by what the tenant calls its own. */
function matchAll(input: DraftInput): ColumnMatch[] {
  const { object, headers, rows, product, own } = input;
  const wholes = toldBeside(input);
  const found = matchColumns(object, headers, rows, product);
  const asked = found.filter(({ index }) => !wholes.has(index));
  const left = found
    .filter(({ index }) => wholes.has(index))
    .map((match): ColumnMatch => ({ ...match, target: null, confidence: 0.9, reason: { code: 'ignored' } }));
  return [...(own ? matchOwn(asked, own) : asked), ...left].sort((a, b) => a.index - b.index);
}

/** The columns that fit no field, with the field each could be made into. */
function withOffers(input: DraftInput, matches: readonly ColumnMatch[], reading: ImportPlanInput): ColumnMatch[] {
  const taken = new Set(
    (input.own?.targets ?? [])
      .flatMap(({ own }) => [own?.label.en, own?.label.zh])
      .filter((label) => label !== undefined),
  );
  const told = toldBeside(input);
  return matches.map((match) => {
    if (match.target !== null || told.has(match.index)) return match;
    const { whole, currency, timeZone } = input;
    const { dateOrder, decimal } = reading;
    const cells = input.rows.map((row) => row[match.index] ?? '');
    const found = offerField({ header: match.header, cells, whole, currency, timeZone, dateOrder, decimal });
    if (!found) return match;
    const offer = { ...found, label: unlike(found.label, taken) };
    for (const label of [offer.label.en, offer.label.zh]) if (label) taken.add(label);
    return { ...match, offer };
  });
}
