import { beforeAll, describe, expect, it } from 'vitest';
import type { Filter, Sort } from '@/domain/filters';
import { clock, createTestTenant, type TestTenant } from '../support/tenants';

let tenant: TestTenant;
const names = async (input: { sort?: Sort[]; filter?: Filter; limit?: number }) => {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<TestTenant['api']['companies']['list']>> = await tenant.api.companies.list({
      limit: 2,
      ...input,
      cursor,
      columns: ['name'],
    });
    found.push(...page.rows.map((row) => String(row.name)));
    cursor = page.next;
  } while (cursor);
  return found;
};
const by = (...sort: string[]): Sort[] =>
  sort.map((name) => (name.startsWith('-') ? { field: name.slice(1), dir: 'desc' } : { field: name, dir: 'asc' }));

beforeAll(async () => {
  tenant = await createTestTenant({ timeZone: 'Asia/Shanghai' });
  const { api } = tenant;
  await api.fields.create({ object: 'company', type: 'number', label: { en: 'Score' } });
  await api.fields.create({ object: 'company', type: 'date', label: { en: 'Due' } });
  const rows: [string, string | null, number | null, number | null][] = [
    ['A', 'Steel', 5, 2],
    ['B', 'Steel', null, 1],
    ['C', 'Books', 5, null],
    ['D', null, 1, 1],
    ['E', 'Steel', 9, 2],
    ['F', null, null, null],
    ['G', 'Books', 2, 3],
  ];
  for (const [name, industry, employees, score] of rows)
    await api.companies.create({ values: { name, industry, employees, c_score: score } });
});

describe('lists sorted by several fields', () => {
  it.each([
    [by('industry', 'employees'), 'GCAEBDF'],
    [by('industry', '-employees'), 'CGEABDF'],
    [by('-industry', 'name'), 'ABECGDF'],
    [by('-employees', 'industry', 'name'), 'ECAGDBF'],
    [by('employees', '-name'), 'DGCAEFB'],
    [by('industry', 'c_score', 'name'), 'GCBAEDF'],
    [by('c_score', 'industry', '-name'), 'BDEAGCF'],
    [by('-c_score', 'employees'), 'GAEDBCF'],
    [by('ownerId', '-name'), 'GFEDCBA'],
  ])('%j page by page, what is missing last', async (sort, expected) => {
    expect((await names({ sort })).join('')).toBe(expected);
    expect((await names({ sort, limit: 3 })).join('')).toBe(expected);
  });

  it('refuse a sixth field, an unknown one, and a cursor of another sort', async () => {
    const six = by('name', 'industry', 'employees', 'domain', 'city', 'state');
    await expect(tenant.api.companies.list({ sort: six })).rejects.toThrow('too_big');
    await expect(tenant.api.companies.list({ sort: by('name', 'nothing') })).rejects.toMatchObject({
      message: 'unknownField',
    });
    const { next } = await tenant.api.companies.list({ sort: by('name'), limit: 1 });
    await expect(tenant.api.companies.list({ sort: by('name', 'city'), cursor: next })).rejects.toMatchObject({
      message: 'badCursor',
    });
  });

  it('are entered at any place by marks', async () => {
    const many = await createTestTenant();
    const rows = Array.from({ length: 230 }, (_, i) => ({
      name: `N${String(i).padStart(3, '0')}`,
      employees: i % 3 === 0 ? null : i % 7,
    }));
    for (const values of rows) await many.api.companies.create({ values });
    for (const sort of [by('name'), by('employees'), by('-employees', 'name'), undefined]) {
      const whole: string[] = [];
      for (let cursor: string | null = null, first = true; first || cursor; first = false) {
        const page: { rows: { id: string }[]; next: string | null } = await many.api.companies.list({
          sort,
          cursor,
          limit: 200,
        });
        whole.push(...page.rows.map(({ id }) => id));
        cursor = page.next;
      }
      const { count, step, marks } = await many.api.views.marks({ object: 'company', sort });
      expect([count, step, marks.length]).toEqual([230, 100, 2]);
      const from = async (place: number) => {
        const mark = Math.floor(place / step) - 1;
        const cursor = mark >= 0 ? marks[mark] : null;
        const page = await many.api.companies.list({ sort, cursor, skip: place - (mark + 1) * step, limit: 20 });
        return page.rows.map(({ id }) => id);
      };
      for (const place of [0, 30, 100, 145, 160, 199, 200, 225])
        expect(await from(place), `${JSON.stringify(sort)} ${place}`).toEqual(whole.slice(place, place + 20));
    }
  });
});

