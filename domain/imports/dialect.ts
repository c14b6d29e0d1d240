/** How a delimited text file is written: RFC 4180 with the separators spreadsheets really use. */
export const separators = [',', ';', '\t', '|'] as const;
export type Separator = (typeof separators)[number];
export const quotes = ['"', "'"] as const;
export type Quote = (typeof quotes)[number];

export interface Dialect {
  separator: Separator;
  quote: Quote | null;
  /** Rows before the header: Excel's `sep=;` line, titles, blank ones. */
  skipLines: number;
  confidence: number;
}

/** Records of the sample that are looked at. */
const enough = 200;

/** Separator and quote of a file, judged from its beginning: the pair that gives the most even table. */
export function detectDialect(sample: string): Dialect {
  const declared = /^\uFEFF?sep=(.)\r?\n/.exec(sample);
  const skipLines = declared ? 1 : 0;
  const text = declared ? sample.slice(declared[0].length) : sample;
  const stated = separators.find((separator) => separator === declared?.[1]);

  let best: Dialect = { separator: stated ?? ',', quote: '"', skipLines, confidence: 0.3 };
  let bestScore = 0;
  for (const separator of stated ? [stated] : separators) {
    for (const quote of quotes) {
      const score = evenness(split(text, separator, quote)) * (quote === '"' ? 1 : weightOfApostrophe(text, separator));
      if (score > bestScore) {
        bestScore = score;
        best = { separator, quote, skipLines, confidence: stated ? 1 : Math.min(0.99, score) };
      }
    }
  }
  return best;
}

/** Apostrophes are letters in most files; they quote only where they open and close most of the fields they touch. */
function weightOfApostrophe(text: string, separator: string): number {
  if (text.includes('"') || !text.includes("'")) return 0;
  const edge = `(?:^|\\${separator}|\\n|\\r)`;
  const opened = text.match(new RegExp(`${edge}'`, 'g'))?.length ?? 0;
  const closed = text.match(new RegExp(`'(?:$|\\${separator}|\\n|\\r)`, 'g'))?.length ?? 0;
  return opened > 1 && opened === closed ? 1.01 : 0;
}

/** 0 for one column; towards 1 for many records that all have the same number of fields. */
function evenness(records: string[][]): number {
  const counts = new Map<number, number>();
  for (const record of records) counts.set(record.length, (counts.get(record.length) ?? 0) + 1);
  let width = 1;
  let most = 0;
  for (const [size, times] of counts)
    if (times > most || (times === most && size > width)) [width, most] = [size, times];
  if (width < 2 || records.length === 0) return 0;
  return (most / records.length) * (1 - 0.3 / width) * (records.length > 1 ? 1 : 0.8);
}

/** A small reader of the sample; the real one is csv-parse. An unfinished last record is left out. */
function split(text: string, separator: string, quote: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let inQuotes = false;
  const endField = () => {
    record.push(field);
    field = '';
  };
  const endRecord = () => {
    endField();
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  };
  for (let i = 0; i < text.length && records.length < enough; i++) {
    const char = text[i];
    if (inQuotes) {
      if (char !== quote) field += char;
      else if (text[i + 1] === quote) field += text[i++];
      else inQuotes = false;
    } else if (char === quote && field === '') inQuotes = true;
    else if (char === separator) endField();
    else if (char === '\n') endRecord();
    else if (char !== '\r') field += char;
    else if (text[i + 1] !== '\n') endRecord();
  }
  // The sample may have been cut in the middle of its last record; a complete file ends all its records or all but one.
  if (records.length === 0 && (field !== '' || record.length > 0)) endRecord();
  return records;
}

/** Characters of a row; more is no record, and most likely a quotation mark that is never closed. */
export const longestRow = 1_000_000;

