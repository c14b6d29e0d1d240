import { describe, expect, it } from 'vitest';
import { isKnownHeader, matchColumns } from '@/domain/imports/columns';
import { cleanHeaders } from '@/domain/imports/dialect';
import { guessFile } from '@/domain/imports/recognise';
import { synonyms } from '@/domain/imports/synonyms';
import { type ImportObject, importObjects, targetOf, targets } from '@/domain/imports/targets';
import { readCsv } from '@/tests/support/read-csv';
import { hasRealData, realBytes } from '@/tests/support/real-data';

/** Header to target, as a table to compare with. */
const mapped = (object: ImportObject, headers: string[], rows: string[][] = []) =>
  Object.fromEntries(matchColumns(object, headers, rows).map(({ header, target }) => [header, target]));

describe('the dictionary', () => {
  it('names only targets that exist', () => {
    for (const object of importObjects) {
      const unknown = Object.keys(synonyms[object]).filter((name) => !targetOf(object, name));
      expect({ object, unknown }).toEqual({ object, unknown: [] });
    }
  });

  it('knows every target by its own name', () => {
    for (const object of importObjects) {
      for (const { name } of targets[object]) {
        const match = matchColumns(object, [name])[0];
        expect({ object, name, found: match?.target }).toEqual({ object, name, found: name });
      }
    }
  });
});

