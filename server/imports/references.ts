import { type SQL, sql } from 'drizzle-orm';
import { clip } from '@/domain/clip';
import { type ImportPlan, makeable, missingFor } from '@/domain/imports/mapping';
import { domainKey, emailKey, nameKey } from '@/domain/imports/matching';
import type { Ref } from '@/domain/imports/rows';
import { sortKey } from '@/domain/search-keys';
import type { Change } from '../core/changes';
import { newId } from '../core/ids';
import { type RecordType, type RecordValues, snake } from '../core/record-types';
import { isTopic } from '../core/scope';
import { andKind, type Types } from '../core/types';
import type { Work } from '../core/work';
import { eachOf, eachOfIds, forEach, type Lookup, lookUp } from './each-of';
import { defaultsOf } from './own';
import { ownIdsAmong } from './own-ids';

/** Kinds of records that rows of a file may name: `company`, `deal`, `o_asset`. */
export type ReferenceObject = string;

export interface Known {
  id: string;
  /** The kind it is of, where any was looked for. */
  object?: string;
  name: string;
  /** It has an id in the source: another id means another record. */
  sourced?: boolean;
  /** The company a contact is in, which tells people of one name apart. */
  companyId?: string | null;
}

/** A record of whichever kind, which only the source's id can name. */
export const anyObject = '*';

/** Fields of notes, tasks, calls and meetings by the kind of record they name. */
const aboutFields: Record<string, string> = { company: 'companyId', contact: 'contactId', deal: 'dealId' };

/** Puts a record of any kind where it belongs; what the row names by a column of its own stays. */
export function settleAbout(values: RecordValues, [record]: readonly Known[]): void {
  if (!record?.object) return;
  const field = aboutFields[record.object];
  if (field) values[field] ??= record.id;
  else Object.assign(values, { aboutId: record.id, aboutObject: record.object });
}

export type Answer =
  | { kind: 'found'; record: Known; exact: boolean }
  | { kind: 'missing' }
  | { kind: 'ambiguous'; names: string[]; ids: string[] };

export interface Named {
  to: ReferenceObject;
  ref: Ref;
}

/** Entries kept of one run; beyond, everything is asked again rather than memory grow with the file. */
const mostKept = 200_000;

/**
 * Finds the records that rows name, a batch at a time, and makes those that the plan wants made. What was found is
 * kept: the same few names stand on thousands of rows.
 */
export class References {
  /** Records made since `takeMade`. */
  private made: { to: ReferenceObject; id: string; values: RecordValues; sourceId: string | null; keys: string[] }[] =
    [];
  private readonly found = new Map<string, Known[]>();
  private membersLoaded = false;
  private readonly plan: ImportPlan;

  private readonly types: Types;

  constructor(plan: ImportPlan, types: Types) {
    this.plan = plan;
    this.types = types;
  }

  /** Looks up what a batch of rows names, in one statement per kind of record. */
  async load(work: Work, named: readonly Named[]): Promise<void> {
    if (this.found.size > mostKept) this.found.clear();
    const kinds = Map.groupBy(named, ({ to }) => to);
    await Promise.all(
      [...kinds].map(([to, list]) =>
        this.loadKind(
          work,
          to,
          list.map(({ ref }) => ref),
        ),
      ),
    );
  }

  private async loadKind(work: Work, to: ReferenceObject, refs: readonly Ref[]): Promise<void> {
    const wanted = new Set(refs.flatMap((ref) => keysOf(to, ref)));
    if (to === 'member' && refs.length > 0 && !this.membersLoaded) await this.loadMembers(work);
    const open = [...wanted].filter(
      (key) => !this.found.has(`${to}:${key}`) && !(to === 'member' && !key.startsWith('source:')),
    );
    if (open.length === 0) return;
    const of = (prefix: string) =>
      open.filter((key) => key.startsWith(`${prefix}:`)).map((key) => key.slice(prefix.length + 1));
    const statement = (to === anyObject ? lookupAny : lookup)(work, to, this.plan.source, {
      name: of('name'),
      email: of('email'),
      domain: of('domain'),
      source: of('source'),
      id: of('id'),
    });
    const rows = statement ? await lookUp<Known & { key: string }>(work, statement) : [];
    for (const key of open) this.found.set(`${to}:${key}`, []);
    for (const { key, ...record } of rows) this.note(to, key, record);
  }