/** Options for csv-parse that read any file of this dialect: rows as texts, ragged rows kept as they are. */
export function csvOptions(dialect: Pick<Dialect, 'separator' | 'quote' | 'skipLines'>) {
  return {
    delimiter: dialect.separator,
    quote: dialect.quote ?? false,
    escape: dialect.quote ?? false,
    from_line: dialect.skipLines + 1,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    // Space round a cell is padding; within quotation marks it is part of it.
    trim: true,
    // A quote that is never closed must not swallow a whole file into memory.
    max_record_size: longestRow,
  };
}

const looksLikeData = /^[\s\p{Sc}+\-(]*\d[\d\s.,:/%)年月日T+-]*$|^[^\s@]+@[^\s@]+\.[^\s@]+$|^https?:/u;

/** Whether the first row names the columns. `isKnown` says that a text is a header people use. */
export function hasHeader(
  rows: readonly string[][],
  isKnown: (text: string) => boolean = () => false,
): { present: boolean; confidence: number } {
  const [first, ...others] = rows;
  if (!first) return { present: false, confidence: 0 };
  const texts = first.map((text) =>
    text
      .slice(0, 200)
      .replace(/^\uFEFF/, '')
      .trim(),
  );
  const filled = texts.filter((text) => text !== '');
  if (filled.length === 0) return { present: false, confidence: 0.9 };
  const known = filled.filter(isKnown).length;
  if (known / filled.length >= 0.5) return { present: true, confidence: 0.99 };
  if (filled.some((text) => looksLikeData.test(text))) return { present: false, confidence: known > 0 ? 0.6 : 0.85 };
  if (known > 0) return { present: true, confidence: 0.95 };
  const contrast = texts.some((_, i) => others.some((row) => looksLikeData.test(row[i]?.slice(0, 200).trim() ?? '')));
  const distinct = new Set(filled.map((text) => text.toLowerCase())).size === filled.length;
  return { present: distinct || contrast, confidence: contrast ? 0.9 : 0.6 };
}

/** Rows among which the header is looked for. */
const searched = 20;

/**
 * How many rows come before the table: blank ones, and those that only say what the list is, such as a title, who made
 * it and when.
 * @param isKnown says that a text is a header people use
 */
export function rowsBeforeTable(rows: readonly string[][], isKnown: (text: string) => boolean = () => false): number {
  const filled = rows.slice(0, 200).map((row) => row.filter((cell) => cell.trim() !== ''));
  const widths = filled.map(({ length }) => length).filter((length) => length > 0);
  // Rows have blanks; the fuller ones say how wide the table is.
  const usual = widths.sort((a, b) => a - b)[Math.floor(widths.length * 0.75)] ?? 0;
  const first = filled.findIndex(({ length }) => length > 0);
  const isTitle = (cells: readonly string[]) =>
    !cells.some(isKnown) && ((cells.length <= 1 && usual >= 3) || (cells.length === 2 && usual >= 5));
  const start = filled.findIndex((cells, i) => i >= first && cells.length > 0 && !isTitle(cells));
  if (start <= first || start > searched) return Math.max(0, first);
  // Without names of columns below them, sparse rows are data.
  const below = rows.slice(start, start + 200).filter((row) => row.some((cell) => cell.trim() !== ''));
  return hasHeader(below, isKnown).present ? start : first;
}

/** Headers fit to show and to refer to: trimmed, NFC, without byte order mark, `#3` when blank, numbered when equal. */
export function cleanHeaders(raw: readonly string[]): string[] {
  const taken = new Set<string>();
  return raw.map((text, i) => {
    const base =
      text
        .slice(0, 200)
        .toWellFormed()
        .replaceAll('\0', '')
        .replace(/^\uFEFF/, '')
        .normalize('NFC')
        .replace(/\s+/g, ' ')
        .trim() || `#${i + 1}`;
    let header = base;
    for (let n = 2; taken.has(header.toLowerCase()); n++) header = `${base} (${n})`;
    taken.add(header.toLowerCase());
    return header;
  });
}
