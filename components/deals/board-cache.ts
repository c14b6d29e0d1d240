import type { InfiniteData } from '@tanstack/react-query';
import type { Outputs } from '@/components/shell/trpc';
import type { StageView } from '@/domain/pipelines';

/** What the board keeps, and how it looks before the server has answered. Pure, so that both sides of a move are tests. */
export type Board = Outputs['deals']['board'];
export type CardPage = Outputs['deals']['column'];
export type CardRow = CardPage['rows'][number];
export type Cards = InfiniteData<CardPage, string | null>;

/** A card's fields as the board shows them. */
export interface Card {
  id: string;
  name: string;
  company: string | null;
  amount: number | null;
  currency: string | null;
  ownerId: string | null;
  owner: string | null;
  stageId: string;
  open: boolean;
  stageEnteredAt: string | null;
  /** Day of the earliest open task. */
  nextTask: string | null;
}

export function cardOf(row: CardRow): Card {
  return {
    id: row.id,
    name: text(row.name) ?? '',
    company: row.refs.companyId ?? null,
    amount: typeof row.amount === 'number' ? row.amount : null,
    currency: text(row.currency),
    ownerId: text(row.ownerId),
    owner: row.refs.ownerId ?? null,
    stageId: text(row.stageId) ?? '',
    open: row.status === 'open',
    stageEnteredAt: text(row.stageEnteredAt),
    nextTask: text(row.nextTask),
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);

/** The loaded cards of a column, in order. */
export function rowsOf(cards: Cards | undefined): CardRow[] {
  return cards?.pages.flatMap((page) => page.rows) ?? [];
}

/** Both columns' figures after a deal went from one stage to another; amounts in other currencies stay apart. */
export function movedTotals(board: Board, row: CardRow, from: StageView, to: StageView): Board {
  const { amount, currency } = cardOf(row);
  const own = currency === board.currency ? (amount ?? 0) : 0;
  const columns = new Map(board.columns.map((column) => [column.stageId, column]));
  for (const [stage, sign] of [
    [from, -1],
    [to, 1],
  ] as const) {
    const column = columns.get(stage.id) ?? { stageId: stage.id, count: 0, total: 0, weighted: 0 };
    columns.set(stage.id, {
      ...column,
      count: column.count + sign,
      total: column.total + sign * own,
      weighted: Math.max(0, column.weighted + sign * Math.round((own * stage.probability) / 100)),
    });
  }
  if (!currency || currency === board.currency) return { ...board, columns: [...columns.values()] };
  return {
    ...board,
    columns: [...columns.values()],
    other: movedOther(board.other, currency, amount ?? 0, from.id, to.id),
  };
}

function movedOther(other: Board['other'], currency: string, amount: number, from: string, to: string): Board['other'] {
  const sums = new Map(other.map((sum) => [`${sum.stageId} ${sum.currency}`, sum]));
  for (const [stageId, sign] of [
    [from, -1],
    [to, 1],
  ] as const) {
    const key = `${stageId} ${currency}`;
    const sum = sums.get(key) ?? { stageId, currency, count: 0, total: 0 };
    sums.set(key, { ...sum, count: sum.count + sign, total: sum.total + sign * amount });
  }
  return [...sums.values()].filter((sum) => sum.count > 0);
}

/** A column's cards without one. */
export function withoutCard(cards: Cards, id: string): Cards {
  return { ...cards, pages: cards.pages.map((page) => ({ ...page, rows: page.rows.filter((row) => row.id !== id) })) };
}

/** A column's cards with one more, at `index` of those loaded; behind them all only when nothing is left to load. */
export function withCard(cards: Cards, row: CardRow, index: number): Cards {
  let left = index;
  let placed = false;
  const pages = cards.pages.map((page, i) => {
    const isLast = i === cards.pages.length - 1;
    if (placed || (left > page.rows.length && !isLast)) {
      left -= page.rows.length;
      return page;
    }
    placed = true;
    const at = Math.min(Math.max(left, 0), page.rows.length);
    return { ...page, rows: page.rows.toSpliced(at, 0, row) };
  });
  return { ...cards, pages };
}

/** Fields of a card that a move changes at once. */
export function entered(row: CardRow, stage: StageView, now: Date): CardRow {
  if (row.stageId === stage.id) return row;
  return { ...row, stageId: stage.id, status: stage.kind, stageEnteredAt: now.toISOString() };
}

/** The cards between which one lands at `index`, it itself not counted. */
export function neighbours(rows: readonly CardRow[], id: string, index: number): { before?: string; after?: string } {
  const others = rows.filter((row) => row.id !== id);
  return { before: others[index - 1]?.id, after: others[index]?.id };
}
