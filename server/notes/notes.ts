import { notes } from '@/db/schema/records';
import { noteFields } from '@/domain/notes';
import { defineRecord } from '../core/record-types';

export const noteType = defineRecord({
  object: 'note' as const,
  table: notes,
  tableName: 'note',
  fields: noteFields,
  title: 'body',
  permission: 'note.write',
  owner: 'ownerId',
  shownOn: ['companyId', 'contactId', 'dealId'],
});