describe('columns', () => {
  it('are matched by Salesforce API names', () => {
    const headers =
      'Id,IsDeleted,Name,AccountId,StageName,Amount,CloseDate,NextStep,LeadSource,OwnerId,CreatedDate,SystemModstamp,CurrencyIsoCode';
    expect(mapped('deal', headers.split(','))).toEqual({
      Id: 'externalId',
      IsDeleted: 'deleted',
      Name: 'name',
      AccountId: 'companyExternalId',
      StageName: 'stage',
      Amount: 'amount',
      CloseDate: 'closeDate',
      NextStep: 'nextStep',
      LeadSource: 'source',
      OwnerId: 'ownerExternalId',
      CreatedDate: 'createdAt',
      SystemModstamp: null,
      CurrencyIsoCode: 'currency',
    });
    expect(mapped('company', ['Name', 'ACCOUNTNUMBER__C', 'acme__TickerSymbol__c'])).toEqual({
      Name: 'name',
      ACCOUNTNUMBER__C: 'accountNumber',
      acme__TickerSymbol__c: 'ticker',
    });
  });

  it('are matched by Salesforce report labels', () => {
    expect(
      mapped('contact', [
        'Salutation',
        'First Name',
        'Account Name',
        'Mailing Zip/Postal Code',
        'Asst. Phone',
        'Email Opt Out',
        'Contact Owner',
      ]),
    ).toEqual({
      Salutation: 'salutation',
      'First Name': 'firstName',
      'Account Name': 'company',
      'Mailing Zip/Postal Code': 'postalCode',
      'Asst. Phone': 'assistantPhone',
      'Email Opt Out': 'doNotMail',
      'Contact Owner': 'owner',
    });
  });

  it('are matched by Pipedrive headers, with parts of an address joined and duplicates told apart', () => {
    const headers = [
      'Deal - ID',
      'Deal - Title',
      'Deal - Owner',
      'Deal - Value',
      'Deal - Currency of Value',
      'Deal - Organization',
      'Deal - Contact person',
      'Deal - Stage',
      'Deal - Pipeline',
      'Deal - Status',
      'Deal - Status',
      'Deal - Lost reason',
      'Deal - Expected close date',
      'Deal - Weighted value',
      'Person - Name',
      'Organization - Name',
    ];
    expect(mapped('deal', cleanHeaders(headers))).toMatchObject({
      'Deal - ID': 'externalId',
      'Deal - Title': 'name',
      'Deal - Owner': 'owner',
      'Deal - Value': 'amount',
      'Deal - Currency of Value': 'currency',
      'Deal - Organization': 'company',
      'Deal - Contact person': 'contact',
      'Deal - Stage': 'stage',
      'Deal - Pipeline': 'pipeline',
      'Deal - Status': 'status',
      'Deal - Status (2)': null,
      'Deal - Lost reason': 'lossReason',
      'Deal - Expected close date': 'expectedClose',
      'Deal - Weighted value': null,
      'Person - Name': null,
      'Organization - Name': null,
    });
    const address = [
      'Organization - Name',
      'Organization - Address',
      'Organization - House number of Address',
      'Organization - Street/road name of Address',
      'Organization - Full/combined address of Address',
    ];
    expect(Object.values(mapped('company', address))).toEqual(['name', null, 'street', 'street', null]);
  });

  it('are matched by Chinese headers', () => {
    expect(
      mapped('deal', [
        '商机名称',
        '客户名称',
        '销售阶段',
        '预计金额',
        '预计成交日期',
        '负责人',
        '输单原因',
        '创建时间',
        '币种',
      ]),
    ).toEqual({
      商机名称: 'name',
      客户名称: 'company',
      销售阶段: 'stage',
      预计金额: 'amount',
      预计成交日期: 'expectedClose',
      负责人: 'owner',
      输单原因: 'lossReason',
      创建时间: 'createdAt',
      币种: 'currency',
    });
    expect(
      mapped('contact', [
        '记录 ID',
        '名字',
        '姓氏',
        '电子邮件',
        '手机号码',
        '职务',
        '公司名称',
        '生命周期阶段',
        '联系人所有者',
        '微信号',
      ]),
    ).toEqual({
      '记录 ID': 'externalId',
      名字: 'firstName',
      姓氏: 'lastName',
      电子邮件: 'email',
      手机号码: 'mobile',
      职务: 'jobTitle',
      公司名称: 'company',
      生命周期阶段: 'lifecycleStage',
      联系人所有者: 'owner',
      微信号: 'wechat',
    });
  });

  it('are less sure when the values look otherwise, and guessed when only the values tell', () => {
    const sure = matchColumns('contact', ['Email'], [['a@x.com'], ['b@x.com'], ['c@x.com']])[0];
    const unsure = matchColumns('contact', ['Email'], [['yes'], ['no'], ['yes']])[0];
    expect(sure?.confidence).toBeGreaterThan(0.98);
    expect(unsure?.confidence).toBeLessThan(0.7);
    expect(matchColumns('contact', ['Kontaktweg'], [['a@x.com'], ['b@x.com'], ['c@x.com']])[0]).toMatchObject({
      target: 'email',
      confidence: 0.6,
      reason: { code: 'values' },
    });
    expect(mapped('company', ['Location'], [['Germany'], ['Japan'], ['中国']])).toEqual({ Location: 'country' });
    expect(mapped('company', ['Location'], [['Berlin'], ['Osaka'], ['上海']])).toEqual({ Location: 'city' });
  });

  it('go to one field each, and say which field they lost', () => {
    const [first, second] = matchColumns('contact', ['Email', 'Work email']);
    expect(first?.target).toBe('email');
    expect(second).toMatchObject({ target: null, reason: { code: 'taken', params: { target: 'email' } } });
    expect(mapped('contact', ['Notes', 'Description', 'Tags', 'Labels'])).toEqual({
      Notes: 'description',
      Description: 'description',
      Tags: 'tags',
      Labels: 'tags',
    });
  });

  it('forgive a slip in a header, with less confidence', () => {
    expect(matchColumns('company', ['Anual Revenue'])[0]).toMatchObject({
      target: 'annualRevenue',
      reason: { code: 'spelling' },
    });
  });

  it('are not confused by names of everything', () => {
    for (const header of ['__proto__', 'constructor', 'toString', '', ' - ', '#', '2024']) {
      expect(matchColumns('company', [header])[0]?.target).toBeNull();
      expect(isKnownHeader(header)).toBe(false);
    }
  });
});

