import { and, eq, inArray } from 'drizzle-orm';
import { notifications } from '@/db/schema/conversation';
import { preferences } from '@/db/schema/tenants';
import type { TenantDb } from '@/db/tenant';
import {
  type NotificationKind,
  notificationChoices,
  notificationKinds,
  notificationPreference,
} from '@/domain/notifications';
import { asSeenBy, people, type Reader, readersOf } from '../conversation/readers';
import { newId } from '../core/ids';
import { inScope } from '../core/scope';
import type { Work } from '../core/work';

/** Something a person is to hear of. */
export interface News {
  memberId: string;
  kind: NotificationKind;
  object: string;
  recordId: string;
  commentId?: string;
  detail?: Record<string, unknown>;
}

/** More of one kind for one person in one change are told as one. */
const toldOneByOne = 3;

/**
 * Writes what people are to hear of, in the transaction of its cause. Nobody hears of their own doings, of what they may
 * not read, or twice of one record in one change.
 */
export async function notify(work: Work, news: readonly News[]): Promise<void> {
  const others = foremost(news.filter(({ memberId }) => memberId !== work.actor.memberId));
  if (others.length === 0) return;
  const known = new Map(
    (await people(work, [...new Set(others.map(({ memberId }) => memberId))])).map((p) => [p.id, p]),
  );
  const told: (Omit<News, 'recordId'> & { recordId: string | null })[] = [];
  for (const [, same] of Map.groupBy(others, ({ memberId, kind, object }) => `${memberId} ${kind} ${object}`)) {
    const [first] = same;
    const reader = first && known.get(first.memberId);
    if (!first || !reader) continue;
    if (same.length > toldOneByOne) {
      if (mayReadSome(work, first.object, reader))
        told.push({ ...first, commentId: undefined, recordId: null, detail: { count: same.length } });
    } else for (const each of same) if (await mayRead(work, each, reader)) told.push(each);
  }
  await insert(
    work.db,
    work.now,
    told.map((each) => ({ ...each, byId: work.actor.memberId })),
  );
}

/**
 * Reminds people of tasks that fall due; called by the job that looks for them, in the transaction that notes it.
 * @param tasks each with whoever is to do it
 */
export async function remind(
  db: TenantDb,
  now: Date,
  tasks: readonly { id: string; ownerId: string; object?: string }[],
): Promise<void> {
  await insert(
    db,
    now,
    tasks.map(({ id, ownerId, object = 'task' }) => {
      return { kind: 'reminder' as const, object, recordId: id, memberId: ownerId, byId: null };
    }),
  );
}

/** Tells whoever asked for an export that its file is ready, or that there will be none. */
export async function tellOfExport(
  db: TenantDb,
  now: Date,
  { memberId, object, ...detail }: { memberId: string; object: string; exportId: string; count: number; failed?: true },
): Promise<void> {
  await insert(db, now, [{ kind: 'export', object, recordId: null, memberId, byId: null, detail }]);
}

/** Of what one person would hear of one record, the weightiest. */
function foremost(news: readonly News[]): News[] {
  const weight = ({ kind }: News) => notificationKinds.indexOf(kind);
  return [...Map.groupBy(news, ({ memberId, recordId }) => `${memberId} ${recordId}`).values()].flatMap(
    (same) => same.toSorted((a, b) => weight(a) - weight(b))[0] ?? [],
  );
}

async function mayRead(work: Work, { object, recordId }: News, reader: Reader): Promise<boolean> {
  const type = work.types.find(object);
  return type !== undefined && (await readersOf(work, type, recordId, [reader])).length > 0;
}

function mayReadSome(work: Work, object: string, reader: Reader): boolean {
  const type = work.types.find(object);
  if (!type) return false;
  const seen = asSeenBy(work, reader);
  const rights = type.rights?.read[reader.role];
  return rights ? rights !== 'none' : Boolean(type.owner) || !inScope(seen, type, 'read');
}

async function insert(
  db: TenantDb,
  now: Date,
  list: readonly {
    memberId: string;
    kind: NotificationKind;
    object: string;
    recordId: string | null;
    commentId?: string;
    byId: string | null;
    detail?: Record<string, unknown>;
  }[],
): Promise<void> {
  if (list.length === 0) return;
  const wanted = await db.find(
    preferences,
    and(
      eq(preferences.key, notificationPreference),
      inArray(preferences.memberId, [...new Set(list.map(({ memberId }) => memberId))]),
    ),
  );
  const choices = new Map(wanted.map(({ memberId, value }) => [memberId, notificationChoices(value)]));
  const usual = notificationChoices(null);
  const rows = list.flatMap(({ detail = {}, commentId = null, ...each }) => {
    const { product, mail } = (choices.get(each.memberId) ?? usual)[each.kind];
    return product || mail
      ? [{ ...each, id: newId(), commentId, detail, shown: product, mail, at: now.toISOString() }]
      : [];
  });
  await db.insert(notifications, rows);
}
