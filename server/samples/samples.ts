import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { changes, externalIds } from '@/db/schema/records';
import type { Field } from '@/domain/fields';
import { Refusal } from '@/domain/refusals';
import { apply, type Change, sameValue } from '../core/changes';
import { flat, type RecordType, type RecordValues, snake } from '../core/record-types';
import type { Work } from '../core/work';
import { listPipelines } from '../pipelines/pipelines';
import { settingsOf } from '../tenants/settings';
import { sampleRecords } from './sample-records';

/** The source system sample records are filed under, so that they are found again among a tenant's own. */
const sampleSystem = 'guanxi-samples';

/** Links go or stay with the record that has them, and are never counted or named. */
const linkHolders: Record<string, string> = { contactCompany: 'contactId', dealContact: 'dealId' };
const isLink = (type: RecordType) => Object.hasOwn(linkHolders, type.object);

export interface SamplesStatus {
  /** Sample records that are there now, links not counted. */
  count: number;
}

export async function samplesStatus(work: Work): Promise<SamplesStatus> {
  const live = await liveSamples(work);
  return { count: live.filter(({ type }) => !isLink(type)).length };
}

/**
 * Fills the tenant with sample records in its language, in one change set.
 * @throws Refusal conflict `samplesThere` when there are some already
 */
export async function addSamples(work: Work): Promise<{ changeSetId: string; count: number }> {
  if ((await samplesStatus(work)).count > 0) throw new Refusal('conflict', 'samplesThere');
  const [settings, [pipeline]] = await Promise.all([settingsOf(work), listPipelines(work)]);
  if (!pipeline) throw new Error('A tenant without a pipeline');
  const list = sampleRecords({
    locale: settings.locale === 'zh' ? 'zh' : 'en',
    currency: settings.currency,
    pipeline,
    ownerId: work.actor.memberId,
    now: work.now,
  });
  const { changeSetId } = await apply(work, 'sample', list, { detail: { samples: 'added' } });
  await work.db.insert(
    externalIds,
    list.map(({ type, id }) => ({ object: type.object, system: sampleSystem, externalId: id, recordId: id })),
  );
  return { changeSetId, count: list.filter(({ type }) => !isLink(type)).length };
}

export interface KeptSample {
  object: string;
  id: string;
  title: string;
  /** Somebody changed it, or a record that stays refers to it. */
  why: 'edited' | 'used';
}

/** Takes the sample records out again, in one change set; what somebody made their own stays and is reported. */
export async function removeSamples(
  work: Work,
): Promise<{ changeSetId: string | null; removed: number; kept: KeptSample[] }> {
  const live = await liveSamples(work, true);
  if (live.length === 0) return { changeSetId: null, removed: 0, kept: [] };
  const staying = new Map<string, KeptSample['why']>();
  for (const sample of live) if (edited(sample)) staying.set(sample.id, 'edited');
  await keepUsed(work, live, staying);
  const list = live.filter(({ id }) => !staying.has(id)).map(({ type, id }): Change => ({ type, op: 'delete', id }));
  const kept = live.flatMap(({ type, id, row }): KeptSample[] => {
    const why = staying.get(id);
    return why && !isLink(type) ? [{ object: type.object, id, title: String(row[type.title]).slice(0, 200), why }] : [];
  });
  if (list.length === 0) return { changeSetId: null, removed: 0, kept };
  const { changeSetId } = await apply(work, 'sample', list, { detail: { samples: 'removed' } });
  return { changeSetId, removed: list.filter(({ type }) => !isLink(type)).length, kept };
}

interface Sample {
  type: RecordType;
  id: string;
  row: RecordValues;
  /** The values it was made with. */
  made: RecordValues;
}

/** Sample records that are not in the bin, with what they were made of. */
async function liveSamples(work: Work, lock = false): Promise<Sample[]> {
  const marks = await work.db.find(
    externalIds,
    and(
      inArray(
        externalIds.object,
        work.types.all().map((t) => t.object),
      ),
      eq(externalIds.system, sampleSystem),
    ),
  );
  const samples: Sample[] = [];
  for (const [object, ofObject] of Map.groupBy(marks, (mark) => mark.object)) {
    const type = work.types.get(object);
    const rows = await work.db.find(
      type.table,
      and(
        inArray(
          type.table.id,
          ofObject.map((m) => m.recordId),
        ),
        isNull(type.table.deletedAt),
      ),
      { lock, orderBy: type.table.id },
    );
    const ids = rows.map((row) => String(row.id));
    const made =
      ids.length === 0 || !lock
        ? []
        : await work.db.find(
            changes,
            and(inArray(changes.recordId, ids), eq(changes.op, 'create'), sql`${changes.after} is not null`),
          );
    // Written by apply(): field names and values.
    const madeById = new Map(made.map((change) => [change.recordId, change.after as RecordValues]));
    for (const row of rows)
      samples.push({ type, id: String(row.id), row: flat(row), made: madeById.get(String(row.id)) ?? {} });
  }
  return samples;
}

/** Whether a field a person may set no longer has the value it was made with. A flag never set is off. */
function edited({ type, row, made }: Sample): boolean {
  const plain = (value: unknown) => (value === false ? null : (value ?? null));
  return Object.entries(type.fields).some(
    ([name, field]) => !field.readOnly && !sameValue(type, name, plain(row[name]), plain(made[name])),
  );
}

/** What a record that stays refers to stays as well: a deal somebody took over keeps its company and its people. */
async function keepUsed(work: Work, live: Sample[], staying: Map<string, KeptSample['why']>): Promise<void> {
  const removable = new Set(live.map(({ id }) => id));
  const references = await referencesTo(work, [...removable]);
  for (let grown = true; grown; ) {
    const before = staying.size;
    for (const { type, id, row } of live) {
      const holder = linkHolders[type.object];
      if (holder && staying.has(String(row[holder])) && !staying.has(id)) staying.set(id, 'used');
    }
    for (const { from, to } of references) {
      if ((!removable.has(from) || staying.has(from)) && !staying.has(to)) staying.set(to, 'used');
    }
    grown = staying.size > before;
  }
}

/** What a field of `t` points to, and the table it stands in where that is another; nothing for other fields. */
function pointer(type: RecordType, name: string, { type: kind, own }: Field): [to?: SQL, joined?: SQL] {
  if (kind === 'reference' && name in type.table) return [sql`t.${sql.identifier(snake(name))}`, sql``];
  if (own && kind === 'reference')
    return [
      sql`v.ref`,
      sql`join app.field_value v on v.tenant_id = t.tenant_id and v.record_id = t.id and v.field_id = ${own.id}`,
    ];
  if (own && kind === 'relation')
    return [
      sql`l.to_id`,
      sql`join app.relation_link l on l.tenant_id = t.tenant_id and l.from_id = t.id and l.field_id = ${own.id} and l.deleted_at is null`,
    ];
  return [];
}

/** Live records, samples or not, that refer to one of these. */
async function referencesTo(work: Work, ids: string[]): Promise<{ from: string; to: string }[]> {
  const found: { from: string; to: string }[] = [];
  for (const type of work.types.all()) {
    for (const [name, field] of Object.entries(type.fields)) {
      const [to, joined] = pointer(type, name, field);
      if (!to) continue;
      const rows = await work.db.rows<{ from: string; to: string }>(sql`
        select t.id as "from", ${to} as "to" from ${type.table} t ${joined}
        where t.tenant_id = ${work.actor.tenantId} and ${to} = any(${sql.param(ids)}::uuid[]) and t.deleted_at is null`);
      found.push(...rows);
    }
  }
  return found;
}
