import { and, eq, isNull, sql } from 'drizzle-orm';
import { comments } from '@/db/schema/conversation';
import * as f from '@/domain/fields';
import { newObjectRights, type ObjectRights } from '@/domain/permissions';
import { notFound, Refusal } from '@/domain/refusals';
import { mentionsIn } from '@/domain/rich-text';
import { soundsLike } from '@/domain/search-keys';
import { apply } from '../core/changes';
import { newId } from '../core/ids';
import { defineRecord, type RecordType } from '../core/record-types';
import { removeRecords } from '../core/record-verbs';
import { requireVisible } from '../core/scope';
import type { Work } from '../core/work';
import { audienceOf } from '../notifications/watch';
import { type News, notify } from '../notifications/write';
import { followByItself } from './followers';
import { type ReactionView, reactionsTo, reactionsToNotes } from './reactions';
import { people, readersOf, requireAnchor } from './readers';

const all = newObjectRights.read;
/** People change what they wrote themselves, and take it back; admins take back anybody's. */
const rights: ObjectRights = {
  read: all,
  write: { ...all, manager: 'own', member: 'own', viewer: 'none' },
  delete: { ...all, manager: 'own', member: 'own', viewer: 'none' },
};

export const commentType = defineRecord({
  object: 'comment' as const,
  table: comments,
  tableName: 'comment',
  fields: {
    body: f.longText({ required: true }),
    object: f.text({ required: true }),
    recordId: f.text({ required: true }),
    ownerId: f.member(),
    mentions: f.tags(),
    editedAt: f.datetime({ readOnly: true }),
    createdAt: f.datetime({ readOnly: true }),
  },
  title: 'body',
  permission: 'conversation.write',
  owner: 'ownerId',
  hangsOn: rights,
  shownOn: [],
  shownOnAny: ['recordId'],
});

export interface CommentView {
  id: string;
  version: number;
  body: string;
  by: { id: string; name: string };
  createdAt: string;
  editedAt: string | null;
  replyTo: string | null;
  reactions: ReactionView[];
}

/** How many comments a page of a record shows at most; older ones stand in its timeline. */
const shown = 500;

/** The comments on a record, oldest first, and what was left on its notes. @throws Refusal notFound for a record that is not the actor's to see */
export async function listComments(
  work: Work,
  input: { object: string; recordId: string },
): Promise<{ items: CommentView[]; notes: { id: string; reactions: ReactionView[] }[] }> {
  const anchor = await requireAnchor(work, input.object, input.recordId);
  const rows = await work.db.rows<Omit<CommentView, 'by' | 'reactions'> & { ownerId: string; ownerName: string }>(sql`
    select c.id, c.version, c.body, c.created_at as "createdAt", c.edited_at as "editedAt", c.reply_to as "replyTo",
      c.owner_id as "ownerId", m.name as "ownerName"
    from app.comment c join app.member m on m.tenant_id = c.tenant_id and m.id = c.owner_id
    where c.tenant_id = ${work.actor.tenantId} and c.record_id = ${input.recordId} and c.object = ${input.object}
      and c.deleted_at is null
    order by c.created_at desc, c.id desc limit ${shown}`);
  const reactions = await reactionsTo(
    work,
    rows.map(({ id }) => id),
  );
  return {
    notes: await reactionsToNotes(work, anchor, input.recordId),
    items: rows.reverse().map(({ ownerId, ownerName, ...row }) => {
      return { ...row, by: { id: ownerId, name: ownerName }, reactions: reactions.get(row.id) ?? [] };
    }),
  };
}

export interface NewComment {
  object: string;
  recordId: string;
  body: string;
  replyTo?: string | null;
}

/**
 * Says something on a record. Whoever is named, answered or follows the record hears of it; whoever says it follows from
 * now on.
 * @throws Refusal notFound for a record not to be seen, invalid `mentionCannotSee` when somebody named may not read it,
 *   `noSuchRecord` when there is nothing to answer
 */
export async function addComment(work: Work, input: NewComment): Promise<{ id: string; changeSetId: string }> {
  const { object, recordId, body } = input;
  const type = await requireAnchor(work, object, recordId);
  const mentions = await mentionable(work, type, recordId, body);
  const answered = input.replyTo ? await answeredOn(work, recordId, input.replyTo) : undefined;
  const id = newId();
  const values = { object, recordId, body, mentions, replyTo: answered?.id ?? null, ownerId: work.actor.memberId };
  const { changeSetId } = await apply(work, 'create', [{ type: commentType, op: 'create', id, values }]);
  const news: News[] = mentions.map((memberId) => ({ kind: 'mention', object, recordId, memberId, commentId: id }));
  if (answered) news.push({ kind: 'reply', object, recordId, memberId: answered.ownerId, commentId: id });
  for (const memberId of (await audienceOf(work, type, [recordId])).get(recordId) ?? [])
    news.push({ kind: 'comment', object, recordId, memberId, commentId: id });
  await notify(work, news);
  await followByItself(work, object, recordId);
  return { id, changeSetId };
}

