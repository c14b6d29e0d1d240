import { eq } from 'drizzle-orm';
import { imports } from '@/db/schema/imports';
import { type ImportPlan, importPlanSchema } from '@/domain/imports/mapping';
import { draftKey } from '@/domain/imports/new-field';
import type { ImportObject } from '@/domain/imports/targets';
import { can } from '@/domain/permissions';
import { Refusal } from '@/domain/refusals';
import { onUndo } from '../changes/changes';
import { apply } from '../core/changes';
import type { Work } from '../core/work';
import { affectedByField } from '../fields/affected';
import { createField, extensible, fieldType } from '../fields/fields';
import { takeBackIds, takeBackMoves } from './history';
import { removeMadeObject } from './made';

/** Whether columns of a file may become fields of an object: it takes some, and the actor may make them. */
export function canMakeFields({ types, actor }: Pick<Work, 'types' | 'actor'>, object: ImportObject | null): boolean {
  return object !== null && extensible(types.find(object)) && can(actor.role, 'fields.configure');
}

/**
 * Makes the fields a plan asks for, in the transaction that starts the import.
 * @returns the plan with its columns going to them; `create` stays with a column and says that the import made its field
 * @throws Refusal forbidden without the right to make fields; what `createField` refuses, naming the column
 */
export async function makeFields<P extends ImportPlan>(work: Work, plan: P): Promise<P> {
  const columns: P['columns'] = [];
  const made = new Map<string, string>();
  for (const { create, ...column } of plan.columns) {
    // A field that is there already was made by somebody else.
    if (!create || column.target !== null) {
      columns.push(column);
      continue;
    }
    if (!canMakeFields(work, plan.object)) throw new Refusal('forbidden', 'forbidden');
    const { key } = await createField(work, { object: plan.object, ...create }).catch((error) => {
      throw error instanceof Refusal && error.kind !== 'forbidden' ? named(error, column.index) : error;
    });
    columns.push({ ...column, target: key, create });
    made.set(`${draftKey(column.index)}ExternalId`, `${key}ExternalId`);
  }
  // The ids of what a field names stand in a column of their own.
  const idsOf = (target: string | null) => made.get(target ?? '') ?? target;
  return { ...plan, columns: columns.map((column) => ({ ...column, target: idsOf(column.target) })) };
}

/** A refusal about a field, as one about the column it was to be made from. */
function named({ kind, detail }: Refusal, index: number): Refusal {
  return new Refusal(kind, { ...detail, field: `plan.columns.${index}.create` });
}

/** The fields an import made; those of columns that went to fields that were there are none. */
export const fieldsMade = ({ columns }: Pick<ImportPlan, 'columns'>): string[] =>
  columns.flatMap(({ target, create }) => (create && target !== null ? [target] : []));

/** Taking an import back takes back the fields it made too, those that nothing else has come to use. */
onUndo(async (work, set) => {
  if (set.verb !== 'import') return undefined;
  const [row] = await work.db.find(imports, eq(imports.changeSetId, set.id));
  const plan = row && importPlanSchema.safeParse(row.plan).data;
  const keys = plan ? fieldsMade(plan) : [];
  if (!row || !plan) return undefined;
  return {
    async atEnd(undoId) {
      await takeBackIds(work, set.id);
      if (plan.object === 'deal') await takeBackMoves(work, row, undoId);
      if (keys.length === 0 && !plan.made) return;
      // An object takes its fields with it.
      if (!(await removeMadeObject(work, plan, undoId))) await removeUnused(work, plan.object, keys, undoId);
    },
  };
});

async function removeUnused(work: Work, object: ImportObject, keys: readonly string[], undoId: string): Promise<void> {
  if (!canMakeFields(work, object)) return;
  const made = work.types.fields.filter((field) => field.object === object && keys.includes(field.key));
  for (const { id } of made) {
    const { records, fields, views, layouts, rules } = await affectedByField(work, id);
    if (records + fields.length + views + layouts + rules > 0) continue;
    await apply(work, 'undo', [{ type: fieldType, op: 'delete', id }], { changeSetId: undoId });
  }
}
