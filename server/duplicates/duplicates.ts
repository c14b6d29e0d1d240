import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { duplicatePairs, matchRules } from '@/db/schema/duplicates';
import { certain, commonKey, defaultWeights, matchConfigSchema, scoreOf } from '@/domain/duplicates';
import { anyValue, recordOf, textSchema } from '@/domain/fields';
import { notFound, Refusal } from '@/domain/refusals';
import { audit } from '../core/audit';
import { makeCursor, readCursor } from '../core/cursor';
import { tenantKey } from '../core/keys';
import { hiddenDuplicates } from '../core/limits';
import { byWeight, keysUnder, matchConfigOf } from '../core/match-keys';
import { type RecordType, type RecordValues, snake } from '../core/record-types';
import { inScope, isVisible, requireInScope } from '../core/scope';
import { andKind, forgetTypes } from '../core/types';
import type { Work } from '../core/work';
import { kindOf, kinds } from './kinds';

const object = z.string().max(60);
export const checkInput = z.strictObject({
  object,
  values: recordOf(z.string().max(60), anyValue, 1000),
  /** The record being edited, which is not its own duplicate; what somebody said it is not the same as is left out too. */
  exceptId: z.uuid().optional(),
  /** What it was before the edit: only what the record has become alike to by the edit is told. */
  before: recordOf(z.string().max(60), anyValue, 1000).optional(),
});

export interface LikelyDuplicate {
  id: string;
  title: string;
  owner: string | null;
  score: number;
  /** Names of the rules they agree under, what says most first. */
  reasons: string[];
}

export interface DuplicateCheck {
  found: LikelyDuplicate[];
  /** One entry per team whose people have such a record that the actor may not see: its name, or null. Nothing else. */
  hidden: { team: string | null }[];
}

const mostFound = 5;

/**
 * What is likely the same as the values somebody is typing. Of records the actor may not see it tells only that there
 * is one and whose team has it; how often that is told is limited per person.
 * @throws Refusal tooMany when somebody has been told of hidden records too often
 */
export async function checkDuplicates(work: Work, input: z.infer<typeof checkInput>): Promise<DuplicateCheck> {
  const type = kindOf(work, input.object, 'write');
  const config = matchConfigOf(work, type);
  const keys = keysUnder(config, type, input.values);
  const known = new Set(keysUnder(config, type, input.before ?? {}).map(({ rule, key }) => `${rule} ${key}`));
  const fresh = new Set(keys.flatMap(({ rule, key }) => (known.has(`${rule} ${key}`) ? [] : [rule])));
  if (fresh.size === 0) return { found: [], hidden: [] };
  const tenant = work.actor.tenantId;
  const matches = await work.db.rows<{ id: string; rules: string[] }>(sql`
    select o.record_id as id, array_agg(distinct o.rule) as rules
    from jsonb_to_recordset(${JSON.stringify(keys)}) as r (rule text, key text)
    cross join lateral (
      select k.record_id, k.rule, count(*) over () as n from (
        select k.record_id, k.rule from app.match_key k
        where k.tenant_id = ${tenant} and k.object = ${type.object} and k.rule = r.rule collate "C" and k.key = r.key collate "C"
        limit ${commonKey + 1}) k) o
    where o.n <= ${commonKey} group by 1`);
  // To leave a record out is to learn that it was among them: only of those one sees.
  const except = input.exceptId && (await isVisible(work, type, input.exceptId)) ? input.exceptId : undefined;
  const apart = except ? await saidDifferent(work, type, except) : new Set();
  const likely = matches
    .filter(({ id, rules }) => id !== except && !apart.has(id) && rules.some((rule) => fresh.has(rule)))
    .map(({ id, rules }) => ({ id, score: scoreOf(config.weights, rules), reasons: byWeight(config, rules) }))
    .filter(({ score }) => score >= config.threshold)
    .sort((a, b) => b.score - a.score);
  if (likely.length === 0) return { found: [], hidden: [] };
  const rows = await ownersOf(
    work,
    type,
    likely.map(({ id }) => id),
  );
  const found = likely.flatMap(({ id, score, reasons }) => {
    const row = rows.get(id);
    return row?.visible ? [{ id, title: row.title ?? '', owner: row.owner, score, reasons }] : [];
  });
  const teams = new Set([...rows.values()].filter(({ visible }) => !visible).map(({ team }) => team));
  if (teams.size > 0) hiddenDuplicates.take(tenantKey(tenant, 'hiddenDuplicates', work.actor.memberId));
  return {
    found: found.slice(0, mostFound),
    hidden: [...teams].sort((a, b) => (a ?? '').localeCompare(b ?? '')).map((team) => ({ team })),
  };
}

