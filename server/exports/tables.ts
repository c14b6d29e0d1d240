import { Readable } from 'node:stream';
import { csvLine } from '@/domain/csv';
import { type ExportEncoding, type ExportPlan, everything, plainName } from '@/domain/exports';
import { type Cell, plainText } from './cells';
import { toGb18030 } from './gb18030';
import { workbook } from './xlsx';
import { type Member, zipped } from './zip';

/** A kind of record as a table, its rows page by page. */
export interface Table {
  name: string;
  headers: readonly string[];
  pages: AsyncIterable<readonly Cell[][]>;
}

/**
 * The bytes of a file of tables: CSV, or a zip of one for each table where everything is written, or a workbook.
 * @param now what the members of a zip are dated
 */
export function tablesFile(plan: ExportPlan, tables: readonly Table[], now: Date): Readable {
  if (plan.format === 'xlsx') return zipped(workbook(inTurn(tables)), now);
  if (plan.object === everything) return zipped(csvMembers(tables, plan.encoding), now);
  return Readable.from(linesOf(tables, plan.encoding));
}

async function* inTurn<T>(list: readonly T[]): AsyncGenerator<T> {
  yield* list;
}

async function* linesOf(tables: readonly Table[], encoding: ExportEncoding): AsyncGenerator<Uint8Array> {
  for (const table of tables) yield* csvBytes(table, encoding);
}

async function* csvMembers(tables: readonly Table[], encoding: ExportEncoding): AsyncGenerator<Member> {
  const taken = new Set<string>();
  for (const table of tables) {
    const wanted = plainName(table.name) || 'records';
    let name = wanted;
    // Some systems keep no two files whose names differ in case alone.
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted} (${n})`;
    taken.add(name.toLowerCase());
    yield { name: `${name}.csv`, chunks: csvBytes(table, encoding) };
  }
}

const comma = ',';

async function* csvBytes({ headers, pages }: Table, encoding: ExportEncoding): AsyncGenerator<Uint8Array> {
  const encode = encoderOf(encoding);
  const line = (cells: readonly Cell[]) => csvLine(cells.map(plainText), comma);
  const mark = encoding === 'utf-8' ? '\uFEFF' : '';
  yield encode(mark + line(headers.map((header) => ({ kind: 'text', text: header }))));
  for await (const page of pages) if (page.length > 0) yield encode(page.map(line).join(''));
}

function encoderOf(encoding: ExportEncoding): (text: string) => Uint8Array {
  return encoding === 'gb18030' ? toGb18030 : (text) => Buffer.from(text);
}
