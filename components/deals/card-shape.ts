import { mostOnCards } from '@/components/views/view-fields';
import { isBlank } from '@/domain/blank';
import type { CardRow } from './board-cache';

/** What the cards of a pipeline show: company, amount and owner in places of their own, all else as lines. */
export interface CardShape {
  company: boolean;
  amount: boolean;
  owner: boolean;
  fields: readonly string[];
}

const placed = new Set(['companyId', 'amount', 'ownerId']);

/** @param names fields chosen for the cards, in their order */
export const cardShape = (names: readonly string[]): CardShape => ({
  company: names.includes('companyId'),
  amount: names.includes('amount'),
  owner: names.includes('ownerId'),
  fields: names.filter((name) => !placed.has(name)),
});

/** Fields a card shows as lines: the first of those that hold something. */
export const linesOf = (row: CardRow, { fields }: CardShape): string[] =>
  fields.filter((name) => !isBlank(row[name])).slice(0, mostOnCards);

const line = 20;
const bare = 62;
const lineGap = 2;
const beforeLines = 4;

/** Pixels. Every line is of one height, so that a column of thousands knows where each card is without drawing it. */
export function cardHeight(row: CardRow | undefined, shape: CardShape): number {
  const lines = row ? linesOf(row, shape).length : 0;
  const field = line + lineGap;
  return bare + (shape.company ? line : 0) + 10 + (lines > 0 ? beforeLines - lineGap + lines * field : 0);
}

export const cardGap = 8;

/** Where each card begins, in pixels from the column's top, and after them all where one more would. */
export function cardTops(rows: readonly CardRow[], shape: CardShape): number[] {
  const tops = [0];
  for (const row of rows) tops.push((tops.at(-1) ?? 0) + cardHeight(row, shape) + cardGap);
  return tops;
}

/** Before which card something let go at a height lands: the first whose middle is below it. */
export function landingAt(tops: readonly number[], y: number): number {
  let low = 0;
  let high = tops.length - 1;
  while (low < high) {
    const at = (low + high) >> 1;
    const middle = ((tops[at] ?? 0) + (tops[at + 1] ?? 0)) / 2;
    if (middle <= y) low = at + 1;
    else high = at;
  }
  return low;
}
