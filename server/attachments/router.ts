import { z } from 'zod';
import { anchorInput } from '@/domain/conversation';
import { lineSchema } from '@/domain/fields';
import { idInput } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { listAttachments, removeAttachment, renameAttachment } from './attachments';

export const attachmentsRouter = router({
  list: procedure('conversation.read')
    .input(anchorInput)
    .query(({ ctx, input }) => listAttachments(ctx.work, input)),
  rename: procedure('files.write')
    .input(idInput.extend({ name: lineSchema(200), version: z.int().min(1).optional() }))
    .mutation(({ ctx, input }) => renameAttachment(ctx.work, input)),
  remove: procedure('files.write')
    .input(idInput)
    .mutation(({ ctx, input }) => removeAttachment(ctx.work, input.id)),
});
