import { z } from 'zod';
import { direction } from '../core/records';
import { procedure, router } from '../core/trpc';
import { fieldHistory, recent, timeline, timelineKinds, undo } from './changes';

const object = z.string().max(50);

export const changesRouter = router({
  timeline: procedure('changes.read')
    .input(
      z.strictObject({
        object,
        id: z.uuid(),
        cursor: z.uuid().nullish(),
        direction,
        limit: z.int().min(1).max(100).default(30),
        kinds: z.array(z.enum(timelineKinds)).max(timelineKinds.length).optional(),
      }),
    )
    .query(({ ctx, input }) => timeline(ctx.work, input)),
  history: procedure('changes.read')
    .input(z.strictObject({ object, id: z.uuid(), field: z.string().max(100) }))
    .query(({ ctx, input }) => fieldHistory(ctx.work, input)),
  recent: procedure('changes.undo')
    .input(z.strictObject({ limit: z.int().min(1).max(50).default(10) }))
    .query(({ ctx, input }) => recent(ctx.work, input.limit)),
  undo: procedure('changes.undo')
    .input(z.strictObject({ changeSetId: z.uuid() }))
    .mutation(({ ctx, input }) => undo(ctx.work, input.changeSetId)),
});
