import { inTenant } from '@/db/tenant';
import type { ImportPlan } from '@/domain/imports/mapping';
import en from '@/domain/messages/en/imports.json' with { type: 'json' };
import zh from '@/domain/messages/zh/imports.json' with { type: 'json' };
import type { Actor, Work } from '../core/work';
import { importOf, problemPage } from './imports';
import type { ImportProblem } from './problems';
import { reasonHeader, rowHeader } from './rows';

const pageRows = 1000;
const reasons: Record<string, Record<string, string>> = { en: en.problems, zh: zh.problems };

/**
 * The refused rows of an import as a file to correct and bring again: the same columns, the row's number and the
 * reason beside them. Begins with a byte order mark, without which Excel does not read UTF-8.
 */
export async function* refusedFile(actor: Actor, id: string, workOf: (db: Work['db']) => Work): AsyncGenerator<string> {
  const row = await inTenant(actor.tenantId, 'read', (db) => importOf(workOf(db), id));
  // The column holds what `start` checked.
  const { columns, separator } = row.plan as ImportPlan;
  yield `\uFEFF${csvLine([...columns.map(({ header }) => header), rowHeader, reasonHeader], separator)}`;
  for (let after = 0; ; ) {
    const rows = await inTenant(actor.tenantId, 'read', (db) =>
      problemPage(workOf(db), id, { kind: 'refused', after, limit: pageRows }),
    );
    for (const { row: number, cells, problems } of rows) {
      const padded = columns.map((_, i) => (cells as string[])[i] ?? '');
      yield csvLine([...padded, String(number), reasonText(problems as ImportProblem[], actor.locale)], separator);
    }
    const last = rows.at(-1);
    if (!last || rows.length < pageRows) return;
    after = last.row;
  }
}

/** Why a row was refused, in words. */
function reasonText(problems: readonly ImportProblem[], locale: string): string {
  const texts = reasons[locale] ?? en.problems;
  return problems
    .filter(({ level }) => level === 'row')
    .map(({ code, params, header }) => {
      const text = ((texts as Record<string, string>)[code] ?? code).replace(/\{(\w+)[^}]*\}/g, (_, name: string) =>
        String(params?.[name] ?? ''),
      );
      return header ? `${header}: ${text}` : text;
    })
    .join(' ');
}

function csvLine(cells: readonly string[], separator: string): string {
  return `${cells.map((cell) => quoted(safe(cell), separator)).join(separator)}\r\n`;
}

/** Spreadsheets run cells that begin so; numbers are left numbers. https://owasp.org/www-community/attacks/CSV_Injection */
function safe(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) && !/^[+-]?\d+([.,]\d+)*$/.test(cell) ? `'${cell}` : cell;
}

function quoted(cell: string, separator: string): string {
  return cell.includes('"') || cell.includes(separator) || /[\r\n]/.test(cell)
    ? `"${cell.replaceAll('"', '""')}"`
    : cell;
}