describe('relative days', () => {
  it('follow the calendar of the tenant’s time zone', async () => {
    const { api } = tenant;
    const before = clock.now;
    try {
      // Wednesday in London, Thursday the 31st of December in Shanghai.
      clock.now = new Date('2026-12-30T18:00:00Z');
      const days = [
        '2025-12-31',
        '2026-11-30',
        '2026-12-01',
        '2026-12-27',
        '2026-12-28',
        '2026-12-30',
        '2026-12-31',
        '2027-01-01',
        '2027-01-04',
        '2027-04-01',
      ];
      const made = [];
      for (const day of days)
        made.push((await api.companies.create({ values: { name: `due ${day}`, industry: 'dated', c_due: day } })).id);
      const task = async (day: string) => api.tasks.create({ values: { subject: day, dueOn: day } });
      for (const day of days) await task(day);
      const own = async (op: 'during' | 'olderThan', value: string | number) =>
        (await names({ sort: by('name'), filter: { field: 'c_due', op, value } })).map((name) => name.slice(4));
      const standard = async (op: 'during' | 'olderThan', value: string | number) =>
        (
          await api.tasks.list({ filter: { field: 'dueOn', op, value }, sort: by('dueOn'), columns: ['subject'] })
        ).rows.map(({ subject }) => subject);
      const expected: Record<string, string[]> = {
        today: ['2026-12-31'],
        yesterday: ['2026-12-30'],
        tomorrow: ['2027-01-01'],
        thisWeek: ['2026-12-28', '2026-12-30', '2026-12-31', '2027-01-01'],
        lastWeek: ['2026-12-27'],
        nextWeek: ['2027-01-04'],
        thisMonth: ['2026-12-01', '2026-12-27', '2026-12-28', '2026-12-30', '2026-12-31'],
        lastMonth: ['2026-11-30'],
        nextMonth: ['2027-01-01', '2027-01-04'],
        thisQuarter: ['2026-11-30', '2026-12-01', '2026-12-27', '2026-12-28', '2026-12-30', '2026-12-31'],
        nextQuarter: ['2027-01-01', '2027-01-04'],
        thisYear: ['2026-11-30', '2026-12-01', '2026-12-27', '2026-12-28', '2026-12-30', '2026-12-31'],
        lastYear: ['2025-12-31'],
        nextYear: ['2027-01-01', '2027-01-04', '2027-04-01'],
      };
      for (const [period, found] of Object.entries(expected)) {
        expect(await own('during', period), period).toEqual(found);
        expect(await standard('during', period), period).toEqual(found);
      }
      expect(await own('olderThan', 30)).toEqual(['2025-12-31', '2026-11-30']);
      expect(await standard('olderThan', 30)).toEqual(['2025-12-31', '2026-11-30']);
      // Of a moment: made at two in the morning of the 31st there.
      const madeToday = (value: string) =>
        names({
          filter: {
            and: [
              { field: 'createdAt', op: 'during', value },
              { field: 'industry', op: 'is', value: 'dated' },
            ],
          },
        });
      expect((await madeToday('today')).length).toBe(made.length);
      expect(await madeToday('yesterday')).toEqual([]);
      await expect(own('during', 'someday')).rejects.toMatchObject({ message: 'filterValue' });
      await expect(own('olderThan', -1)).rejects.toMatchObject({ message: 'filterValue' });
    } finally {
      clock.now = before;
    }
  });
});

it('tags are filtered by any of and none of', async () => {
  const { api } = tenant;
  await api.companies.create({ values: { name: 'T1', site: 'tags', tags: ['vip', 'north'] } });
  await api.companies.create({ values: { name: 'T2', site: 'tags', tags: ['south'] } });
  await api.companies.create({ values: { name: 'T3', site: 'tags' } });
  const tagged = (op: 'anyOf' | 'noneOf', ...value: string[]) =>
    names({
      sort: by('name'),
      filter: {
        and: [
          { field: 'site', op: 'is', value: 'tags' },
          { field: 'tags', op, value },
        ],
      },
    });
  expect(await tagged('anyOf', 'vip', 'south')).toEqual(['T1', 'T2']);
  expect(await tagged('noneOf', 'vip')).toEqual(['T2', 'T3']);
});
