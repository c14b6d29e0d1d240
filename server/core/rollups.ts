import { and, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { FieldDefinition, Rollup } from '@/domain/custom-fields';
import { fieldsIn } from '@/domain/filter-eval';
import { rounded } from '@/domain/formula/values';
import { computedValues, workspaceFor } from './computed';
import { writeCopies } from './field-values';
import { filterSql } from './filter-sql';
import { flat, ownValues, type RecordType, type RecordValues, snake } from './record-types';
import { andKind, ofKind, type Types } from './types';
import type { Work } from './work';

/** A record before and after a change; null where it was not, or is no more, among those that count. */
export interface Touched {
  type: RecordType;
  id: string;
  before: RecordValues | null;
  after: RecordValues | null;
}

interface RollupField {
  definition: FieldDefinition;
  rollup: Rollup;
  /** Fields of the records summed up that the value follows from. */
  asks: readonly string[];
}

interface Plan {
  /** By the object whose records are summed up. */
  over: Map<string, RollupField[]>;
  /** Objects in the order in which records are locked: what is summed up before what it is summed up in. */
  rank: Map<string, number>;
  /** Objects that are summed up in each other, or in themselves, so that there is no such order. */
  circular: boolean;
}

const plans = new WeakMap<Types, Plan>();

/** What is summed up in what, of a tenant. */
export function rollupPlan(types: Types): Plan {
  let plan = plans.get(types);
  if (!plan) {
    plan = makePlan(types);
    plans.set(types, plan);
  }
  return plan;
}

/** The fields of the records summed up that a roll-up goes by. */
export const askedBy = ({ through, field, filter }: Rollup): string[] => [
  through,
  ...(field ? [field] : []),
  ...(filter ? fieldsIn(filter) : []),
];

function makePlan(types: Types): Plan {
  const over = new Map<string, RollupField[]>();
  for (const definition of types.fields) {
    const { rollup } = definition.settings;
    if (definition.type !== 'rollup' || !rollup) continue;
    const child = types.find(rollup.object);
    // A field that is gone, or leads elsewhere by now, sums up nothing.
    if (child?.fields[rollup.through]?.to !== definition.object || !types.find(definition.object)) continue;
    const asks = askedBy(rollup);
    if (!asks.every((name) => Object.hasOwn(child.fields, name))) continue;
    const currency = rollup.field && !child.fields[rollup.field]?.own && child.fields[rollup.field]?.type === 'money';
    const list = over.get(rollup.object) ?? [];
    over.set(rollup.object, list);
    list.push({ definition, rollup, asks: currency ? [...asks, 'currency'] : asks });
  }
  const rank = new Map<string, number>();
  let circular = false;
  const place = (object: string, above: readonly string[]): number => {
    if (above.includes(object)) {
      circular = true;
      return 0;
    }
    const known = rank.get(object);
    if (known !== undefined) return known;
    const below = [...over].filter(([, fields]) => fields.some(({ definition }) => definition.object === object));
    const found = Math.max(0, ...below.map(([child]) => place(child, [...above, object]) + 1));
    rank.set(object, found);
    return found;
  };
  for (const [object, fields] of over)
    for (const name of [object, ...fields.map((f) => f.definition.object)]) place(name, []);
  return { over, rank, circular };
}

/** Parents whose sums may be others now: by object, then id, with the fields in question. */
type Affected = Map<string, Map<string, Set<RollupField>>>;

function affectedBy(types: Types, touched: readonly Touched[], into: Affected = new Map()): Affected {
  const { over } = rollupPlan(types);
  for (const { type, before, after } of touched) {
    for (const field of over.get(type.object) ?? []) {
      const differs = !before || !after || field.asks.some((name) => !same(before[name], after[name]));
      if (!differs) continue;
      for (const row of [before, after]) {
        const id = row?.[field.rollup.through];
        if (typeof id !== 'string') continue;
        const ofObject = into.get(field.definition.object) ?? new Map<string, Set<RollupField>>();
        into.set(field.definition.object, ofObject);
        ofObject.set(id, (ofObject.get(id) ?? new Set()).add(field));
      }
    }
  }
  return into;
}

const same = (a: unknown, b: unknown) => (a ?? null) === (b ?? null) || JSON.stringify(a) === JSON.stringify(b);

/**
 * Two writers that lock the same records in different orders would wait for each other for ever. Children are locked
 * before parents, each kind by id; where kinds are summed up in each other a tenant's writers take turns.
 */
export async function lockInOrder(work: Work, changed: ReadonlyMap<RecordType, readonly string[]>): Promise<void> {
  const { over, rank, circular } = rollupPlan(work.types);
  if (over.size === 0) return;
  const concerned = [...changed].filter(([type]) => rank.has(type.object));
  if (circular && concerned.length > 0) {
    await work.db.rows(sql`select pg_advisory_xact_lock(hashtextextended(${`rollups ${work.actor.tenantId}`}, 0))`);
    return;
  }
  if (concerned.length < 2) return;
  for (const [type, ids] of concerned.sort(([a], [b]) => (rank.get(a.object) ?? 0) - (rank.get(b.object) ?? 0))) {
    await work.db.find(type.table, inArray(type.table.id, [...ids]), { lock: true, orderBy: type.table.id });
  }
}

/**
 * Locks the parents whose sums a change is about to alter, before it is written: a written row holds its parents by
 * their keys, and two such writers would each wait for the other to let go.
 */
export async function lockParents(work: Work, touched: readonly Touched[]): Promise<void> {
  const affected = affectedBy(work.types, touched);
  for (const object of inOrder(work.types, affected))
    await lockRows(work, work.types.get(object), [...(affected.get(object)?.keys() ?? [])]);
}

const inOrder = (types: Types, affected: Affected): string[] => {
  const { rank } = rollupPlan(types);
  return [...affected.keys()].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || (a < b ? -1 : 1));
};

