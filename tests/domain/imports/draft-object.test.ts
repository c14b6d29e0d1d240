import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanHeaders } from '@/domain/imports/dialect';
import { draftObject, proposeObject } from '@/domain/imports/draft-object';
import { importPlanSchema } from '@/domain/imports/mapping';

const given = {
  encoding: 'utf-8' as const,
  dialect: { separator: ',' as const, quote: '"' as const, skipLines: 0, confidence: 1 },
  ...({ hasHeader: true, currency: 'USD', timeZone: 'UTC', dateOrder: 'ymd', decimal: '.', whole: true } as const),
  product: null,
};
const draft = (headers: string[], rows: string[][], fileName = 'things.csv') =>
  draftObject({ ...given, headers: cleanHeaders(headers), rows }, fileName);

describe('the object a file could be made into', () => {
  it.each([
    [['Ticket ID', 'Ticket Status'], 'export.csv', 'Ticket'],
    [['Id', 'CaseNumber', 'Subject'], 'Case.csv', 'Ticket'],
    [['Name', 'Begins'], 'hubspot-crm-exports-all-contracts-2026-01-02.csv', 'Contract'],
    [['Name', 'Plate'], 'company_vehicles_2026.xlsx', 'Company vehicle'],
    [['Name', 'Day'], 'deliveries.csv', 'Delivery'],
    [['Name'], '2026.csv', 'Record'],
  ])('%j in %s is a %s', (headers, fileName, one) => {
    expect(proposeObject(headers, fileName).label.en?.one).toBe(one);
  });

  it('is called in Chinese where the file is', () => {
    expect(proposeObject(['名称', '车牌'], '车辆列表导出.csv').label).toEqual({ zh: { one: '车辆', other: '车辆' } });
    expect(proposeObject(['合同编号', '合同名称'], 'x.csv').label.zh?.one).toBe('合同');
  });

  it('finds its title, its ids and whom it names; two columns of one name stay two fields', () => {
    const { plan, matches } = draft(
      ['Contract Number', 'Contract Name', 'Account Name', 'Account ID', 'Contact', 'Contact Email', 'Amount'],
      [
        ['C-1', 'First', 'Acme', '001', 'Ada', 'ada@acme.com', '10'],
        ['C-2', 'Second', 'Acme', '001', 'Ben', 'ben@acme.com', '20'],
      ],
      'contracts.csv',
    );
    expect(
      plan.columns.map(({ target, create, called }) => [target ?? create?.type, create?.label.en, called]),
    ).toEqual([
      ['externalId', undefined, undefined],
      ['name', undefined, undefined],
      ['reference', 'Company', undefined],
      ['c_new_2ExternalId', undefined, undefined],
      ['text', 'Contact', undefined],
      ['reference', expect.stringMatching(/^Contact./), 4],
      [expect.any(String), 'Amount', undefined],
    ]);
    expect(plan.missing).toMatchObject({ company: 'create', contact: 'create', product: 'leave' });
    expect(matches.map(({ header }) => header)[1]).toBe('Contract Name');
  });

  it('is a plan that can be carried out, whatever the columns are called', () => {
    const header = fc.oneof(
      fc.constantFrom(
        'Company',
        'Customer',
        'customer',
        'Contact',
        'Product',
        'Id',
        'Name',
        'Title',
        'Owner',
        'Number',
      ),
      fc.constantFrom('公司', '客户', '编号', '名称', 'Company ID', 'Product ID', 'Deal', 'Status', 'Contact Email'),
      fc.string({ maxLength: 20 }),
    );
    const cell = fc.oneof(fc.constantFrom('a', 'b', '1', '2026-01-02', 'x@y.com', ''), fc.string({ maxLength: 10 }));
    const table = fc
      .array(header, { minLength: 1, maxLength: 12 })
      .chain((headers) =>
        fc.tuple(
          fc.constant(headers),
          fc.array(fc.array(cell, { minLength: headers.length, maxLength: headers.length }), { maxLength: 5 }),
        ),
      );
    fc.assert(
      fc.property(table, fc.string({ maxLength: 30 }), ([headers, rows], fileName) => {
        const read = importPlanSchema.safeParse(JSON.parse(JSON.stringify(draft(headers, rows, fileName).plan)));
        expect(read.error?.issues ?? []).toEqual([]);
        expect(read.data?.columns.some(({ target }) => target === 'name')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
