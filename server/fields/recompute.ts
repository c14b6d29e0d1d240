import { and, eq, inArray, sql } from 'drizzle-orm';
import { customFields, fieldValues } from '@/db/schema/catalogue';
import { tenantSettings } from '@/db/schema/tenants';
import { inTenant, type TenantDb } from '@/db/tenant';
import type { FieldDefinition } from '@/domain/custom-fields';
import { Refusal } from '@/domain/refusals';
import type { Entry } from '../core/changes';
import { changesDaily } from '../core/computed';
import { renewCopies, writeCopies } from '../core/field-values';
import type { Job } from '../core/jobs';
import type { RecordType } from '../core/record-types';
import { refresh } from '../core/rollups';
import { andKind, forgetTypes, isSearched, loadTypes } from '../core/types';
import type { Work } from '../core/work';
import { outdateSearch } from '../search/rebuild';
import { refuseBrokenRollups } from './checks';
import { dependents, isComputed, objectsOf, refuseCircles } from './graph';

/** Up to so many records are computed anew in the transaction that changes a field; more are left to a job. */
const atOnce = 2_000;
const batchSize = 500;

export interface ComputeJob {
  tenantId: string;
  /** In the order in which they are to be done. */
  objects: string[];
}

/** What follows from changed fields: what is computed from them is computed anew. */
export async function followFields(work: Work, entries: readonly Entry[]): Promise<void> {
  const changed = entries.filter(
    ({ op, after }) => op !== 'update' || (after && ('settings' in after || 'type' in after)),
  );
  const ids = changed.map(({ id }) => id);
  const fields = ids.length > 0 ? await work.db.find(customFields, inArray(customFields.id, ids)) : [];
  await followDefinitions(work, () => fields);
  if (changed.some((entry) => changesSearch(entry, fields))) await outdateSearch(work.db);
  for (const entry of changed) {
    const after = work.types.fields.find(({ id }) => id === entry.id);
    if (!after || entry.op !== 'update') continue;
    // What was there before was a definition too: both sides were written by apply().
    const before: FieldDefinition = { ...after, ...(entry.before as Partial<FieldDefinition>) };
    if (before.type === after.type) {
      await refuseLostChoices(work, before, after);
      await renewCopies(work, before, after);
    } else await rewriteCopies(work, after);
  }
}

/** Whether what records are found by is another now: values came, went, or are read as something else. */
function changesSearch({ id, op, before, after }: Entry, fields: readonly { id: string; type: string }[]): boolean {
  const type = fields.find((field) => field.id === id)?.type;
  // A field that is made has no values yet; one that comes back from the bin has.
  if (op !== 'update') return isSearched(type) && !(op === 'create' && after !== null);
  return after !== null && 'type' in after && isSearched(before?.type) !== isSearched(after.type);
}

/**
 * Undo takes a choice away only while no record holds it.
 * @throws Refusal conflict `choiceGone`
 */
async function refuseLostChoices(work: Work, before: FieldDefinition, after: FieldDefinition): Promise<void> {
  const left = new Set(after.settings.choices?.map(({ value }) => value));
  const gone = (before.settings.choices ?? []).flatMap(({ value }) => (left.has(value) ? [] : [value]));
  if (gone.length === 0) return;
  const holding = and(eq(fieldValues.fieldId, after.id), inArray(fieldValues.text, gone));
  if ((await work.db.find(fieldValues, holding, { limit: 1 })).length > 0)
    throw new Refusal('conflict', { code: 'choiceGone', field: 'settings.choices' });
}

/** The copies of all values of a field, in the form of the type it has become one of. */
async function rewriteCopies(work: Work, { object, key }: FieldDefinition): Promise<void> {
  const type = work.types.get(object);
  for (let after: string | null = null; ; ) {
    const rows: { id: string; value: unknown }[] = await work.db.rows(sql`
      select t.id, t.custom -> ${key} as value from ${type.table} t
      where t.tenant_id = ${work.actor.tenantId} and t.deleted_at is null ${andKind(type)} and jsonb_exists(t.custom, ${key})
        ${after ? sql`and t.id > ${after}::uuid` : sql``} order by t.id limit ${batchSize}`);
    const names = new Set([key]);
    await writeCopies(
      work,
      type,
      rows.map(({ id, value }) => ({ id, row: { [key]: value }, names })),
    );
    if (rows.length < batchSize) return;
    after = rows.at(-1)?.id ?? null;
  }
}

