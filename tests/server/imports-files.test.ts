import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { decodeText } from '@/domain/imports/encoding';
import { readBeginning, storeFile, workFolder } from '@/server/core/files';
import { sweepFiles } from '@/server/imports/sweep';
import { fuzzSettings } from '../support/fuzz';
import { importFile, planFor, unpackAll, upload, uploadTables } from '../support/imports';
import { hasRealData, realBytes, realPath } from '../support/real-data';
import { createTestTenant, type TestTenant } from '../support/tenants';
import { sheetOf, storedZipOf, workbookOf, zipOf } from '../support/workbooks';

const textOf = async (tenant: TestTenant, id: string) =>
  decodeText(await readBeginning(tenant.tenantId, id, 1_000_000), 'utf-8');
const linesOf = async (tenant: TestTenant, id: string) => (await textOf(tenant, id)).split('\r\n').slice(0, -1);

const people = 'Full Name,Email\r\nAnn,ann@example.com\r\n';

describe('a workbook', () => {
  it('becomes a table per sheet that says what the sheet shows', async () => {
    const tenant = await createTestTenant();
    const book = await workbookOf(
      [
        {
          name: 'Deals',
          rows: `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c><c r="D2" t="inlineStr"><is><t>Active</t></is></c></row>
            <row r="3"><c r="A3" t="s"><v>3</v></c><c r="B3" s="1"><v>45356</v></c><c r="C3" s="2"><v>1234.5600000000002</v></c><c r="D3" t="b"><v>1</v></c><c r="E3" s="3"/></row>
            <row r="5"><c r="A5" t="str"><f>"x"&amp;"y"</f><v>xy</v></c><c r="C5" s="3"><v>1234</v></c><c r="D5" t="e"><v>#N/A</v></c><c r="E5"><f>1+1</f></c></row>`,
        },
        { name: 'Lists', state: 'hidden', rows: sheetOf([['hidden']]) },
        { name: 'Empty', rows: '<row r="1"><c r="A1" s="1"/></row>' },
        {
          name: 'People',
          rows: sheetOf([
            ['Name', 'Note'],
            ['Ann', 'one, "two"\nthree'],
          ]),
        },
      ],
      {
        strings: [
          '<t>Name</t>',
          '<r><t>Close </t></r><r><t>Date</t></r>',
          '<t>Amount</t>',
          '<t xml:space="preserve">中国平安</t><rPh sb="0" eb="2"><t>ping an</t></rPh>',
        ],
        styles:
          '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy/m/d"/><numFmt numFmtId="165" formatCode="00000"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="4"/><xf numFmtId="165"/></cellXfs>',
      },
    );
    const { file, tables } = await uploadTables(tenant, 'crm.xlsx', book);
    expect(file).toMatchObject({ format: 'workbook', state: 'ready' });
    expect(file.leftAside).toEqual([
      { part: 'Deals', why: 'formulas', count: 1 },
      { part: 'Lists', why: 'hidden' },
      { part: 'Empty', why: 'empty' },
    ]);
    expect(tables.map(({ name, part }) => [name, part])).toEqual([
      ['Deals · crm.xlsx', 'Deals'],
      ['People · crm.xlsx', 'People'],
    ]);
    const [deals, contacts] = tables;
    if (!deals || !contacts) throw new Error('A table is missing');
    expect(await linesOf(tenant, deals.id)).toEqual([
      '',
      'Name,Close Date,Amount,Active',
      '中国平安,2024-03-05,1234.56,TRUE',
      '',
      'xy,,01234,#N/A',
    ]);
    expect(await textOf(tenant, contacts.id)).toBe('Name,Note\r\nAnn,"one, ""two""\nthree"\r\n');
    // Only tables wait for an import, and they say where they were found.
    const { waiting } = await tenant.api.imports.list();
    expect(waiting.map(({ name, from }) => [name, from?.name])).toEqual(
      expect.arrayContaining([
        ['Deals · crm.xlsx', 'crm.xlsx'],
        ['People · crm.xlsx', 'crm.xlsx'],
      ]),
    );
    expect(waiting).toHaveLength(2);
    await expect(tenant.api.imports.analyse({ fileId: file.id })).rejects.toMatchObject({ message: 'fileOfTables' });
    expect(await tenant.api.imports.analyse({ fileId: deals.id })).toMatchObject({
      headers: ['Name', 'Close Date', 'Amount', 'Active'],
      header: { row: 2, present: true },
      count: { rows: 2 },
    });
  });

  it('of the strict dialect, with prefixes and days counted from 1904, reads the same', async () => {
    const tenant = await createTestTenant();
    const strict = 'http://purl.oclc.org/ooxml/officeDocument/relationships';
    const book = await zipOf([
      ['[Content_Types].xml', '<Types/>'],
      [
        '_rels/.rels',
        `<Relationships><Relationship Id="a" Type="${strict}/officeDocument" Target="/xl/book.xml"/></Relationships>`,
      ],
      [
        'xl/book.xml',
        '<x:workbook xmlns:x="m" xmlns:rel="r"><x:workbookPr date1904="true"/><x:sheets><x:sheet name="One" rel:id="s"/></x:sheets></x:workbook>',
      ],
      [
        'xl/_rels/book.xml.rels',
        `<Relationships><Relationship Id="s" Type="${strict}/worksheet" Target="worksheets/one.xml"/><Relationship Id="t" Type="${strict}/styles" Target="styles.xml"/></Relationships>`,
      ],
      [
        'xl/styles.xml',
        '<x:styleSheet xmlns:x="m"><x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="14"/></x:cellXfs></x:styleSheet>',
      ],
      [
        'xl/worksheets/one.xml',
        '<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>Day</x:t></x:is></x:c></x:row><x:row><x:c s="1"><x:v>43894</x:v></x:c></x:row><x:row><x:c t="d"><x:v>2024-03-06T00:00:00.000</x:v></x:c></x:row></x:sheetData></x:worksheet>',
      ],
    ]);
    const { tables } = await uploadTables(tenant, 'strict.xlsx', book);
    expect(await linesOf(tenant, tables[0]?.id ?? '')).toEqual(['Day', '2024-03-05', '2024-03-06']);
    expect(tables[0]?.name).toBe('strict.xlsx');
  });

  it('repeats what merged cells say in each of their rows, amounts apart, and gives all rows one width', async () => {
    const tenant = await createTestTenant();
    const rows = `<row r="1"><c r="A1" t="inlineStr"><is><t>Company</t></is></c><c r="B1" t="inlineStr"><is><t>Contact</t></is></c></row>
      <row r="2"><c r="A2" t="inlineStr"><is><t>Acme</t></is></c><c r="B2" t="inlineStr"><is><t>Ann</t></is></c><c r="D2"><v>5</v></c></row>
      <row r="3"><c r="B3" t="inlineStr"><is><t>Bob</t></is></c></row><row r="4"><c r="A4" s="0"/></row>
      <row r="5"><c r="B5" t="inlineStr"><is><t>Cid</t></is></c></row>`;
    const after = '<mergeCells count="2"><mergeCell ref="A2:A4"/><mergeCell ref="D2:D4"/></mergeCells>';
    const { tables } = await uploadTables(tenant, 'merged.xlsx', await workbookOf([{ name: 'S', rows, after }]));
    expect(await linesOf(tenant, tables[0]?.id ?? '')).toEqual([
      'Company,Contact,,',
      'Acme,Ann,,5',
      'Acme,Bob,,',
      '',
      ',Cid,,',
    ]);
  });

  it('is imported like any file, and its refused rows have the numbers of the sheet', async () => {
    const tenant = await createTestTenant();
    const sheet = sheetOf([
      ['Our customers 2024'],
      [],
      ['Company ID', 'Company Name', 'Industry', 'Annual Revenue'],
      ['C1', 'Acme', 'Tools', '1.2M'],
      ['C2', '', 'Tools', ''],
    ]);
    // A table of ours is not guessed at, whatever marks its texts are full of.
    const marks = sheetOf([['Notes'], ['a;b'], ['c;d']]);
    const single = await uploadTables(tenant, 'marks.xlsx', await workbookOf([{ name: 'S', rows: marks }]));
    expect(await tenant.api.imports.analyse({ fileId: single.tables[0]?.id ?? '' })).toMatchObject({
      file: { format: 'sheet' },
      dialect: { separator: ',', confidence: 1 },
      headers: ['Notes'],
      readAs: null,
    });
    const { tables } = await uploadTables(
      tenant,
      'companies.xlsx',
      await workbookOf([{ name: 'Sheet1', rows: sheet }]),
    );
    const fileId = tables[0]?.id ?? '';
    const plan = await planFor(tenant, fileId);
    const result = await importFile(tenant, fileId, plan);
    expect(result).toMatchObject({ object: 'company', rows: 2, created: 1, refused: 1 });
    const { rows } = await tenant.api.imports.problems({ id: result.id });
    expect(rows.map(({ row }) => row)).toEqual([5]);
  });

  it('of millions of shared texts is read without holding them', async () => {
    const tenant = await createTestTenant();
    const count = 20_000;
    const strings = Array.from({ length: count }, (_, i) => `<t>text ${i}</t>`);
    const rows = Array.from(
      { length: count },
      (_, i) => `<row><c t="s"><v>${count - 1 - i}</v></c><c t="s"><v>${i}</v></c></row>`,
    );
    const { tables } = await uploadTables(
      tenant,
      'many.xlsx',
      await workbookOf([{ name: 'S', rows: rows.join('') }], { strings }),
    );
    const lines = await linesOf(tenant, tables[0]?.id ?? '');
    expect(lines).toHaveLength(count);
    expect(lines[0]).toBe(`text ${count - 1},text 0`);
    expect(lines[12_345]).toBe(`text ${count - 1 - 12_345},text 12345`);
  });

  it('that is damaged, too wide, endless or no workbook is refused with the reason', async () => {
    const tenant = await createTestTenant();
    const refused = async (name: string, bytes: Uint8Array) => {
      const { file, tables } = await uploadTables(tenant, name, bytes);
      expect(tables).toEqual([]);
      expect(file.state).toBe('failed');
      return (file.error as { code: string }).code;
    };
    const good = await workbookOf([{ name: 'S', rows: sheetOf([['a']]) }]);
    expect(await refused('cut.xlsx', good.slice(0, good.length - 40))).toBe('fileBroken');
    expect(await refused('xml.xlsx', await workbookOf([{ name: 'S', rows: '<row><c></row>' }]))).toBe('fileBroken');
    const wide = '<row r="1"><c r="XFD1"><v>1</v></c></row>';
    expect(await refused('wide.xlsx', await workbookOf([{ name: 'S', rows: wide }]))).toBe('fileTooWide');
    expect(await refused('long.xlsx', await workbookOf([{ name: 'S', rows: sheetOf([['x'.repeat(300_000)]]) }]))).toBe(
      'cellTooLong',
    );
    expect(await refused('empty.xlsx', await workbookOf([{ name: 'S', rows: '' }]))).toBe('fileNoTables');
    expect(await refused('text.docx', await zipOf([['word/document.xml', '<w/>']]))).toBe('fileNotTable');
    const binary = await zipOf([
      ['xl/workbook.bin', 'x'],
      ['xl/worksheets/sheet1.bin', 'x'],
    ]);
    expect(await refused('binary.xlsb', binary)).toBe('fileNotTable');
    // Small when packed, and more than a memory holds: a text, an element, a depth, a row without end.
    const endless = `<row><c t="inlineStr"><is><t>${'x'.repeat(5_000_000)}`;
    expect(await refused('text.xlsx', await workbookOf([{ name: 'S', rows: endless }]))).toBe('fileBroken');
    const deep = '<a>'.repeat(10_000) + '</a>'.repeat(10_000);
    expect(await refused('deep.xlsx', await workbookOf([{ name: 'S', rows: deep }]))).toBe('fileBroken');
    const full = sheetOf([Array(30).fill('x'.repeat(40_000))]);
    expect(await refused('row.xlsx', await workbookOf([{ name: 'S', rows: full }]))).toBe('rowTooLong');
    // Entities that a document makes up are none: nothing can grow from them.
    const laughs = await zipOf([
      ['xl/workbook.xml', '<!DOCTYPE w [<!ENTITY a "aaaa">]><workbook><sheets><sheet name="&a;"/></sheets></workbook>'],
    ]);
    expect(await refused('laughs.xlsx', laughs)).toBe('fileBroken');
    const { waiting } = await tenant.api.imports.list();
    expect(waiting).toHaveLength(11);
    expect(waiting.every(({ state, error }) => state === 'failed' && error !== null)).toBe(true);
    await tenant.api.imports.discard({ fileId: waiting[0]?.id ?? '' });
    expect((await tenant.api.imports.list()).waiting).toHaveLength(10);
  });
});

