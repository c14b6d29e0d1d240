import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { isBlank } from '@/domain/blank';
import { anyValue, maxFields, recordOf, searchText, updateSchema } from '@/domain/fields';
import { fieldsIn } from '@/domain/filter-eval';
import { type Filter, filterSchema } from '@/domain/filters';
import { missingForStage } from '@/domain/pipelines';
import { Refusal } from '@/domain/refusals';
import { apply, type Change, changeSet, startChangeSet } from '../core/changes';
import { filterSql } from '../core/filter-sql';
import { checkOwn } from '../core/own-input';
import type { RecordType, RecordValues } from '../core/record-types';
import { lockRecords, requireReferences } from '../core/record-verbs';
import { baseConditions, countRecords } from '../core/records';
import { inScope, requireInScope } from '../core/scope';
import { topicFields } from '../core/topics';
import type { Work } from '../core/work';
import { dealChanges, refuseLacking, stageEntered } from '../deals/deals';
import { taskChanges } from '../tasks/tasks';
import { typeToDelete, typeToWrite } from './kinds';

/** So many records at once in a request; more are a job's. */
export const atOnce = 1000;

const values = recordOf(z.string().max(100), anyValue, maxFields);

export const patchInput = z.strictObject({
  object: z.string().max(60),
  changes: z
    .array(z.strictObject({ id: z.uuid(), values }))
    .min(1)
    .max(atOnce),
});

const matching = z.strictObject({
  object: z.string().max(60),
  filter: filterSchema.optional(),
  q: searchText.optional(),
  /** How many records the person was told it would be. */
  count: z.int().min(1),
});
export const updateAllInput = matching.extend({ values });
export const removeAllInput = matching;

const schemas = new WeakMap<RecordType, z.ZodType>();

/** What values of a kind may be; in an object, so that what is wrong is named as in every other procedure. */
function schemaOf(type: RecordType): z.ZodType {
  const schema = schemas.get(type) ?? z.object({ values: updateSchema(type.fields) });
  schemas.set(type, schema);
  return schema;
}

async function checkValues(work: Work, type: RecordType, given: RecordValues, ids: string[]): Promise<RecordValues> {
  // The schemas are built from the field catalogue: what they pass is a record's values.
  const { values } = schemaOf(type).parse({ values: given }) as { values: RecordValues };
  return checkOwn(work, type, values, ids);
}

/**
 * Different values for several records in one change set: what is pasted, filled down or cleared over a range of cells.
 * @throws Refusal notFound when one of them is not the actor's to change; invalid naming the field, and nothing is kept
 */
export async function patchRecords(
  work: Work,
  input: z.infer<typeof patchInput>,
): Promise<{ count: number; changeSetId: string }> {
  const type = typeToWrite(work, input.object);
  const byId = new Map<string, RecordValues>();
  for (const { id, values } of input.changes) byId.set(id, { ...byId.get(id), ...values });
  const ids = [...byId.keys()];
  work.db.requires(requireInScope(work, type, 'write', ids));
  // The same values are checked once, however many cells they were pasted into.
  const same = Map.groupBy(ids, (id) => JSON.stringify(byId.get(id)));
  // Asked for together: what a thousand rows need travels in few messages.
  const checked = await Promise.all(
    [...same].map(async ([text, those]) => {
      const own = await checkValues(work, type, JSON.parse(text), those);
      const values = await requireReferences(work, type, own);
      return those.map((id) => ({ id, values }));
    }),
  );
  const list = checked.flat();
  const finished = list.every(({ values }) => finishes(type, values));
  const applied = await apply(work, finished ? 'complete' : 'update', await changesFor(work, type, list));
  return { count: countOf(list, applied.changed), changeSetId: applied.changeSetId };
}

/** The changes of a list, with what follows from a kind's own rules. */
async function changesFor(
  work: Work,
  type: RecordType,
  list: { id: string; values: RecordValues }[],
): Promise<Change[]> {
  if (type.object === 'deal') return (await dealChanges(work, list)).changes;
  if (type.object === 'task') return taskChanges(work, list);
  const rows = await lockRecords(
    work,
    type,
    list.map(({ id }) => id),
  );
  return list.map(({ id, values }, i): Change => ({ type, op: 'update', id, values, row: rows[i] }));
}

const finishes = (type: RecordType, values: RecordValues) => type.object === 'task' && values.done === true;

/** Of the records asked for; what was made besides, such as the next task of a series, nobody asked for. */
const countOf = (list: readonly { id: string }[], changed: ReadonlySet<string>) =>
  list.filter(({ id }) => changed.has(id)).length;

export interface BulkAnswer {
  changeSetId: string;
  /** Records changed. */
  count: number;
  /** Records a job is changing, where they are too many for one request. */
  queued?: number;
}

/**
 * Sets the same values of every record of a list. More than a thousand are a job's; it is one change set all the same.
 * @throws Refusal conflict `countChanged` when the list has another length than the person was told; invalid naming the
 * field where one of the records could not have these values
 */
export async function updateAll(work: Work, input: z.infer<typeof updateAllInput>): Promise<BulkAnswer> {
  const type = typeToWrite(work, input.object);
  const values = await requireReferences(work, type, await checkValues(work, type, input.values, []));
  return start(work, type, { ...input, values });
}

/** Puts every record of a list in the bin. @throws Refusal conflict `countChanged` */
export async function removeAll(work: Work, input: z.infer<typeof removeAllInput>): Promise<BulkAnswer> {
  return start(work, typeToDelete(work, input.object), { ...input, values: null });
}

type Matching = z.infer<typeof matching> & { values: RecordValues | null };

