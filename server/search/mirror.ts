import { createHash } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { isOwnField } from '@/domain/custom-fields';
import type { MirrorRow } from '@/domain/local-index';
import { notFound } from '@/domain/refusals';
import { keyRules, rankedKeys } from '@/domain/search-keys';
import { textRanks, titleRanks } from '@/domain/search-ranks';
import { makeCursor, readCursor } from '../core/cursor';
import { flat, type RecordType, type RecordValues, snake } from '../core/record-types';
import { inScope, scopeFor } from '../core/scope';
import { andKind } from '../core/types';
import type { Work } from '../core/work';
import { reachOf } from '../tenants/reach';
import { subtitle, whenOf } from './hits';
import { searchedTypes } from './search';

/** Records a browser holds at most; beyond them the server's search answers. */
export const mirrored = 100_000;
/** Records of one page. */
const page = 1000;
/** Changed records told of at once; whoever missed more begins anew. */
const mostChanged = 2000;
/** Seconds by which times overlap: a change bears the time its transaction began, and that lasts thirty at most. */
const overlap = 60;
/** Days after which it is cheaper to begin anew. */
const longestAway = 14;
/** Ranks of what a text sounds like: the tokens a browser cannot make itself. */
const spelt = [titleRanks.pinyin, titleRanks.innerPinyin, textRanks.pinyin];

const placeSchema = z.tuple([z.string().max(40), z.uuid()]);

/** What every answer says: the browser begins anew when `reach` or `rules` are others than those of what it holds. */
export interface MirrorHead {
  /** What the person may see, as `tenant.boot` says it. */
  reach: string;
  /** By which rules tokens are made, of which texts. */
  rules: string;
  /** The database's time, to ask for changes since. */
  at: string;
}

export interface MirrorStart extends MirrorHead {
  /** Kinds of records there are to be held, in the order of a search. */
  objects: string[];
  /** How many records are to be held at most. */
  most: number;
}

/** What a browser must know before it asks for records. */
export async function mirrorStart(work: Work): Promise<MirrorStart> {
  return { ...(await head(work)), objects: readable(work).map(({ object }) => object), most: mirrored };
}

/**
 * Records of a kind in the actor's scope as the search in the browser needs them, the newest first.
 * @param after the `next` of the page before
 * @throws Refusal notFound for a kind that is not there or not the actor's to read
 * @throws Refusal invalid `badCursor`
 */
export async function mirrorPage(
  work: Work,
  object: string,
  after: string | undefined,
): Promise<MirrorHead & { rows: MirrorRow[]; next: string | null }> {
  const type = readable(work).find((each) => each.object === object);
  if (!type) throw notFound();
  const place = after === undefined ? undefined : readCursor(placeSchema, after);
  const behind = place ? sql`and (t.created_at, t.id) < (${place[0]}::timestamptz, ${place[1]}::uuid)` : sql``;
  const [told, found] = await Promise.all([
    head(work),
    work.db.rows<Row>(sql`${select(work, type)} ${behind} order by t.created_at desc, t.id desc limit ${page}`),
  ]);
  const last = found.length === page ? found.at(-1) : undefined;
  return { ...told, rows: await rowsOf(work, type, found), next: last ? makeCursor([last.createdAt, last.id]) : null };
}

export interface MirrorChanges extends MirrorHead {
  rows: MirrorRow[];
  /** Records that are no longer there, or no longer the actor's to read. */
  gone: string[];
  /** There were too many: begin anew. */
  many: boolean;
}

