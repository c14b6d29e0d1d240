import { inArray, sql } from 'drizzle-orm';
import { changes, externalIds } from '@/db/schema/records';
import type { FieldDefinition } from '@/domain/custom-fields';
import type { ImportPlan } from '@/domain/imports/mapping';
import { domainKey, emailKey, nameKey } from '@/domain/imports/matching';
import { isKey, keysInTurn, targetIn } from '@/domain/imports/targets';
import { flat, type RecordType, type RecordValues, snake } from '../core/record-types';
import { andKind } from '../core/types';
import type { Work } from '../core/work';
import { onceKey } from './own';

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

export type Match = { kind: 'none' } | { kind: 'one'; candidate: Candidate } | { kind: 'several'; names: string[] };

/** Fields that tell two records of one name apart. */
const identities: Record<string, readonly string[]> = {
  company: ['domain', 'taxId', 'ticker', 'accountNumber', 'legalName'],
  contact: ['email', 'mobile'],
  product: ['code'],
};

/** Keys other than the source's id, as index columns; those without one are compared as they stand. */
const keyColumns: Record<string, string> = { domain: 'domain_norm', email: 'email_norm', name: 'name_key' };

/**
 * Says which record a row is about: by the source's id first, then by the surer of the other keys, down to the plan's
 * `matchKey`. A blank matches nothing, and what fits several records fits none.
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
  /** The own field among them: its values are there once. */
  private readonly own: FieldDefinition | null;

  constructor(plan: ImportPlan, type: RecordType, changeSetId: string | null) {
    this.plan = plan;
    this.type = type;
    this.changeSetId = changeSetId;
    this.keys = keysInTurn(plan).filter((key) => key !== 'externalId');
    const target = plan.matchKey === null ? undefined : targetIn(plan, plan.matchKey);
    this.own = isKey(target) ? target.own : null;
  }

  /** Forgets what the last batch knew; a dry run keeps it, since nothing of it is in the tables. */
  clear(): void {
    this.ids.clear();
    this.bySource.clear();
    this.byKey.clear();
  }

  /** Reads the records a batch may be about. @returns their ids */
  async load(work: Work, rows: readonly Wanted[]): Promise<string[]> {
    const sources = rows.flatMap(({ externalId }) =>
      externalId && !this.bySource.has(externalId) ? [externalId] : [],
    );
    const found = await work.db.rows<{ id: string }>(this.candidateIds(work, rows, sources));
    if (found.length === 0) return [];
    const ids = found.map(({ id }) => id);
    const [records, known, mine] = await Promise.all([
      work.db.find(this.type.table, inArray(this.type.table.id, ids)),
      work.db.find(
        externalIds,
        sql`${externalIds.recordId} = any(${sql.param(ids)}::uuid[]) and ${externalIds.object} = ${this.type.object} and ${externalIds.system} = ${this.plan.source}`,
      ),
      this.changeSetId
        ? work.db.find(
            changes,
            sql`${changes.changeSetId} = ${this.changeSetId} and ${changes.recordId} = any(${sql.param(ids)}::uuid[])`,
          )
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

  private candidateIds(work: Work, rows: readonly Wanted[], sources: readonly string[]) {
    const tenant = work.actor.tenantId;
    const table = this.type.table;
    const kind = andKind(this.type);
    const parts = [
      sql`select t.id from app.external_id x join ${table} t on t.tenant_id = ${tenant} and t.id = x.record_id and t.deleted_at is null ${kind}
        where x.tenant_id = ${tenant} and x.object = ${this.type.object} and x.system = ${this.plan.source} and x.external_id = any(${sql.param(sources)}::text[])`,
    ];
    if (this.own) parts.push(...this.holders(work, this.own, rows));
    for (const key of this.keys) {
      if (key === this.own?.key) continue;
      const values = [...new Set(rows.flatMap(({ values }) => keyOf(key, values) ?? []))];
      if (values.length === 0) continue;
      const column = sql`t.${sql.identifier(keyColumns[key] ?? snake(key))}`;
      parts.push(
        sql`select t.id from ${table} t where t.tenant_id = ${tenant} and t.deleted_at is null ${kind} and ${column} = any(${sql.param(values)}::text[])`,
      );
    }
    return sql.join(parts, sql` union `);
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
    if (key !== this.own?.key) return keyOf(key, values);
    const once = onceKey(this.own, values[key]);
    return once ? String(once.value) : null;
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

  match({ externalId, values }: Wanted): Match {
    const known = externalId ? this.bySource.get(externalId) : undefined;
    if (known) return { kind: 'one', candidate: known };
    for (const key of this.keys) {
      const value = this.valueOf(key, values);
      if (value === null) continue;
      const fitting = (this.byKey.get(`${key}:${value}`) ?? []).filter((candidate) =>
        this.fits(candidate, key, externalId, values),
      );
      const list = key === 'name' ? sameName(fitting, String(values.name)) : fitting;
      const [candidate] = list;
      if (list.length === 1 && candidate) return { kind: 'one', candidate };
      if (list.length > 1) return { kind: 'several', names: list.slice(0, 5).map((c) => titleOf(c.values)) };
    }
    return { kind: 'none' };
  }

  /** What a surer key tells apart, a weaker one does not join. */
  private fits(candidate: Candidate, key: string, externalId: string | null, values: RecordValues): boolean {
    if (externalId && candidate.sourceIds.length > 0) return false;
    if (key !== 'name') return true;
    const differ = (identities[this.plan.object] ?? []).some((k) => {
      const [a, b] = [keyOf(k, candidate.values), keyOf(k, values)];
      return a !== null && b !== null && a !== b;
    });
    const company = (row: RecordValues) => (typeof row.companyId === 'string' ? row.companyId : null);
    const elsewhere =
      company(candidate.values) !== null && company(values) !== null && company(candidate.values) !== company(values);
    return !differ && !elsewhere;
  }
}

/** Of records with one name key those spelled the same; a legal form more or less is not a reason to join two rows of one file. */
function sameName(list: readonly Candidate[], name: string): Candidate[] {
  const exact = list.filter(({ values }) => folded(titleOf(values)) === folded(name));
  return exact.length > 0 ? exact : list.filter(({ mine }) => !mine);
}

const titleOf = (values: RecordValues) => String(values.name ?? '');
const folded = (text: string) => text.normalize('NFKC').trim().toLowerCase();

/** A record's key as the index columns have it; null when it has none. */
function keyOf(key: string, values: RecordValues): string | null {
  const value = values[key];
  if (typeof value !== 'string' || value.trim() === '') return null;
  if (key === 'domain') return (domainKey(value) ?? value).toLowerCase();
  if (key === 'email') return emailKey(value);
  return key === 'name' ? nameKey(value) || null : value.trim();
}
