import { noteCreate, noteUpdate } from '@/domain/notes';
import { recordProcedures } from '../core/record-router';
import { router } from '../core/trpc';
import { createNote, noteType, updateNote } from './notes';

export const notesRouter = router({
  ...recordProcedures(noteType, noteCreate, noteUpdate, { create: createNote, update: updateNote }),
});
