import { describe, expect, test } from 'vitest';
import {
  type Board,
  type CardRow,
  type Cards,
  entered,
  movedTotals,
  neighbours,
  rowsOf,
  withCard,
  withoutCard,
} from '@/components/deals/board-cache';
import { carriedAfter, focusAfter, type KeyColumn } from '@/components/deals/board-keys';
import { cardHeight, cardShape, cardTops, landingAt, linesOf } from '@/components/deals/card-shape';
import { speed } from '@/components/deals/drag-scroll';
import type { StageView } from '@/domain/pipelines';

const row = (id: string, rest: Partial<CardRow> = {}): CardRow => ({
  id,
  version: 1,
  name: id,
  amount: 100_00,
  currency: 'USD',
  stageId: 'open',
  refs: {},
  nextTask: null,
  ...rest,
});
const pages = (...ids: string[][]): Cards => ({
  pages: ids.map((page, i) => ({ rows: page.map((id) => row(id)), next: i < ids.length - 1 ? `after ${i}` : null })),
  pageParams: ids.map(() => null),
});
const ids = (cards: Cards) => rowsOf(cards).map((card) => card.id);
const stage = (id: string, kind: StageView['kind'], probability: number): StageView => ({
  id,
  pipelineId: 'p',
  name: id,
  kind,
  probability,
  colour: 'blue',
  position: 0,
  requiredFields: [],
});
const open = stage('open', 'open', 20);
const won = stage('won', 'won', 100);

describe('a move on the board', () => {
  const board: Board = {
    currency: 'USD',
    columns: [{ stageId: 'open', count: 3, total: 500_00, weighted: 100_00 }],
    other: [{ stageId: 'open', currency: 'EUR', count: 1, total: 70_00 }],
  };

  test('changes count, total and weighted total of both columns at once', () => {
    expect(movedTotals(board, row('a'), open, won).columns).toEqual([
      { stageId: 'open', count: 2, total: 400_00, weighted: 80_00 },
      { stageId: 'won', count: 1, total: 100_00, weighted: 100_00 },
    ]);
  });

  test('and back again leaves nothing changed', () => {
    const back = movedTotals(movedTotals(board, row('a'), open, won), row('a'), won, open);
    expect(back.columns.find((column) => column.stageId === 'open')).toEqual(board.columns[0]);
    expect(back.columns.find((column) => column.stageId === 'won')).toMatchObject({ count: 0, total: 0, weighted: 0 });
  });

  test('keeps other currencies apart from the total', () => {
    const moved = movedTotals(board, row('e', { amount: 70_00, currency: 'EUR' }), open, won);
    expect(moved.columns).toEqual([
      { stageId: 'open', count: 2, total: 500_00, weighted: 100_00 },
      { stageId: 'won', count: 1, total: 0, weighted: 0 },
    ]);
    expect(moved.other).toEqual([{ stageId: 'won', currency: 'EUR', count: 1, total: 70_00 }]);
  });

  test('of a deal without an amount moves the count only', () => {
    const moved = movedTotals(board, row('n', { amount: null }), open, won);
    expect(moved.columns.map(({ count, total }) => [count, total])).toEqual([
      [2, 500_00],
      [1, 0],
    ]);
  });

  test('starts the days in the stage anew, unless it stays there', () => {
    const now = new Date('2026-06-15T08:00:00Z');
    expect(entered(row('a'), won, now)).toMatchObject({
      stageId: 'won',
      status: 'won',
      stageEnteredAt: now.toISOString(),
    });
    expect(entered(row('a', { stageEnteredAt: 'before' }), open, now).stageEnteredAt).toBe('before');
  });
});

describe('cards of a column', () => {
  test('lose one from whichever page it is on', () => {
    expect(ids(withoutCard(pages(['a', 'b'], ['c']), 'c'))).toEqual(['a', 'b']);
  });

  test.each([
    [0, ['x', 'a', 'b', 'c', 'd']],
    [1, ['a', 'x', 'b', 'c', 'd']],
    [2, ['a', 'b', 'x', 'c', 'd']],
    [3, ['a', 'b', 'c', 'x', 'd']],
    [4, ['a', 'b', 'c', 'd', 'x']],
    [99, ['a', 'b', 'c', 'd', 'x']],
  ])('gain one at place %i across pages', (index, expected) => {
    expect(ids(withCard(pages(['a', 'b'], ['c', 'd']), row('x'), index))).toEqual(expected);
  });

  test('gain one in an empty column', () => {
    expect(ids(withCard(pages([]), row('x'), 0))).toEqual(['x']);
  });

  test('tell between which others one lands, itself not counted', () => {
    const rows = rowsOf(pages(['a', 'b', 'c']));
    expect(neighbours(rows, 'x', 0)).toEqual({ before: undefined, after: 'a' });
    expect(neighbours(rows, 'x', 3)).toEqual({ before: 'c', after: undefined });
    expect(neighbours(rows, 'a', 1)).toEqual({ before: 'b', after: 'c' });
  });
});

