import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Filter, Sort } from '@/domain/filters';
import { bounds } from '@/server/core/record-plans';
import { createTestTenant, type TestTenant } from '../support/tenants';

let tenant: TestTenant;
/** Each part asks as somebody else: so many pages are more than one person may turn. */
let api: TestTenant['api'];
/** A filter that all pass: such lists are sorted as they are when there are few records. */
const all: Filter = { field: 'name', op: 'isNotEmpty' };

async function listed(sort: Sort[], input: { filter?: Filter; limit: number; skip?: number }) {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<TestTenant['api']['contacts']['list']>> = await api.contacts.list({
      ...input,
      sort,
      cursor,
      columns: ['name', 'companyId'],
    });
    found.push(...page.rows.map((row) => `${row.name} ${row.refs.companyId ?? '-'}`));
    cursor = input.skip === undefined ? page.next : null;
  } while (cursor);
  return found;
}

beforeAll(async () => {
  tenant = await createTestTenant();
  api = tenant.api;
  await api.fields.create({
    object: 'contact',
    type: 'reference',
    label: { en: 'Partner' },
    settings: { to: 'company' },
  });
  await api.fields.create({ object: 'contact', type: 'number', label: { en: 'Score' } });
  await api.fields.create({ object: 'contact', type: 'date', label: { en: 'Due' } });
  const choices = ['a', 'b', 'c'].map((value) => ({ value, label: { en: value }, tone: 'slate' as const }));
  await api.fields.create({ object: 'contact', type: 'choices', label: { en: 'Tags' }, settings: { choices } });
  const companies: string[] = [];
  // Two of one name, one that nobody points to, one that goes to the bin.
  for (const name of ['Beta', 'Alpha', 'Alpha', 'Delta', 'Empty', 'Gone'])
    companies.push((await api.companies.create({ values: { name } })).id);
  for (let i = 0; i < 31; i++) {
    const values = {
      name: `C${String(i).padStart(2, '0')}`,
      jobTitle: i % 3 === 0 ? null : `T${i % 4}`,
      companyId: i % 5 === 4 ? null : companies[[0, 1, 2, 3, 5][i % 5] ?? 0],
      c_partner: i % 4 === 0 ? null : companies[(i * 7) % 4],
      c_tags: [['a', 'b'], ['b'], null, ['a', 'c'], []][i % 5],
      c_score: i % 6 === 0 ? null : i % 7,
      c_due: i % 6 === 0 ? null : `2026-0${1 + (i % 7)}-10`,
    };
    await api.contacts.create({ values: values as never });
  }
  await api.companies.remove({ ids: [companies[5] ?? ''] });
});

const by = (...sort: string[]): Sort[] =>
  sort.map((name) => (name.startsWith('-') ? { field: name.slice(1), dir: 'desc' } : { field: name, dir: 'asc' }));

describe('lists in the order of what references lead to', () => {
  it.each([
    [by('companyId')],
    [by('-companyId')],
    [by('companyId', '-jobTitle', 'name')],
    [by('-companyId', 'c_score', '-name')],
    [by('c_partner')],
    [by('-c_partner', 'name')],
    [by('c_partner', '-c_score')],
    [by('ownerId', '-name')],
    [by('-createdBy', 'name')],
  ])('%j is the same from title to title as sorted', async (sort) => {
    const whole = await listed(sort, { filter: all, limit: 200 });
    expect(whole).toHaveLength(31);
    for (const limit of [3, 7, 50]) expect(await listed(sort, { limit }), `${limit}`).toEqual(whole);
    for (const skip of [0, 3, 24, 29])
      expect(await listed(sort, { limit: 5, skip })).toEqual(whole.slice(skip, skip + 5));
  });

  it('has titles in order, and what leads nowhere last in both directions', async () => {
    const titles = (rows: string[]) => [...new Set(rows.map((row) => row.split(' ')[1]))].join(' ');
    expect(titles(await listed(by('companyId'), { limit: 4 }))).toBe('Alpha Beta Delta -');
    expect(titles(await listed(by('-companyId'), { limit: 4 }))).toBe('Delta Beta Alpha -');
  });
});

