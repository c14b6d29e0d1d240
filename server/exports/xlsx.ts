import { plainName } from '@/domain/exports';
import type { Cell } from './cells';
import type { Member } from './zip';

/** A table of a workbook, its rows page by page. */
export interface Sheet {
  name: string;
  headers: readonly string[];
  pages: AsyncIterable<readonly Cell[][]>;
}

/** Rows of a sheet, its header among them, and texts of a cell: what Excel opens without a repair. */
const mostRows = 1_048_576;
const longestText = 32_767;
const dataRows = mostRows - 1;

/**
 * The files of a workbook in SpreadsheetML (ECMA-376, 5th edition, part 1, 18), made as they are read: no more than a page
 * of rows is held. Numbers, days and booleans are values with a format; no cell is ever a formula. The header is
 * frozen and can be filtered by. What is beyond the rows of a sheet goes on in a further one.
 * @param rowsPerSheet for tests
 */
export async function* workbook(sheets: AsyncIterable<Sheet>, rowsPerSheet = dataRows): AsyncGenerator<Member> {
  yield file('[Content_Types].xml', contentTypes);
  yield file('_rels/.rels', relations([`${office}/officeDocument" Target="xl/workbook.xml`]));
  yield file('xl/styles.xml', styles);
  const names = new SheetNames();
  for await (const { name, headers, pages } of sheets) {
    const rows = new Rows(pages);
    do {
      const number = names.take(name);
      yield { name: `xl/worksheets/sheet${number}.xml`, chunks: sheetXml(headers, rows, rowsPerSheet) };
    } while (!(await rows.areOver()));
  }
  yield file('xl/workbook.xml', workbookXml(names.taken));
  yield file(
    'xl/_rels/workbook.xml.rels',
    relations([
      ...names.taken.map((_, i) => `${office}/worksheet" Target="worksheets/sheet${i + 1}.xml`),
      `${office}/styles" Target="styles.xml`,
    ]),
  );
}

/** Rows that come in pages, taken so many at a time. */
class Rows {
  readonly #pages: AsyncIterator<readonly Cell[][]>;
  #page: readonly Cell[][] = [];

  constructor(pages: AsyncIterable<readonly Cell[][]>) {
    this.#pages = pages[Symbol.asyncIterator]();
  }

  async areOver(): Promise<boolean> {
    while (this.#page.length === 0) {
      const { done, value } = await this.#pages.next();
      if (done) return true;
      this.#page = value;
    }
    return false;
  }

  /** The next rows, at most so many; none when there are no more. */
  async take(most: number): Promise<readonly Cell[][]> {
    if (most === 0 || (await this.areOver())) return [];
    const taken = this.#page.slice(0, most);
    this.#page = this.#page.slice(most);
    return taken;
  }
}

/** Names of sheets: at most 31 characters, without those that are part of a reference, none twice in any case. */
class SheetNames {
  readonly taken: string[] = [];

