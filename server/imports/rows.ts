import { parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { plainCell } from '@/domain/csv';
import { idHeader } from '@/domain/exports';
import { csvOptions, type Dialect } from '@/domain/imports/dialect';
import { type Encoding, textDecoder } from '@/domain/imports/encoding';
import { Refusal } from '@/domain/refusals';
import { readStored } from '../core/files';

/** How a file is to be read. */
export interface Reading extends Pick<Dialect, 'separator' | 'quote' | 'skipLines'> {
  encoding: Encoding;
  hasHeader: boolean;
}

export interface FileRow {
  /** The number a spreadsheet shows beside it; the header is row 1. */
  row: number;
  cells: string[];
}

const separatorLine = /^sep=.?$/;

/** Column that files of refused rows carry, and which says that their cells have been made safe. */
export const reasonHeader = 'Guanxi: reason';
export const rowHeader = 'Guanxi: row';

/**
 * The data rows of a stored file, piece by piece: memory does not grow with the file.
 * @throws Refusal invalid when the text is no table: a quote that never ends, a record without end
 */
export async function* readRows(tenantId: string, fileId: string, reading: Reading): AsyncGenerator<FileRow> {
  const source = await readStored(tenantId, fileId);
  const decoder = textDecoder(reading.encoding);
  const parser = parse(parserOptions(reading));
  const feed = (async () => {
    for await (const chunk of source) {
      if (parser.destroyed) return;
      // The stream was opened without an encoding, so its chunks are buffers.
      if (!parser.write(decoder.decode(chunk as Buffer))) await drained(parser);
    }
    parser.write(decoder.end());
    parser.end();
  })();
  feed.catch((error: Error) => parser.destroy(error));
  let { skipLines } = reading;
  let row = 0;
  let isFirst = true;
  let isSafe = false;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      // A spreadsheet does not show the line that tells it the separator.
      if (row === 0 && skipLines > 0 && separatorLine.test(cells[0] ?? '')) {
        skipLines--;
        continue;
      }
      row++;
      if (row <= skipLines) continue;
      if (isFirst) {
        isFirst = false;
        isSafe = wroteThis(cells);
        if (reading.hasHeader) continue;
      }
      yield { row, cells: isSafe ? cells.map(plainCell) : cells };
    }
    await feed;
  } catch (error) {
    throw toRefusal(error);
  } finally {
    parser.destroy();
    (source as unknown as { destroy(): void }).destroy();
  }
}

/** Rows of the beginning of a file, the header's included; a record that the cut went through is left out. */
export function sampleRows(
  text: string,
  dialect: Pick<Dialect, 'separator' | 'quote' | 'skipLines'>,
  cut: boolean,
): string[][] {
  const whole = cut ? text.slice(0, Math.max(text.lastIndexOf('\n'), 0) || text.length) : text;
  try {
    // Options without `columns` or `info` make every record a list of texts.
    const records = parseSync(whole, {
      ...parserOptions(dialect),
      to: 5001 + dialect.skipLines,
    }) as unknown as string[][];
    return asWritten(records.slice(dialect.skipLines));
  } catch (error) {
    // A cut inside quotes leaves a quote open that the whole file may well close.
    if (cut && codeOf(error) === 'CSV_QUOTE_NOT_CLOSED') return lenient(whole, dialect);
    throw toRefusal(error);
  }
}

/**
 * The same with the quotation mark that was found, or without one where it is opened and not closed: then it is a letter
 * like any other.
 */
export function readableRows(
  text: string,
  dialect: Pick<Dialect, 'separator' | 'quote' | 'skipLines'>,
  cut: boolean,
): { rows: string[][]; quote: Dialect['quote'] } {
  try {
    return { rows: sampleRows(text, dialect, cut), quote: dialect.quote };
  } catch (error) {
    if (!(error instanceof Refusal) || dialect.quote === null) throw error;
    return { rows: sampleRows(text, { ...dialect, quote: null }, cut), quote: null };
  }
}

function lenient(text: string, dialect: Pick<Dialect, 'separator' | 'quote' | 'skipLines'>): string[][] {
  const rows: string[][] = [];
  try {
    parseSync(text, {
      ...parserOptions(dialect),
      to: 5001 + dialect.skipLines,
      on_record: (record: string[]) => {
        rows.push(record);
        return record;
      },
    });
  } catch {
    // What came before the open quote is the sample.
  }
  return asWritten(rows.slice(dialect.skipLines));
}

/** Whether a file is one of ours, by its header: its cells have been made safe for spreadsheets. */
const wroteThis = (header: readonly string[]) => header.includes(reasonHeader) || header.includes(idHeader);

/** Cells as they were before they were made safe. */
function asWritten(records: string[][]): string[][] {
  const [header] = records;
  return header && wroteThis(header) ? records.map((cells) => cells.map(plainCell)) : records;
}

// Empty lines are rows to a spreadsheet, so they are counted like any other; those to skip are read to be counted.
function parserOptions(dialect: Pick<Dialect, 'separator' | 'quote' | 'skipLines'>) {
  return { ...csvOptions({ ...dialect, skipLines: 0 }), skip_empty_lines: false };
}

function drained(parser: ReturnType<typeof parse>): Promise<void> {
  return new Promise((resolve) => {
    // The one that does not come would wait for ever, once for each time of a long file.
    const done = () => {
      parser.off('drain', done).off('close', done);
      resolve();
    };
    parser.once('drain', done).once('close', done);
  });
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '');

function toRefusal(error: unknown): unknown {
  const code = codeOf(error);
  if (!code.startsWith('CSV_')) return error;
  const line = Number((error as { lines?: number }).lines ?? 0);
  return new Refusal('invalid', {
    code: code === 'CSV_QUOTE_NOT_CLOSED' ? 'fileQuote' : 'fileUnreadable',
    params: { line },
    field: 'file',
  });
}