  private async loadMembers(work: Work): Promise<void> {
    this.membersLoaded = true;
    const rows = await work.db.rows<{ id: string; name: string; email: string | null }>(
      sql`select m.id, m.name, m.email from app.member m where m.tenant_id = ${work.actor.tenantId} and m.deleted_at is null`,
    );
    for (const { id, name, email } of rows) {
      this.note('member', `name:${nameKeyOf('member', name)}`, { id, name });
      this.note('member', `id:${id}`, { id, name });
      if (email) this.note('member', `email:${emailKey(email)}`, { id, name });
    }
  }

  /** Lets later rows find a record that this run has made. */
  note(to: ReferenceObject, key: string, record: Known): void {
    const slot = `${to}:${key}`;
    const list = this.found.get(slot);
    if (!list) this.found.set(slot, [record]);
    else if (!list.some(({ id }) => id === record.id)) list.push(record);
  }

  private forget(slot: string, id: string): void {
    const list = this.found.get(slot);
    const at = list?.findIndex((record) => record.id === id) ?? -1;
    if (at >= 0) list?.splice(at, 1);
  }

  /** The keys under which rows name a record. */
  keysOf(to: ReferenceObject, values: RecordValues, sourceId: string | null): string[] {
    const keys = [`name:${nameKeyOf(to, String(values.name))}`];
    if (sourceId) keys.push(`source:${sourceId}`);
    if (typeof values.email === 'string' && to === 'contact') keys.push(`email:${emailKey(values.email)}`);
    const domain = typeof values.domain === 'string' ? domainKey(values.domain) : null;
    if (domain && to === 'company') keys.push(`domain:${domain}`);
    return keys;
  }

  /** What a reference means, as far as records and the plan tell; `make` allows it to make one. */
  resolve({ to, ref }: Named, make: boolean, companyId?: string | null): Answer {
    if (ref.sourceId) {
      const [record] = this.found.get(`${to}:source:${ref.sourceId}`) ?? [];
      if (record) return { kind: 'found', record, exact: true };
    }
    const choice = ref.choice;
    if (choice && 'id' in choice) {
      const [record] = this.found.get(`${to}:id:${choice.id}`) ?? [];
      return record ? { kind: 'found', record, exact: true } : { kind: 'missing' };
    }
    if (ref.text === null) return { kind: 'missing' };
    const name = choice && 'create' in choice ? choice.create.name : ref.text;
    const makes = make && this.mayMake(to) && (choice !== undefined || missingFor(this.plan, to) === 'create');
    const answer = this.lookUp(to, ref, name, choice !== undefined, companyId);
    if (answer.kind !== 'missing') return answer;
    if (makes) return { kind: 'found', record: this.make(to, ref, name, choice !== undefined), exact: true };
    return answer;
  }

  /** Whether a record of a kind may be made of its name alone: not where a field must be filled that the file says nothing of. */
  mayMake(to: ReferenceObject): boolean {
    const open = (this.types.find(to)?.own ?? []).some(
      ({ required, settings }) => required && settings.default === undefined,
    );
    return makeable(to) && !open;
  }

  private lookUp(
    to: ReferenceObject,
    ref: Ref,
    name: string,
    chosen: boolean,
    companyId: string | null | undefined,
  ): Answer {
    const keyed = ref.by === 'email' || ref.by === 'domain' ? (this.found.get(`${to}:${ref.by}:${ref.key}`) ?? []) : [];
    if (keyed.length > 0) {
      const answer = pick(keyed, name, companyId);
      // An address or a domain is as sure as the same spelling.
      return answer.kind === 'found' ? { ...answer, exact: true } : answer;
    }
    const all = this.found.get(`${to}:name:${nameKeyOf(to, name)}`) ?? [];
    // A record of the same name that has another id in the source is another one.
    const named = ref.sourceId ? all.filter(({ sourced }) => !sourced) : all;
    // A name a person chose for a new record is meant to the letter, and so is what deals and tasks are called.
    return pick(
      chosen || bySound.has(to) ? named.filter((record) => folded(record.name) === folded(name)) : named,
      name,
      companyId,
    );
  }