describe('a zip', () => {
  it('gives the tables of all its files, those in folders, workbooks and zips included', async () => {
    const tenant = await createTestTenant();
    const inner = await zipOf([['deep/Opportunity.csv', 'Id,Name\r\n1,Deal\r\n']]);
    const zip = await zipOf(
      [
        ['./export/Account.csv', 'Id,Name\r\n1,Acme\r\n'],
        ['export/people.vcf', 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nEND:VCARD\r\n'],
        ['export/book.xlsx', await workbookOf([{ name: 'One', rows: sheetOf([['a']]) }])],
        ['more.zip', inner],
        ['__MACOSX/export/._Account.csv', 'x'],
        ['export/.DS_Store', 'x'],
        ['photo.png', 'x'],
        ['empty.csv', ''],
        ['broken.xlsx', 'PK\u0003\u0004 and then nothing'],
      ],
      { zip64: true },
    );
    const { file, tables } = await uploadTables(tenant, 'export.zip', zip);
    expect(file.format).toBe('zip');
    expect(tables.map(({ name, part }) => [name, part])).toEqual([
      ['Account.csv', 'export/Account.csv'],
      ['people.vcf', 'export/people.vcf'],
      ['book.xlsx', 'export/book.xlsx · One'],
      ['Opportunity.csv', 'more.zip/deep/Opportunity.csv'],
    ]);
    expect(file.leftAside).toEqual([
      { part: 'photo.png', why: 'notTable' },
      { part: 'empty.csv', why: 'empty' },
      { part: 'broken.xlsx', why: 'unreadable' },
    ]);
  });

  it('has names in the code page of a Chinese computer', async () => {
    const tenant = await createTestTenant();
    // 客户.csv in GBK, which zips of Windows in Chinese carry without saying so.
    const gbk = Buffer.from([0xbf, 0xcd, 0xbb, 0xa7, 0x2e, 0x63, 0x73, 0x76]);
    const zip = Buffer.from(await zipOf([['1234.csv', people]]));
    for (let at = zip.indexOf('1234.csv'); at >= 0; at = zip.indexOf('1234.csv', at + 1)) gbk.copy(zip, at);
    for (const [signature, flags] of [
      ['PK\u0003\u0004', 6],
      ['PK\u0001\u0002', 8],
    ] as const) {
      const at = zip.indexOf(signature) + flags;
      zip.writeUInt16LE(zip.readUInt16LE(at) & ~0x800, at);
    }
    const { tables } = await uploadTables(tenant, 'names.zip', zip);
    expect(tables.map(({ name }) => name)).toEqual(['客户.csv']);
    // Whoever knows better says so, until one of its tables is imported.
    const fileId = tables[0]?.id ?? '';
    const readAs = { of: 'names', encoding: 'gb18030' };
    expect(await tenant.api.imports.analyse({ fileId })).toMatchObject({ readAs });
    await tenant.api.imports.readAs({ fileId, encoding: 'big5' });
    await expect(tenant.api.imports.readAs({ fileId, encoding: 'big5' })).rejects.toMatchObject({
      message: 'notFound',
    });
    expect((await tenant.api.imports.list()).waiting).toMatchObject([{ name: 'names.zip', state: 'reading' }]);
    await unpackAll(tenant);
    const { waiting } = await tenant.api.imports.list();
    expect(waiting.map(({ name }) => name)).toEqual([decodeText(gbk, 'big5')]);
    const again = waiting[0]?.id ?? '';
    await importFile(tenant, again, await planFor(tenant, again));
    await expect(tenant.api.imports.readAs({ fileId: again, encoding: 'gb18030' })).rejects.toMatchObject({
      message: 'fileInUse',
    });
  });

  it('of a hundred attachments for each table is read for its tables, and tells of some of the others', async () => {
    const tenant = await createTestTenant();
    const others = Array.from({ length: 21_500 }, (_, i) => [`Attachments/${i}`, ''] as const);
    const zip = storedZipOf([...others, ['Account.csv', 'Id,Name\r\n1,Acme\r\n']]);
    const { file, tables } = await uploadTables(tenant, 'all.zip', zip);
    expect(tables.map(({ name }) => name)).toEqual(['Account.csv']);
    expect(file.leftAside).toHaveLength(200);
  });

  it('that grows out of proportion is not unpacked', async () => {
    const tenant = await createTestTenant();
    const { file } = await uploadTables(tenant, 'bomb.zip', await zipOf([['a.csv', new Uint8Array(80 * 1024 * 1024)]]));
    expect(file).toMatchObject({ state: 'failed', error: { code: 'fileBomb' } });
  });

  it('whose bytes are not those that were packed is damaged, though they can be unpacked', async () => {
    const tenant = await createTestTenant();
    const zip = Buffer.from(storedZipOf([['a.csv', people]]));
    zip.write('Bob', zip.indexOf('Ann'));
    const { file } = await uploadTables(tenant, 'damaged.zip', zip);
    expect(file).toMatchObject({ state: 'failed', error: { code: 'fileBroken' } });
  });

  it('becomes no more than one file may, however often it is packed', async () => {
    const tenant = await createTestTenant();
    const inner = await zipOf([['a.csv', people.repeat(1000)]]);
    const outer = await zipOf([1, 2, 3].map((i) => [`${i}.zip`, inner] as const));
    const fileId = await upload(tenant, 'outer.zip', outer);
    await unpackAll(tenant, { mostBytes: 150_000 });
    const { waiting } = await tenant.api.imports.list();
    expect(waiting).toMatchObject([{ id: fileId, state: 'failed', error: { code: 'fileBomb' } }]);
  });

  it('is taken apart anew after its worker was killed, and nothing comes twice', async () => {
    const tenant = await createTestTenant();
    const zip = await zipOf([
      ['a.csv', people],
      ['b.csv', people],
    ]);
    const fileId = await upload(tenant, 'two.zip', zip);
    const [job] = tenant.jobs.filter(({ queue }) => queue === 'unpack');
    const killed = () => {
      throw new Error('killed');
    };
    await expect(unpackAll(tenant, { checkpoint: killed })).rejects.toThrow('killed');
    // What a worker leaves that had no time to clean up: its folder, and a table that no row knows.
    const place = path.join(await workFolder(fileId), 'upload');
    await writeFile(place, 'half of it');
    const orphan = await storeFile(tenant.tenantId, Readable.from([Buffer.from(people)]), 1000);
    expect((await tenant.api.imports.list()).waiting).toMatchObject([{ id: fileId, state: 'reading' }]);
    await expect(tenant.api.imports.analyse({ fileId })).rejects.toMatchObject({ message: 'fileReading' });
    for (let i = 0; i < 2; i++) {
      if (job) tenant.jobs.push(job);
      await unpackAll(tenant);
      expect((await tenant.api.imports.list()).waiting.map(({ name }) => name).sort()).toEqual(['a.csv', 'b.csv']);
    }
    expect(existsSync(path.dirname(place))).toBe(false);
    const tomorrow = () => new Date(Date.now() + 2 * 86_400_000);
    expect(await sweepFiles(tenant.tenantId, { now: tomorrow, log: pino({ level: 'silent' }) })).toBe(1);
    await expect(readBeginning(tenant.tenantId, orphan.id, 10)).rejects.toMatchObject({ kind: 'notFound' });
  });

  it('goes with its last table', async () => {
    const tenant = await createTestTenant();
    const { file, tables } = await uploadTables(tenant, 'one.zip', await zipOf([['a.csv', people]]));
    await tenant.api.imports.discard({ fileId: tables[0]?.id ?? '' });
    await expect(tenant.api.imports.analyse({ fileId: file.id })).rejects.toMatchObject({ message: 'notFound' });
    await expect(readBeginning(tenant.tenantId, file.id, 10)).rejects.toMatchObject({ kind: 'notFound' });
  });
});

describe('what is not whole', () => {
  it('is refused or read as far as it makes sense, whatever bytes are wrong', { timeout: 120_000 }, async () => {
    const tenant = await createTestTenant();
    const whole = [
      ['book.xlsx', await workbookOf([{ name: 'S', rows: sheetOf(Array(50).fill(['Ann', 'ann@example.com'])) }])],
      [
        'set.zip',
        await zipOf([
          ['a.csv', people.repeat(50)],
          ['b.vcf', 'BEGIN:VCARD\r\nFN:Ann\r\nEND:VCARD\r\n'],
        ]),
      ],
      [
        'cards.vcf',
        Buffer.from('BEGIN:VCARD\r\nVERSION:2.1\r\nFN;QUOTED-PRINTABLE:=E7=8E=8B\r\nTEL;CELL:1\r\nEND:VCARD\r\n'),
      ],
    ] as const;
    const wrong = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...whole), wrong, fc.nat(), async ([name, bytes], changes, cut) => {
        // The first bytes say what it is; without them it is another kind of file.
        const damaged = new Uint8Array(bytes);
        for (const [at, byte] of changes) damaged[4 + (at % (damaged.length - 4))] = byte;
        const end = cut % 3 === 0 ? 20 + (cut % (damaged.length - 20)) : damaged.length;
        const { file, tables } = await uploadTables(tenant, name, damaged.slice(0, end));
        if (file.format === 'text') return;
        expect(['ready', 'failed']).toContain(file.state);
        expect(file.state === 'failed').toBe(tables.length === 0);
        expect(file.state === 'failed').toBe(file.error !== null);
      }),
      fuzzSettings(60),
    );
  });
});