/** What somebody said a record is not the same as. */
async function saidDifferent(work: Work, type: RecordType, id: string): Promise<Set<string>> {
  const rows = await work.db.rows<{ a: string; b: string }>(sql`
    select p.a, p.b from app.duplicate_pair p where p.tenant_id = ${work.actor.tenantId} and p.object = ${type.object}
      and p.dismissed_at is not null and (p.a = ${id} or p.b = ${id})`);
  return new Set(rows.map(({ a, b }) => (a === id ? b : a)));
}

interface Owned {
  id: string;
  title: string | null;
  owner: string | null;
  team: string | null;
  visible: boolean;
}

/** Live records with whose they are and whether the actor may see them; titles of those they may not are left out. */
async function ownersOf(work: Work, type: RecordType, ids: string[]): Promise<Map<string, Owned>> {
  const tenant = work.actor.tenantId;
  const visible = inScope(work, type, 'read') ?? sql`true`;
  const owner = type.owner ? sql`t.${sql.identifier(snake(type.owner))}` : sql`null::uuid`;
  const rows = await work.db.rows<Owned>(sql`
    select t.id, coalesce(${visible}, false) as visible, case when ${visible} then left(t.${sql.identifier(snake(type.title))}, 200) end as title,
      m.name as owner, g.name as team
    from ${type.table} t
    left join app.member m on m.tenant_id = ${tenant} and m.id = ${owner}
    left join app.team g on g.tenant_id = ${tenant} and g.id = m.team_id
    where t.tenant_id = ${tenant} and t.id = any(${sql.param(ids)}::uuid[]) and t.deleted_at is null ${andKind(type)}`);
  return new Map(rows.map((row) => [row.id, row]));
}

export const listInput = z.strictObject({
  object: object.optional(),
  reason: textSchema(60).optional(),
  /** Those that somebody said are not the same. */
  dismissed: z.boolean().default(false),
  cursor: z.string().max(300).nullish(),
  limit: z.int().min(1).max(100).default(30),
});

export interface DuplicatePair {
  object: string;
  a: { id: string; title: string };
  b: { id: string; title: string };
  score: number;
  reasons: string[];
  foundAt: string;
  dismissedBy: string | null;
  /** The actor may merge them. */
  mergeable: boolean;
}

interface PairRow extends Omit<DuplicatePair, 'a' | 'b'> {
  a: string;
  b: string;
  aTitle: string | null;
  bTitle: string | null;
}

const cursorSchema = z.strictObject({ score: z.int().min(0).max(100), a: z.uuid(), b: z.uuid() });

