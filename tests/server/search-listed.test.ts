import { beforeAll, describe, expect, it } from 'vitest';
import { importFile, planFor, uploadReal } from '../support/imports';
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