describe('a text', () => {
  it('begins where its table does, after titles and blank rows, and keeps the numbers of its rows', async () => {
    const tenant = await createTestTenant();
    const text =
      'sep=;\n客户清单 2024\n制表人：王小明;2024-03-05\n\nCompany ID;Company Name;Industry;City;Country\nC1;Acme;Tools;Paris;France\nC2;;Tools;;\n';
    const fileId = await upload(tenant, 'companies.csv', text);
    const analysis = await tenant.api.imports.analyse({ fileId });
    expect(analysis).toMatchObject({ header: { row: 4, present: true }, count: { rows: 2 }, object: 'company' });
    const result = await importFile(tenant, fileId, await planFor(tenant, fileId));
    expect(result).toMatchObject({ created: 1, refused: 1 });
    expect((await tenant.api.imports.problems({ id: result.id })).rows.map(({ row }) => row)).toEqual([6]);
    // A person may say otherwise.
    const first = await tenant.api.imports.analyse({ fileId, firstRow: 2, hasHeader: true });
    expect(first).toMatchObject({ header: { row: 2 }, headers: ['制表人：王小明', '2024-03-05'] });
  });

  it('is in the encoding that its first Chinese name tells, thousands of English ones before it or not', async () => {
    const tenant = await createTestTenant();
    const english = 'C1,A company of some name or other in a city,Tools\r\n'.repeat(45_000);
    const chinese = Buffer.from([0xd6, 0xd8, 0xc7, 0xec, 0xc6, 0xa1, 0xbe, 0xc6]);
    const head = Buffer.from(`Company ID,Company Name,Industry\r\n${english}C2,`);
    const fileId = await upload(tenant, 'companies.csv', Buffer.concat([head, chinese, Buffer.from(',Beer\r\n')]));
    const { encoding, plan } = await tenant.api.imports.analyse({ fileId });
    expect([encoding.value, plan?.encoding]).toEqual(['gb18030', 'gb18030']);
  });

  it('with a quotation mark that is never closed is read without quotation marks', async () => {
    const tenant = await createTestTenant();
    const fileId = await upload(
      tenant,
      'companies.csv',
      'Company ID,Company Name,Size\nC1,"Acme,5\nC2,17" Screens,6\n',
    );
    const analysis = await tenant.api.imports.analyse({ fileId });
    expect(analysis).toMatchObject({
      dialect: { quote: null },
      sample: [
        ['C1', '"Acme', '5'],
        ['C2', '17" Screens', '6'],
      ],
    });
    await expect(tenant.api.imports.analyse({ fileId, quote: '"' })).rejects.toThrow(/^file(?:Quote|Unreadable)$/);
  });
});