const lockRows = (work: Work, type: RecordType, ids: string[]) =>
  work.db.rows(sql`select t.id from ${type.table} t where t.tenant_id = ${work.actor.tenantId} and t.id = any(${sql.param(ids)}::uuid[])
    ${andKind(type)} order by t.id for no key update`);

/** Brings all sums in line with what has been written, and what follows from those in turn. */
export async function followRollups(work: Work, touched: readonly Touched[]): Promise<void> {
  const affected = affectedBy(work.types, touched);
  for (let [object] = inOrder(work.types, affected); object !== undefined; [object] = inOrder(work.types, affected)) {
    const parents = affected.get(object) ?? new Map<string, Set<RollupField>>();
    affected.delete(object);
    const fields = new Set([...parents.values()].flatMap((set) => [...set]));
    const next = await renew(work, work.types.get(object), [...parents.keys()], [...fields]);
    affectedBy(work.types, next, affected);
  }
}

/** Works out all computed fields of these records anew, and what follows from them. */
export async function refresh(work: Work, type: RecordType, ids: string[]): Promise<void> {
  const fields = [...rollupPlan(work.types).over.values()].flat();
  const mine = fields.filter(({ definition }) => definition.object === type.object);
  await followRollups(work, await renew(work, type, ids, mine));
}

/** Works out sums and formulas of live records and writes what differs. @returns the records that changed */
async function renew(work: Work, type: RecordType, ids: string[], fields: RollupField[]): Promise<Touched[]> {
  if (ids.length === 0) return [];
  await lockRows(work, type, ids);
  const live = and(inArray(type.table.id, ids), isNull(type.table.deletedAt), ofKind(type));
  const [found, ...sums] = await Promise.all([
    work.db.find(type.table, live),
    ...fields.map((field) => sumsOf(work, field, ids)),
  ]);
  const workspace = await workspaceFor(work, type);
  const broken = (type.own ?? []).filter((own) => own.type === 'rollup' && !isSummed(work, own));
  const changed = found.flatMap((stored) => {
    const before = flat(stored);
    const summed: RecordValues = Object.fromEntries(broken.map(({ key }) => [key, null]));
    for (const [i, { definition, rollup }] of fields.entries()) {
      const none = rollup.fn === 'count' || rollup.fn === 'sum' ? 0 : null;
      summed[definition.key] = sums[i]?.get(String(before.id)) ?? none;
    }
    const differing = Object.fromEntries(Object.entries(summed).filter(([key, value]) => !same(before[key], value)));
    const after = { ...before, ...differing };
    const computed = computedValues(type, after, workspace);
    Object.assign(after, computed);
    const names = new Set([...Object.keys(differing), ...Object.keys(computed)]);
    return names.size > 0 ? [{ type, id: String(before.id), before, after, names }] : [];
  });
  if (changed.length === 0) return [];
  const written = changed.map(({ id, after }) => ({ id, custom: ownValues(after) }));
  await Promise.all([
    work.db.rows(sql`update ${type.table} as t set custom = r.custom from jsonb_to_recordset(${JSON.stringify(written)}) as r (id uuid, custom jsonb)
      where t.tenant_id = ${work.actor.tenantId} and t.id = r.id`),
    writeCopies(
      work,
      type,
      changed.map(({ id, after, names }) => ({ id, row: after, names })),
    ),
  ]);
  return changed;
}

