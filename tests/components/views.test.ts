import { describe, expect, it } from 'vitest';
import { booleanOf, dayOf, landing, parseTsv, partsOf, rangeOf, writeTsv } from '@/components/records/grid-range';
import { sharedSearch } from '@/components/records/list-state';
import type { RecordRow } from '@/components/records/record-data';
import { columnsToLoad } from '@/components/records/table-columns';
import { columnsOf } from '@/components/views/board-columns';
import { type Move, shownCount, shownRows, withMove } from '@/components/views/board-moves';
import { addDays, daysOf, movedTo, stepped } from '@/components/views/calendar-days';
import { feasible, showsStages } from '@/components/views/view-fields';
import type { CatalogueObject } from '@/domain/catalogue';
import type { Field, Fields } from '@/domain/fields';
import type { Filter } from '@/domain/filters';
import {
  configOfSearch,
  parseFilter,
  parsePart,
  type View,
  type ViewConfig,
  writeFilter,
  writePart,
} from '@/domain/views';

describe('a view in an address', () => {
  const id = '0190a8f0-1111-7abc-8def-000000000001';
  it.each<Filter>([
    { field: 'name', op: 'contains', value: '钢*铁_a b' },
    { field: 'ownerId', op: 'me' },
    { field: 'c_budget', op: 'between', value: [1, -2.5] },
    { field: 'parentId.parentId.industry', op: 'is', value: '3' },
    { field: 'active', op: 'is', value: false },
    { field: 'type', op: 'is', value: null },
    { field: 'ownerId', op: 'anyOf', value: [id, id] },
    { and: [{ or: [{ field: 'a', op: 'isEmpty' }, { and: [] }] }, { field: 'b', op: 'during', value: 'lastWeek' }] },
  ])('keeps the filter %j', (filter) => {
    expect(parseFilter(writeFilter(filter))).toEqual(filter);
    expect(parseFilter(JSON.stringify(filter))).toEqual(filter);
  });

  it('is shorter than JSON, and shows everything when cut short', () => {
    const filter: Filter = {
      and: [
        { field: 'stageId', op: 'anyOf', value: [id] },
        { field: 'amount', op: 'gt', value: 5 },
      ],
    };
    const length = (text: string) => new URLSearchParams({ filter: text }).toString().length;
    expect(length(writeFilter(filter))).toBeLessThan(length(JSON.stringify(filter)) / 1.8);
    expect(parseFilter(writeFilter(filter).slice(0, -30))).toBeUndefined();
    expect(parseFilter('-and*9999999*x')).toBeUndefined();
  });

  it('keeps every other part', () => {
    const config: ViewConfig = {
      q: 'a b',
      sort: [
        { field: 'amount', dir: 'desc' },
        { field: 'name', dir: 'asc' },
      ],
      group: { field: 'closeOn', by: 'quarter' },
      totals: { amount: 'sum', c_fee: 'avg' },
      columns: [{ field: 'name', width: 320 }, { field: 'c_budget' }],
      frozen: 2,
      density: 'compact',
      board: 'type',
      date: 'dueOn',
      span: 'week',
      pipeline: id,
    };
    for (const part of Object.keys(config) as (keyof ViewConfig)[])
      expect(parsePart(part, writePart(part, config) ?? '')).toEqual({ [part]: config[part] });
    expect(configOfSearch('?sort=-name&q=x&density=huge')).toEqual({ sort: [{ field: 'name', dir: 'desc' }], q: 'x' });
  });
});

describe('a copied link', () => {
  const base: ViewConfig = { filter: { field: 'name', op: 'is', value: 'x' }, density: 'compact' };
  const view = (audience: View['audience']) => ({ id: 'v1', kind: 'board', audience, config: base }) as View;
  const link = (of: View | null, config: ViewConfig, kind: View['kind'] = 'board') =>
    new URLSearchParams(sharedSearch({ view: of, kind, usual: of?.kind ?? 'table', base, config }));

  it('names a view that everyone has, and what is shown otherwise than in it', () => {
    expect(link(view('everyone'), base).toString()).toBe('view=v1');
    expect(Object.fromEntries(link(view('everyone'), { density: 'roomy' }, 'table'))).toEqual({
      view: 'v1',
      kind: 'table',
      filter: '-',
      density: 'roomy',
    });
  });

  it('says all of a view that others have not, and opens no view of theirs', () => {
    for (const audience of ['mine', 'team'] as const) {
      const said = link(view(audience), base);
      expect([said.get('view'), said.get('kind'), configOfSearch(said.toString())]).toEqual(['v1', 'board', base]);
      expect(link(view(audience), {}).get('filter')).toBe('-');
    }
    expect(link(null, {}, 'table').toString()).toBe('view=all');
  });
});