describe('vCards', () => {
  it('in the character set of a Chinese phone are people', async () => {
    const tenant = await createTestTenant();
    const name = Buffer.from([0xcd, 0xf5, 0xd0, 0xa1, 0xc3, 0xf7]);
    const gbk = Buffer.concat([
      Buffer.from('BEGIN:VCARD\r\nVERSION:2.1\r\nFN:'),
      name,
      Buffer.from('\r\nTEL;CELL:13800138000\r\nEND:VCARD\r\n'),
    ]);
    const { tables } = await uploadTables(tenant, 'contacts.vcf', gbk);
    const fileId = tables[0]?.id ?? '';
    expect(await linesOf(tenant, fileId)).toEqual(['Full Name,Mobile Phone', '王小明,13800138000']);
    expect(await tenant.api.imports.analyse({ fileId })).toMatchObject({
      file: { format: 'people' },
      readAs: { of: 'people', encoding: 'gb18030' },
    });
    await tenant.api.imports.readAs({ fileId, encoding: 'big5' });
    await unpackAll(tenant);
    const { waiting } = await tenant.api.imports.list();
    expect(await linesOf(tenant, waiting[0]?.id ?? '')).toEqual([
      'Full Name,Mobile Phone',
      `${decodeText(name, 'big5')},13800138000`,
    ]);
    // Behind a picture, which is longer than what a file is judged by.
    const picture = Buffer.from(`BEGIN:VCARD\r\nPHOTO;ENCODING=BASE64:${'A'.repeat(600_000)}\r\n\r\nEND:VCARD\r\n`);
    const late = await uploadTables(tenant, 'contacts.vcf', Buffer.concat([picture, gbk]));
    expect(await linesOf(tenant, late.tables[0]?.id ?? '')).toEqual(['Full Name,Mobile Phone', '王小明,13800138000']);
  });

  it('brought a second time are the same people, by the ids their address book gave them', async () => {
    const tenant = await createTestTenant();
    const cards = (phone: string) =>
      ['a', 'b']
        .map((id) => `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nTEL:${phone}\r\nUID:${id}\r\nEND:VCARD\r\n`)
        .join('');
    const bring = async (phone: string) => {
      const { tables } = await uploadTables(tenant, 'book.vcf', cards(phone));
      const fileId = tables[0]?.id ?? '';
      return importFile(tenant, fileId, await planFor(tenant, fileId));
    };
    expect(await bring('+1 212 555 0100')).toMatchObject({ created: 2, updated: 0 });
    expect(await bring('+1 212 555 0199')).toMatchObject({ created: 0, updated: 2, refused: 0 });
  });

  it.skipIf(!hasRealData)('of 18 real files are 26 contacts, with their numbers, mails and companies', async () => {
    const tenant = await createTestTenant();
    const names = readdirSync(realPath('vcard-ez')).filter((name) => name.endsWith('.vcf'));
    const zip = await zipOf(names.map((name) => [name, realBytes(path.join('vcard-ez', name))] as const));
    const { tables } = await uploadTables(tenant, 'cards.zip', zip);
    expect(tables).toHaveLength(18);
    let created = 0;
    for (const { id } of tables) {
      const plan = await planFor(tenant, id);
      expect(plan.object).toBe('contact');
      // Every card is a person of its own here: most of them are the same John Doe.
      const result = await importFile(tenant, id, { ...plan, matchKey: null });
      expect(result).toMatchObject({ status: 'done', refused: 0 });
      created += result.created;
    }
    expect(created).toBe(26);
    expect(await tenant.api.contacts.count({ exact: true })).toMatchObject({ count: 26 });
    const { rows } = await tenant.api.contacts.list({
      filter: { field: 'email', op: 'is', value: 'simon.perreault@viagenie.ca' },
    });
    expect(rows[0]).toMatchObject({ name: 'Simon Perreault', email: 'simon.perreault@viagenie.ca' });
  });
});

describe.skipIf(!hasRealData)('a table in Excel’s clothes', () => {
  it('holds the 5,418 listed companies as the text file does', async () => {
    const tenant = await createTestTenant();
    const text = readFileSync(realPath('cn-listed-companies/listed_companies.utf8bom.csv'), 'utf8').replace(
      /^\uFEFF/,
      '',
    );
    const lines = text
      .trimEnd()
      .split(/\r?\n/)
      .map((line) => line.split(','));
    const { tables } = await uploadTables(
      tenant,
      '上市公司.xlsx',
      await workbookOf([{ name: '公司', rows: sheetOf(lines) }]),
    );
    const read = await linesOf(tenant, tables[0]?.id ?? '');
    expect(read.slice(1)).toHaveLength(5418);
  });
});
