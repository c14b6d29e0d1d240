import path from 'node:path';
import { longestRow } from '@/domain/imports/dialect';
import { cellString, columnOf, type NumberFormat, numberFormat, numberText } from '@/domain/imports/spreadsheet';
import { Refusal } from '@/domain/refusals';
import { SharedStrings } from './shared-strings';
import { type Attributes, attribute, readAllXml, readXml, type XmlEvents } from './xml';
import type { OpenZip, ZipMember } from './zip';

export interface Sheet {
  name: string;
  hidden: boolean;
  member: ZipMember;
}

export interface SheetRow {
  /** The number the spreadsheet shows beside it. */
  row: number;
  /** Texts from column A on, without blank ones at the end. */
  cells: string[];
}

/** What of a sheet cannot be read; filled in on the way. */
export interface SheetCount {
  /** Formulas that no program has worked out: their values are not in the file. */
  formulas: number;
}

export interface Workbook {
  sheets: Sheet[];
  /** The rows that hold anything. @throws Refusal invalid `fileBroken`, `fileTooWide`, `cellTooLong`, `rowTooLong` */
  rows(sheet: Sheet, count: SheetCount): AsyncGenerator<SheetRow>;
  close(): void;
}

/** What no list of records needs. */
const mostColumns = 1000;
const mostRows = 1_048_576;
/** Excel holds 32,767 characters in a cell, Google Sheets 50,000. */
const longestCell = 50_000;
const mostMerges = 200_000;
/** Bytes of the parts that are read before any sheet, the shared texts apart. */
const largestPart = 64 * 1024 * 1024;

const broken = () => new Refusal('invalid', { code: 'fileBroken', field: 'file' });

