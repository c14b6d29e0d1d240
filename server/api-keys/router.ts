import { z } from 'zod';
import { textSchema } from '@/domain/fields';
import { idInput } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys';

export const apiKeysRouter = router({
  list: procedure('apiKeys.manage').query(({ ctx }) => listApiKeys(ctx.work)),
  create: procedure('apiKeys.manage')
    .input(
      z.strictObject({
        name: textSchema(80).trim().min(1, { error: 'required' }),
        access: z.enum(['read', 'write']),
        days: z.int().min(1).max(3650).optional(),
      }),
    )
    .mutation(({ ctx, input }) => createApiKey(ctx.work, input)),
  revoke: procedure('apiKeys.manage')
    .input(idInput)
    .mutation(({ ctx, input }) => revokeApiKey(ctx.work, input.id)),
});
