import { type SQL, sql } from 'drizzle-orm';
import { textArray } from '@/db/arrays';
import { changes, externalIds } from '@/db/schema/records';
import type { FieldDefinition } from '@/domain/custom-fields';
import type { ImportPlan } from '@/domain/imports/mapping';
import { domainKey, emailKey, nameKey } from '@/domain/imports/matching';
import { noProduct } from '@/domain/imports/sets';
import { keysInTurn, ownKeysOf } from '@/domain/imports/targets';
import { among } from '../core/among';
import { flat, type RecordType, type RecordValues, snake } from '../core/record-types';
import { andKind } from '../core/types';
import type { Work } from '../core/work';
import { eachOf, eachOfIds, lookUp } from './each-of';
import { onceKey } from './own';
import { ownIdsAmong } from './own-ids';
import { bySourceId, mostCandidates, nameColumn, nameKeyOf } from './references';

/** A record a row may be about. */
export interface Candidate {
  id: string;
  /** Current values, by field. */
  values: RecordValues;
  /** Ids it has in the source this import comes from. */
  sourceIds: string[];
  /** This very import has written it: two rows of one file that mean one record. */
  mine: boolean;
}

/** What is known of the record a row is about: its id in the source, and the row's values with its references. */
export interface Wanted {
  externalId: string | null;
  values: RecordValues;
}

export type Match =
  | { kind: 'none' }
  | { kind: 'one'; candidate: Candidate }
  /** `sameId`: the one that has the row's id is called otherwise, in all that tells such records apart. */
  | { kind: 'several'; names: string[]; ids: string[]; sameId?: true };

/** Fields that tell two records of one name apart. */
const identities: Record<string, readonly string[]> = {
  company: ['domain', 'taxId', 'ticker', 'accountNumber', 'legalName'],
  contact: ['email', 'mobile'],
  product: ['code'],
};

/** The indexed column that has a key other than the source's id, on alias `t`; the others are compared as they stand. */
function indexOf(key: string, object: string): SQL | null {
  if (key === 'domain') return sql`t.domain_norm`;
  if (key === 'email') return sql`t.email_norm`;
  return key === 'name' ? nameColumn(object) : null;
}

/**
 * Says which record a row is about: by the plan's keys in turn, of which the source's id is the first unless another order
 * was chosen. A blank matches nothing, and what fits several records fits none.
 */
export class Matcher {
  private readonly ids = new Map<string, Candidate>();
  private readonly bySource = new Map<string, Candidate>();
  private readonly byKey = new Map<string, Candidate[]>();
  private readonly plan: ImportPlan;
  private readonly type: RecordType;
  private readonly changeSetId: string | null;
  /** The keys rows may be matched by beside the source's id. */
  readonly keys: readonly string[];
  /** The own fields among them: their values are there once. */
  private readonly own: ReadonlyMap<string, FieldDefinition>;
  /** The keys tried before the source's id; null where that is none of the keys chosen. */
  private readonly beforeId: ReadonlySet<string> | null;

  constructor(plan: ImportPlan, type: RecordType, changeSetId: string | null) {
    this.plan = plan;
    this.type = type;
    this.changeSetId = changeSetId;
    const inTurn = keysInTurn(plan);
    this.keys = inTurn.filter((key) => key !== 'externalId');
    this.own = new Map(ownKeysOf(plan).map(({ name, own }) => [name, own]));
    const at = plan.matchKeys ? inTurn.indexOf('externalId') : 0;
    this.beforeId = at < 0 ? null : new Set(inTurn.slice(0, at));
  }

  /** Forgets what the last batch knew; a dry run keeps it, since nothing of it is in the tables. */
  clear(): void {
    this.ids.clear();
    this.bySource.clear();
    this.byKey.clear();
  }

  /** How many records are remembered. */
  get size(): number {
    return this.ids.size;
  }

