import { parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { plainCell } from '@/domain/csv';
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
  let row = 0;
  let isSafe = false;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row++;
      if (row === 1) isSafe = cells.includes(reasonHeader);
      if (row === 1 && reading.hasHeader) continue;
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
    return parseSync(whole, { ...parserOptions(dialect), to: 5001 }) as unknown as string[][];
  } catch (error) {
    // A cut inside quotes leaves a quote open that the whole file may well close.
    if (cut && codeOf(error) === 'CSV_QUOTE_NOT_CLOSED') return lenient(whole, dialect);
    throw toRefusal(error);
  }
}

function lenient(text: string, dialect: Pick<Dialect, 'separator' | 'quote' | 'skipLines'>): string[][] {
  const rows: string[][] = [];
  try {
    parseSync(text, {
      ...parserOptions(dialect),
      to: 5001,
      on_record: (record: string[]) => {
        rows.push(record);
        return record;
      },
    });
  } catch {
    // What came before the open quote is the sample.
  }
  return rows;
}

// Empty lines are rows to a spreadsheet, so they are counted like any other.
function parserOptions(dialect: Pick<Dialect, 'separator' | 'quote' | 'skipLines'>) {
  return { ...csvOptions(dialect), skip_empty_lines: false };
}

function drained(parser: ReturnType<typeof parse>): Promise<void> {
  return new Promise((resolve) => {
    parser.once('drain', resolve);
    parser.once('close', resolve);
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