  private make(to: ReferenceObject, ref: Ref, name: string, chosen: boolean): Known {
    const email = ref.by === 'email' ? ref.key : undefined;
    const called = !chosen && (ref.called ?? (email && nameOfEmail(email)));
    const title = clip(called || name, 200);
    const record: Known = { id: newId(), name: title, sourced: ref.sourceId !== null };
    const values: Record<string, RecordValues> = {
      company: { name: title, ...(ref.by === 'domain' ? { domain: ref.key } : {}) },
      contact: { name: title, ...(email ? { email } : {}) },
      product: { name: title, active: true, currency: this.plan.currency },
      member: { name: title, role: 'member', status: 'placeholder', ...(email ? { email } : {}) },
    };
    const keys = [`name:${nameKeyOf(to, title)}`];
    if (ref.by === 'email' || ref.by === 'domain') keys.push(`${ref.by}:${ref.key}`);
    if (ref.sourceId) keys.push(`source:${ref.sourceId}`);
    for (const key of keys) this.note(to, key, record);
    this.made.push({
      ...{ to, id: record.id, sourceId: ref.sourceId, keys },
      values: { ...defaultsOf(this.types.find(to)), ...(values[to] ?? { name: title }) },
    });
    return record;
  }

  /**
   * What was made since the last call, as changes to apply before the rows that point to it. What no change points to is
   * not made after all: its rows were refused, or keep what they have.
   */
  takeMade(changes: readonly Change[]): { to: ReferenceObject; change: Change; sourceId: string | null }[] {
    if (this.made.length === 0) return [];
    const used = new Set(changes.flatMap((change) => ('values' in change ? Object.values(change.values).flat() : [])));
    for (const { to, id, keys } of this.made)
      if (!used.has(id)) for (const key of keys) this.forget(`${to}:${key}`, id);
    this.made = this.made.filter(({ id }) => used.has(id));
    const order = ['member', 'product', 'company', 'contact'];
    const rank = ({ to }: { to: string }) => (order.includes(to) ? order.indexOf(to) : order.length);
    const made = this.made.toSorted((a, b) => rank(a) - rank(b));
    this.made = [];
    return made.map(({ to, id, values, sourceId }) => ({
      to,
      change: { type: this.types.get(to), op: 'create', id, values },
      sourceId,
    }));
  }
}

/** `dwight.schrute@example.com` is probably Dwight Schrute. */
export function nameOfEmail(email: string): string {
  const words = email
    .slice(0, email.lastIndexOf('@'))
    .replace(/\+.*$/, '')
    .split(/[._-]+/)
    .filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ') || email;
}

const folded = (text: string) => text.normalize('NFKC').trim().toLowerCase();
/** Kinds found by how their titles sound, for which there is an index, and then to the letter. */
const bySound = new Set(['deal', 'task']);
/** A name as it stands in `nameColumn`. */
export const nameKeyOf = (to: ReferenceObject, name: string): string =>
  bySound.has(to) ? sortKey(name) : nameKey(name) || folded(name);
/** By which records of a kind are found by name, on alias `t`. */
export const nameColumn = (to: ReferenceObject) => (bySound.has(to) ? sql`t.sort_key` : sql`t.name_key`);

function keysOf(to: ReferenceObject, ref: Ref): string[] {
  const keys: string[] = [];
  if (ref.sourceId) keys.push(`source:${ref.sourceId}`);
  if (ref.choice && 'id' in ref.choice) keys.push(`id:${ref.choice.id}`);
  const name = ref.choice && 'create' in ref.choice ? ref.choice.create.name : ref.text;
  if (ref.by === 'email' && (to === 'contact' || to === 'member')) keys.push(`email:${ref.key}`);
  if (ref.by === 'domain' && to === 'company') keys.push(`domain:${ref.key}`);
  if (name !== null) keys.push(`name:${nameKeyOf(to, name)}`);
  return keys;
}

/** Records a person can choose from when several fit. */
export const mostCandidates = 20;

/** One of several of the same key: the one spelled the same, or the only one. */
function pick(list: readonly Known[], text: string, companyId?: string | null): Answer {
  const exact = list.filter(({ name }) => folded(name) === folded(text));
  const choices = exact.length > 0 ? exact : list;
  const near = companyId && choices.length > 1 ? choices.filter((record) => record.companyId === companyId) : choices;
  const [record] = near;
  if (near.length === 1 && record) return { kind: 'found', record, exact: exact.length > 0 };
  return choices.length === 0
    ? { kind: 'missing' }
    : {
        kind: 'ambiguous',
        names: choices.slice(0, 5).map(({ name }) => name),
        ids: choices.slice(0, mostCandidates).map(({ id }) => id),
      };
}