/** Every process forgets a tenant's definitions, and what follows from the changed ones is computed anew. */
export async function followDefinitions(
  work: Work,
  changed: () => readonly { object: string; key: string }[],
): Promise<void> {
  await forgetTypes(work);
  work.types = await loadTypes(work.db);
  const fields = changed();
  if (fields.length === 0 || !work.types.fields.some(isComputed)) return;
  refuseCircles(work.types);
  await refuseBrokenRollups(work, fields);
  await recompute(work, objectsOf(work.types, dependents(work.types, fields)));
}

/** Computes all records of these objects anew: at once, or by a job when they are many. */
async function recompute(work: Work, objects: string[]): Promise<void> {
  const types = objects.flatMap((object) => work.types.find(object) ?? []);
  let many = 0;
  for (const type of types) many += await countUpTo(work, type, atOnce + 1 - many);
  if (many > atOnce) {
    const job: ComputeJob = { tenantId: work.actor.tenantId, objects };
    await work.enqueue(work.db, 'compute', { ...job });
    return;
  }
  for (const type of types) {
    for (let after: string | null = null; ; ) {
      const last: string | null = await recomputeBatch(work, type, after);
      if (!last) break;
      after = last;
    }
  }
}

async function countUpTo(work: Work, type: RecordType, most: number): Promise<number> {
  if (most <= 0) return 0;
  const [row] = await work.db.rows<{ n: number }>(sql`select count(*)::int as n from (
    select from ${type.table} t where t.tenant_id = ${work.actor.tenantId} and t.deleted_at is null ${andKind(type)} limit ${most}) as counted`);
  return row?.n ?? 0;
}

/** @returns the last record of the batch, or null at the end */
async function recomputeBatch(work: Work, type: RecordType, after: string | null): Promise<string | null> {
  const rows = await work.db.rows<{ id: string }>(sql`select t.id from ${type.table} t
    where t.tenant_id = ${work.actor.tenantId} and t.deleted_at is null ${andKind(type)} ${after ? sql`and t.id > ${after}::uuid` : sql``}
    order by t.id limit ${batchSize}`);
  const ids = rows.map(({ id }) => id);
  await refresh(work, type, ids);
  return ids.length < batchSize ? null : (ids.at(-1) ?? null);
}

/**
 * Computes the records of some objects anew, a transaction per batch. Begun again after a worker's end it goes through
 * what is done already without changing it.
 */
export async function runCompute(
  job: ComputeJob,
  signal: AbortSignal,
  held?: Pick<Job, 'hold' | 'complete'>,
  now?: Date,
): Promise<void> {
  const todo = [...job.objects];
  let after: string | null = null;
  do {
    signal.throwIfAborted();
    const from: string | null = after;
    after = await inTenant(job.tenantId, 'write', async (db): Promise<string | null> => {
      await held?.hold(db);
      const work = await ofNobody(db, now);
      const type = work.types.find(todo[0] ?? '');
      const last = type ? await recomputeBatch(work, type, from) : null;
      if (last === null) todo.shift();
      if (todo.length === 0) await held?.complete(db);
      return last;
    });
  } while (todo.length > 0);
}

/**
 * Computes what follows from today's date anew when a day has begun in the workspace's time zone, and again every six
 * hours of it, for a worker may have been away. Called every hour.
 */
export async function recomputeDaily(tenantId: string, now: Date, signal: AbortSignal): Promise<void> {
  const objects = await inTenant(tenantId, 'read', async (db) => {
    const { types } = await ofNobody(db, now);
    if (!types.fields.some(({ type }) => type === 'formula')) return [];
    const [settings] = await db.find(tenantSettings, undefined, { limit: 1 });
    if (hourIn(settings?.timeZone ?? 'Etc/UTC', now) % 6 !== 0) return [];
    const daily = types.fields.filter((field) => {
      const type = types.find(field.object);
      return field.type === 'formula' && type !== undefined && changesDaily(type);
    });
    return objectsOf(types, dependents(types, daily));
  });
  if (objects.length > 0) await runCompute({ tenantId, objects }, signal, undefined, now);
}

const hourIn = (timeZone: string, now: Date) =>
  Number(new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(now));

/** What is computed does not depend on who asks, and is nobody's change. */
export async function ofNobody(db: TenantDb, now = new Date()): Promise<Work> {
  return {
    db,
    types: await loadTypes(db),
    now,
    requestId: 'compute',
    ip: null,
    enqueue: () => Promise.reject(new Error('Computing makes no jobs')),
    actor: {
      tenantId: db.tenantId,
      tenantSlug: '',
      memberId: '00000000-0000-0000-0000-000000000000',
      userId: null,
      role: 'owner',
      teamId: null,
      locale: 'en',
      channel: 'system',
    },
  };
}