const isSummed = ({ types }: Work, own: FieldDefinition) =>
  [...rollupPlan(types).over.values()].some((list) => list.some(({ definition }) => definition.id === own.id));

/** The sum of each of these parents that has anything to sum up. */
async function sumsOf(work: Work, field: RollupField, ids: string[]): Promise<Map<string, unknown>> {
  const { rollup, definition } = field;
  const child = work.types.get(rollup.object);
  const through = child.fields[rollup.through]?.own;
  const tenant = work.actor.tenantId;
  const [parent, from] = through
    ? [
        sql`v.ref`,
        sql`app.field_value v join ${child.table} t on t.tenant_id = v.tenant_id and t.id = v.record_id
          where v.tenant_id = ${tenant} and v.field_id = ${through.id} and v.ref = any(${sql.param(ids)}::uuid[])`,
      ]
    : [
        sql`t.${sql.identifier(snake(rollup.through))}`,
        sql`${child.table} t where t.${sql.identifier(snake(rollup.through))} = any(${sql.param(ids)}::uuid[])`,
      ];
  const filter = rollup.filter ? sql`and ${filterSql(work, child, rollup.filter)}` : sql``;
  const rows = await work.db.rows<{ parent: string; value: unknown }>(sql`
    select ${parent} as parent, ${aggregate(child, field)} as value from ${from}
      and t.tenant_id = ${tenant} and t.deleted_at is null ${andKind(child)} ${filter} group by 1`);
  const { decimals = 6, result } = definition.settings;
  const kept = (value: unknown) =>
    typeof value === 'number' ? rounded(value, result === 'money' ? 0 : decimals) : value;
  return new Map(rows.map(({ parent: id, value }) => [id, kept(value)]));
}

const casts: Partial<Record<string, SQL>> = { date: sql`date`, datetime: sql`timestamptz` };

function aggregate(child: RecordType, { rollup, definition }: RollupField): SQL {
  const { fn, field: name } = rollup;
  if (fn === 'count' || !name) return sql`count(*)::float8`;
  const field = child.fields[name];
  const cast = casts[field?.type ?? ''] ?? sql`float8`;
  // A text that an undo left in a field of another type is no value of it; a cast would fail on it.
  const held = field?.type === 'date' || field?.type === 'datetime' ? 'string' : 'number';
  const value = field?.own
    ? sql`(case when jsonb_typeof(t.custom -> ${name}) = ${held} then t.custom ->> ${name} end)::${cast}`
    : sql`t.${sql.identifier(snake(name))}::${cast}`;
  // Amounts of records that name their currency are added up in one only.
  const { currency } = definition.settings;
  const only =
    field?.type === 'money' && !field.own && currency && Object.hasOwn(child.fields, 'currency')
      ? sql`filter (where t.currency = ${currency})`
      : sql``;
  switch (fn) {
    case 'sum':
      return sql`sum(${value}) ${only}`;
    case 'avg':
      return sql`avg(${value}) ${only}`;
    case 'min':
      return sql`min(${value}) ${only}`;
    case 'max':
      return sql`max(${value}) ${only}`;
  }
}
