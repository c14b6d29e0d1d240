import { z } from 'zod';
import { procedure, router } from '../core/trpc';
import { changesOfSet, listAudit, listInput, verify } from './audit';

export const auditRouter = router({
  list: procedure('audit.read')
    .input(listInput)
    .query(({ ctx, input }) => listAudit(ctx.work, input)),
  changes: procedure('audit.read')
    .input(z.strictObject({ changeSetId: z.uuid() }))
    .query(({ ctx, input }) => changesOfSet(ctx.work, input.changeSetId)),
  verify: procedure('audit.read')
    .input(z.strictObject({ after: z.int().min(1).max(2_147_483_647).optional() }))
    .mutation(({ ctx, input }) => verify(ctx.work, input.after ?? null)),
});