/** Likely duplicates that the actor may see both of, the likeliest first. */
export async function listDuplicates(
  work: Work,
  input: z.infer<typeof listInput>,
): Promise<{ rows: DuplicatePair[]; next: string | null }> {
  const types = input.object ? [kindOf(work, input.object, 'read')] : kinds(work, 'read');
  const after = input.cursor ? readCursor(cursorSchema, input.cursor) : undefined;
  const conditions = [
    input.dismissed ? sql`p.dismissed_at is not null` : sql`p.dismissed_at is null`,
    ...(input.reason ? [sql`jsonb_exists(p.reasons, ${input.reason})`] : []),
    ...(after ? [sql`(-p.score, p.a, p.b) > (${-after.score}::int, ${after.a}::uuid, ${after.b}::uuid)`] : []),
  ];
  const parts = types.map(
    (type) => sql`(${pairsOf(work, type, conditions)} order by p.score desc, p.a, p.b limit ${input.limit + 1})`,
  );
  if (parts.length === 0) return { rows: [], next: null };
  const rows = await work.db.rows<PairRow>(
    sql`select * from (${sql.join(parts, sql` union all `)}) u order by u.score desc, u.a, u.b limit ${input.limit + 1}`,
  );
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  return {
    rows: page.map(({ aTitle, bTitle, a, b, ...row }) => ({
      ...row,
      a: { id: a, title: aTitle ?? '' },
      b: { id: b, title: bTitle ?? '' },
    })),
    next: rows.length > input.limit && last ? makeCursor({ score: last.score, a: last.a, b: last.b }) : null,
  };
}

/** Pairs of a kind of which both records are live and the actor's to see. */
function pairsOf(work: Work, type: RecordType, conditions: SQL[]): SQL {
  const tenant = work.actor.tenantId;
  const title = sql.identifier(snake(type.title));
  const both = (action: 'read' | 'write' | 'delete') =>
    sql.join(
      ['t1', 't2'].map((t) => inScope(work, type, action, t) ?? sql`true`),
      sql` and `,
    );
  return sql`select p.object, p.a, p.b, p.score, p.reasons, p.found_at as "foundAt", m.name as "dismissedBy",
      left(t1.${title}, 200) as "aTitle", left(t2.${title}, 200) as "bTitle",
      coalesce(${both('write')} and ${both('delete')}, false) as mergeable
    from app.duplicate_pair p
    join ${type.table} t1 on t1.tenant_id = ${tenant} and t1.id = p.a and t1.deleted_at is null ${andKind(type, 't1')}
    join ${type.table} t2 on t2.tenant_id = ${tenant} and t2.id = p.b and t2.deleted_at is null ${andKind(type, 't2')}
    left join app.member m on m.tenant_id = ${tenant} and m.id = p.dismissed_by
    where p.tenant_id = ${tenant} and p.object = ${type.object} and ${both('read')} and ${sql.join(conditions, sql` and `)}`;
}

const countedTo = 1000;
/** Pairs that are merged in one step without looking. */
const mergedAtOnce = 100;

/**
 * How many likely duplicates there are of each kind, counted to 1000, and how many of them `certainPairs` has: as many
 * as merging them at once would take.
 */
export async function summary(
  work: Work,
): Promise<{ objects: { object: string; count: number; certain: number }[]; countedTo: number }> {
  const types = kinds(work, 'read');
  const counts = types.map(
    (type) => sql`select ${type.object}::text as object, count(*)::int as count
      from (${pairsOf(work, type, [sql`p.dismissed_at is null`])} limit ${countedTo}) u`,
  );
  const rows = await work.db.rows<{ object: string; count: number }>(sql.join(counts, sql` union all `));
  const found = new Map(rows.map(({ object, count }) => [object, count]));
  const objects = [];
  for (const type of types) {
    const count = found.get(type.object) ?? 0;
    if (count === 0) continue;
    objects.push({ object: type.object, count, certain: (await certainPairs(work, type)).length });
  }
  return { objects, countedTo };
}

/**
 * Pairs certain enough to be merged without looking, which the actor may merge, the surest first; so many as are merged
 * in one step.
 * Not those with a record that somebody said is not the same as another: all that are alike become one, and over a
 * third record these two would.
 */
export async function certainPairs(work: Work, type: RecordType): Promise<{ a: string; b: string }[]> {
  const said = (column: SQL) => sql`not exists (select from app.duplicate_pair d
    where d.tenant_id = ${work.actor.tenantId} and d.object = p.object and d.dismissed_at is not null and ${column} in (p.a, p.b))`;
  const pairs = pairsOf(work, type, [
    sql`p.dismissed_at is null`,
    sql`p.score >= ${certain}`,
    said(sql`d.a`),
    said(sql`d.b`),
  ]);
  return work.db.rows(
    sql`select u.a, u.b from (${pairs}) u where u.mergeable order by u.score desc limit ${mergedAtOnce}`,
  );
}