/** What has changed since a time that an earlier answer told as `at`, and a little before it. */
export async function mirrorChanges(work: Work, since: string): Promise<MirrorChanges> {
  const types = new Map(readable(work).map((type) => [type.object, type]));
  const from = sql`${since}::timestamptz - make_interval(secs => ${overlap})`;
  const [told, changed] = await Promise.all([
    head(work),
    work.db.rows<{ object: string; id: string; late: boolean }>(sql`
      select c.object, c.record_id as id, ${since}::timestamptz < now() - make_interval(days => ${longestAway}) as late
      from app.change c where c.tenant_id = ${work.actor.tenantId} and c.written_at >= ${from}
      order by c.written_at limit ${mostChanged + 1}`),
  ]);
  if (changed.length > mostChanged || changed[0]?.late) return { ...told, rows: [], gone: [], many: true };
  const ids = Map.groupBy(changed, ({ object }) => object);
  const lists = await Promise.all(
    Array.from(types.values(), async (type) => {
      const own = new Set(ids.get(type.object)?.map(({ id }) => id));
      // What is about a record is seen by those who see that record, whose owner may have changed.
      for (const id of await about(work, type, changed)) own.add(id);
      return own.size > 0 ? changesOf(work, type, [...own], from) : { rows: [], gone: [] };
    }),
  );
  return { ...told, rows: lists.flatMap(({ rows }) => rows), gone: lists.flatMap(({ gone }) => gone), many: false };
}

/** Kinds that are found by words and of which the actor may read any. */
const readable = (work: Work): RecordType[] =>
  searchedTypes(work).filter((type) => scopeFor(work, type, 'read') !== 'none');

async function head(work: Work): Promise<MirrorHead> {
  const [reach, [time]] = await Promise.all([reachOf(work), work.db.kept<{ at: string }>(sql`select now() as at`)]);
  const texts = readable(work).map((type) => [type.object, textColumns(type)]);
  const rules = createHash('sha256')
    .update(JSON.stringify([keyRules, texts]))
    .digest('base64url')
    .slice(0, 16);
  return { reach, rules, at: time?.at ?? work.now.toISOString() };
}

interface Row extends RecordValues {
  id: string;
  title: string;
  shownAs: string | null;
  when: string | null;
  done: boolean;
  mine: boolean;
  seconds: number;
  createdAt: string;
}

/** Live records of a kind in scope with what is shown of them and the texts they are found by. */
function select(work: Work, type: RecordType): SQL {
  const scope = inScope(work, type, 'read');
  const owner = type.owner
    ? sql`coalesce(t.${sql.identifier(snake(type.owner))} = ${work.actor.memberId}, false)`
    : sql`false`;
  const names = textColumns(type);
  const columns = names.filter((name) => !isOwnField(name) && name !== type.title);
  if (names.some(isOwnField)) columns.push('custom');
  return sql`select t.id, t.${sql.identifier(snake(type.title))} as title, ${subtitle(work, type)} as "shownAs",
      ${whenOf(type)} as "when", ${type.object === 'task' ? sql`t.done is true` : sql`false`} as done, ${owner} as mine,
      extract(epoch from t.updated_at)::float8 as seconds, t.created_at as "createdAt"
      ${columns.map((name) => sql`, t.${sql.identifier(snake(name))} as ${sql.identifier(name)}`).reduce((all, each) => sql`${all}${each}`, sql``)}
    from ${type.table} t where t.tenant_id = ${work.actor.tenantId} and t.deleted_at is null ${andKind(type)}
      ${scope ? sql`and ${scope}` : sql``}`;
}

/** The columns and own fields whose texts a kind of record is found by: those that it looks at. */
function textColumns(type: RecordType): string[] {
  const names = new Set<string>();
  const row = new Proxy<RecordValues>(
    {},
    {
      get: (_, name) => {
        names.add(String(name));
        return undefined;
      },
    },
  );
  type.searchTexts?.(row);
  return [...names];
}

async function rowsOf(work: Work, type: RecordType, found: readonly Row[]): Promise<MirrorRow[]> {
  const names = textColumns(type).filter((name) => name !== type.title);
  const rows = found.map((stored): MirrorRow => {
    const row = flat({ ...stored, [type.title]: stored.title });
    const wanted = new Set(type.searchTexts?.(row));
    const texts = names.flatMap((name): [string, string][] => {
      const value = row[name];
      return typeof value === 'string' && value !== '' && wanted.has(value) ? [[name, value.slice(0, 400)]] : [];
    });
    return {
      object: type.object,
      id: stored.id,
      title: stored.title,
      subtitle: stored.shownAs ?? undefined,
      when: stored.when ?? undefined,
      done: stored.done || undefined,
      mine: stored.mine || undefined,
      at: Math.floor(stored.seconds),
      texts: texts.length > 0 ? texts : undefined,
    };
  });
  await spell(work, rows);
  return rows;
}

