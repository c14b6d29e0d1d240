import { z } from 'zod';
import { lineSchema } from '@/domain/fields';
import { idInput } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys';

export const apiKeysRouter = router({
  list: procedure('apiKeys.manage').query(({ ctx }) => listApiKeys(ctx.work)),
  create: procedure('apiKeys.manage', { stepUp: true })
    .input(
      z.strictObject({
        name: lineSchema(80),
        access: z.enum(['read', 'write']),
        days: z.int().min(1).max(3650).optional(),
      }),
    )
    .mutation(({ ctx, input }) => createApiKey(ctx.work, input)),
  revoke: procedure('apiKeys.manage')
    .input(idInput)
    .mutation(({ ctx, input }) => revokeApiKey(ctx.work, input.id)),
});