type Keys = Record<'name' | 'email' | 'domain' | 'source' | 'id', string[]>;

/** Kinds whose records hang on a company, which tells those of one name apart. */
const atCompany = new Set(['contact', 'deal', 'task']);

function lookup(work: Work, to: ReferenceObject, source: string, keys: Keys) {
  const tenant = work.actor.tenantId;
  const type = work.types.get(to);
  const name = titleColumn(type);
  const company = atCompany.has(to) ? sql`t.company_id` : sql`null`;
  const live = sql`t.tenant_id = ${tenant} and t.deleted_at is null ${andKind(type)}`;
  // Asked only where rows give ids beside names.
  const sourced =
    keys.source.length > 0
      ? sql`exists (select from app.external_id y where y.tenant_id = ${tenant} and y.record_id = t.id and y.object = ${to} and y.system = ${source})`
      : sql`false`;
  const given = sql`t.id, ${name} as name, ${company} as "companyId"`;
  const one = (key: SQL, column: SQL): Lookup => ({
    select: sql`${key} as key, ${given}, ${sourced} as sourced`,
    from: sql`${type.table} t`,
    column,
    where: live,
  });
  const parts: SQL[] = [];
  const add = (values: readonly string[], kind: string, column: SQL) => {
    if (values.length > 0)
      parts.push(sql`select f.* from ${eachOf(values, one(sql`${kind}::text || ':' || ${column}`, column))}`);
  };
  if (keys.source.length > 0) {
    const record = { select: given, from: sql`${type.table} t`, column: sql`t.id`, where: live };
    parts.push(
      sql`select 'source:' || f.external_id as key, r.*, true as sourced from ${bySourceId(work, type, source, keys.source, record)}`,
    );
  }
  const byId = (kind: string, ids: readonly string[]) => {
    if (ids.length > 0)
      parts.push(sql`select f.* from ${eachOfIds(ids, one(sql`${kind}::text || ':' || t.id::text`, sql`t.id`))}`);
  };
  byId('id', keys.id);
  byId('source', ownIdsAmong(source, keys.source));
  if (to !== 'member') add(keys.name, 'name', nameColumn(to));
  if (to === 'company') add(keys.domain, 'domain', sql`t.domain_norm`);
  if (to === 'contact') add(keys.email, 'email', sql`t.email_norm`);
  return parts.length === 0 ? null : sql.join(parts, sql` union all `);
}

/** Records that notes, tasks, calls and meetings can be about, by the ids they have in the source. */
function lookupAny(work: Work, _: ReferenceObject, source: string, { source: ids }: Keys) {
  const tenant = work.actor.tenantId;
  const kinds = work.types.all().filter((type) => Object.hasOwn(aboutFields, type.object) || isTopic(type));
  const ownIds = ownIdsAmong(source, ids);
  const parts = kinds.flatMap((type) => {
    const given = (key: SQL): Lookup => ({
      select: sql`${key} as key, t.id, ${titleColumn(type)} as name, ${type.object}::text as object`,
      from: sql`${type.table} t`,
      column: sql`t.id`,
      where: sql`t.tenant_id = ${tenant} and t.deleted_at is null ${andKind(type)}`,
    });
    const known =
      ids.length > 0
        ? [sql`select r.* from ${bySourceId(work, type, source, ids, given(sql`'source:' || f.external_id`))}`]
        : [];
    if (ownIds.length === 0) return known;
    return [...known, sql`select f.* from ${eachOfIds(ownIds, given(sql`'source:' || t.id::text`))}`];
  });
  return parts.length === 0 ? null : sql.join(parts, sql` union all `);
}

/** The records, as alias `r`, that have ids in a source, as `f.external_id`; `record` says by `t.id` what of them is read. */
export function bySourceId(
  work: Work,
  { object }: RecordType,
  source: string,
  ids: readonly string[],
  record: Lookup,
): SQL {
  const known = eachOf(ids, {
    select: sql`x.external_id, x.record_id`,
    from: sql`app.external_id x`,
    column: sql`x.external_id`,
    where: sql`x.tenant_id = ${work.actor.tenantId} and x.object = ${object} and x.system = ${source}`,
  });
  return sql`${known} ${forEach(sql`f.record_id`, sql`r`, record)}`;
}

/** What records of a kind are called by, on alias `t`. */
export const titleColumn = ({ title }: RecordType) => sql`t.${sql.identifier(snake(title))}`;
