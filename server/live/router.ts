import { z } from 'zod';
import { procedure, router } from '../core/trpc';
import { missedSince } from './since';

export const liveRouter = router({
  since: procedure('members.read')
    .input(z.strictObject({ since: z.iso.datetime().max(40) }))
    .query(({ ctx, input }) => missedSince(ctx.work, input.since)),
});
