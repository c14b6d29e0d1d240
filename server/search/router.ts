import { z } from 'zod';
import { momentSchema, searchText } from '@/domain/fields';
import { procedure, router } from '../core/trpc';
import { mirrorChanges, mirrorPage, mirrorStart } from './mirror';
import { meant, pick, recentRecords, searchGlobal, searchGroups } from './search';

const q = searchText.default('');
const limit = z.int().min(1).max(50).default(20);
const object = z.string().min(1).max(60);

export const searchRouter = router({
  global: procedure('search.use', { heavy: 'search' })
    .input(z.strictObject({ q, limit }))
    .query(({ ctx, input }) => searchGlobal(ctx.work, input.q, input.limit)),
  groups: procedure('search.use', { heavy: 'search' })
    .input(z.strictObject({ q, limit: z.int().min(1).max(20).default(5) }))
    .query(({ ctx, input }) => searchGroups(ctx.work, input.q, input.limit)),
  pick: procedure('search.use', { heavy: 'search' })
    .input(z.strictObject({ object, q, limit }))
    .query(({ ctx, input }) => pick(ctx.work, input.object, input.q, input.limit)),
  meant: procedure('search.use', { heavy: 'search' })
    .input(z.strictObject({ object, q }))
    .query(({ ctx, input }) => meant(ctx.work, input.object, input.q)),
  mirrorStart: procedure('search.use', { heavy: 'mirror' }).query(({ ctx }) => mirrorStart(ctx.work)),
  mirrorPage: procedure('search.use', { heavy: 'mirror' })
    .input(z.strictObject({ object, after: z.string().max(200).optional() }))
    .query(({ ctx, input }) => mirrorPage(ctx.work, input.object, input.after)),
  mirrorChanges: procedure('search.use', { heavy: 'mirror' })
    .input(z.strictObject({ since: momentSchema }))
    .query(({ ctx, input }) => mirrorChanges(ctx.work, input.since)),
  recent: procedure('search.use')
    .input(z.strictObject({ records: z.array(z.strictObject({ object, id: z.uuid() })).max(20) }))
    .query(({ ctx, input }) => recentRecords(ctx.work, input.records)),
});
