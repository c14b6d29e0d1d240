import { sql } from 'drizzle-orm';
import type { Verb } from '@/domain/changes';
import type { RecordType } from '../core/record-types';
import { snake } from '../core/record-types';
import { isAnchor } from '../core/scope';
import { type Watched, watchChanges } from '../core/watchers';
import type { Work } from '../core/work';
import { type News, notify } from './write';

/** What is done to many at once or taken back is told by its own screen, to whoever did it. */
const silent = new Set<Verb>(['import', 'undo', 'sample', 'restore']);

watchChanges(async (work, verb, changes) => {
  if (silent.has(verb) || work.actor.channel === 'import' || work.actor.channel === 'system') return;
  const news: News[] = [];
  for (const [type, ofType] of byType(work, changes)) {
    const owner = type.owner ?? '';
    const given = ofType.filter(({ after }) => typeof after?.[owner] === 'string');
    for (const { id, after } of given)
      news.push({ kind: 'assigned', object: type.object, recordId: id, memberId: String(after?.[owner]) });
    const moved = ofType.filter((change) => change.op === 'update' && change.after && happening(type, change));
    if (moved.length > 0) news.push(...(await toFollowers(work, type, moved)));
  }
  await notify(work, news);
});

function byType(work: Work, changes: readonly Watched[]): [RecordType, Watched[]][] {
  return [...Map.groupBy(changes, ({ object }) => object)].flatMap(([object, list]): [RecordType, Watched[]][] => {
    const type = work.types.find(object);
    return type?.owner && isAnchor(type) ? [[type, list]] : [];
  });
}

/** The field of a change that followers hear of. */
function happening(type: RecordType, { after }: Watched): 'stageId' | 'ownerId' | undefined {
  if (after && 'stageId' in after) return 'stageId';
  return type.owner === 'ownerId' && after && 'ownerId' in after ? 'ownerId' : undefined;
}

async function toFollowers(work: Work, type: RecordType, changes: readonly Watched[]): Promise<News[]> {
  const audience = await audienceOf(
    work,
    type,
    changes.map(({ id }) => id),
  );
  return changes.flatMap((change) => {
    const field = happening(type, change);
    if (!field) return [];
    const detail = { from: change.before?.[field] ?? null, to: change.after?.[field] ?? null };
    const listeners = new Set(audience.get(change.id));
    // Whoever had it is told that it went to somebody else.
    if (field === 'ownerId' && typeof detail.from === 'string') listeners.add(detail.from);
    return [...listeners].map((memberId): News => {
      const kind = field === 'stageId' ? 'stage' : 'owner';
      return { kind, object: type.object, recordId: change.id, memberId, detail };
    });
  });
}

/** Who hears of what happens to records: those who follow them and their owners, without those who asked for silence. */
export async function audienceOf(
  work: Work,
  type: RecordType,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { tenantId } = work.actor;
  const wanted = sql.param([...ids]);
  const owners = type.owner
    ? sql`union all select t.id, t.${sql.identifier(snake(type.owner))}, false from ${type.table} t
        where t.tenant_id = ${tenantId} and t.id = any(${wanted}::uuid[]) and t.${sql.identifier(snake(type.owner))} is not null`
    : sql``;
  const rows = await work.db.rows<{ id: string; memberId: string; muted: boolean }>(sql`
    select f.record_id as id, f.member_id as "memberId", f.muted from app.follower f
    where f.tenant_id = ${tenantId} and f.record_id = any(${wanted}::uuid[]) ${owners}`);
  const silence = new Set(rows.flatMap(({ id, memberId, muted }) => (muted ? [`${id} ${memberId}`] : [])));
  const audience = new Map<string, Set<string>>();
  for (const { id, memberId } of rows) {
    if (silence.has(`${id} ${memberId}`)) continue;
    audience.set(id, (audience.get(id) ?? new Set()).add(memberId));
  }
  return audience;
}
