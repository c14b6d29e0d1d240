import { sql } from 'drizzle-orm';
import type { ObjectDefinition } from '@/domain/catalogue';
import { type FieldDefinition, isOwnObject, labelIn } from '@/domain/custom-fields';
import type { OwnObject } from '@/domain/fields';
import type { ImportPlan } from '@/domain/imports/mapping';
import { draftedColumns, draftTargets } from '@/domain/imports/new-field';
import { type OwnTargets, ownTargets } from '@/domain/imports/own-targets';
import type { Ref } from '@/domain/imports/rows';
import { type ImportObject, isKey, keysInTurn, type Target, targetIn } from '@/domain/imports/targets';
import { Refusal } from '@/domain/refusals';
import { copiesOf } from '../core/field-values';
import { unfilled } from '../core/own-input';
import { fitsPattern } from '../core/patterns';
import type { RecordType, RecordValues } from '../core/record-types';
import type { Work } from '../core/work';
import type { ImportProblem } from './problems';

/** What a tenant has added to an object a file may be imported as. */
export function ownOf({ types }: Pick<Work, 'types'>, object: ImportObject): OwnTargets {
  return {
    targets: ownTargets(types.find(object)?.own ?? [], (name) => types.find(name) !== undefined),
    definition: types.objects.find(({ key }) => key === object),
  };
}

/**
 * An object that files may be imported as, when the tenant has it and the actor may write it.
 * @throws Refusal invalid `noSuchObject` for one that is not there (any more)
 */
export function requireImportable({ types, actor }: Pick<Work, 'types' | 'actor'>, object: ImportObject): void {
  if (!isOwnObject(object)) return;
  const rights = types.find(object)?.rights;
  if (!rights || rights.read[actor.role] === 'none' || rights.write[actor.role] === 'none')
    throw new Refusal('invalid', { code: 'noSuchObject', field: 'plan.object' });
}

/** The tenant's objects that files may be imported as. */
export function ownImportables(
  work: Pick<Work, 'types' | 'actor'>,
): { key: OwnObject; definition: ObjectDefinition; targets: readonly Target[] }[] {
  return work.types.objects.flatMap((definition) => {
    const { key, rights } = definition;
    if (!isOwnObject(key) || rights.write[work.actor.role] === 'none') return [];
    return [{ key, definition, targets: ownOf(work, key).targets }];
  });
}

/**
 * A plan with the tenant's own fields as targets.
 * @throws Refusal invalid `noSuchObject`, `unknownTarget` naming a column that goes to a field the tenant does not have,
 *   or `matchKeyNotUnique` for an own field that may hold one value on several records
 */
export function withOwn<P extends ImportPlan>(work: Work, plan: P): P {
  if (!plan.make) requireImportable(work, plan.object);
  // Fields that are to be made are read as if they were there.
  const own = [...ownOf(work, plan.object).targets, ...draftTargets(plan.object, plan.columns)];
  const whole = { ...plan, columns: draftedColumns(plan.columns), own };
  const wrong = whole.columns.findIndex(({ target }) => target !== null && !targetIn(whole, target));
  if (wrong >= 0) throw new Refusal('invalid', { code: 'unknownTarget', field: `plan.columns.${wrong}.target` });
  const keys = new Set(plan.matchKeys ?? [plan.matchKey]);
  if (own.some((target) => keys.has(target.name) && !isKey(target))) {
    const field = plan.matchKeys ? 'plan.matchKeys' : 'plan.matchKey';
    throw new Refusal('invalid', { code: 'matchKeyNotUnique', field });
  }
  return whole;
}

/** A value that may be there once as copies of it are compared: the column, and what stands in it. Null for none. */
export function onceKey(
  own: FieldDefinition,
  value: unknown,
): { column: 'text' | 'number' | 'time' | 'ref'; value: string | number } | null {
  const [copy] = copiesOf(own, noRecord, value);
  if (copy?.text !== undefined) return { column: 'text', value: copy.text };
  if (copy?.number !== undefined) return { column: 'number', value: copy.number };
  if (copy?.time !== undefined) return { column: 'time', value: copy.time };
  return copy?.ref === undefined ? null : { column: 'ref', value: copy.ref };
}

const noRecord = '00000000-0000-0000-0000-000000000000';

/** The fields a plan's columns may go to, each once: a reference is a target twice. */
const ownFields = (plan: ImportPlan) => (plan.own ?? []).flatMap(({ own, idOf }) => (own && !idOf ? [own] : []));

/** What a new record begins with where nothing is said. */
export function defaultsOf(type: RecordType | undefined): RecordValues {
  return Object.fromEntries(
    (type?.own ?? []).flatMap(({ key, settings }) => (settings.default === undefined ? [] : [[key, settings.default]])),
  );
}

