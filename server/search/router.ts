import { z } from 'zod';
import { searchText } from '@/domain/fields';
import { procedure, router } from '../core/trpc';
import { pick, searchedObjects, searchGlobal } from './search';

const q = searchText.default('');
const limit = z.int().min(1).max(50).default(20);

export const searchRouter = router({
  global: procedure('search.use', { heavy: 'search' })
    .input(z.strictObject({ q, limit }))
    .query(({ ctx, input }) => searchGlobal(ctx.work, input.q, input.limit)),
  pick: procedure('search.use', { heavy: 'search' })
    .input(z.strictObject({ object: z.enum([...searchedObjects, 'member', 'team'] as const), q, limit }))
    .query(({ ctx, input }) => pick(ctx.work, input.object, input.q, input.limit)),
});
