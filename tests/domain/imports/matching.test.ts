import { describe, expect, it } from 'vitest';
import { companyTypes, leadStatuses, lifecycleStages } from '@/domain/companies';
import { choiceMeant, stageKindMeant } from '@/domain/imports/choices';
import { domainKey, nameKey, similar, suggester } from '@/domain/imports/matching';
import { readCsv } from '@/tests/support/read-csv';
import { hasRealData, realBytes } from '@/tests/support/real-data';

describe('names', () => {
  it.each([
    ['Acme, Inc.', 'ACME'],
    ['Acme GmbH & Co. KG', 'acme'],
    ['Ping An Bank Co., Ltd.', 'ping an bank'],
    ['平安银行股份有限公司', '平安银行'],
    ['万科企业（集团）有限公司', '万科企业集团'],
    ['Ａｃｍｅ　Ｌｔｄ', 'acme'],
    ['L’Oréal S.A.', "L'Oreal"],
    ['Müller AG', 'muller'],
    ['深圳市腾讯计算机系统有限公司', '深圳市腾讯计算机系统'],
  ])('%s and %s are one', (a, b) => {
    expect(nameKey(a)).toBe(nameKey(b));
  });

  it.each([
    ['Company', 'Limited'],
    ['集团', '公司'],
    ['Acme Bank', 'Acme'],
    ['GTX Pro', 'GTX Plus Pro'],
    ['北京银行', '南京银行'],
    ['Group', 'Holding'],
    ['太极集团', '太极股份'],
    ['Co', 'Company'],
  ])('%s and %s are two', (a, b) => {
    expect(nameKey(a)).not.toBe(nameKey(b));
    expect(nameKey(a)).not.toBe('');
  });

  it('never have an empty key where they have a letter or a digit', () => {
    for (const name of ['Co', 'Inc.', '有限公司', 'AG', '7', 'Ltd Ltd']) expect(nameKey(name)).not.toBe('');
  });

  it('offer what they resemble, with a stated confidence', () => {
    expect(similar('GTXPro', 'GTX Pro')).toEqual({ confidence: 0.95, reason: 'punctuation' });
    expect(similar('Acme', 'Acme')).toEqual({ confidence: 1, reason: 'same' });
    expect(similar('Acme', 'ACME Inc.')).toEqual({ confidence: 0.9, reason: 'legalForm' });
    expect(similar('太极集团', '太极股份')).toEqual({ confidence: 0.9, reason: 'legalForm' });
    expect(similar('Doe, Jo', 'Jo Doe')).toEqual({ confidence: 0.85, reason: 'wordOrder' });
    expect(similar('Dalttechnology', 'Daltechnology')?.reason).toBe('spelling');
    expect(similar('Acme', 'Betatech')).toBeNull();
    expect(similar('', '')).toBeNull();
    const suggest = suggester(
      ['GTX Basic', 'GTX Pro', 'GTX Plus Pro', 'MG Special'].map((name, i) => ({ id: String(i), name })),
    );
    expect(suggest('GTXPro')[0]).toEqual({ id: '1', name: 'GTX Pro', confidence: 0.95, reason: 'punctuation' });
    expect(suggest('Nothing like it')).toEqual([]);
  });
});

describe('domains', () => {
  it.each([
    ['https://www.Acme.com/about?x=1', 'acme.com'],
    ['jo@mail.acme.com', 'mail.acme.com'],
    ['acme.com.', 'acme.com'],
    ['WWW.ACME.CO.UK', 'acme.co.uk'],
    ['http://acme.com:8080', 'acme.com'],
    ['例子.公司', '例子.公司'],
    ['Acme', null],
    ['Acme Inc.', null],
    ['127.0.0.1', null],
    ['', null],
    ['a..b', null],
    ['Gibson-Smith', null],
  ])('of %s is %s', (text, domain) => {
    expect(domainKey(text)).toBe(domain);
  });
});

describe('choices', () => {
  it('are known by the names of HubSpot and in Chinese', () => {
    expect(choiceMeant('lifecycleStage', lifecycleStages, 'Marketing Qualified Lead')).toBe('qualified');
    expect(choiceMeant('leadStatus', leadStatuses, 'Attempted to Contact')).toBe('attempted');
    expect(choiceMeant('leadStatus', leadStatuses, 'In Progress')).toBe('inProgress');
    expect(choiceMeant('type', companyTypes, '供应商')).toBe('vendor');
    expect(choiceMeant('type', companyTypes, 'whatever')).toBeUndefined();
    expect(choiceMeant('constructor', ['a'], 'b')).toBeUndefined();
  });

  it('stages say their kind', () => {
    const kinds = [
      'Closed Won',
      'Won',
      '赢单',
      '已成交',
      'Closed Lost',
      'Lost',
      '输单',
      '已取消',
      'Wonderful',
      'Prospecting',
      '预计成交',
      'Contract Sent',
    ].map(stageKindMeant);
    expect(kinds).toEqual(['won', 'won', 'won', 'won', 'lost', 'lost', 'lost', 'lost', 'open', 'open', 'open', 'open']);
  });
});

describe.skipIf(!hasRealData)('real names', () => {
  it('of the listed companies and the Maven accounts stay apart', () => {
    const listed = readCsv(realBytes('cn-listed-companies/listed_companies.gb18030.csv')).rows;
    for (const column of [1, 2]) {
      const names = new Set(listed.map((row) => row[column]));
      expect(new Set([...names].map((name) => nameKey(name ?? ''))).size).toBe(names.size);
    }
    const accounts = readCsv(realBytes('maven-crm-sales/accounts.csv')).rows;
    expect(new Set(accounts.map((row) => nameKey(row[0] ?? ''))).size).toBe(85);
  });
});
