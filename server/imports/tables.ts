import { csvLine, keptCell } from '@/domain/csv';
import { idHeader } from '@/domain/exports';
import { VcardReader } from '@/domain/vcard';
import { type VcardRow, vcardCells, vcardHeaders, vcardRow } from '@/domain/vcard-rows';
import type { SheetRow } from './workbook';

/** Rows that say how wide a sheet is; one that is wider further down is told of as any row that does not fit. */
const judged = 1000;
/** And no more characters than these. */
const judgedLength = 4_000_000;
const comma = ',';
/** Texts are handed on in pieces of about this many characters. */
const pieceLength = 128 * 1024;

/**
 * The rows of a sheet as delimited text: blank ones where the sheet has blank ones, so that rows keep their numbers, and
 * all of one width.
 */
export async function* sheetText(rows: AsyncIterable<SheetRow>): AsyncGenerator<string> {
  const first: SheetRow[] = [];
  let held = 0;
  let width: number | undefined;
  let last = 0;
  let piece = '';
  // What reads our own tables takes marks off; cells of a sheet have none.
  let isOurs = false;
  const write = ({ row, cells }: SheetRow) => {
    isOurs ||= last === 0 && cells.includes(idHeader);
    const kept = isOurs ? cells.map(keptCell) : cells;
    // A row of one blank cell is an empty line; so are the rows a sheet leaves out.
    piece += '\r\n'.repeat(row - last - 1) + csvLine(padded(kept, width ?? 0), comma);
    last = row;
  };
  const writeFirst = () => {
    width = Math.max(0, ...first.map(({ cells }) => cells.length));
    for (const row of first.splice(0)) write(row);
  };
  for await (const row of rows) {
    if (width === undefined) {
      first.push(row);
      held += row.cells.reduce((sum, text) => sum + text.length, 0);
      if (first.length === judged || held > judgedLength) writeFirst();
    } else write(row);
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  if (width === undefined) writeFirst();
  if (piece !== '') yield piece;
}

function padded(cells: readonly string[], width: number): string[] {
  return cells.length < width ? [...cells, ...Array<string>(width - cells.length).fill('')] : [...cells];
}

/** What a vCard file holds besides people. */
export interface VcardCount {
  people: number;
  groups: number;
  pictures: number;
  unfinished: number;
}

/**
 * The people of a vCard file as delimited text. It is gone through twice: columns are known when all cards are.
 * @param texts the file's text, piece by piece, each time it is called
 * @param count is filled in on the way
 */
export async function* vcardText(texts: () => AsyncIterable<string>, count: VcardCount): AsyncGenerator<string> {
  const met = new Set<string>();
  for await (const row of people(texts(), count)) {
    count.people++;
    for (const header of row.keys()) met.add(header);
  }
  if (count.people === 0) return;
  const headers = vcardHeaders(met);
  let piece = csvLine(headers, comma);
  for await (const row of people(texts(), { people: 0, groups: 0, pictures: 0, unfinished: 0 })) {
    piece += csvLine(vcardCells(row, headers), comma);
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

async function* people(texts: AsyncIterable<string>, count: VcardCount): AsyncGenerator<VcardRow> {
  const reader = new VcardReader();
  const rowsOf = (cards: ReturnType<VcardReader['push']>) =>
    cards.flatMap((card) => {
      const row = vcardRow(card);
      if (!row) count.groups++;
      return row ? [row] : [];
    });
  for await (const text of texts) yield* rowsOf(reader.push(text));
  yield* rowsOf(reader.end());
  count.pictures = reader.binaries;
  count.unfinished = reader.unfinished;
}
