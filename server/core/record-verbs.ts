import { and, inArray, isNull, sql } from 'drizzle-orm';
import { notFound, Refusal } from '@/domain/refusals';
import { apply, type Change } from './changes';
import { newId } from './ids';
import { flat, type RecordType, type RecordValues } from './record-types';
import { isVisible, ownersScope, requireInScope } from './scope';
import { topicFields, topicsOf } from './topics';
import { ofKind } from './types';
import type { Work } from './work';

/**
 * Makes a record. Without an owner it becomes the actor's.
 * @param given its id, where whoever makes it has to know it before there is an answer
 * @throws Refusal invalid when it refers to nothing visible
 */
export async function createRecord(
  work: Work,
  type: RecordType,
  values: RecordValues,
  given?: string,
): Promise<{ id: string; changeSetId: string }> {
  const id = given === undefined ? newId() : await unusedId(work, given);
  const owned =
    type.owner && values[type.owner] === undefined ? { ...values, [type.owner]: work.actor.memberId } : values;
  work.db.requires(requireOwnerInScope(work, type, owned));
  const whole = await requireReferences(work, type, owned);
  const { changeSetId } = await apply(work, 'create', [{ type, op: 'create', id, values: whole }]);
  return { id, changeSetId };
}

/** An id that no record has: an id is of one record only, whichever kind it is. @throws Refusal conflict `taken` */
export async function unusedId(work: Work, id: string): Promise<string> {
  const [known] = await work.db.prepared(
    'change.of_record',
    'select 1 as known from app.change where tenant_id = $1 and record_id = $2 limit 1',
    [work.actor.tenantId, id],
  );
  if (known) throw new Refusal('conflict', { code: 'taken', field: 'id' });
  return id;
}

/** Changes fields of a record. `version` given: refused as stale when somebody else was quicker. */
export async function updateRecord(
  work: Work,
  type: RecordType,
  input: { id: string; values: RecordValues; version?: number },
): Promise<{ version: number; changeSetId: string }> {
  work.db.requires(requireInScope(work, type, 'write', [input.id]));
  const values = await requireReferences(work, type, input.values);
  const applied = await apply(work, 'update', [{ type, op: 'update', ...input, values }]);
  return { version: applied.versions.get(input.id) ?? 0, changeSetId: applied.changeSetId };
}

/** The same values for many records, in one change set. */
export async function updateRecords(
  work: Work,
  type: RecordType,
  input: { ids: string[]; values: RecordValues },
): Promise<{ count: number; changeSetId: string }> {
  const ids = [...new Set(input.ids)];
  work.db.requires(requireInScope(work, type, 'write', ids));
  const values = await requireReferences(work, type, input.values);
  const applied = await apply(
    work,
    'update',
    ids.map((id): Change => ({ type, op: 'update', id, values })),
  );
  return { count: applied.changed.size, changeSetId: applied.changeSetId };
}

/** Puts records in the bin; undo takes them out again. */
export async function removeRecords(
  work: Work,
  type: RecordType,
  input: { ids: string[] },
): Promise<{ count: number; changeSetId: string }> {
  const ids = [...new Set(input.ids)];
  work.db.requires(requireInScope(work, type, 'delete', ids));
  const applied = await apply(
    work,
    'delete',
    ids.map((id): Change => ({ type, op: 'delete', id })),
  );
  return { count: applied.changed.size, changeSetId: applied.changeSetId };
}

/**
 * Every reference in `values` must be a live record the actor may see.
 * @returns the values, with the kinds of what they lead to where a reference may lead to several
 * @throws Refusal invalid `noSuchRecord` naming the field
 */
export async function requireReferences(work: Work, type: RecordType, values: RecordValues): Promise<RecordValues> {
  const { fields } = work.types.of(type);
  const given = Object.entries(values).flatMap(([name, value]) => {
    const to = fields[name]?.to;
    return to && typeof value === 'string' ? [{ name, value, target: work.types.find(to) }] : [];
  });
  for (const { name, value, target } of given) work.db.requires(requireThere(work, name, target, value));
  return withKinds(work, work.types.of(type), values);
}

async function requireThere(work: Work, field: string, target: RecordType | undefined, id: string): Promise<void> {
  if (!target || !(await isVisible(work, target, id))) throw new Refusal('invalid', { code: 'noSuchRecord', field });
}

/** A record of whichever kind is named by its id; which kind it is follows. */
async function withKinds(work: Work, type: RecordType, values: RecordValues): Promise<RecordValues> {
  const given = topicFields(type).filter(([name]) => values[name] !== undefined);
  if (given.length === 0) return values;
  const ids = given.flatMap(([name]) => (typeof values[name] === 'string' ? [values[name]] : []));
  const topics = await topicsOf(work, ids);
  const kinds = given.map(([name, kindIn]): [string, string | null] => {
    const topic = topics.get(String(values[name]));
    if (values[name] !== null && !topic) throw new Refusal('invalid', { code: 'noSuchRecord', field: name });
    return [kindIn, topic?.object ?? null];
  });
  return { ...values, ...Object.fromEntries(kinds) };
}

/** Nobody makes a record for somebody whose records they could not see. */
export async function requireOwnerInScope(work: Work, type: RecordType, values: RecordValues): Promise<void> {
  const owner = type.owner ? values[type.owner] : undefined;
  const scope = ownersScope(work, type, 'write', 'o');
  if (!scope || typeof owner !== 'string' || owner === work.actor.memberId) return;
  const rows = await work.db.kept(sql`select 1 as found from (select ${owner}::uuid as owner_id) o where ${scope}`);
  if (rows.length === 0) throw new Refusal('forbidden', { code: 'ownerOutOfScope', field: type.owner });
}

/** Live rows of a type by id, locked, in the order of the ids. @throws Refusal notFound when one is missing */
export async function lockRecords(work: Work, type: RecordType, ids: string[]): Promise<RecordValues[]> {
  const live = and(inArray(type.table.id, ids), isNull(type.table.deletedAt), ofKind(type));
  const rows = await work.db.find(type.table, live, { lock: true, orderBy: type.table.id });
  const byId = new Map(rows.map((row) => [row.id as string, flat(row)]));
  return ids.map((id) => {
    const row = byId.get(id);
    if (!row) throw notFound();
    return row;
  });
}
