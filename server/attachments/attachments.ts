import { and, eq, isNull, sql } from 'drizzle-orm';
import { attachments } from '@/db/schema/conversation';
import * as f from '@/domain/fields';
import { newObjectRights, type ObjectRights } from '@/domain/permissions';
import { notFound, Refusal } from '@/domain/refusals';
import { requireAnchor } from '../conversation/readers';
import { apply, type Change } from '../core/changes';
import { type StoredFile, shownName } from '../core/files';
import { newId } from '../core/ids';
import { defineRecord, type RecordType, type RecordValues } from '../core/record-types';
import { lockRecords } from '../core/record-verbs';
import { requireInScope, requireVisible } from '../core/scope';
import type { Work } from '../core/work';

const { read, write } = newObjectRights;
/** Whoever brought a file takes it away again; managers also those of their team, admins all. */
const rights: ObjectRights = {
  read,
  write: { ...write, manager: 'team', member: 'own' },
  delete: { ...write, manager: 'team', member: 'own' },
};

export const attachmentType = defineRecord({
  object: 'attachment' as const,
  table: attachments,
  tableName: 'attachment',
  fields: {
    name: f.text({ required: true }),
    object: f.text({ required: true }),
    recordId: f.text({ required: true }),
    field: f.text(),
    mediaType: f.text({ required: true }),
    bytes: f.integer({ required: true }),
    ownerId: f.member(),
    createdAt: f.datetime({ readOnly: true }),
  },
  title: 'name',
  permission: 'files.write',
  owner: 'ownerId',
  hangsOn: rights,
  shownOn: [],
  shownOnAny: ['recordId'],
});

export interface AttachmentView {
  id: string;
  version: number;
  name: string;
  mediaType: string;
  bytes: number;
  field: string | null;
  createdAt: string;
  by: { id: string; name: string } | null;
}

/** Most files on one record. */
const most = 1000;

/** The files of a record, newest first. @throws Refusal notFound for a record that is not the actor's to see */
export async function listAttachments(
  work: Work,
  input: { object: string; recordId: string },
): Promise<{ items: AttachmentView[] }> {
  await requireAnchor(work, input.object, input.recordId);
  const rows = await work.db.rows<
    Omit<AttachmentView, 'by'> & { ownerId: string | null; ownerName: string | null }
  >(sql`
    select a.id, a.version, a.name, a.media_type as "mediaType", a.bytes, a.field, a.created_at as "createdAt",
      a.owner_id as "ownerId", m.name as "ownerName"
    from app.attachment a left join app.member m on m.tenant_id = a.tenant_id and m.id = a.owner_id
    where a.tenant_id = ${work.actor.tenantId} and a.record_id = ${input.recordId} and a.object = ${input.object}
      and a.deleted_at is null
    order by a.created_at desc, a.id desc limit ${most}`);
  return {
    items: rows.map(({ ownerId, ownerName, ...row }) => {
      return { ...row, by: ownerId ? { id: ownerId, name: ownerName ?? '' } : null };
    }),
  };
}

export interface Target {
  object: string;
  recordId: string;
  /** A field of files that the tenant made; none for a file on the record itself. */
  field: string | null;
}

/**
 * The kind of a record that the actor may put files on.
 * @throws Refusal notFound, invalid `unknownField` when there is no such field of files, `tooManyFiles`
 */
export async function requireTarget(work: Work, { object, recordId, field }: Target): Promise<RecordType> {
  const type = await requireAnchor(work, object, recordId);
  work.db.requires(requireInScope(work, type, 'write', [recordId]));
  if (field !== null && type.fields[field]?.own?.type !== 'file')
    throw new Refusal('invalid', { code: 'unknownField', params: { field }, field: 'field' });
  const [row] = await work.db.rows<{ n: number }>(sql`select count(*)::int as n from app.attachment a
    where a.tenant_id = ${work.actor.tenantId} and a.record_id = ${recordId} and a.deleted_at is null`);
  if ((row?.n ?? 0) >= most)
    throw new Refusal('invalid', { code: 'tooManyFiles', params: { max: most }, field: 'file' });
  return type;
}

/** Puts a stored file on a record, and into its field when one is meant, as one change. */
export async function attach(
  work: Work,
  target: Target,
  stored: StoredFile,
  about: { name: string; mediaType: string },
): Promise<{ id: string; name: string; mediaType: string; bytes: number; changeSetId: string }> {
  const type = await requireTarget(work, target);
  const id = newId();
  const { name, mediaType } = about;
  const values = {
    ...target,
    name,
    mediaType,
    fileId: stored.id,
    bytes: stored.size,
    sha256: stored.sha256,
    ownerId: work.actor.memberId,
  };
  const list: Change[] = [{ type: attachmentType, op: 'create', id, values }];
  if (target.field) list.push(await inField(work, type, target.recordId, target.field, (ids) => [...ids, id]));
  const { changeSetId } = await apply(work, 'create', list);
  return { id, name, mediaType, bytes: stored.size, changeSetId };
}

/** Gives a file another name. @throws Refusal notFound, conflict `stale` */
export async function renameAttachment(
  work: Work,
  input: { id: string; name: string; version?: number },
): Promise<{ version: number; changeSetId: string }> {
  await attachmentOf(work, input.id);
  work.db.requires(requireInScope(work, attachmentType, 'write', [input.id]));
  const { id, name, version } = input;
  const applied = await apply(work, 'update', [
    { type: attachmentType, op: 'update', id, values: { name: shownName(name, 'file') }, version },
  ]);
  return { version: applied.versions.get(id) ?? 0, changeSetId: applied.changeSetId };
}

/** Puts a file in the bin, and out of the field it was in; undo brings both back. @throws Refusal notFound */
export async function removeAttachment(work: Work, id: string): Promise<{ changeSetId: string }> {
  const { object, recordId, field } = await attachmentOf(work, id);
  work.db.requires(requireInScope(work, attachmentType, 'delete', [id]));
  const list: Change[] = [{ type: attachmentType, op: 'delete', id }];
  const type = work.types.find(object);
  if (field && type?.fields[field])
    list.push(await inField(work, type, recordId, field, (ids) => ids.filter((each) => each !== id)));
  const { changeSetId } = await apply(work, 'delete', list);
  return { changeSetId };
}

/** A live file on a live record the actor may read: with the record in the bin its files are there too. @throws Refusal notFound */
export async function attachmentOf(work: Work, id: string): Promise<typeof attachments.$inferSelect> {
  work.db.requires(requireVisible(work, attachmentType, id));
  const [found] = await work.db.find(attachments, and(eq(attachments.id, id), isNull(attachments.deletedAt)));
  if (!found) throw notFound();
  await requireAnchor(work, found.object, found.recordId);
  return found;
}

async function inField(
  work: Work,
  type: RecordType,
  id: string,
  field: string,
  change: (ids: string[]) => string[],
): Promise<Change> {
  const [row] = await lockRecords(work, type, [id]);
  const values: RecordValues = { [field]: change(idsIn(row?.[field])) };
  return { type, op: 'update', id, values };
}

const idsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : [];