  /** Reads the records a batch may be about, and those chosen for its rows. @returns their ids */
  async load(work: Work, rows: readonly Wanted[], chosen: readonly string[] = []): Promise<string[]> {
    const sources = rows.flatMap(({ externalId }) =>
      externalId && this.beforeId && !this.bySource.has(externalId) ? [externalId] : [],
    );
    const wanted = this.candidateIds(work, rows, sources, chosen);
    if (!wanted) return [];
    const found = await lookUp<{ id: string }>(work, wanted);
    if (found.length === 0) return [];
    const ids = found.map(({ id }) => id);
    const [records, known, mine] = await Promise.all([
      work.db.find(this.type.table, among(this.type.table.id, ids)),
      work.db.find(
        externalIds,
        sql`${among(externalIds.recordId, ids)} and ${externalIds.object} = ${this.type.object} and ${externalIds.system} = ${this.plan.source}`,
      ),
      this.changeSetId
        ? work.db.find(changes, sql`${changes.changeSetId} = ${this.changeSetId} and ${among(changes.recordId, ids)}`)
        : [],
    ]);
    const written = new Set(mine.map(({ recordId }) => recordId));
    const sourceIds = Map.groupBy(known, ({ recordId }) => recordId);
    for (const record of records) {
      const id = String(record.id);
      // A record the run has met already is known as it will be, not as it is stored.
      if (this.ids.has(id)) continue;
      this.add({
        id,
        values: flat(record),
        sourceIds: (sourceIds.get(id) ?? []).map(({ externalId }) => externalId),
        mine: written.has(id),
      });
    }
    return ids;
  }

  private candidateIds(work: Work, rows: readonly Wanted[], sources: readonly string[], chosen: readonly string[]) {
    const tenant = work.actor.tenantId;
    const table = this.type.table;
    const kind = andKind(this.type);
    const live = sql`t.tenant_id = ${tenant} and t.deleted_at is null ${kind}`;
    const select = sql`t.id`;
    const from = sql`${table} t`;
    const byId = { select, from, column: sql`t.id`, where: live };
    const parts: SQL[] = [];
    if (sources.length > 0)
      parts.push(sql`select r.id from ${bySourceId(work, this.type, this.plan.source, sources, byId)}`);
    const ids = [...ownIdsAmong(this.plan.source, sources), ...chosen];
    if (ids.length > 0) parts.push(sql`select f.id from ${eachOfIds(ids, byId)}`);
    for (const own of this.own.values()) parts.push(...this.holders(work, own, rows));
    for (const key of this.keys) {
      if (this.own.has(key)) continue;
      const column = indexOf(key, this.type.object);
      const keyed = rows.filter((row) => keyOf(key, row.values) !== null);
      const stored = ({ values }: Wanted) =>
        key === 'name' ? nameKeyOf(this.type.object, String(values.name)) : (keyOf(key, values) ?? '');
      const values = [...new Set(keyed.map(stored))];
      if (values.length === 0) continue;
      parts.push(
        column
          ? sql`select f.id from ${eachOf(values, { select, from, column, where: live })}`
          : sql`select t.id from ${from} where ${live} and t.${sql.identifier(snake(key))} = any(${textArray(values)}::text[])`,
      );
    }
    return parts.length === 0 ? null : sql.join(parts, sql` union `);
  }

  /** The records that have the values of an own field. */
  private holders(work: Work, own: FieldDefinition, rows: readonly Wanted[]) {
    const keys = rows.flatMap(({ values }) => onceKey(own, values[own.key]) ?? []);
    const [first] = keys;
    if (!first) return [];
    const values = sql.param([...new Set(keys.map(({ value }) => value))]);
    // Values of one field are all in one column, by which they are told apart.
    const wanted = {
      text: sql`v.text = any(${values}::text[])`,
      number: sql`v.number = any(${values}::float8[])`,
      time: sql`v.time = any(${values}::timestamptz[])`,
      ref: sql`v.ref = any(${values}::uuid[])`,
    };
    const tenant = work.actor.tenantId;
    return [
      sql`select t.id from app.field_value v join ${this.type.table} t on t.tenant_id = ${tenant} and t.id = v.record_id and t.deleted_at is null ${andKind(this.type)}
        where v.tenant_id = ${tenant} and v.field_id = ${own.id} and ${wanted[first.column]}`,
    ];
  }

  private valueOf(key: string, values: RecordValues): string | null {
    const own = this.own.get(key);
    if (!own) return keyOf(key, values);
    const once = onceKey(own, values[key]);
    return once ? String(once.value) : null;
  }

