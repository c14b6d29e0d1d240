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
import { people, type Reader, readableBy } from '../conversation/readers';
import { newId } from '../core/ids';
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
    const readable = await readableOf(work, same, known);
    const [first] = readable;
    if (first && readable.length > toldOneByOne)
      told.push({ ...first, commentId: undefined, recordId: null, detail: { count: readable.length } });
    else told.push(...readable);
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

/** Tells whoever asked for an export, or for an `archive`, that its file is ready, or that there will be none. */
export async function tellOfExport(
  db: TenantDb,
  now: Date,
  {
    memberId,
    object,
    ...detail
  }: { memberId: string; object: string; exportId: string; count?: number; failed?: true },
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

/** Of what one person would hear of one kind of record, what is of records they may read. */
async function readableOf(work: Work, same: News[], known: ReadonlyMap<string, Reader>): Promise<News[]> {
  const [first] = same;
  const reader = first && known.get(first.memberId);
  const type = first && work.types.find(first.object);
  if (!reader || !type) return [];
  const ids = await readableBy(
    work,
    reader,
    type,
    same.map(({ recordId }) => recordId),
  );
  return same.filter(({ recordId }) => ids.has(recordId));
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
