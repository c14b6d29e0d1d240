import { notes } from '@/db/schema/records';
import { noteFields } from '@/domain/notes';
import { mentionsIn } from '@/domain/rich-text';
import { mentionable } from '../conversation/comments';
import { defineRecord, type RecordValues } from '../core/record-types';
import { createRecord, updateRecord } from '../core/record-verbs';
import { getRecord } from '../core/records';
import { leadsToTopic, topicsOf } from '../core/topics';
import type { Work } from '../core/work';
import { notify } from '../notifications/write';

export const noteType = defineRecord({
  object: 'note' as const,
  table: notes,
  tableName: 'note',
  fields: noteFields,
  title: 'body',
  permission: 'note.write',
  owner: 'ownerId',
  shownOn: ['companyId', 'contactId', 'dealId'],
  shownOnAny: ['aboutId'],
  leadsTo: leadsToTopic,
  // Everybody reads the notes of companies and contacts; those of a deal are for those who may read the deal.
  within: 'dealId',
});

/**
 * Writes a note; people named in it hear of it.
 * @throws Refusal invalid `mentionCannotSee` when somebody named may not read what the note is on
 */
export async function createNote(
  work: Work,
  values: RecordValues,
  id?: string,
): Promise<{ id: string; changeSetId: string }> {
  const created = await createRecord(work, noteType, values, id);
  await tellNamed(work, created.id, values, null);
  return created;
}

/** Changes a note; people named in it for the first time hear of it. */
export async function updateNote(
  work: Work,
  input: { id: string; values: RecordValues; version?: number },
): Promise<{ version: number; changeSetId: string }> {
  const before = typeof input.values.body === 'string' ? await getRecord(work, noteType, input.id) : undefined;
  const updated = await updateRecord(work, noteType, input);
  if (before) await tellNamed(work, input.id, { ...before, ...input.values }, before.body);
  return updated;
}

/** A note is most of all on what it is about alone, then on the deal, then on the person, then on the company it names. */
const anchors = [
  ['dealId', 'deal'],
  ['contactId', 'contact'],
  ['companyId', 'company'],
] as const;

async function tellNamed(work: Work, noteId: string, note: RecordValues, earlier: unknown): Promise<void> {
  const { body } = note;
  const on = await anchorOf(work, note);
  if (!on || typeof body !== 'string') return;
  const { object, id: recordId } = on;
  const type = work.types.get(object);
  const before = typeof earlier === 'string' ? earlier : '';
  const known = new Set(mentionsIn(before));
  const named = await mentionable(work, type, recordId, body, { before, field: 'values.body' });
  await notify(
    work,
    named.flatMap((memberId) =>
      known.has(memberId) ? [] : [{ kind: 'mention' as const, object, recordId, memberId, detail: { noteId } }],
    ),
  );
}

async function anchorOf(work: Work, note: RecordValues): Promise<{ object: string; id: string } | undefined> {
  const topic = typeof note.aboutId === 'string' ? (await topicsOf(work, [note.aboutId])).get(note.aboutId) : undefined;
  if (topic) return topic;
  const [field, object] = anchors.find(([name]) => typeof note[name] === 'string') ?? [];
  return field && object ? { object, id: String(note[field]) } : undefined;
}
