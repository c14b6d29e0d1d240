import { inTenant } from '@/db/tenant';
import { csvLine, safeCell } from '@/domain/csv';
import type { ImportPlan } from '@/domain/imports/mapping';
import { targetIn } from '@/domain/imports/targets';
import en from '@/domain/messages/en/imports.json' with { type: 'json' };
import zh from '@/domain/messages/zh/imports.json' with { type: 'json' };
import type { Actor, Work } from '../core/work';
import { importOf, problemPage } from './imports';
import { ownOf } from './own';
import type { ImportProblem } from './problems';
import { reasonHeader, rowHeader } from './rows';

const pageRows = 1000;
const reasons: Record<string, Record<string, string>> = { en: en.problems, zh: zh.problems };

/**
 * The refused rows of an import as a file to correct and bring again: the same columns, the row's number and the
 * reason beside them. Begins with a byte order mark, without which Excel does not read UTF-8.
 */
export async function* refusedFile(
  actor: Actor,
  id: string,
  workOf: (db: Work['db']) => Promise<Work>,
): AsyncGenerator<string> {
  const row = await inTenant(actor.tenantId, 'read', async (db) => importOf(await workOf(db), id));
  // The column holds what `start` checked.
  const plan = row.plan as ImportPlan;
  const { columns, separator } = plan;
  const own = await inTenant(actor.tenantId, 'read', async (db) => ownOf(await workOf(db), plan.object).targets);
  const numeric = columns.map(({ target }) => mayBeNumber({ ...plan, own }, target));
  const line = (cells: readonly string[]) =>
    csvLine(
      cells.map((cell, i) => safeCell(cell, { number: numeric[i] ?? false })),
      separator,
    );
  yield `\uFEFF${line([...columns.map(({ header }) => header), rowHeader, reasonHeader])}`;
  for (let after = 0; ; ) {
    const rows = await inTenant(actor.tenantId, 'read', async (db) =>
      problemPage(await workOf(db), id, { kind: 'refused', after, limit: pageRows }),
    );
    for (const { row: number, cells: held, problems } of rows) {
      const cells = held as string[];
      const padded = columns.map((_, i) => cells[i] ?? '');
      const reason = reasonText(problems as ImportProblem[], actor.locale);
      // What a row has too many stands behind it, so that nothing is lost and the row is still seen to be torn.
      yield line([...padded, String(number), reason, ...cells.slice(columns.length)]);
    }
    const last = rows.at(-1);
    if (!last || rows.length < pageRows) return;
    after = last.row;
  }
}

const texts = new Set<string>(['text', 'longText', 'email', 'phone', 'link', 'tags', 'choice']);

/** Columns of texts hold no numbers, though a text may look like one; of a column that goes nowhere nobody knows. */
function mayBeNumber(plan: ImportPlan, target: string | null): boolean {
  const known = target === null ? undefined : targetIn(plan, target);
  return !known || !texts.has(known.type);
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