const chinese = /\p{Script=Han}/u;

/** What Chinese texts sound like, from the stored keys; of records whose keys are still to be made it is worked out. */
async function spell(work: Work, rows: readonly MirrorRow[]): Promise<void> {
  const wanted = rows.filter(
    ({ title, texts = [] }) => chinese.test(title) || texts.some(([, text]) => chinese.test(text)),
  );
  if (wanted.length === 0) return;
  const ids = wanted.map(({ id }) => id);
  const stored = await work.db.kept<{ id: string; keys: string[]; ranks: number[] }>(sql`
    select k.record_id as id, array_agg(k.key) as keys, array_agg(k.rank) as ranks from app.search_key k
    where k.tenant_id = ${work.actor.tenantId} and k.record_id = any(${sql.param(ids)}::uuid[])
      and k.rank = any(${sql.param(spelt)}::int[]) group by 1`);
  const known = new Map(stored.map((each) => [each.id, each]));
  for (const row of wanted) {
    const of = known.get(row.id);
    row.spelt = of
      ? of.keys.map((key, i) => [key, of.ranks[i] ?? textRanks.pinyin])
      : rankedKeys([row.title, ...(row.texts ?? []).map(([, text]) => text)]).flatMap(({ key, rank }) =>
          spelt.some((each) => each === rank) ? [[key, rank] as [string, number]] : [],
        );
  }
}

/** Records of a kind that are about some of the changed ones. */
async function about(
  work: Work,
  type: RecordType,
  changed: readonly { object: string; id: string }[],
): Promise<string[]> {
  const [name] = Object.entries(type.fields).find(([, { kindIn }]) => kindIn) ?? [];
  if (!name || !inScope(work, type, 'read')) return [];
  const ids = changed.flatMap(({ object, id }) => (work.types.find(object)?.rows ? [id] : []));
  if (ids.length === 0) return [];
  const rows = await work.db.rows<{ id: string }>(sql`select t.id from ${type.table} t
    where t.tenant_id = ${work.actor.tenantId} and t.${sql.identifier(snake(name))} = any(${sql.param(ids)}::uuid[]) limit ${mostChanged}`);
  return rows.map(({ id }) => id);
}

async function changesOf(
  work: Work,
  type: RecordType,
  ids: readonly string[],
  from: SQL,
): Promise<{ rows: MirrorRow[]; gone: string[] }> {
  const found = await work.db.rows<Row>(sql`${select(work, type)} and t.id = any(${sql.param([...ids])}::uuid[])`);
  const here = new Set(found.map(({ id }) => id));
  const missing = ids.filter((id) => !here.has(id));
  return { rows: await rowsOf(work, type, found), gone: await wereSeen(work, type, missing, from) };
}

/** Those of the records that the actor may have seen before they changed: of others not even that they did is told. */
async function wereSeen(work: Work, type: RecordType, ids: readonly string[], from: SQL): Promise<string[]> {
  const scope = scopeFor(work, type, 'read');
  if (ids.length === 0 || scope === 'all') return [...ids];
  if (!type.owner) return [];
  const { tenantId, memberId, teamId } = work.actor;
  const owners =
    scope === 'own'
      ? sql`${memberId}::uuid`
      : sql`select ${memberId}::uuid union select m.id from app.member m where m.tenant_id = ${tenantId} and m.team_id in (
          select g.id from app.team g where g.tenant_id = ${tenantId} and (g.manager_id = ${memberId} or g.id = ${teamId}))`;
  const rows = await work.db.rows<{ id: string }>(sql`
    select t.id from ${type.table} t where t.tenant_id = ${tenantId} and t.id = any(${sql.param([...ids])}::uuid[])
      and t.${sql.identifier(snake(type.owner))} in (${owners})
    union select c.record_id from app.change c where c.tenant_id = ${tenantId} and c.record_id = any(${sql.param([...ids])}::uuid[])
      and c.written_at >= ${from} and (c.before->>${type.owner})::uuid in (${owners})`);
  return rows.map(({ id }) => id);
}