/**
 * What a row leaves empty that must be filled, always or under a condition: one problem for each field, naming it.
 * @param refs what the row names by its texts, whether or not that is there
 * @param before the record it changes; null for a new one
 */
export function stillRequired(
  work: Pick<Work, 'now' | 'actor'>,
  plan: ImportPlan,
  type: RecordType,
  before: RecordValues | null,
  values: RecordValues,
  refs: Record<string, readonly Ref[]>,
): ImportProblem[] {
  const about = { now: work.now.getTime(), memberId: work.actor.memberId };
  return unfilled(type.own ?? [], before, values, about).map((own) => {
    const column = plan.columns.find(({ target }) => target === own.key || target === `${own.key}ExternalId`);
    const [named] = refs[own.key] ?? [];
    const text = named && (named.text ?? named.sourceId);
    return {
      // A cell that names nothing is not empty to whoever filled it in.
      ...(text ? { code: 'requiredReference', params: { text } } : { code: 'requiredField' }),
      index: column?.index ?? null,
      header: column?.header ?? (labelIn(own.label, work.actor.locale) || own.key),
      target: own.key,
      level: 'row',
    };
  });
}

/** Values that may be there once, and which record has each: those stored, and those of rows before. */
export class OnceOnly {
  private readonly holders = new Map<string, string>();

  /** Forgets what the last batch knew; a dry run keeps it, since nothing of it is in the tables. */
  clear(): void {
    this.holders.clear();
  }

  /** Reads who has the values of these rows already. */
  async load(work: Work, plan: ImportPlan, rows: readonly RecordValues[]): Promise<void> {
    const copies = rows.flatMap((values) => this.copies(plan, values));
    if (copies.length === 0) return;
    const found = await work.db.rows<{
      field: string;
      record: string;
      value: string | null;
      number: number | null;
    }>(sql`
      select v.field_id as field, v.record_id as record, v.number,
        coalesce(v.text, (extract(epoch from v.time) * 1000)::bigint::text, v.ref::text) as value
      from app.field_value v join jsonb_to_recordset(${JSON.stringify(copies)}) as r (field uuid, text text, number float8, time timestamptz, ref uuid)
        on v.field_id = r.field and (v.text = r.text collate "C" or v.number = r.number or v.time = r.time or v.ref = r.ref)
      where v.tenant_id = ${work.actor.tenantId} and v.single`);
    // A number is written out here: as a text, Postgres gives 5e-05 for 0.00005.
    for (const { field, record, value, number } of found) this.holders.set(`${field} ${value ?? number}`, record);
  }

  private copies(plan: ImportPlan, values: RecordValues) {
    return ownFields(plan).flatMap((own) => (own.settings.unique ? copiesOf(own, noRecord, values[own.key]) : []));
  }

  /**
   * Takes values out of a row that another record has, saying so; what is left is the record's from now on.
   * @returns takes that back, for a row that is refused after all
   */
  claim(plan: ImportPlan, id: string, values: RecordValues, problems: ImportProblem[]): () => void {
    const claimed: string[] = [];
    for (const own of ownFields(plan)) {
      if (!own.settings.unique) continue;
      const [copy] = copiesOf(own, id, values[own.key]);
      if (!copy) continue;
      const value = copy.text ?? copy.number ?? (copy.time ? Date.parse(copy.time) : copy.ref);
      const slot = `${own.id} ${value}`;
      const holder = this.holders.get(slot);
      if (holder === undefined) claimed.push(slot);
      if (holder === undefined || holder === id) {
        this.holders.set(slot, id);
        continue;
      }
      problems.push(problemOf(plan, own.key, 'taken', String(values[own.key])));
      delete values[own.key];
    }
    return () => {
      for (const slot of claimed) this.holders.delete(slot);
    };
  }
}

/** Takes texts out of a row that have not the form their field asks for, saying so; a row is nothing without its key. */
export function dropUnfit(plan: ImportPlan, values: RecordValues, problems: ImportProblem[]): void {
  for (const own of ownFields(plan)) {
    const value = values[own.key];
    if (typeof value !== 'string' || fitsPattern(own, value)) continue;
    const level = keysInTurn(plan).includes(own.key) ? 'row' : 'cell';
    problems.push({ ...problemOf(plan, own.key, 'invalid', value), level });
    delete values[own.key];
  }
}

function problemOf(plan: ImportPlan, target: string, code: 'taken' | 'invalid', text: string): ImportProblem {
  const column = plan.columns.find((one) => one.target === target);
  return {
    code,
    params: { text },
    index: column?.index ?? null,
    header: column?.header ?? null,
    target,
    level: 'cell',
  };
}