describe('cells on the clipboard', () => {
  it('are written and read as spreadsheets do', () => {
    const cells = [
      ['a\tb', 'say "hi"', ''],
      ['two\nlines', '"', 'x'],
    ];
    expect(parseTsv(writeTsv(cells))).toEqual(cells);
    expect(parseTsv('a\tb\r\nc\td\r\n')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(parseTsv('5" pipe\t"5" pipe')).toEqual([['5" pipe', '"5" pipe']]);
    expect(parseTsv('')).toEqual([['']]);
  });

  it('fill a range, repeat where they fit, and land once otherwise', () => {
    const at = (cells: string[][], range = rangeOf({ row: 3, column: 1 }, { row: 0, column: 0 })) =>
      landing(cells, range).map(({ row, column, text }) => `${row}${column}${text}`);
    expect(at([['x']])).toHaveLength(8);
    expect(at([['x'], ['y']]).filter((cell) => cell.endsWith('0x'))).toEqual(['00x', '20x']);
    expect(at([['a', 'b', 'c']], rangeOf({ row: 2, column: 1 }, { row: 2, column: 1 }))).toEqual(['21a', '22b', '23c']);
  });

  it('say yes, days and lists in both languages', () => {
    expect([booleanOf('是'), booleanOf('No'), booleanOf('maybe')]).toEqual([true, false, undefined]);
    expect([dayOf('2026/3/1'), dayOf('2026年3月31日'), dayOf('2026-02-30'), dayOf('1/2/2026')]).toEqual([
      '2026-03-01',
      '2026-03-31',
      undefined,
      undefined,
    ]);
    expect(partsOf('a, b；c、')).toEqual(['a', 'b', 'c']);
  });
});

describe('a calendar', () => {
  it('shows whole weeks from Monday', () => {
    expect(daysOf('2026-11-23', 'week')).toEqual(Array.from({ length: 7 }, (_, i) => addDays('2026-11-23', i)));
    const month = daysOf('2026-11-23', 'month');
    expect([month[0], month.at(-1), month.length % 7]).toEqual(['2026-10-26', '2026-12-06', 0]);
    expect(daysOf('2027-02-10', 'month')).toHaveLength(28);
  });

  it('steps to the end of a short month and keeps the time of day', () => {
    expect(stepped('2026-01-31', 'month', 1)).toBe('2026-02-28');
    expect(stepped('2026-01-31', 'week', -1)).toBe('2026-01-24');
    expect(movedTo('2026-11-23T09:30:00Z', '2026-11-20', 'Asia/Shanghai')).toBe('2026-11-20T09:30:00.000Z');
    // The clocks of Berlin are put forward on 29 March: half past nine stays half past nine.
    expect(movedTo('2026-03-27T08:30:00Z', '2026-03-30', 'Europe/Berlin')).toBe('2026-03-30T07:30:00.000Z');
    // In Shanghai it is the next day already, whatever day it is in Greenwich.
    expect(movedTo('2026-11-22T17:00:00Z', '2026-11-24', 'Asia/Shanghai')).toBe('2026-11-23T17:00:00.000Z');
  });
});

describe('the columns of a board', () => {
  const field = (more: Partial<Field> = {}) => {
    const choices = [{ value: 'a' }, { value: 'old', retired: true }, { value: 'b' }];
    return { type: 'choice', choices: ['a', 'old', 'b'], own: { settings: { choices } }, ...more } as unknown as Field;
  };
  const group = (key: string | null) => ({ key, title: null, count: 1, totals: [], filter: null });
  const keys = (of: Field, found: (string | null)[]) => columnsOf('c_x', of, found.map(group)).map(({ key }) => key);

  it('are the choices that are offered, and what records have besides', () => {
    expect(keys(field(), ['b'])).toEqual(['a', 'b', null]);
    expect(keys(field(), ['old', 'gone'])).toEqual(['a', 'old', 'b', 'gone', null]);
    expect(keys(field({ required: true }), [])).toEqual(['a', 'b']);
    expect(keys(field({ required: true }), [null])).toEqual(['a', 'b', null]);
    expect(columnsOf('c_x', field(), []).map(({ filter }) => filter)).toEqual([
      { field: 'c_x', op: 'is', value: 'a' },
      { field: 'c_x', op: 'is', value: 'b' },
      { field: 'c_x', op: 'isEmpty' },
    ]);
  });
});

describe('cards on their way between columns', () => {
  const card = (id: string) => ({ id, version: 1, refs: {} }) as unknown as RecordRow;
  const ids = (rows: RecordRow[]) => rows.map(({ id }) => id).join('');
  const [a, b, c] = [card('a'), card('b'), card('c')];
  const sent: Move = { row: b, from: 'x', to: 'y', pending: true };

  it('are gone at once where they were and first where they went, also while the lists are old', () => {
    const moves = withMove(new Map(), 'b', sent);
    expect(ids(shownRows([a, b], 'x', moves))).toBe('a');
    expect(ids(shownRows([c], 'y', moves))).toBe('bc');
    expect(ids(shownRows([c], null, moves))).toBe('c');
    expect([shownCount(2, 'x', moves), shownCount(1, 'y', moves)]).toEqual([1, 2]);
  });

  it('stay where they were dropped when the lists are new, and go back when taken back', () => {
    const moves = withMove(new Map(), 'b', { ...sent, pending: false });
    expect(ids(shownRows([c, b], 'y', moves))).toBe('bc');
    expect([shownCount(1, 'x', moves), shownCount(2, 'y', moves)]).toEqual([1, 2]);
    // Undone elsewhere: the lists say so.
    expect([ids(shownRows([a, b], 'x', moves)), ids(shownRows([c], 'y', moves))]).toEqual(['ab', 'c']);
    expect(ids(shownRows([a, b], 'x', withMove(moves, 'b', null)))).toBe('ab');
  });

  it('stand with the last one first, however often they are moved', () => {
    const first = withMove(withMove(new Map(), 'a', { ...sent, row: a }), 'b', sent);
    expect(ids(shownRows([], 'y', first))).toBe('ba');
    expect(ids(shownRows([], 'y', withMove(first, 'a', { ...sent, row: a })))).toBe('ab');
  });
});

describe('what columns ask for', () => {
  it('is named while it can be, and everything beyond that', () => {
    const fields = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, { type: 'text' }]));
    const kind = { name: 'o_x', plural: 'records', title: 'f0', own: [], fields } as unknown as CatalogueObject;
    expect(columnsToLoad(kind, ['f0', 'f1'])).toEqual(['f0', 'f1']);
    expect(columnsToLoad(kind, Object.keys(fields))).toBeUndefined();
  });
});

