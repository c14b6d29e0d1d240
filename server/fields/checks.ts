import { tenantSettings } from '@/db/schema/tenants';
import {
  type FieldDefinition,
  type FieldSettings,
  fieldOf,
  isOwnObject,
  labelIn,
  type OwnFieldType,
  settingProblems,
} from '@/domain/custom-fields';
import type { Fields } from '@/domain/fields';
import { fieldsIn } from '@/domain/filter-eval';
import type { Filter } from '@/domain/filters';
import { compileFormula } from '@/domain/formula/formula';
import { FormulaProblem } from '@/domain/formula/problem';
import { type RecordObject, recordObjects } from '@/domain/objects';
import { Refusal } from '@/domain/refusals';
import { filterSql } from '../core/filter-sql';
import { fitsPattern, readPattern } from '../core/patterns';
import type { RecordType } from '../core/record-types';
import { askedBy, rollupPlan } from '../core/rollups';
import type { Work } from '../core/work';

/** A field that is not there yet. */
const draft = { id: '', version: 1, key: 'c_draft', label: {}, help: null, required: false, position: 0 };

function wrong(setting: string, code: string, params?: Record<string, string | number>): never {
  throw new Refusal('invalid', { code, field: `settings.${setting}`, params });
}

/**
 * Holds the rules of a field to its type and the tenant's catalogue.
 * @returns the rules with what follows from them: what a formula or a roll-up gives
 * @throws Refusal invalid naming the first setting that does not fit
 */
export async function checkSettings(
  work: Work,
  type: RecordType,
  kind: OwnFieldType,
  settings: FieldSettings,
): Promise<FieldSettings> {
  const [problem] = settingProblems(kind, settings);
  if (problem) wrong(problem.setting, problem.code);
  if (settings.pattern && !readPattern(settings.pattern.expression)) wrong('pattern.expression', 'badPattern');
  if (settings.to !== undefined && !pointable(work, settings.to)) wrong('to', 'choice');
  for (const name of ['showIf', 'requireIf'] as const) {
    const filter = settings[name];
    if (!filter) continue;
    for (const asked of fieldsIn(filter)) {
      if (asked.includes('.')) wrong(name, 'conditionOwn');
      if (!Object.hasOwn(type.fields, asked)) wrong(name, 'unknownField');
    }
    // Compiled to see that each value fits its field; a form and a verb judge by the same filter.
    filterSql(work, type, filter);
  }
  if (settings.default !== undefined) {
    const definition: FieldDefinition = { ...draft, object: type.object, type: kind, settings };
    const read = fieldOf(definition).schema.safeParse(settings.default);
    if (!read.success) return wrong('default', 'invalid');
    if (typeof read.data === 'string' && !fitsPattern(definition, read.data)) wrong('default', 'pattern');
    // In form, as a value that comes in is; nothing is no default.
    return { ...settings, default: read.data ?? undefined };
  }
  if (kind === 'formula') return checkFormula(type.fields, settings);
  if (kind === 'rollup') return checkRollup(work, type, settings);
  return settings;
}

/** Whether a reference may lead there: people, and records of any kind. */
const pointable = (work: Work, to: string) =>
  isOwnObject(to) ? work.types.find(to) !== undefined : ['company', 'contact', 'deal', 'product', 'task'].includes(to);

function checkFormula(fields: Fields, settings: FieldSettings): FieldSettings {
  try {
    // With the field itself, where it is there: using oneself is refused as a circle.
    const { result, currency } = compileFormula(settings.formula ?? '', fields, settings);
    return { ...settings, result, ...(currency && currency !== 'record' ? { currency } : {}) };
  } catch (error) {
    if (error instanceof FormulaProblem) wrong('formula', error.code, error.params);
    throw error;
  }
}

/** What a formula would give, or what is wrong with it: for whoever writes one. */
export function tryFormula(
  work: Work,
  input: { object: string; formula: string },
):
  | { result: string; uses: string[]; problem: null }
  | { problem: { code: string; params: Record<string, string | number> } } {
  const fields = work.types.find(input.object)?.fields ?? {};
  try {
    const { result, uses } = compileFormula(input.formula, fields);
    return { result, uses: [...uses], problem: null };
  } catch (error) {
    if (error instanceof FormulaProblem) return { problem: { code: error.code, params: error.params } };
    throw error;
  }
}

