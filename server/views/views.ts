import { and, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { members, preferences, teams } from '@/db/schema/tenants';
import { views } from '@/db/schema/views';
import * as f from '@/domain/fields';
import { notFound, Refusal } from '@/domain/refusals';
import { configOfSearch, maxViews, type View, type ViewUpdate, viewInput } from '@/domain/views';
import { apply, applySet, type Change } from '../core/changes';
import { filterSql } from '../core/filter-sql';
import { newId } from '../core/ids';
import { defineRecord, type RecordType } from '../core/record-types';
import type { Work } from '../core/work';
import { setPreference } from '../tenants/tenants';
import { typeToRead } from './kinds';

export const viewType: RecordType = defineRecord({
  object: 'view',
  table: views,
  tableName: 'view',
  fields: {
    name: f.text({ required: true }),
    object: f.text(),
    kind: f.text(),
    audience: f.text(),
    teamId: f.team(),
    ownerId: f.member(),
    config: f.text(),
    position: f.integer(),
  },
  title: 'name',
  // Everybody has views of their own; whose a view is decides the rest.
  permission: 'members.read',
  guard: guardViews,
});

type Row = typeof views.$inferSelect;

/** Views of an object the actor sees: their own, those of their teams, everyone's; in order. */
export async function listViews(work: Work, object: string): Promise<{ views: View[]; start: string | null }> {
  typeToRead(work, object);
  const mine = await myTeams(work);
  const visible = visibleTo(work, [...mine.in, ...mine.managed]);
  const [rows, start] = await Promise.all([
    work.db.find(views, and(isNull(views.deletedAt), eq(views.object, object), visible), {
      orderBy: sql`${views.position}, ${views.id}`,
      limit: maxViews * 2,
    }),
    preferenceOf(work, startKey(object)),
  ]);
  const owners = [...new Set(rows.map(({ ownerId }) => ownerId))];
  const people = await work.db.find(members, inArray(members.id, owners));
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const list = rows.map((row): View => {
    const { id, version, name, kind, audience, teamId, ownerId, config } = row;
    return {
      id,
      version,
      object,
      name,
      // The table's checks hold both to the catalogue's; the config was written by the verbs.
      kind: kind as View['kind'],
      audience: audience as View['audience'],
      teamId,
      ownerId,
      ownerName: names.get(ownerId) ?? null,
      config: config as View['config'],
      editable: mayChange(work, row, mine.managed),
    };
  });
  return { views: list, start: list.some(({ id }) => id === start) ? String(start) : null };
}

/** Makes a view. @throws Refusal forbidden for a team or everyone without the right, conflict `tooManyViews` */
export async function createView(
  work: Work,
  input: z.output<typeof viewInput>,
): Promise<{ id: string; changeSetId: string }> {
  const placed = await lastPlace(work, input.object);
  const values = { ...input, teamId: teamFor(input), ownerId: work.actor.memberId, position: placed + 1 };
  checkConfig(work, input.object, input.config);
  await requireTeam(work, values);
  await requireChange(work, [values]);
  const id = newId();
  const { changeSetId } = await apply(work, 'configure', [{ type: viewType, op: 'create', id, values }]);
  return { id, changeSetId };
}

/** Changes a view: its name, what it shows, whose it is. `version` given: refused as stale when somebody was quicker. */
export async function updateView(
  work: Work,
  { id, values, version }: { id: string; values: ViewUpdate; version?: number },
): Promise<{ changeSetId: string }> {
  const row = await viewOf(work, id);
  if (values.config) checkConfig(work, row.object, values.config);
  const audience = values.audience ?? row.audience;
  const teamId = teamFor({ audience, teamId: values.teamId === undefined ? row.teamId : values.teamId });
  // A team that is gone keeps nobody from changing or removing what was shared with it.
  if (audience !== row.audience || teamId !== row.teamId) await requireTeam(work, { audience, teamId });
  // Both sides: what it was is somebody's, and what it becomes will be.
  await requireChange(work, [row, { ...row, audience, teamId }]);
  const change: Change = { type: viewType, op: 'update', id, values: { ...values, audience, teamId }, version };
  return applySet(work, 'configure', [change]);
}

export async function removeView(work: Work, id: string): Promise<{ changeSetId: string }> {
  await requireChange(work, [await viewOf(work, id)]);
  return applySet(work, 'configure', [{ type: viewType, op: 'delete', id }]);
}

/** The same view once more, as one's own. */
export async function duplicateView(
  work: Work,
  { id, name }: { id: string; name: string },
): Promise<{ id: string; changeSetId: string }> {
  const { object, kind, config } = await viewOf(work, id);
  return createView(work, viewInput.parse({ object, kind, config, name, audience: 'mine' }));
}

/** Puts views in an order; those the actor may not change keep their place, and so does whatever is not named. */
export async function reorderViews(work: Work, object: string, ids: string[]): Promise<{ changeSetId: string }> {
  const rows = await work.db.find(
    views,
    and(isNull(views.deletedAt), eq(views.object, object), inArray(views.id, ids)),
  );
  const { managed } = await myTeams(work);
  const changeable = new Map(rows.filter((row) => mayChange(work, row, managed)).map((row) => [row.id, row]));
  if (changeable.size === 0) throw notFound();
  // The places that are free to give, given in the order asked for. Views made at once may have one place between them.
  const places: number[] = [];
  for (const place of [...changeable.values()].map(({ position }) => position).sort((a, b) => a - b))
    places.push(Math.max(place, (places.at(-1) ?? place - 1) + 1));
  const moved = ids.filter((id) => changeable.has(id));
  return applySet(
    work,
    'configure',
    moved.map((id, i): Change => ({ type: viewType, op: 'update', id, values: { position: places[i] ?? i } })),
  );
}

const startKey = (object: string) => `start:${object}`;

/** The view an object opens with for this person; null for the whole list. */
export async function setStart(work: Work, object: string, id: string | null): Promise<{ ok: true }> {
  typeToRead(work, object);
  if (id !== null && (await viewOf(work, id)).object !== object) throw notFound();
  return setPreference(work, startKey(object), id);
}

const keptViews = z.array(z.looseObject({ name: z.string(), search: z.string() })).max(200);

/** Views that were kept as a preference become records, once; the preference goes with the same transaction. */
export async function adoptViews(work: Work, object: string): Promise<{ count: number }> {
  typeToRead(work, object);
  const key = `views:${object}`;
  const kept = keptViews.safeParse(await preferenceOf(work, key, true));
  if (!kept.success || kept.data.length === 0) return { count: 0 };
  const first = await lastPlace(work, object);
  const list = kept.data.map(({ name, search }, i): Change => {
    const values = {
      object,
      name: f.lineSchema(60).catch('—').parse(name.slice(0, 60)),
      kind: 'table',
      audience: 'mine',
      teamId: null,
      ownerId: work.actor.memberId,
      config: configOfSearch(search),
      position: first + 1 + i,
    };
    return { type: viewType, op: 'create', id: newId(), values };
  });
  await apply(work, 'configure', list);
  await setPreference(work, key, null);
  return { count: list.length };
}

async function preferenceOf(work: Work, key: string, lock = false): Promise<unknown> {
  const mine = and(eq(preferences.memberId, work.actor.memberId), eq(preferences.key, key));
  const [row] = await work.db.find(preferences, mine, { lock });
  return row?.value;
}

/** A live view the actor sees. @throws Refusal notFound */
async function viewOf(work: Work, id: string): Promise<Row> {
  const mine = await myTeams(work);
  const visible = visibleTo(work, [...mine.in, ...mine.managed]);
  const [row] = await work.db.find(views, and(isNull(views.deletedAt), eq(views.id, id), visible));
  if (!row) throw notFound();
  return row;
}

function visibleTo(work: Work, teamIds: string[]): SQL | undefined {
  return or(
    eq(views.audience, 'everyone'),
    and(eq(views.audience, 'mine'), eq(views.ownerId, work.actor.memberId)),
    isAdmin(work)
      ? eq(views.audience, 'team')
      : teamIds.length > 0
        ? and(eq(views.audience, 'team'), inArray(views.teamId, teamIds))
        : undefined,
  );
}

const isAdmin = ({ actor }: Work) => actor.role === 'owner' || actor.role === 'admin';

async function myTeams(work: Work): Promise<{ in: string[]; managed: string[] }> {
  const { memberId, teamId } = work.actor;
  const led = await work.db.find(teams, and(isNull(teams.deletedAt), eq(teams.managerId, memberId)));
  return { in: teamId ? [teamId] : [], managed: led.map(({ id }) => id) };
}

type Owned = Pick<Row, 'audience' | 'teamId' | 'ownerId'>;

function mayChange(work: Work, { audience, teamId, ownerId }: Owned, managed: readonly string[]): boolean {
  if (audience === 'mine') return ownerId === work.actor.memberId;
  if (isAdmin(work)) return true;
  return audience === 'team' && teamId !== null && managed.includes(teamId);
}

/** @throws Refusal invalid `noSuchRecord` when what is shared with a team names none that is there */
async function requireTeam(work: Work, { audience, teamId }: Pick<Owned, 'audience' | 'teamId'>): Promise<void> {
  if (audience !== 'team') return;
  const [team] = teamId ? await work.db.find(teams, and(isNull(teams.deletedAt), eq(teams.id, teamId))) : [];
  if (!team) throw new Refusal('invalid', { code: 'noSuchRecord', field: 'teamId' });
}

/** @throws Refusal forbidden `viewNotYours` when one of them is not the actor's to make or change */
async function requireChange(work: Work, list: Owned[]): Promise<void> {
  const { managed } = await myTeams(work);
  if (!list.every((view) => mayChange(work, view, managed))) throw new Refusal('forbidden', 'viewNotYours');
}

/** Undo keeps to the same rights. */
async function guardViews(work: Work, changes: Change[]): Promise<void> {
  const ids = changes.map(({ id }) => id);
  const rows = await work.db.find(views, inArray(views.id, ids));
  const { managed } = await myTeams(work);
  for (const row of rows) {
    const change = changes.find(({ id }) => id === row.id);
    // What it becomes: audience and team are among the values when they change.
    const after = change?.op === 'update' ? ({ ...row, ...change.values } as Row) : row;
    if (!mayChange(work, row, managed) || !mayChange(work, after, managed))
      throw new Refusal('forbidden', 'viewNotYours');
  }
}

const teamFor = ({ audience, teamId }: { audience: string; teamId?: string | null }) =>
  audience === 'team' ? (teamId ?? null) : null;

async function lastPlace(work: Work, object: string): Promise<number> {
  typeToRead(work, object);
  const { tenantId, memberId } = work.actor;
  const [row] = await work.db.rows<{ last: number; own: number }>(sql`
    select coalesce(max(v.position), 0)::int as last, count(*) filter (where v.owner_id = ${memberId})::int as own
    from app.view v where v.tenant_id = ${tenantId} and v.object = ${object} and v.deleted_at is null`);
  if (row && row.own >= maxViews) throw new Refusal('conflict', { code: 'tooManyViews', params: { max: maxViews } });
  return row?.last ?? 0;
}

/** A view that could never be shown is not kept: its filter is compiled. @throws Refusal invalid naming what is wrong */
function checkConfig(work: Work, object: string, { filter, sort }: View['config']): void {
  const type = typeToRead(work, object);
  if (filter) filterSql(work, type, filter);
  for (const { field } of sort ?? []) {
    if (!Object.hasOwn(type.fields, field)) throw new Refusal('invalid', { code: 'unknownField', params: { field } });
  }
}
