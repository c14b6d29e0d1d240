import { procedure, router } from '../core/trpc';
import { itemsInput, listBin, listInput, restore, summary } from './bin';
import { countErased, countInput, erase, eraseInput } from './erase';

export const binRouter = router({
  list: procedure('records.read')
    .input(listInput)
    .query(({ ctx, input }) => listBin(ctx.work, input)),
  summary: procedure('records.read').query(({ ctx }) => summary(ctx.work)),
  restore: procedure('changes.undo')
    .input(itemsInput)
    .mutation(({ ctx, input }) => restore(ctx.work, input)),
  countErased: procedure('bin.erase')
    .input(countInput)
    .query(({ ctx, input }) => countErased(ctx.work, input)),
  erase: procedure('bin.erase', { stepUp: true })
    .input(eraseInput)
    .mutation(({ ctx, input }) => erase(ctx.work, input)),
});
