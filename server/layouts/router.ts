import { z } from 'zod';
import { layoutRoles, layoutSchema } from '@/domain/layouts';
import { procedure, router } from '../core/trpc';
import { listLayouts, setLayout } from './layouts';

export const layoutsRouter = router({
  list: procedure('members.read').query(({ ctx }) => listLayouts(ctx.work)),
  set: procedure('fields.configure')
    .input(z.strictObject({ object: z.string().max(60), role: z.enum(layoutRoles), config: layoutSchema }))
    .mutation(({ ctx, input }) => setLayout(ctx.work, input)),
});
