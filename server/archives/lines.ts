import type { RecordValues } from '../core/record-types';

/**
 * A value as JSON with sorted keys and nothing between (RFC 8785, whose numbers and texts are those of JSON.stringify):
 * one text for one value.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
}

/** A row as its line, without what is null. */
export function lineOf(row: RecordValues): string {
  return `${canonical(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined)))}\n`;
}

/** A value in which every text that is one id is another; ids within longer texts are somebody's words. */
export function renamed(value: unknown, from: string, to: string): unknown {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((each) => renamed(each, from, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, renamed(each, from, to)]));
}

/** Far longer than any row: the longest text a field takes, before and after. */
const maxLine = 64 * 1024 * 1024;

/** A line that ends nowhere. */
export class EndlessLine extends Error {}

/**
 * The lines of a stream, several at a time. Only a line feed ends one: what else ends lines for Node's own reader may
 * stand in a text.
 */
export async function* linesOf(stream: AsyncIterable<Buffer | string>): AsyncGenerator<string[]> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    const end = bytes.lastIndexOf(0x0a);
    length += bytes.length;
    if (length > maxLine) throw new EndlessLine();
    if (end < 0) {
      rest.push(bytes);
      continue;
    }
    const text = Buffer.concat([...rest, bytes.subarray(0, end)]).toString('utf8');
    rest = [bytes.subarray(end + 1)];
    length = bytes.length - end - 1;
    yield text.split('\n');
  }
  if (length > 0) yield [Buffer.concat(rest).toString('utf8')];
}