describe('a filter on the own field a list is sorted by', () => {
  const months: [Filter, number][] = [
    [{ field: 'c_score', op: 'gte', value: 3 }, 0],
    [{ field: 'c_score', op: 'between', value: [2, 4] }, 0],
    [{ field: 'c_score', op: 'anyOf', value: [1, 6] }, 0],
    [{ field: 'c_score', op: 'isNot', value: 3 }, 0],
    [{ field: 'c_score', op: 'isEmpty' }, 0],
    [
      {
        or: [
          { field: 'c_score', op: 'is', value: 3 },
          { field: 'c_score', op: 'isEmpty' },
        ],
      },
      0,
    ],
    [
      {
        and: [
          { field: 'c_score', op: 'gt', value: 1 },
          {
            and: [
              { field: 'c_score', op: 'lt', value: 5 },
              { field: 'jobTitle', op: 'isNotEmpty' },
            ],
          },
        ],
      },
      0,
    ],
  ];
  it.each(months)('%j finds what it finds in any other order', async (filter) => {
    const sorted = async (sort: Sort[], limit: number) => (await listed(sort, { filter, limit })).toSorted();
    const expected = await sorted(by('name'), 200);
    expect(await sorted(by('c_score'), 3)).toEqual(expected);
    expect(await sorted(by('-c_score', 'name'), 4)).toEqual(expected);
    expect(await sorted(by('companyId'), 5)).toEqual(expected);
  });

  describe.each([
    ['what there is of one value', { few: 4, fewOfSeveral: 4, walked: 6 }],
    ['nothing that is few', { few: 0, fewOfSeveral: 0, walked: 9 }],
    ['everything that is few', { few: 1000, fewOfSeveral: 1000, walked: 1 }],
  ])('with %s', (_, other) => {
    const usual = { ...bounds };
    beforeAll(async () => {
      api = (await tenant.person('admin')).api;
    });
    afterEach(() => Object.assign(bounds, usual));
    const filters: Filter[] = [
      { field: 'c_score', op: 'is', value: 3 },
      { field: 'c_score', op: 'is', value: 99 },
      { field: 'c_tags', op: 'anyOf', value: ['a', 'b'] },
      {
        and: [
          { field: 'c_score', op: 'gte', value: 2 },
          { field: 'c_tags', op: 'is', value: 'a' },
        ],
      },
      {
        and: [
          { field: 'c_due', op: 'isNotEmpty' },
          { field: 'jobTitle', op: 'is', value: 'T1' },
        ],
      },
      {
        and: [
          { field: 'c_tags', op: 'noneOf', value: ['a'] },
          { field: 'c_score', op: 'lt', value: 4 },
        ],
      },
    ];
    it.each(filters)('%j gives the same page by page, and the same count', async (filter) => {
      const sorts = [by('-createdAt'), by('name'), by('c_score'), by('-c_due'), by('companyId')];
      const whole = await Promise.all(sorts.map((sort) => listed(sort, { filter: { or: [filter] }, limit: 200 })));
      Object.assign(bounds, other);
      for (const [i, sort] of sorts.entries()) {
        expect(await listed(sort, { filter, limit: 7 }), JSON.stringify(sort)).toEqual(whole[i]);
        expect(await listed(sort, { filter, limit: 3, skip: 2 })).toEqual(whole[i]?.slice(2, 5));
      }
      for (const exact of [true, false])
        expect((await api.contacts.count({ filter, exact })).count).toBe(whole[0]?.length);
    });
  });

  it('takes the days of a calendar', async () => {
    const filter: Filter = {
      and: [
        { field: 'c_due', op: 'gte', value: '2026-03-01' },
        { field: 'c_due', op: 'lt', value: '2026-05-01' },
      ],
    };
    const { rows } = await tenant.api.contacts.list({ filter, sort: by('c_due'), columns: ['c_due'] });
    const days = rows.map((row) => String(row.c_due));
    expect(days).toEqual(days.toSorted());
    expect(new Set(days)).toEqual(new Set(['2026-03-10', '2026-04-10']));
    const all = await tenant.api.contacts.list({ limit: 200, columns: ['c_due'] });
    expect(days).toHaveLength(all.rows.filter((row) => /^2026-0[34]/.test(String(row.c_due))).length);
  });
});
