import { z } from 'zod';
import { direction } from '../core/records';
import { procedure, router } from '../core/trpc';
import { countUnread, listNotifications, markRead } from './notifications';
import './watch';

export const notificationsRouter = router({
  list: procedure('notifications.use')
    .input(
      z.strictObject({
        cursor: z.string().max(300).nullish(),
        direction,
        limit: z.int().min(1).max(100).default(30),
      }),
    )
    .query(({ ctx, input }) => listNotifications(ctx.work, input)),
  count: procedure('notifications.use').query(({ ctx }) => countUnread(ctx.work)),
  markRead: procedure('notifications.use')
    .input(z.strictObject({ ids: z.array(z.uuid()).min(1).max(200) }))
    .mutation(({ ctx, input }) => markRead(ctx.work, input.ids)),
  markAllRead: procedure('notifications.use').mutation(({ ctx }) => markRead(ctx.work, 'all')),
});
