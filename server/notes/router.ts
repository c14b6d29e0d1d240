import { noteCreate, noteUpdate } from '@/domain/notes';
import { recordProcedures } from '../core/record-router';
import { router } from '../core/trpc';
import { noteType } from './notes';

export const notesRouter = router({ ...recordProcedures(noteType, noteCreate, noteUpdate) });