describe.skipIf(!hasRealData)('real files', () => {
  const open = (path: string) => readCsv(realBytes(path));
  const maven: Record<string, { object: ImportObject; targets: string[] }> = {
    accounts: {
      object: 'company',
      targets: ['name', 'industry', 'yearFounded', 'annualRevenue', 'employees', 'country', 'parent'],
    },
    products: { object: 'product', targets: ['name', 'series', 'price'] },
    sales_teams: { object: 'member', targets: ['name', 'team', 'office'] },
    sales_pipeline: {
      object: 'deal',
      targets: ['externalId', 'owner', 'product', 'company', 'stage', 'startedOn', 'closeDate', 'amount'],
    },
  };
  it.each(Object.keys(maven))('maps every column of Maven %s with 0.9 or more', (name) => {
    const expected = maven[name];
    const { headers, rows } = open(`maven-crm-sales/${name}.csv`);
    const guess = guessFile(headers, rows.slice(0, 50));
    expect(guess).toMatchObject({ object: expected?.object, product: null });
    expect(guess.confidence).toBeGreaterThan(0.8);
    const matches = matchColumns(expected?.object ?? 'company', headers, rows.slice(0, 50));
    expect(matches.map(({ target }) => target)).toEqual(expected?.targets);
    for (const { confidence } of matches) expect(confidence).toBeGreaterThanOrEqual(0.9);
  });

  it('maps the HubSpot companies, contacts and deals', () => {
    const expected: Record<string, { object: ImportObject; targets: (string | null)[] }> = {
      companies: {
        object: 'company',
        targets: [
          'externalId',
          'name',
          'domain',
          'industry',
          'employees',
          'annualRevenue',
          'phone',
          'website',
          'street',
          'city',
          'state',
          'postalCode',
          'country',
          'createdAt',
          'updatedAt',
          'owner',
        ],
      },
      contacts: {
        object: 'contact',
        targets: [
          'externalId',
          'firstName',
          'lastName',
          'email',
          'phone',
          'mobile',
          'jobTitle',
          'lifecycleStage',
          'leadStatus',
          'createdAt',
          'updatedAt',
          'owner',
          'source',
          null,
          'street',
          'city',
          'state',
          'postalCode',
          'country',
          'company',
        ],
      },
      deals: {
        object: 'deal',
        targets: [
          'externalId',
          'name',
          'stage',
          'pipeline',
          'amount',
          'closeDate',
          'createdAt',
          'owner',
          'type',
          'lossReason',
          'company',
          'contact',
        ],
      },
    };
    for (const [name, { object, targets: wanted }] of Object.entries(expected)) {
      const { headers, rows } = open(`hubspot-dummy/hubspot_${name}.csv`);
      const guess = guessFile(headers, rows.slice(0, 50));
      expect(guess).toMatchObject({ object, product: 'hubspot', unsupported: null });
      expect(guess.confidence).toBeGreaterThan(0.7);
      expect(matchColumns(object, headers, rows.slice(0, 50)).map(({ target }) => target)).toEqual(wanted);
    }
  });

  it('says which files hold records it does not take, and which hold what people did', () => {
    const guess = (name: string) => {
      const { headers, rows } = open(`hubspot-dummy/hubspot_${name}.csv`);
      return guessFile(headers, rows.slice(0, 50));
    };
    expect(guess('tickets')).toMatchObject({ object: null, unsupported: 'ticket' });
    expect(guess('activities')).toMatchObject({ object: 'activity', unsupported: null });
  });

  it("knows Pipedrive's sample and a Salesforce insert file", () => {
    expect(guessFile(open('pipedrive-headers/pipedrive_sample_import_header.csv').headers)).toMatchObject({
      object: 'contact',
      product: 'pipedrive',
    });
    const { headers, rows } = open('salesforce-encodings/insertAccountCsv.csv');
    expect(guessFile(headers, rows)).toMatchObject({ object: 'company', product: 'salesforce' });
  });

  it('maps the listed companies', () => {
    const { headers, rows } = open('cn-listed-companies/listed_companies.gb18030.csv');
    expect(guessFile(headers, rows.slice(0, 50)).object).toBe('company');
    expect(mapped('company', headers, rows.slice(0, 50))).toMatchObject({
      股票代码: 'ticker',
      公司简称: 'name',
      公司全称: 'legalName',
      英文名称: 'englishName',
      所在地: 'city',
      行业: 'industry',
      企业性质: 'ownership',
    });
  });
});
