import { and, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { isBlank } from '@/domain/blank';
import { type FieldDefinition, labelIn } from '@/domain/custom-fields';
import { type Circumstances, holds } from '@/domain/filter-eval';
import { fitsPattern } from './patterns';
import { flat, type RecordType, type RecordValues } from './record-types';
import { inScope } from './scope';
import { ofKind } from './types';
import type { Work } from './work';

type Issue = z.core.$ZodIssue;

/**
 * The values of a tenant's own fields as they came in, checked and brought into form: each by its field's schema; what
 * is missing from a new record gets its default; what must be filled is.
 * @param type the tenant's version of the kind
 * @param ids of the records to be changed; none for a new one
 * @throws ZodError naming every field that is wrong
 */
export async function checkOwn(
  work: Work,
  type: RecordType,
  values: RecordValues,
  ids: string[] | null,
): Promise<RecordValues> {
  const issues: Issue[] = [];
  const checked: RecordValues = {};
  for (const [name, value] of Object.entries(values)) {
    // The standard fields of a standard object have been checked by its own schema.
    if (!name.startsWith('c_') && Object.hasOwn(type.fields, name)) checked[name] = value;
    else Object.assign(checked, checkOne(work, type, name, value, issues));
  }
  const own = type.own ?? [];
  if (ids === null) {
    for (const { key, settings } of own) {
      if (settings.default !== undefined && values[key] === undefined) checked[key] = settings.default;
    }
  }
  await requireFiles(work, type, checked, ids, issues);
  if (issues.length === 0 && own.some(({ required, settings }) => required || settings.requireIf))
    await requireFilled(work, type, checked, ids, issues);
  if (issues.length > 0) throw new z.ZodRealError(issues);
  return checked;
}

function checkOne(work: Work, type: RecordType, name: string, value: unknown, issues: Issue[]): RecordValues {
  const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
  if (!field?.own) {
    issues.push({ code: 'unrecognized_keys', keys: [name], path: ['values'], message: '', input: { [name]: value } });
    return {};
  }
  if (field.readOnly) {
    issues.push({ code: 'custom', path: ['values', name], message: 'readOnly', input: value });
    return {};
  }
  const read = field.schema.safeParse(value);
  if (read.success && typeof read.data === 'string' && !fitsPattern(field.own, read.data)) {
    const message = labelIn(field.own.settings.pattern?.message, work.actor.locale);
    const told = message ? { message: 'patternMessage', params: { message } } : { message: 'pattern' };
    issues.push({ code: 'custom', path: ['values', name], input: value, ...told });
    return {};
  }
  if (read.success) return { [name]: read.data };
  issues.push(...read.error.issues.map((issue) => ({ ...issue, path: ['values', name, ...issue.path] })));
  return {};
}

/** A field of files holds what has been put on that very record, into that field (server/attachments). */
async function requireFiles(
  work: Work,
  type: RecordType,
  values: RecordValues,
  ids: string[] | null,
  issues: Issue[],
): Promise<void> {
  for (const { key, type: kind } of type.own ?? []) {
    const files = values[key];
    if (kind !== 'file' || !Array.isArray(files) || files.length === 0) continue;
    const [id] = ids?.length === 1 ? ids : [];
    const found = await work.db.rows(sql`select a.id from app.attachment a where a.tenant_id = ${work.actor.tenantId}
      and a.record_id = ${id ?? null} and a.object = ${type.object} and a.field = ${key} and a.deleted_at is null
      and a.id = any(${sql.param(files)}::uuid[])`);
    if (found.length < new Set(files).size)
      issues.push({ code: 'custom', path: ['values', key], message: 'noSuchRecord', input: files });
  }
}

/** What must be filled, always or under a condition, is; a field that is not shown need not be. */
async function requireFilled(
  work: Work,
  type: RecordType,
  values: RecordValues,
  ids: string[] | null,
  issues: Issue[],
): Promise<void> {
  const rows = ids === null ? [{}] : await writable(work, type, ids);
  const about = { now: work.now.getTime(), memberId: work.actor.memberId };
  const missing = new Set<string>();
  for (const before of rows) {
    for (const { key } of unfilled(type.own ?? [], ids === null ? null : before, values, about)) missing.add(key);
  }
  for (const key of missing) issues.push({ code: 'custom', path: ['values', key], message: 'required', input: null });
}

/** Of these records those the actor may change: of any other not even what it lacks is told; the verb refuses it. */
async function writable(work: Work, type: RecordType, ids: string[]): Promise<RecordValues[]> {
  const scope = inScope(work, type, 'write', type.tableName);
  return (await work.db.find(type.table, and(inArray(type.table.id, ids), ofKind(type), scope))).map(flat);
}

/** Nobody types these in: what is computed, and links, which come after the record. */
const unfillable = new Set(['formula', 'rollup', 'relation']);

/**
 * Fields that must be filled, always or under a condition, and would not be.
 * @param before the record to be changed; null for a new one
 */
export function unfilled(
  own: readonly FieldDefinition[],
  before: RecordValues | null,
  values: RecordValues,
  about: Circumstances,
): FieldDefinition[] {
  const row = { ...before, ...values };
  return own.filter(({ key, type, required, settings: { showIf, requireIf } }) => {
    // Files come once there is a record to put them on.
    if (unfillable.has(type) || (type === 'file' && before === null)) return false;
    const asked = required || (requireIf !== undefined && holds(requireIf, row, about));
    if (!asked || (showIf && !holds(showIf, row, about)) || !isBlank(row[key])) return false;
    // What was empty before and is not touched now waits for whoever edits it, unless this change made it required.
    const wasAsked = required || (before !== null && requireIf !== undefined && holds(requireIf, before, about));
    return before === null || key in values || !wasAsked;
  });
}