/**
 * Changes one's own comment; people named in it for the first time hear of it.
 * @throws Refusal notFound when it is not there or somebody else's, conflict `stale`
 */
export async function editComment(
  work: Work,
  input: { id: string; body: string; version?: number },
): Promise<{ version: number; changeSetId: string }> {
  const comment = await commentOf(work, input.id);
  // Admins may take a comment away, but nobody puts words into another's mouth.
  if (comment.ownerId !== work.actor.memberId) throw notFound();
  const { object, recordId } = comment;
  const type = await requireAnchor(work, object, recordId);
  const mentions = await mentionable(work, type, recordId, input.body, { before: comment.body });
  const changed = comment.body !== input.body;
  const values = changed ? { body: input.body, mentions, editedAt: work.now.toISOString() } : {};
  const applied = await apply(work, 'update', [
    { type: commentType, op: 'update', id: input.id, values, version: input.version },
  ]);
  const before = new Set(comment.mentions);
  await notify(
    work,
    mentions.flatMap((memberId): News[] =>
      before.has(memberId) ? [] : [{ kind: 'mention', object, recordId, memberId, commentId: input.id }],
    ),
  );
  return { version: applied.versions.get(input.id) ?? 0, changeSetId: applied.changeSetId };
}

/** Puts a comment in the bin: one's own, or as an admin anybody's. @throws Refusal notFound */
export async function removeComment(work: Work, id: string): Promise<{ changeSetId: string }> {
  await commentOf(work, id);
  const { changeSetId } = await removeRecords(work, commentType, { ids: [id] });
  return { changeSetId };
}

async function commentOf(work: Work, id: string): Promise<typeof comments.$inferSelect> {
  await requireVisible(work, commentType, id);
  const [comment] = await work.db.find(comments, and(eq(comments.id, id), isNull(comments.deletedAt)));
  if (!comment) throw notFound();
  return comment;
}

async function answeredOn(work: Work, recordId: string, id: string) {
  const [answered] = await work.db.find(comments, and(eq(comments.id, id), isNull(comments.deletedAt)));
  if (answered?.recordId !== recordId) throw new Refusal('invalid', { code: 'noSuchRecord', field: 'replyTo' });
  return answered;
}

/**
 * The people a text names, who must all be able to read the record it stands on. Whoever it named `before` it was edited
 * stays as they are: people leave, and lose sight of records, and what was written of them must still be corrected.
 * @throws Refusal invalid `mentionCannotSee` with the name of somebody who may not, `mentionUnknown` for nobody's id
 */
export async function mentionable(
  work: Work,
  type: RecordType,
  recordId: string,
  body: string,
  { before = '', field = 'body' }: { before?: string; field?: string } = {},
): Promise<string[]> {
  const ids = mentionsIn(body);
  if (ids.length > 50) throw new Refusal('invalid', { code: 'tooMany', field });
  const known = new Set(mentionsIn(before));
  const added = ids.filter((id) => !known.has(id));
  if (added.length === 0) return ids;
  const found = await people(work, added);
  if (found.length < added.length) throw new Refusal('invalid', { code: 'mentionUnknown', field });
  const readers = new Set((await readersOf(work, type, recordId, found)).map(({ id }) => id));
  const blind = found.find(({ id }) => !readers.has(id));
  if (blind) throw new Refusal('invalid', { code: 'mentionCannotSee', params: { name: blind.name }, field });
  return ids;
}

/** People who may be named on a record, by what is typed of their name. */
export async function findMentionable(
  work: Work,
  input: { object: string; recordId: string; q: string },
): Promise<{ id: string; name: string }[]> {
  const type = await requireAnchor(work, input.object, input.recordId);
  const typed = input.q.trim().toLowerCase();
  const fits = (await people(work))
    .flatMap((person) => {
      const place = placeIn(person.name, typed);
      return place === null ? [] : [{ person, place }];
    })
    .toSorted((a, b) => a.place - b.place || a.person.name.localeCompare(b.person.name));
  const readers: { id: string; name: string }[] = [];
  // The best first, until there are enough: most people may read most records.
  for (const { person } of fits.slice(0, asked)) {
    const [reader] = await readersOf(work, type, input.recordId, [person]);
    if (reader) readers.push({ id: reader.id, name: reader.name });
    if (readers.length === offered) break;
  }
  return readers;
}

/** So many people are offered, of at most so many who are asked for. */
const offered = 10;
const asked = 200;

/** How well a name fits what is typed: its beginning, a part of it, its sound in pinyin; null when not at all. */
function placeIn(name: string, typed: string): number | null {
  const lower = name.toLowerCase();
  if (lower.startsWith(typed)) return 0;
  if (lower.includes(typed)) return 1;
  return soundsLike(name, typed) ? 2 : null;
}