describe('a view of fields that are gone', () => {
  it('shows the list without them', () => {
    const fields = { name: { type: 'text' }, size: { type: 'number' }, kind: { type: 'choice' } };
    const kind = { name: 'o_x', plural: 'records', title: 'name', own: [], fields } as unknown as CatalogueObject;
    const whole: ViewConfig = {
      q: 'x',
      sort: [{ field: 'name', dir: 'asc' }],
      group: { field: 'kind' },
      totals: { size: 'sum' },
    };
    expect(feasible(whole, kind)).toEqual(whole);
    const old: ViewConfig = {
      q: 'x',
      sort: [{ field: 'c_gone', dir: 'asc' }],
      group: { field: 'name' },
      totals: { c_gone: 'sum', size: 'avg' },
    };
    expect(feasible(old, kind)).toEqual({ q: 'x', totals: { size: 'avg' } });
  });
});

describe('a list shown as a pipeline', () => {
  it('is a board of deals by their stages, unless another field makes its columns', () => {
    const deal = { stageId: { type: 'reference', to: 'stage' } } as unknown as Fields;
    expect(showsStages({ kind: 'board', config: {} }, deal)).toBe(true);
    expect(showsStages({ kind: 'board', config: { board: 'stageId' } }, deal)).toBe(true);
    expect(showsStages({ kind: 'board', config: { board: 'status' } }, deal)).toBe(false);
    expect(showsStages({ kind: 'calendar', config: {} }, deal)).toBe(false);
    expect(showsStages({ kind: 'board', config: {} }, { type: {} } as unknown as Fields)).toBe(false);
  });
});
