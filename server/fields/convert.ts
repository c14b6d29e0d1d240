import { sql } from 'drizzle-orm';
import {
  convertible,
  type FieldDefinition,
  type FieldSettings,
  fieldOf,
  labelIn,
  type OwnFieldType,
  settingsByType,
  worded,
} from '@/domain/custom-fields';
import type { Field } from '@/domain/fields';
import { dayIn, momentIn } from '@/domain/moments';
import { toMajor, toMinor } from '@/domain/money';
import { notFound, Refusal } from '@/domain/refusals';
import { apply, type Change, changeSet, startChangeSet } from '../core/changes';
import { inJob } from '../core/job-work';
import type { Enqueue, Job } from '../core/jobs';
import type { RecordType } from '../core/record-types';
import { andKind, Types } from '../core/types';
import type { Work } from '../core/work';
import { settingsOf } from '../tenants/settings';
import { checkSettings, refuseBrokenRollups } from './checks';

export interface ConvertInput {
  id: string;
  type: OwnFieldType;
  /** Rules of the new type; what is not given stays as far as the new type knows it. */
  settings?: FieldSettings;
}

export interface Conversion {
  /** Values there are, those that stay or are brought into the new form, and those that have none in it. */
  values: number;
  converted: number;
  lost: number;
  /** How many were looked at for that: of very many, the first. */
  checked: number;
  /** Some of those that would be lost. */
  examples: { id: string; value: unknown }[];
}

/** So many values are converted in a request; more are a job's. */
const atOnce = 10_000;
/** Of so many a preview says what would become of them. */
const mostChecked = 100_000;
const batchSize = 2_000;

/** What would become of a field's values, before anything is done. @throws Refusal as `convertField` */
export async function previewConversion(work: Work, input: ConvertInput): Promise<Conversion> {
  return look(work, await prepare(work, input), mostChecked);
}

/** What a job on the queue of computed values carries when it is to convert a field. */
export interface ConvertJob {
  tenantId: string;
  memberId: string;
  requestId: string;
  changeSetId: string;
  convert: ConvertInput;
  /** What the field was of when it was asked for. */
  from: OwnFieldType;
}

/**
 * Turns a field into one of another type, with all values: in one change set, so that undo brings back both, lost values
 * included. More than ten thousand values are left to a job, until whose end everything is as it was.
 * @returns `queued`: how many values the job converts
 * @throws Refusal notFound, invalid `typeUnfit` for types that have nothing in common, conflict `rollupNeeds`
 */
export async function convertField(
  work: Work,
  input: ConvertInput,
): Promise<{ changeSetId: string; report: Conversion; queued?: number }> {
  const plan = await prepare(work, input);
  const report = await look(work, plan, atOnce);
  const { key, type: from } = plan.before;
  const changeSetId = await startChangeSet(work, 'configure', { field: key, from, to: input.type });
  if (report.values <= atOnce) {
    await convertAll(work, plan, changeSetId);
    return { changeSetId, report };
  }
  const { tenantId, memberId } = work.actor;
  const job: ConvertJob = { tenantId, memberId, requestId: work.requestId, changeSetId, convert: input, from };
  await work.enqueue(work.db, 'compute', { ...job });
  return { changeSetId, report, queued: report.values };
}

/**
 * Converts the values of a field, all in one transaction: a field is never of one type and its values of another. Done
 * already, taken back meanwhile, or of a field that has become another, it does nothing.
 */
export async function runConversion(
  job: ConvertJob,
  enqueue: Enqueue,
  signal: AbortSignal,
  held?: Pick<Job, 'hold' | 'complete'>,
): Promise<void> {
  signal.throwIfAborted();
  await inJob({ ...job, channel: 'screen' }, enqueue, 'write', async (work) => {
    await held?.hold(work.db);
    const field = work.types.fields.find(({ id }) => id === job.convert.id);
    const isUndone = (await changeSet(work, job.changeSetId))?.undoneBy;
    if (field?.type === job.from && !isUndone)
      await convertAll(work, await prepare(work, job.convert), job.changeSetId, signal);
    await held?.complete(work.db);
  });
}

/** Rules that mean something else in another type: an amount's limits are in minor units, a rating's is its stars. */
const ofOneType: ReadonlySet<string> = new Set(['default', 'pattern', 'min', 'max']);

interface Plan {
  type: RecordType;
  before: FieldDefinition;
  after: FieldDefinition;
  /** The catalogue's entry of what the field becomes. */
  target: Field;
  /** What amounts without a currency of their own are in, by which clock days begin, and whose words choices become. */
  tenant: { currency: string; timeZone: string; locale: string };
}