  /** @returns the sheet's number, from 1 */
  take(wanted: string): number {
    const plain = plainName(wanted.replace(/[[\]']/g, ' ')) || 'Sheet';
    const used = new Set(this.taken.map((name) => name.toLowerCase()));
    for (let n = 1; ; n++) {
      const suffix = n === 1 ? '' : ` (${n})`;
      const name = `${clipped(plain, 31 - suffix.length).trim()}${suffix}`;
      // Excel keeps this name for itself.
      if (used.has(name.toLowerCase()) || name.toLowerCase() === 'history') continue;
      return this.taken.push(name);
    }
  }
}

async function* sheetXml(headers: readonly string[], rows: Rows, most: number): AsyncGenerator<Uint8Array> {
  const letters = headers.map((_, i) => columnLetters(i));
  const first = await rows.take(most);
  const widths = headers.map((header, i) => widthOf([header, ...first.map((row) => row[i]?.text ?? '')]));
  const head = headers.map((header, i) => textXml(`${letters[i]}1`, header, style.header));
  yield bytes(
    `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths
      .map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`)
      .join('')}</cols><sheetData><row r="1">${head.join('')}</row>`,
  );
  let last = 1;
  for (let page = first; page.length > 0; page = await rows.take(most - (last - 1))) {
    const xml = page.map((row) => {
      last += 1;
      return `<row r="${last}">${row.map((cell, i) => cellXml(`${letters[i]}${last}`, cell)).join('')}</row>`;
    });
    yield bytes(xml.join(''));
  }
  yield bytes(`</sheetData><autoFilter ref="A1:${letters.at(-1) ?? 'A'}${last}"/></worksheet>`);
}

function cellXml(at: string, cell: Cell): string {
  if (cell === null) return '';
  switch (cell.kind) {
    case 'number': {
      // A spreadsheet keeps fifteen digits: what has more stays whole as a text.
      if (!isNumber.test(cell.text) || cell.text.replace(/\D/g, '').replace(/^0+/, '').length > 15)
        return textXml(at, cell.text, style.text);
      return `<c r="${at}" s="${numberStyle(cell)}"><v>${cell.percent ? Number(`${cell.text}e-2`) : cell.text}</v></c>`;
    }
    case 'boolean':
      return `<c r="${at}" t="b"><v>${cell.value ? 1 : 0}</v></c>`;
    case 'day':
    case 'clock': {
      const serial = serialOf(cell.text);
      if (serial === null) return textXml(at, cell.text, style.text);
      return `<c r="${at}" s="${cell.kind === 'day' ? style.day : style.clock}"><v>${serial}</v></c>`;
    }
    default:
      return textXml(at, cell.text, startsFormula.test(cell.text) ? style.quoted : style.text);
  }
}

/** Of a percentage the sign is in the format, and the cell has the hundredth: it can be reckoned with. */
const isNumber = /^-?\d+(?:\.\d+)?$/;
/** Such a text gets Excel's own mark of a text, so that it stays one when somebody edits it. */
const startsFormula = /^['=+\-@＝＋－＠\t\r\n]/;

const textXml = (at: string, text: string, styled: number) =>
  `<c r="${at}" s="${styled}" t="inlineStr"><is><t xml:space="preserve">${xmlText(clipped(text, longestText))}</t></is></c>`;

/** At most so many UTF-16 units, and no half of a character. */
function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** Text in XML; what XML cannot hold is written as `_x0007_`, and what looks so already is marked (22.9.2.19). */
function xmlText(text: string): string {
  return text
    .replace(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_')
    .replace(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold
      /[\x00-\x08\x0B-\x1F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
      (unit) => `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    )
    .replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign);
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const dayMilliseconds = 86_400_000;
/** Day 0 as spreadsheets count, who take 1900 for a leap year: right from March of that year on. */
const dayZero = Date.UTC(1899, 11, 30);
const firstSerial = 61;
const lastSerial = 2_958_466;

/** A day or a time on clocks as days since day 0; null for one that spreadsheets do not know. */
function serialOf(text: string): number | null {
  const at = Date.parse(text.length === 10 ? `${text}T00:00Z` : `${text.replace(' ', 'T')}Z`);
  const serial = (at - dayZero) / dayMilliseconds;
  return serial >= firstSerial && serial < lastSerial ? serial : null;
}

/** `A` to `Z`, `AA` … */
export function columnLetters(index: number): string {
  const rest = Math.floor(index / 26);
  return `${rest > 0 ? columnLetters(rest - 1) : ''}${String.fromCharCode(65 + (index % 26))}`;
}

/** Characters a column shows: enough for what stands in it, within reason. Chinese ones take two places. */
function widthOf(texts: readonly string[]): number {
  const longest = texts.reduce((most, text) => Math.max(most, places(text.slice(0, 60).split('\n', 1)[0] ?? '')), 0);
  return Math.min(50, Math.max(8, longest + 2));
}

const places = (text: string) => text.length + (text.match(/[\u2E80-\uFFEF]/g)?.length ?? 0);

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Sheets are what has no type of its own here: how many there are is known only at the end. */
const contentTypes = `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="${types}.worksheet+xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/></Types>`;

const relations = (list: readonly string[]) =>
  `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list
    .map((relation, i) => `<Relationship Id="rId${i + 1}" Type="${relation}"/>`)
    .join('')}</Relationships>`;

const workbookXml = (names: readonly string[]) =>
  `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${names
    .map((name, i) => `<sheet name="${xmlText(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`)
    .join('')}</sheets></workbook>`;

/** Places of the formats below in `cellXfs`; those of decimals follow one another from `decimals` on. */
const style = { header: 1, text: 2, quoted: 3, day: 4, clock: 5, decimals: 6, percent: 13 } as const;
const mostDecimals = 6;

function numberStyle({ decimals, percent }: Extract<Cell, { kind: 'number' }>): number {
  const shown = Math.min(mostDecimals, decimals ?? 0);
  if (percent) return style.percent + shown;
  return decimals === undefined ? 0 : style.decimals + shown;
}

const withDecimals = (whole: string, end = '') =>
  Array.from({ length: mostDecimals + 1 }, (_, n) => `${whole}${n > 0 ? `.${'0'.repeat(n)}` : ''}${end}`);
/** Formats of our own: days, moments, and amounts and percentages with nought to six decimals. */
const formats = ['yyyy\\-mm\\-dd', 'yyyy\\-mm\\-dd\\ hh:mm', ...withDecimals('#,##0'), ...withDecimals('0', '%')];
const ownFormats = 164;

const styles = `${declaration}<styleSheet xmlns="${main}"><numFmts count="${formats.length}">${formats
  .map((code, i) => `<numFmt numFmtId="${ownFormats + i}" formatCode="${xmlText(code)}"/>`)
  .join(
    '',
  )}</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${formats.length + 4}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>${formats
  .map((_, i) => `<xf numFmtId="${ownFormats + i}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`)
  .join('')}</cellXfs></styleSheet>`;

const file = (name: string, text: string): Member => ({ name, chunks: [bytes(text)] });
const bytes = (text: string): Uint8Array => Buffer.from(text);