/** Whether a zip is a workbook that can be read. */
export const isWorkbook = ({ members }: OpenZip): boolean =>
  members.some(({ path }) => /^xl\/workbook\.xml$/i.test(path)) ||
  members.some(({ path }) => /^xl\/worksheets\//i.test(path));

/** Whether a zip is a document of an office program that is no workbook, or one in a format that is not read. */
export const isOtherDocument = ({ members }: OpenZip): boolean =>
  members.some(({ path }) =>
    /^(?:mimetype|index\/document\.iwa|xl\/workbook\.bin|word\/document\.xml|ppt\/presentation\.xml)$/i.test(path),
  );

/**
 * Opens a workbook in Office Open XML, strict or transitional (ECMA-376, part 1).
 * @param folder for what does not stay in memory
 * @throws Refusal invalid `fileBroken`
 */
export async function openWorkbook(zip: OpenZip, folder: string): Promise<Workbook> {
  const members = new Map(zip.members.map((member) => [member.path.toLowerCase(), member]));
  const find = (name: string) => members.get(name.toLowerCase());
  const root = await relationsOf(find('_rels/.rels'), '');
  const main = [...root.values()].find(({ type }) => type === 'officeDocument')?.target ?? 'xl/workbook.xml';
  const member = find(main);
  if (!member) throw broken();
  const relations = await relationsOf(
    find(`${path.posix.dirname(main)}/_rels/${path.posix.basename(main)}.rels`),
    main,
  );
  const { sheets, since1904 } = await readWorkbook(member);
  const part = (type: string) => [...relations.values()].find((relation) => relation.type === type)?.target;
  const formats = await readStyles(find(part('styles') ?? ''));
  const strings = await readStrings(
    find(part('sharedStrings') ?? ''),
    path.join(folder, `strings-${crypto.randomUUID()}`),
  );
  return {
    sheets: sheets.flatMap(({ name, hidden, id }) => {
      const relation = relations.get(id);
      const found = relation?.type === 'worksheet' ? find(relation.target) : undefined;
      return found ? [{ name, hidden, member: found }] : [];
    }),
    rows: (sheet, count) => sheetRows(sheet.member, { formats, strings, since1904, count }),
    close: () => strings.close(),
  };
}

interface Relation {
  /** The last word of its type's address, which the two dialects have in common. */
  type: string;
  target: string;
}

/** The parts a part refers to, by id (Open Packaging Conventions, 9.3). */
async function relationsOf(member: ZipMember | undefined, source: string): Promise<Map<string, Relation>> {
  const relations = new Map<string, Relation>();
  if (!member) return relations;
  await readPart(member, {
    open(name, { Id = '', Type = '', Target = '' }) {
      if (name !== 'Relationship' || relations.size >= 10_000) return;
      const target = Target.startsWith('/') ? Target.slice(1) : path.posix.join(path.posix.dirname(source), Target);
      relations.set(Id, { type: Type.slice(Type.lastIndexOf('/') + 1), target });
    },
  });
  return relations;
}

async function readPart(member: ZipMember, events: XmlEvents): Promise<void> {
  if (member.size > largestPart) throw broken();
  await readAllXml(await member.open(), events);
}

async function readWorkbook(member: ZipMember) {
  const sheets: { name: string; hidden: boolean; id: string }[] = [];
  let since1904 = false;
  await readPart(member, {
    open(name, attributes) {
      if (name === 'workbookPr') since1904 = isTrue(attributes.date1904);
      if (name !== 'sheet' || sheets.length >= 1000) return;
      const hidden = (attributes.state ?? 'visible') !== 'visible';
      sheets.push({
        name: cellString(attributes.name ?? '').slice(0, 200),
        hidden,
        id: attribute(attributes, 'id') ?? '',
      });
    },
  });
  return { sheets, since1904 };
}

const isTrue = (text: string | undefined) => text === '1' || text === 'true';

/** The number formats by the style number cells give (18.8.10). */
async function readStyles(member: ZipMember | undefined): Promise<NumberFormat[]> {
  const codes = new Map<number, string>();
  const ids: number[] = [];
  let inCells = false;
  if (member)
    await readPart(member, {
      open(name, attributes) {
        if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
        if (name === 'cellXfs') inCells = true;
        if (name === 'xf' && inCells && ids.length < 100_000) ids.push(Number(attributes.numFmtId ?? 0));
      },
      close(name) {
        if (name === 'cellXfs') inCells = false;
      },
    });
  return ids.map((id) => numberFormat(id, codes.get(id)));
}

async function readStrings(member: ZipMember | undefined, file: string): Promise<SharedStrings> {
  const strings = new SharedStrings(file);
  let text = '';
  const gather = textGatherer((piece) => {
    text = bounded(text + piece);
  });
  try {
    if (member)
      await readAllXml(await member.open(), {
        ...gather,
        close(name) {
          gather.close(name);
          if (name !== 'si') return;
          strings.add(cellString(text));
          text = '';
        },
      });
    strings.finish();
    return strings;
  } catch (error) {
    strings.close();
    throw error;
  }
}

function bounded(text: string, row?: number): string {
  if (text.length > longestCell)
    throw new Refusal('invalid', { code: 'cellTooLong', params: { row: row ?? 0, max: longestCell }, field: 'file' });
  return text;
}

/** Takes the text of `t` elements; how it is pronounced (`rPh`) is no part of it. */
function textGatherer(take: (text: string) => void) {
  let inText = false;
  let inPhonetic = false;
  return {
    open(name: string) {
      if (name === 'rPh') inPhonetic = true;
      inText = name === 't' && !inPhonetic;
    },
    close(name: string) {
      if (name === 'rPh') inPhonetic = false;
      if (name === 't') inText = false;
    },
    text(text: string) {
      if (inText) take(text);
    },
  };
}

interface CellContext {
  formats: readonly NumberFormat[];
  strings: SharedStrings;
  since1904: boolean;
  count: SheetCount;
}

async function* sheetRows(member: ZipMember, context: CellContext): AsyncGenerator<SheetRow> {
  const merges = await readMerges(member).catch((error) => {
    throw error instanceof Refusal ? error : broken();
  });
  const reader = new SheetReader(context, merges);
  for await (const _ of readXml(await member.open(), reader)) yield* reader.take();
}

/** The last row of ranges of more than one, by their first row and their column: what they say is said of all their rows. */
type Merges = Map<number, Map<number, number>>;

/** They stand behind the rows they are about, so a sheet is gone through twice; here its text is only searched. */
async function readMerges(member: ZipMember): Promise<Merges> {
  const merges: Merges = new Map();
  let rest = '';
  let count = 0;
  for await (const chunk of await member.open()) {
    // Addresses are ASCII; what is cut off goes on in the next piece.
    const text = rest + (chunk as Buffer).toString('latin1');
    for (const [, from = '', first = '', to = ''] of text.matchAll(
      /<(?:\w+:)?mergeCell\s[^<>]*?ref=["']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})["']/g,
    )) {
      const column = columnOf(from);
      const [start, last] = [Number(first), Number(to)];
      if (column === null || last <= start || ++count > mostMerges) continue;
      const ofRow = merges.get(start) ?? new Map<number, number>();
      merges.set(start, ofRow.set(column, last));
    }
    // An element that was read is not read again: only what is behind the last one is kept.
    rest = text.slice(Math.max(text.lastIndexOf('>') + 1, text.length - 500));
  }
  return merges;
}

/** Turns the cells of a sheet (18.3.1.73) into texts. */
class SheetReader {
  readonly #context: CellContext;
  readonly #merges: Merges;
  /** Merged texts that go on below, by column. */
  readonly #below = new Map<number, { text: string; last: number }>();
  #rows: SheetRow[] = [];
  #row = 0;
  #cells: string[] = [];
  #column = -1;
  #type = 'n';
  #format: NumberFormat = { kind: 'plain' };
  #value = '';
  #inValue = false;
  #isFormula = false;
  #hasValue = false;
  readonly #inline = textGatherer((text) => {
    if (this.#type === 'inlineStr') this.#value = bounded(this.#value + text, this.#row);
  });

  constructor(context: CellContext, merges: Merges) {
    this.#context = context;
    this.#merges = merges;
  }

  /** The rows that have been read since. */
  take(): SheetRow[] {
    return this.#rows.splice(0);
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'row') this.#openRow(Number(attributes.r));
    else if (name === 'c') this.#openCell(attributes);
    else if (name === 'v') this.#inValue = this.#hasValue = true;
    else if (name === 'f') this.#isFormula = true;
    else this.#inline.open(name);
  }

  text(text: string): void {
    if (this.#inValue) this.#value = bounded(this.#value + text, this.#row);
    else this.#inline.text(text);
  }

  close(name: string): void {
    if (name === 'row') this.#closeRow();
    else if (name === 'c') this.#closeCell();
    else if (name === 'v') this.#inValue = false;
    else this.#inline.close(name);
  }

  #openRow(given: number): void {
    this.#row = given > this.#row ? given : this.#row + 1;
    if (this.#row > mostRows) throw broken();
    this.#cells = [];
    this.#column = -1;
  }

  #openCell({ r, t, s }: Attributes): void {
    this.#column = (r === undefined ? null : columnOf(r)) ?? this.#column + 1;
    this.#type = t ?? 'n';
    this.#format = this.#context.formats[Number(s ?? 0)] ?? { kind: 'plain' };
    this.#value = '';
    this.#isFormula = this.#hasValue = false;
  }

  #closeCell(): void {
    if (this.#isFormula && !this.#hasValue) this.#context.count.formulas++;
    const text = this.#text();
    if (text.trim() === '') return;
    if (this.#column >= mostColumns)
      throw new Refusal('invalid', { code: 'fileTooWide', params: { max: mostColumns }, field: 'file' });
    while (this.#cells.length < this.#column) this.#cells.push('');
    this.#cells[this.#column] = text;
    // Amounts are not repeated: they would count several times.
    const isAmount = this.#type === 'n' && ['plain', 'percent', 'money'].includes(this.#format.kind);
    const last = isAmount ? undefined : this.#merges.get(this.#row)?.get(this.#column);
    if (last !== undefined) this.#below.set(this.#column, { text, last });
  }

  #text(): string {
    const { strings, since1904 } = this.#context;
    switch (this.#type) {
      case 's':
        return strings.get(Number(this.#value)) ?? '';
      case 'b':
        return this.#value.trim() === '1' ? 'TRUE' : 'FALSE';
      case 'n':
        return this.#value === '' ? '' : numberText(this.#value, this.#format, since1904);
      case 'd':
        return this.#value.replace(/T00:00:00(?:\.0+)?Z?$/, '');
      default:
        return cellString(this.#value);
    }
  }

  #closeRow(): void {
    if (this.#cells.length === 0) return;
    for (const [column, { text, last }] of this.#below) {
      if (last < this.#row) this.#below.delete(column);
      else if ((this.#cells[column] ?? '') === '') {
        while (this.#cells.length < column) this.#cells.push('');
        this.#cells[column] = text;
      }
    }
    const length = this.#cells.reduce((sum, text) => sum + text.length, 0);
    if (length > longestRow)
      throw new Refusal('invalid', { code: 'rowTooLong', params: { row: this.#row, max: longestRow }, field: 'file' });
    this.#rows.push({ row: this.#row, cells: this.#cells });
  }
}
