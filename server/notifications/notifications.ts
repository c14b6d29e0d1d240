import { and, eq, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { notifications } from '@/db/schema/conversation';
import { inTenant } from '@/db/tenant';
import type { NotificationKind } from '@/domain/notifications';
import { plainText } from '@/domain/rich-text';
import { titlesOf } from '../changes/changes';
import { makeCursor, readCursor } from '../core/cursor';
import { isMoment } from '../core/filter-sql';
import { inScope, isAnchor } from '../core/scope';
import { andKind } from '../core/types';
import type { Work } from '../core/work';

export interface NotificationView {
  id: string;
  kind: NotificationKind;
  at: string;
  readAt: string | null;
  object: string | null;
  recordId: string | null;
  title: string | null;
  by: { id: string; name: string } | null;
  commentId: string | null;
  /** The beginning of the comment or note it tells of, without marks. */
  excerpt: string | null;
  /** What the stage or owner was and is. */
  from: string | null;
  to: string | null;
  /** Set where many records are told of at once. */
  count: number | null;
  /** The export it tells of, and whether nothing came of it. */
  exportId: string | null;
  failed: boolean;
}

/** Beyond this the bell says "99+". */
const counted = 100;

/** 1 for what is unread, then when and which. */
const cursorSchema = z.tuple([z.literal([0, 1]), z.string().refine(isMoment), z.uuid()]);

/**
 * A page of what the actor was told, unread first, then the newest. What they may no longer read is left out.
 * @throws Refusal invalid `badCursor`
 */
export async function listNotifications(
  work: Work,
  input: { cursor?: string | null; limit: number },
): Promise<{ items: NotificationView[]; next: string | null }> {
  const after = input.cursor ? readCursor(cursorSchema, input.cursor) : undefined;
  const beyond = after
    ? sql`((n.read_at is null)::int, n.at, n.id) < (${after[0]}::int, ${after[1]}::timestamptz, ${after[2]}::uuid)`
    : sql`true`;
  const views = await viewsOf(work, sql`n.shown and ${beyond}`, input.limit + 1);
  const items = views.slice(0, input.limit);
  const last = views.length > input.limit ? items.at(-1) : undefined;
  return { next: last ? makeCursor([last.readAt === null ? 1 : 0, last.at, last.id]) : null, items };
}

/** What the actor was told and may read now, of what meets a condition on `n`: unread first, then the newest. */
export async function viewsOf(work: Work, condition: SQL, limit: number): Promise<NotificationView[]> {
  const { tenantId } = work.actor;
  const rows = await work.db.rows<{
    id: string;
    kind: NotificationKind;
    at: string;
    readAt: string | null;
    object: string | null;
    recordId: string | null;
    byId: string | null;
    byName: string | null;
    commentId: string | null;
    body: string | null;
    detail: Record<string, unknown>;
  }>(sql`
    select n.id, n.kind, n.at, n.read_at as "readAt", n.object, n.record_id as "recordId", n.by_id as "byId", m.name as "byName",
      n.comment_id as "commentId", left(coalesce(c.body, o.body), 600) as body, n.detail
    from app.notification n
    left join app.member m on m.tenant_id = ${tenantId} and m.id = n.by_id
    left join app.comment c on c.tenant_id = ${tenantId} and c.id = n.comment_id
    left join app.note o on o.tenant_id = ${tenantId} and o.id = ${noteId}
    where ${await mine(work, condition)}
    order by (n.read_at is null)::int desc, n.at desc, n.id desc limit ${limit}`);
  const titles = await titlesOf(work, rows.flatMap(named));
  const title = (value: unknown) => (typeof value === 'string' ? (titles.get(value) ?? null) : null);
  return rows.map(({ byId, byName, body, detail, ...row }) => ({
    ...row,
    title: title(row.recordId),
    by: byId ? { id: byId, name: byName ?? '' } : null,
    excerpt: body === null ? null : plainText(body, 140),
    from: title(detail.from),
    to: title(detail.to),
    count: typeof detail.count === 'number' ? detail.count : null,
    exportId: typeof detail.exportId === 'string' ? detail.exportId : null,
    failed: detail.failed === true,
  }));
}

/** How much is unread, counted up to 100. */
export async function countUnread(work: Work): Promise<{ count: number }> {
  const [row] = await work.db.rows<{ n: number }>(sql`select count(*)::int as n from (
    select from app.notification n where ${await mine(work, sql`n.shown and n.read_at is null`)} limit ${counted}) as unread`);
  return { count: row?.n ?? 0 };
}

/** Marks as read: those named, or all. @returns how many were unread */
export async function markRead(work: Work, ids: readonly string[] | 'all'): Promise<{ count: number }> {
  const count = await work.db.update(
    notifications,
    { readAt: work.now.toISOString() },
    and(
      eq(notifications.memberId, work.actor.memberId),
      isNull(notifications.readAt),
      ids === 'all' ? undefined : inArray(notifications.id, [...ids]),
    ),
  );
  return { count };
}

/** As long as records lie in the bin. */
const keptDays = 180;

/** Forgets what a tenant's people were told long ago, read or not: a list nobody reaches the end of must not grow for ever. */
export async function pruneNotifications(tenantId: string, now: Date): Promise<void> {
  const before = new Date(now.getTime() - keptDays * 86_400_000).toISOString();
  await inTenant(tenantId, 'write', (db) => db.delete(notifications, lt(notifications.at, before)));
}

/** The note that names somebody: its text is read where it stands, so that it goes and changes with it. */
const noteId = sql`(n.detail ->> 'noteId')::uuid`;

/** The actor's own that meet a condition, of records they may read now and of comments and notes that are still there. */
async function mine(work: Work, condition: SQL): Promise<SQL> {
  const { tenantId, memberId } = work.actor;
  const own = sql`n.tenant_id = ${tenantId} and n.member_id = ${memberId} and ${condition}`;
  const kinds = await work.db.rows<{ object: string }>(
    sql`select distinct n.object from app.notification n where ${own} and n.record_id is not null`,
  );
  const readable = kinds.flatMap(({ object }) => {
    const type = work.types.find(object);
    if (!type || !isAnchor(type)) return [];
    const scope = inScope(work, type, 'read', 'r');
    return [
      sql`(n.object = ${object} and exists (select from ${type.table} r where r.tenant_id = ${tenantId} and r.id = n.record_id
        and r.deleted_at is null ${andKind(type, 'r')} ${scope ? sql`and ${scope}` : sql``}))`,
    ];
  });
  const notes = inScope(work, work.types.get('note'), 'read', 'k');
  return sql`${own} and (${sql.join([sql`n.record_id is null`, ...readable], sql` or `)})
    and (n.comment_id is null or exists (select from app.comment k
      where k.tenant_id = ${tenantId} and k.id = n.comment_id and k.deleted_at is null))
    and (${noteId} is null or exists (select from app.note k
      where k.tenant_id = ${tenantId} and k.id = ${noteId} and k.deleted_at is null ${notes ? sql`and ${notes}` : sql``}))`;
}

function named({
  object,
  recordId,
  kind,
  detail,
}: Pick<NotificationView, 'object' | 'recordId' | 'kind'> & { detail: Record<string, unknown> }) {
  const of = kind === 'stage' ? 'stage' : kind === 'owner' ? 'member' : undefined;
  const sides = of
    ? [detail.from, detail.to].flatMap((id) => (typeof id === 'string' ? [{ object: of, recordId: id }] : []))
    : [];
  return object && recordId ? [{ object, recordId }, ...sides] : sides;
}