describe('the keyboard', () => {
  const columns: KeyColumn[] = [
    { stageId: 'one', cards: 3, folded: false },
    { stageId: 'two', cards: 0, folded: false },
    { stageId: 'three', cards: 5, folded: true },
    { stageId: 'four', cards: 1, folded: false },
  ];

  test('moves between cards and over empty and folded columns', () => {
    const at = { stageId: 'one', index: 2 };
    expect(focusAfter(columns, at, 'ArrowUp')).toEqual({ stageId: 'one', index: 1 });
    expect(focusAfter(columns, at, 'ArrowDown')).toBeNull();
    expect(focusAfter(columns, at, 'ArrowRight')).toEqual({ stageId: 'four', index: 0 });
    expect(focusAfter(columns, at, 'ArrowLeft')).toBeNull();
    expect(focusAfter(columns, at, 'Home')).toEqual({ stageId: 'one', index: 0 });
    expect(focusAfter(columns, at, 'x')).toBeNull();
  });

  test('carries a card into every column, also an empty one', () => {
    const from = { stageId: 'one', index: 2 };
    expect(carriedAfter(columns, from, from, 'ArrowRight')).toEqual({ stageId: 'two', index: 0 });
    expect(carriedAfter(columns, from, { stageId: 'two', index: 0 }, 'ArrowRight')).toEqual({
      stageId: 'three',
      index: 0,
    });
    expect(carriedAfter(columns, from, { stageId: 'four', index: 0 }, 'ArrowDown')).toEqual({
      stageId: 'four',
      index: 1,
    });
    expect(carriedAfter(columns, from, { stageId: 'four', index: 1 }, 'ArrowDown')).toBeNull();
  });

  test('does not count the carried card among the places of its own column', () => {
    const from = { stageId: 'one', index: 0 };
    expect(carriedAfter(columns, from, from, 'End')).toEqual({ stageId: 'one', index: 2 });
    expect(carriedAfter(columns, from, { stageId: 'one', index: 2 }, 'ArrowDown')).toBeNull();
  });
});

test('dragging scrolls near the edges, the faster the nearer, and nowhere else', () => {
  expect(speed(500, 0, 1000)).toBe(0);
  expect(speed(10, 0, 1000)).toBeLessThan(speed(50, 0, 1000));
  expect(speed(995, 0, 1000)).toBeGreaterThan(speed(950, 0, 1000));
  expect(speed(-5, 0, 1000)).toBe(0);
});

describe('cards', () => {
  const usual = cardShape(['companyId', 'amount', 'ownerId']);
  const chosen = cardShape(['c_seats', 'companyId', 'nextStep', 'c_note']);

  test('show what was chosen and holds something, in the order chosen; company, amount and owner have places of their own', () => {
    expect(usual).toEqual({ company: true, amount: true, owner: true, fields: [] });
    expect(chosen).toMatchObject({ company: true, amount: false, owner: false });
    expect(linesOf(row('a', { c_seats: 0, nextStep: '', c_note: 'x' }), chosen)).toEqual(['c_seats', 'c_note']);
    const many = cardShape(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(linesOf(row('a', { a: 1, b: null, c: 1, d: 1, e: 1, f: 1, g: 1 }), many)).toEqual([
      'a',
      'c',
      'd',
      'e',
      'f',
      'g',
    ]);
  });

  test('are as high as what they show, and where each begins is known without drawing it', () => {
    const rows = [row('a', { c_seats: 3 }), row('b'), row('c', { c_seats: 1, c_note: 'x' })];
    expect(rows.map((each) => cardHeight(each, usual))).toEqual([92, 92, 92]);
    expect(rows.map((each) => cardHeight(each, chosen))).toEqual([116, 92, 138]);
    expect(cardTops(rows, chosen)).toEqual([0, 124, 224, 370]);
  });

  test('say before which of them something let go lands', () => {
    const tops = [0, 124, 224, 370];
    expect([-50, 0, 61, 63, 173, 175, 296, 298, 5000].map((y) => landingAt(tops, y))).toEqual([
      0, 0, 0, 1, 1, 2, 2, 3, 3,
    ]);
    expect(landingAt([0], 10)).toBe(0);
  });
});