async function start(work: Work, type: RecordType, input: Matching): Promise<BulkAnswer> {
  const { object, filter, q, count, values } = input;
  const found = await countRecords(work, type, { filter, q, exact: true });
  if (found.count !== count)
    throw new Refusal('conflict', { code: 'countChanged', params: { count: found.count, told: count } });
  // Whoever sees more than they may change is told so before anything is done, as for a few records.
  await requireAllInScope(work, type, input);
  const verb = values ? (finishes(type, values) ? 'complete' : 'update') : 'delete';
  const changeSetId = await startChangeSet(work, verb, { count });
  const { tenantId, memberId } = work.actor;
  const job: BulkJob = { tenantId, memberId, requestId: work.requestId, changeSetId, object, filter, q, values };
  if (count > atOnce) {
    if (values) await refuseWhatJobWould(work, type, { ...input, values });
    await work.enqueue(work.db, 'bulk', { ...job });
    return { changeSetId, count: 0, queued: count };
  }
  const { changed } = await bulkBatch(work, job, null);
  return { changeSetId, count: changed };
}

async function requireAllInScope(work: Work, type: RecordType, { filter, q, values }: Matching): Promise<void> {
  const scope = inScope(work, type, values ? 'write' : 'delete');
  if (!scope) return;
  const where = sql.join(baseConditions(work, type, filter, q), sql` and `);
  const rows = await work.db.rows(
    sql`select 1 as found from ${type.table} t where ${where} and (${scope}) is not true limit 1`,
  );
  if (rows.length > 0) throw new Refusal('forbidden', 'someNotYours');
}

/**
 * A job has nobody to ask: what it would be refused on its way is refused before it begins.
 * @throws Refusal conflict `taken`; invalid `required`, `tooManyForRule`, `stageRequires`
 */
async function refuseWhatJobWould(
  work: Work,
  type: RecordType,
  { filter, q, values }: Matching & { values: RecordValues },
): Promise<void> {
  for (const { key: field, required, settings } of type.own ?? []) {
    const filled = !isBlank(values[field]);
    if (settings.unique && filled) throw new Refusal('conflict', { code: 'taken', field });
    if (filled) continue;
    if (required && field in values && !settings.showIf) throw new Refusal('invalid', { code: 'required', field });
    const rules = [settings.requireIf, required ? settings.showIf : undefined];
    const asked = rules.flatMap((rule) => (rule ? [field, ...fieldsIn(rule)] : []));
    // Whether it must be filled differs from record to record.
    if (asked.some((name) => name in values))
      throw new Refusal('invalid', { code: 'tooManyForRule', params: { max: atOnce }, field });
  }
  const stage = type.object === 'deal' ? await stageEntered(work, values) : undefined;
  const needed = stage ? missingForStage(stage.requiredFields, values) : [];
  if (!stage || needed.length === 0) return;
  const lacking: Filter = { or: needed.map((field): Filter => ({ field, op: 'isEmpty' })) };
  const where = [...baseConditions(work, type, filter, q), filterSql(work, type, lacking)];
  const rows = await work.db.rows(
    sql`select 1 as found from ${type.table} t where ${sql.join(where, sql` and `)} and t.stage_id <> ${stage.id} limit 1`,
  );
  if (rows.length > 0) refuseLacking(stage, needed);
}

/** Values as they came in, without the kinds that follow from what they lead to. */
function typedIn(type: RecordType, values: RecordValues): RecordValues {
  const kinds = new Set(topicFields(type).map(([, kindIn]) => kindIn));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !kinds.has(name)));
}

export interface BulkJob {
  tenantId: string;
  memberId: string;
  requestId: string;
  changeSetId: string;
  object: string;
  filter?: Matching['filter'];
  q?: string;
  /** Null puts them in the bin. */
  values: RecordValues | null;
}

/**
 * Changes the next records of a list in the order of their ids. Those a killed job had changed already differ no more, so
 * going through them again changes nothing. Records made since the change began were not among those it was said of.
 * @returns the last record of this batch, null at the end or when the set has been taken back meanwhile
 */
export async function bulkBatch(
  work: Work,
  job: BulkJob,
  after: string | null,
): Promise<{ last: string | null; changed: number }> {
  const type = job.values ? typeToWrite(work, job.object) : typeToDelete(work, job.object);
  // Locked, so that an undo comes before this batch or after it, never in between.
  const set = await changeSet(work, job.changeSetId, true);
  if (!set || set.undoneBy) return { last: null, changed: 0 };
  const scope = inScope(work, type, job.values ? 'write' : 'delete');
  const conditions = baseConditions(work, type, job.filter, job.q);
  if (scope) conditions.push(scope);
  // Nor what an earlier batch made, such as the next task of a series.
  conditions.push(sql`t.created_at <= ${set.at}::timestamptz`);
  if (after) conditions.push(sql`t.id > ${after}::uuid`);
  const rows = await work.db.rows<{ id: string }>(
    sql`select t.id from ${type.table} t where ${sql.join(conditions, sql` and `)} order by t.id limit ${atOnce}`,
  );
  if (rows.length === 0) return { last: null, changed: 0 };
  const { values } = job;
  const ids = rows.map(({ id }) => id);
  if (values) await checkOwn(work, type, typedIn(type, values), ids);
  const list = values
    ? await changesFor(
        work,
        type,
        ids.map((id) => ({ id, values })),
      )
    : ids.map((id): Change => ({ type, op: 'delete', id }));
  const applied = await apply(work, values ? 'update' : 'delete', list, { changeSetId: job.changeSetId });
  return { last: rows.length < atOnce ? null : (rows.at(-1)?.id ?? null), changed: countOf(rows, applied.changed) };
}
