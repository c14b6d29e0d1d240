import { describe, expect, it } from 'vitest';
import { exportInput, exportName, extensionOf } from '@/domain/exports';

describe('what can be exported', () => {
  it('is a list as a table, contacts also as cards', () => {
    expect(exportInput.parse({ object: 'company' })).toEqual({
      object: 'company',
      format: 'csv',
      encoding: 'utf-8',
      vcard: '3.0',
      dates: 'local',
    });
    expect(exportInput.safeParse({ object: 'contact', format: 'vcard' }).success).toBe(true);
    const refused = exportInput.safeParse({ object: 'company', format: 'vcard' });
    expect(refused.error?.issues).toMatchObject([{ message: 'vcardOfContacts', path: ['format'] }]);
  });

  it('is everything, but nothing in between', () => {
    expect(exportInput.safeParse({ object: 'everything', format: 'xlsx' }).success).toBe(true);
    for (const narrowed of [{ q: 'x' }, { ids: [crypto.randomUUID()] }, { columns: ['name'] }, { sort: [] }]) {
      const refused = exportInput.safeParse({ object: 'everything', ...narrowed });
      expect(refused.error?.issues).toMatchObject([{ message: 'everythingIsWhole', path: ['object'] }]);
    }
  });

  it.each([
    ['company', 'csv', 'csv'],
    ['company', 'xlsx', 'xlsx'],
    ['contact', 'vcard', 'vcf'],
    ['everything', 'csv', 'zip'],
    ['everything', 'xlsx', 'xlsx'],
  ] as const)('%s as %s is a file that ends in %s', (object, format, extension) =>
    expect(extensionOf({ object, format })).toBe(extension),
  );

  it.each([
    ['Key/accounts: "2026"', 'Key accounts 2026 2026-11-23.csv'],
    ['../..\\etc', 'etc 2026-11-23.csv'],
    ['\u202Egnp.exe', 'gnp.exe 2026-11-23.csv'],
    [' . ', 'export 2026-11-23.csv'],
    ['重点客户', '重点客户 2026-11-23.csv'],
  ])('%j is called %j', (list, name) => expect(exportName(list, '2026-11-23', 'csv')).toBe(name));
});