async function prepare(work: Work, { id, type: to, settings: given }: ConvertInput): Promise<Plan> {
  const before = work.types.fields.find((known) => known.id === id);
  const type = before && work.types.find(before.object);
  if (!before || !type) throw notFound();
  if (!convertible[before.type]?.includes(to)) throw new Refusal('invalid', { code: 'typeUnfit', field: 'type' });
  const known = new Set(settingsByType[to]);
  const kept = Object.entries(before.settings).filter(
    ([name]) => known.has(name as keyof FieldSettings) && !(to !== before.type && ofOneType.has(name)),
  );
  const settings = await checkSettings(work, type, to, { ...Object.fromEntries(kept), ...given });
  const after: FieldDefinition = { ...before, type: to, settings };
  const fields = work.types.fields.map((field) => (field === before ? after : field));
  await refuseBrokenRollups({ ...work, types: new Types(work.types.objects, fields, work.types.matching) }, [after]);
  const { currency, timeZone } = await settingsOf(work);
  const tenant = { currency, timeZone, locale: work.actor.locale };
  return { type, before, after, target: fieldOf(after), tenant };
}

interface Outcome {
  record: string;
  value: unknown;
  next: unknown;
}

/** A field's values with what they become, a batch at a time in the order of the records. */
async function* outcomes(work: Work, plan: Plan): AsyncGenerator<Outcome[]> {
  const { type } = plan;
  const { key } = plan.before;
  for (let last: string | null = null; ; ) {
    const rows: { id: string; value: unknown }[] = await work.db.rows(sql`
      select t.id, t.custom -> ${key} as value from ${type.table} t
      where t.tenant_id = ${work.actor.tenantId} and t.deleted_at is null ${andKind(type)} and jsonb_exists(t.custom, ${key})
        ${last ? sql`and t.id > ${last}::uuid` : sql``} order by t.id limit ${batchSize}`);
    yield rows.map(({ id, value }) => ({ record: id, value, next: converted(value, plan) }));
    if (rows.length < batchSize) return;
    last = rows.at(-1)?.id ?? null;
  }
}

async function look(work: Work, plan: Plan, most: number): Promise<Conversion> {
  const report: Conversion = { values: 0, converted: 0, lost: 0, checked: 0, examples: [] };
  for await (const batch of outcomes(work, plan)) {
    const lost = batch.filter(({ next }) => next === null);
    report.checked += batch.length;
    report.lost += lost.length;
    report.examples.push(
      ...lost.slice(0, 10 - report.examples.length).map(({ record, value }) => ({ id: record, value })),
    );
    if (report.checked > most) break;
  }
  report.converted = report.checked - report.lost;
  report.values = report.checked > most ? await countValues(work, plan) : report.checked;
  return report;
}

async function countValues(work: Work, { type, before }: Plan): Promise<number> {
  const [row] = await work.db.rows<{ n: number }>(sql`select count(*)::int as n from ${type.table} t
    where t.tenant_id = ${work.actor.tenantId} and t.deleted_at is null ${andKind(type)} and jsonb_exists(t.custom, ${before.key})`);
  return row?.n ?? 0;
}

async function convertAll(work: Work, plan: Plan, changeSetId: string, signal?: AbortSignal): Promise<void> {
  const { before, after } = plan;
  const values = { type: after.type, settings: after.settings };
  const fieldType = work.types.get('customField');
  await apply(work, 'configure', [{ type: fieldType, op: 'update', id: before.id, values }], { changeSetId });
  // The tenant's kinds are others now: the values are written as ones of the new type.
  const type = work.types.get(before.object);
  for await (const batch of outcomes(work, plan)) {
    signal?.throwIfAborted();
    const list = batch
      .filter(({ value, next }) => JSON.stringify(value) !== JSON.stringify(next))
      .map(({ record, next }): Change => ({ type, op: 'update', id: record, values: { [before.key]: next } }));
    if (list.length > 0) await apply(work, 'configure', list, { changeSetId });
  }
}

/** A value in the form of the new type; null where it has none. */
function converted(value: unknown, plan: Plan): unknown {
  const read = plan.target.schema.safeParse(inform(value, plan));
  return read.success ? (read.data ?? null) : null;
}

function inform(value: unknown, { before: from, after: to, tenant }: Plan): unknown {
  const currency = (field: FieldDefinition) => field.settings.currency ?? tenant.currency;
  if (typeof value === 'number') {
    const n = from.type === 'money' ? toMajor(value, currency(from)) : value;
    if (to.type === 'money')
      return from.type === 'money' && currency(from) === currency(to) ? value : toMinor(n, currency(to));
    return (worded as readonly string[]).includes(to.type) ? String(n) : n;
  }
  if (Array.isArray(value)) {
    if (to.type === 'text') return value.map((one) => labelOf(from, one, tenant.locale)).join(', ');
    // Of several, none is more right than the others.
    return to.type === 'choice' ? (value.length === 1 ? value[0] : null) : value;
  }
  if (typeof value !== 'string') return value;
  switch (to.type) {
    case 'number':
      return /^\s*[-+]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : null;
    case 'datetime':
      return from.type === 'date' ? momentIn(tenant.timeZone, `${value}T00:00`).replace('.000', '') : value;
    case 'date':
      return from.type === 'datetime' ? dayIn(tenant.timeZone, value) : value.trim();
    case 'choices':
      return [value];
    case 'text':
      return from.type === 'choice' ? labelOf(from, value, tenant.locale) : value;
    default:
      return value;
  }
}

function labelOf({ settings }: FieldDefinition, value: unknown, locale: string): string {
  const choice = settings.choices?.find((one) => one.value === value);
  return labelIn(choice?.label, locale) || String(value);
}