const summable = ['number', 'integer', 'rating', 'money', 'percent'];
const comparable = [...summable, 'date', 'datetime'];

async function checkRollup(work: Work, type: RecordType, settings: FieldSettings): Promise<FieldSettings> {
  const { rollup } = settings;
  const child = rollup && work.types.find(rollup.object);
  if (!rollup || !child || !(child.rights || recordObjects.includes(child.object as RecordObject)))
    return wrong('rollup.object', 'choice');
  const fieldAt = (name: string | undefined) =>
    name && Object.hasOwn(child.fields, name) ? child.fields[name] : undefined;
  const through = fieldAt(rollup.through);
  if (through?.to !== type.object || through.type !== 'reference') wrong('rollup.through', 'rollupThrough');
  if (rollup.filter) checkFilter(work, child, rollup.filter);
  if (rollup.fn === 'count') return { ...settings, result: 'number', currency: undefined };
  const field = fieldAt(rollup.field);
  const fits = rollup.fn === 'sum' || rollup.fn === 'avg' ? summable : comparable;
  if (!field || !fits.includes(field.type)) return wrong('rollup.field', 'rollupField');
  if (field.type === 'money') {
    const currency = field.own ? field.own.settings.currency : (settings.currency ?? (await currencyOf(work)));
    return { ...settings, result: 'money', currency };
  }
  const result = (['percent', 'date', 'datetime'] as const).find((name) => name === field.type) ?? 'number';
  return { ...settings, result, currency: undefined };
}

/**
 * Makes sure that roll-ups over changed fields, and those among them, can still be worked out: a sum of what has become
 * a text would fail every write of the records it sums up.
 * @param work with the tenant's kinds as they are after the change
 * @throws Refusal conflict `rollupNeeds` naming the first roll-up that could not
 */
export async function refuseBrokenRollups(
  work: Work,
  changed: readonly Pick<FieldDefinition, 'object' | 'key'>[],
): Promise<void> {
  const isChanged = (object: string, key: string) =>
    changed.some((field) => field.object === object && field.key === key);
  // Those that go by a field in the bin say nothing until it is back.
  for (const { definition, rollup } of [...rollupPlan(work.types).over.values()].flat()) {
    const { object, key, label, settings } = definition;
    if (!isChanged(object, key) && !askedBy(rollup).some((name) => isChanged(rollup.object, name))) continue;
    const broken = () =>
      new Refusal('conflict', { code: 'rollupNeeds', params: { rollup: labelIn(label, work.actor.locale) } });
    const checked = await checkRollup(work, work.types.get(object), settings).catch((error) => {
      throw error instanceof Refusal ? broken() : error;
    });
    if (checked.result !== settings.result || checked.currency !== settings.currency) throw broken();
  }
}

/** What is compared with whoever asks, or with the day of asking. */
const movingOps = new Set(['me', 'during', 'inLast', 'inNext', 'olderThan']);

/** Only what a record itself holds, and what stays as it is while nobody touches it, can be kept count of. */
function checkFilter(work: Work, child: RecordType, filter: Filter): void {
  for (const name of fieldsIn(filter)) if (!Object.hasOwn(child.fields, name)) wrong('rollup.filter', 'rollupFilter');
  const relation = fieldsIn(filter).some((name) => child.fields[name]?.type === 'relation');
  if (relation || opsIn(filter).some((op) => movingOps.has(op))) wrong('rollup.filter', 'rollupFilter');
  filterSql(work, child, filter);
}

const opsIn = (filter: Filter): string[] =>
  'and' in filter ? filter.and.flatMap(opsIn) : 'or' in filter ? filter.or.flatMap(opsIn) : [filter.op];

async function currencyOf(work: Work): Promise<string | undefined> {
  return (await work.db.find(tenantSettings, undefined, { limit: 1 }))[0]?.currency;
}