  /** The record a person chose for a row, whatever it is called by now; several of nothing where it is gone. */
  chosen(id: string | null): Match {
    if (id === null) return { kind: 'none' };
    const candidate = this.ids.get(id);
    return candidate ? { kind: 'one', candidate } : { kind: 'several', names: [], ids: [] };
  }

  /** Makes a record known to the rows that follow. */
  add(candidate: Candidate): void {
    this.ids.set(candidate.id, candidate);
    for (const sourceId of candidate.sourceIds) this.bySource.set(sourceId, candidate);
    for (const key of this.keys) {
      const value = this.valueOf(key, candidate.values);
      if (value === null) continue;
      const slot = `${key}:${value}`;
      const list = this.byKey.get(slot);
      if (list) list.push(candidate);
      else this.byKey.set(slot, [candidate]);
    }
  }

  /** The record of that id, where a file of ours is brought back. */
  private ownRecord(id: string): Candidate | undefined {
    return ownIdsAmong(this.plan.source, [id]).length > 0 ? this.ids.get(id) : undefined;
  }

  match({ externalId, values }: Wanted): Match {
    const known =
      externalId && this.beforeId ? (this.bySource.get(externalId) ?? this.ownRecord(externalId)) : undefined;
    for (const key of this.keys) {
      if (known && !this.beforeId?.has(key)) break;
      const value = this.valueOf(key, values);
      if (value === null) continue;
      const fitting = (this.byKey.get(`${key}:${value}`) ?? []).filter((candidate) =>
        this.fits(candidate, key, externalId, values),
      );
      const list = key === 'name' ? sameName(fitting, String(values.name)) : fitting;
      const [candidate] = list;
      if (list.length === 1 && candidate) return { kind: 'one', candidate };
      if (list.length > 1)
        return {
          kind: 'several',
          names: list.slice(0, 5).map((c) => titleOf(c.values)),
          ids: list.slice(0, mostCandidates).map(({ id }) => id),
        };
    }
    if (!known) return { kind: 'none' };
    return this.isAnother(known, values)
      ? { kind: 'several', names: [titleOf(known.values)], ids: [known.id], sameId: true }
      : { kind: 'one', candidate: known };
  }

  /** Lists of nobody knows which system count their rows from 1: there an id alone does not make two of them one. */
  private isAnother({ mine, values: known }: Candidate, values: RecordValues): boolean {
    if (this.plan.source !== noProduct || mine) return false;
    const differs = (key: string) => differ(key, known, values);
    return differs('name') && (identities[this.plan.object] ?? []).some(differs);
  }

  /** What a surer key tells apart, a weaker one does not join. */
  private fits(candidate: Candidate, key: string, externalId: string | null, values: RecordValues): boolean {
    // Of the same source and called otherwise there: another record, unless a key that goes first says so.
    if (externalId && candidate.sourceIds.length > 0 && this.beforeId && !this.beforeId.has(key)) return false;
    if (key !== 'name') return true;
    const apart = (identities[this.plan.object] ?? []).some((k) => differ(k, candidate.values, values));
    const company = (row: RecordValues) => (typeof row.companyId === 'string' ? row.companyId : null);
    const elsewhere =
      company(candidate.values) !== null && company(values) !== null && company(candidate.values) !== company(values);
    return !apart && !elsewhere;
  }
}

/** Of records with one name key those spelled the same; a legal form more or less is not a reason to join two rows of one file. */
function sameName(list: readonly Candidate[], name: string): Candidate[] {
  const exact = list.filter(({ values }) => folded(titleOf(values)) === folded(name));
  return exact.length > 0 ? exact : list.filter(({ mine }) => !mine);
}

const titleOf = (values: RecordValues) => String(values.name ?? '');
const folded = (text: string) => text.normalize('NFKC').trim().toLowerCase();

/** Whether both have a key, and not the same. */
function differ(key: string, one: RecordValues, other: RecordValues): boolean {
  const [a, b] = [keyOf(key, one), keyOf(key, other)];
  return a !== null && b !== null && a !== b;
}

/** A record's key as the index columns have it; null when it has none. */
function keyOf(key: string, values: RecordValues): string | null {
  const value = values[key];
  if (typeof value !== 'string' || value.trim() === '') return null;
  if (key === 'domain') return (domainKey(value) ?? value).toLowerCase();
  if (key === 'email') return emailKey(value);
  return key === 'name' ? nameKey(value) || null : value.trim();
}
