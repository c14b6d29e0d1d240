import { beforeAll, describe, expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import { pick as searchPick } from '@/server/search/search';
import { importFile, planFor, uploadReal, workOf, workOffKeys } from '../support/imports';
import { readCsv } from '../support/read-csv';
import { hasRealData, realBytes } from '../support/real-data';
import { createTestTenant, type TestTenant } from '../support/tenants';

const file = 'cn-listed-companies/listed_companies.utf8bom.csv';

describe.skipIf(!hasRealData)('A10: the listed companies', () => {
  let tenant: TestTenant;
  const rows = hasRealData ? readCsv(realBytes(file)).rows : [];
  const official = rows.map((row) => ({
    name: row[1] ?? '',
    full: row[2] ?? '',
    initials: (row[10] ?? '').toLowerCase(),
  }));

  beforeAll(async () => {
    tenant = await createTestTenant({ locale: 'zh', currency: 'CNY' });
    const fileId = await uploadReal(tenant, file);
    expect(await importFile(tenant, fileId, await planFor(tenant, fileId))).toMatchObject({ created: 5418 });
    await workOffKeys(tenant);
  }, 180_000);

  const count = async (q: string, field: string) =>
    (await tenant.api.companies.count({ q, filter: { field, op: 'contains', value: q } })).count;
  const pick = async (q: string, limit = 50) =>
    (await tenant.api.search.pick({ object: 'company', q, limit })).map(({ title }) => title);

  it.each([
    ['银行', 38, 42],
    ['重庆', 9, 54],
    ['证券', 34, 40],
    ['药业', 78, 124],
    ['长江', 6, 8],
    ['集团', 109, 802],
    ['北京', 6, 259],
    ['平安', 3, undefined],
  ])('A10: %s is found in %i short and %i full names', async (q, short, full) => {
    expect(await count(q, 'name')).toBe(short);
    if (full !== undefined) expect(await count(q, 'legalName')).toBe(full);
    const either = official.filter((company) => company.name.includes(q) || company.full.includes(q)).length;
    expect((await tenant.api.companies.count({ q })).count).toBe(either);
  });

  it.each([
    ['银行', 38, 42],
    ['证券', 34, 40],
    ['长江', 6, 8],
    ['平安', 3, undefined],
  ])('A10: the search for %s finds %i short and %i full names, the short ones first', async (q, short, full) => {
    const found = await pick(q);
    const names = official.filter(({ name }) => name.includes(q)).map(({ name }) => name);
    expect(names).toHaveLength(short);
    expect(found.slice(0, short).sort()).toEqual(names.sort());
    const legal = official.filter((company) => company.full.includes(q)).map(({ name }) => name);
    if (full !== undefined) expect(legal).toHaveLength(full);
    expect([...found].sort()).toEqual([...new Set([...names, ...legal])].sort());
    const [group] = await tenant.api.search.groups({ q });
    expect(group).toMatchObject({ object: 'company', count: found.length, more: false });
  });

  it.each([
    ['药业', 124],
    ['重庆', 54],
    ['集团', 802],
    ['北京', 259],
  ])('A10: the search for %s fills its page with names that have it, and says there are more', async (q, full) => {
    const having = new Set(
      official.filter(({ name, full: legal }) => name.includes(q) || legal.includes(q)).map(({ name }) => name),
    );
    expect(official.filter((company) => company.full.includes(q))).toHaveLength(full);
    const found = await pick(q);
    expect(found).toHaveLength(50);
    expect(found.filter((name) => !having.has(name))).toEqual([]);
    const short = official.filter(({ name }) => name.includes(q)).map(({ name }) => name);
    expect(found.slice(0, Math.min(short.length, 50)).filter((name) => !short.includes(name))).toEqual([]);
    const [group] = await tenant.api.search.groups({ q });
    expect(group?.more ?? false).toBe(having.size >= 60);
  });

  it('A10: official initials find their company in 98 % and more', async () => {
    // Every 20th: all of them are held to their keys in tests/domain/search-keys.test.ts.
    const asked = official.filter(({ initials }, i) => i % 20 === 0 && /^[a-z]{3,}$/.test(initials));
    const missed = await inTenant(tenant.tenantId, 'read', async (db) => {
      const work = await workOf(tenant, db);
      const found = await Promise.all(asked.map(({ initials }) => searchPick(work, 'company', initials, 50)));
      return asked.filter(({ name }, i) => !found[i]?.some(({ title }) => title === name));
    });
    expect(asked.length).toBeGreaterThan(200);
    expect(1 - missed.length / asked.length).toBeGreaterThanOrEqual(0.98);
  });

  it('A10: one character finds all that have it', async () => {
    const either = official
      .filter(({ name, full }) => name.includes('渝') || full.includes('渝'))
      .map(({ name }) => name);
    expect((await pick('渝')).sort()).toEqual(either.sort());
  });

  it.each([
    ['payh', '平安银行'],
    ['zgpa', '中国平安'],
    ['cqpj', '重庆啤酒'],
    ['caqc', '长安汽车'],
    ['gzmt', '贵州茅台'],
    ['wly', '五粮液'],
    ['wly', '万里扬'],
    ['pinganyinhang', '平安银行'],
    ['maotai', '贵州茅台'],
    ['changan', '长安汽车'],
  ])('A10: %s finds %s among the first five', async (q, name) => {
    expect(await pick(q, 5)).toContain(name);
  });

  it.each([
    ['tcl', 3],
    ['cq', 17],
    ['xm', 15],
  ])('A10: the initials %s find the %i companies that have them officially', async (q, size) => {
    const wanted = official.filter(({ initials }) => initials.startsWith(q)).map(({ name }) => name);
    expect(wanted).toHaveLength(size);
    const found = new Set(await pick(q));
    expect(wanted.filter((name) => !found.has(name))).toEqual([]);
  });
});
