import { parse } from 'csv-parse/sync';
import { cleanHeaders, csvOptions, detectDialect } from '@/domain/imports/dialect';
import { decodeText, detectEncoding } from '@/domain/imports/encoding';

export interface CsvFile {
  headers: string[];
  rows: string[][];
  encoding: string;
}

/** Reads a file as an import does: encoding and dialect found out, rows as texts. */
export function readCsv(bytes: Uint8Array): CsvFile {
  const { encoding } = detectEncoding(bytes);
  const text = decodeText(bytes, encoding);
  const records = parse(text, csvOptions(detectDialect(text.slice(0, 100_000)))) as unknown as string[][];
  const [first = [], ...rows] = records;
  return { headers: cleanHeaders(first), rows, encoding };
}
