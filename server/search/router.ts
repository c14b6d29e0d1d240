import { z } from 'zod';
import { procedure, router } from '../core/trpc';
import { pick, searchedObjects, searchGlobal } from './search';

const q = z.string().max(200).default('');
const limit = z.int().min(1).max(50).default(20);

export const searchRouter = router({
  global: procedure('search.use')
    .input(z.strictObject({ q, limit }))
    .query(({ ctx, input }) => searchGlobal(ctx.work, input.q, input.limit)),
  pick: procedure('search.use')
    .input(z.strictObject({ object: z.enum([...searchedObjects, 'member', 'team'] as const), q, limit }))
    .query(({ ctx, input }) => pick(ctx.work, input.object, input.q, input.limit)),
});
