import { sql } from 'drizzle-orm';
import type { ImportPlan } from '@/domain/imports/mapping';
import { ownTargets } from '@/domain/imports/own-targets';
import { targetIn } from '@/domain/imports/targets';
import { Refusal } from '@/domain/refusals';
import { copiesOf } from '../core/field-values';
import { fitsPattern } from '../core/patterns';
import type { RecordValues } from '../core/record-types';
import type { Work } from '../core/work';
import type { ImportProblem } from './problems';

/**
 * A plan with the tenant's own fields as targets.
 * @throws Refusal invalid `unknownTarget` naming a column that goes to a field the tenant does not have
 */
export function withOwn<P extends ImportPlan>(work: Work, plan: P): P {
  const own = ownTargets(work.types.fields.filter(({ object }) => object === plan.object));
  const whole = { ...plan, own };
  const wrong = plan.columns.findIndex(({ target }) => target !== null && !targetIn(whole, target));
  if (wrong >= 0) throw new Refusal('invalid', { code: 'unknownTarget', field: `plan.columns.${wrong}.target` });
  return whole;
}

/** Values that may be there once, and which record has each: those stored, and those of rows before. */
export class OnceOnly {
  private readonly holders = new Map<string, string>();

  /** Reads who has the values of these rows already. */
  async load(work: Work, plan: ImportPlan, rows: readonly RecordValues[]): Promise<void> {
    const copies = rows.flatMap((values) => this.copies(plan, values));
    if (copies.length === 0) return;
    const found = await work.db.rows<{ field: string; record: string; value: string }>(sql`
      select v.field_id as field, v.record_id as record, coalesce(v.text, v.number::text, (extract(epoch from v.time) * 1000)::bigint::text, v.ref::text) as value
      from app.field_value v join jsonb_to_recordset(${JSON.stringify(copies)}) as r (field uuid, text text, number float8, time timestamptz, ref uuid)
        on v.field_id = r.field and (v.text = r.text collate "C" or v.number = r.number or v.time = r.time or v.ref = r.ref)
      where v.tenant_id = ${work.actor.tenantId} and v.single`);
    for (const { field, record, value } of found) this.holders.set(`${field} ${value}`, record);
  }

  private copies(plan: ImportPlan, values: RecordValues) {
    return (plan.own ?? []).flatMap(({ own }) =>
      own?.settings.unique ? copiesOf(own, '00000000-0000-0000-0000-000000000000', values[own.key]) : [],
    );
  }

  /** Takes values out of a row that another record has, saying so; what is left is the record's from now on. */
  claim(plan: ImportPlan, id: string, values: RecordValues, problems: ImportProblem[]): void {
    for (const { own } of plan.own ?? []) {
      if (!own?.settings.unique) continue;
      const [copy] = copiesOf(own, id, values[own.key]);
      if (!copy) continue;
      const value = copy.text ?? copy.number ?? (copy.time ? Date.parse(copy.time) : copy.ref);
      const slot = `${own.id} ${value}`;
      const holder = this.holders.get(slot);
      if (holder === undefined || holder === id) {
        this.holders.set(slot, id);
        continue;
      }
      problems.push(problemOf(plan, own.key, 'taken', String(values[own.key])));
      delete values[own.key];
    }
  }
}

/** Takes texts out of a row that have not the form their field asks for, saying so. */
export function dropUnfit(plan: ImportPlan, values: RecordValues, problems: ImportProblem[]): void {
  for (const { own } of plan.own ?? []) {
    const value = own && values[own.key];
    if (!own || typeof value !== 'string' || fitsPattern(own, value)) continue;
    problems.push(problemOf(plan, own.key, 'invalid', value));
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