export const pairInput = z.strictObject({ object, a: z.uuid(), b: z.uuid() });
type Pair = z.infer<typeof pairInput>;

/** Remembers that two records are not the same. @throws Refusal notFound for a pair that is not there to see */
export async function dismiss(work: Work, input: Pair): Promise<{ done: true }> {
  await setDismissed(work, input, true);
  await audit(work, 'duplicateDismissed', { object: input.object, id: input.a }, { other: input.b });
  return { done: true };
}

/** Takes that back. */
export async function reopen(work: Work, input: Pair): Promise<{ done: true }> {
  await setDismissed(work, input, false);
  await audit(work, 'duplicateReopened', { object: input.object, id: input.a }, { other: input.b });
  return { done: true };
}

async function setDismissed(work: Work, { object, ...ends }: Pair, dismissed: boolean): Promise<void> {
  const type = kindOf(work, object, 'write');
  const [a = '', b = ''] = [ends.a, ends.b].sort();
  await requireInScope(work, type, 'write', [a, b]);
  if (!(await isVisible(work, type, a)) || !(await isVisible(work, type, b))) throw notFound();
  const changed = await work.db.update(
    duplicatePairs,
    dismissed
      ? { dismissedAt: work.now.toISOString(), dismissedBy: work.actor.memberId }
      : { dismissedAt: null, dismissedBy: null },
    and(
      eq(duplicatePairs.object, type.object),
      eq(duplicatePairs.a, a),
      eq(duplicatePairs.b, b),
      dismissed ? isNull(duplicatePairs.dismissedAt) : isNotNull(duplicatePairs.dismissedAt),
    ),
  );
  if (changed === 0) throw notFound();
}

export interface MatchRuleView {
  object: string;
  weights: Record<string, number>;
  defaults: Record<string, number>;
  threshold: number;
  version: number;
}

/** What records of each kind are compared by. */
export async function rules(work: Work): Promise<MatchRuleView[]> {
  const stored = new Map((await work.db.find(matchRules)).map((row) => [row.object, row.version]));
  const views: MatchRuleView[] = [];
  for (const type of kinds(work, 'read')) {
    const defaults = defaultWeights(type.object, type.own);
    if (Object.keys(defaults).length === 0) continue;
    views.push({
      object: type.object,
      defaults,
      ...matchConfigOf(work, type),
      version: stored.get(type.object) ?? 0,
    });
  }
  return views;
}

export const rulesInput = matchConfigSchema.extend({ object, version: z.int().min(0) });

/**
 * Changes what records of a kind are compared by; a job writes their keys anew and looks for pairs.
 * @throws Refusal invalid `unknownRule` naming the rule, conflict `stale`
 */
export async function setRules(work: Work, input: z.infer<typeof rulesInput>): Promise<{ version: number }> {
  const type = kindOf(work, input.object, 'read');
  const known = defaultWeights(type.object, type.own);
  for (const rule of Object.keys(input.weights)) {
    if (!Object.hasOwn(known, rule))
      throw new Refusal('invalid', { code: 'unknownRule', field: `weights.${rule}`, params: { rule } });
  }
  const [stored] = await work.db.find(matchRules, eq(matchRules.object, type.object), { lock: true });
  if ((stored?.version ?? 0) !== input.version) throw new Refusal('conflict', 'stale');
  const version = input.version + 1;
  // Without `scan`: everything is to be looked at again.
  const config: RecordValues = { weights: { ...known, ...input.weights }, threshold: input.threshold };
  await work.db.upsert(matchRules, { object: type.object, version, config }, [matchRules.tenantId, matchRules.object], {
    version,
    config,
  });
  await forgetTypes(work);
  await audit(work, 'duplicateRulesChanged', { object: type.object }, config);
  await work.enqueue(work.db, 'duplicates', { tenantId: work.actor.tenantId, object: type.object });
  return { version };
}
