import { procedure, router } from '../core/trpc';
import {
  checkDuplicates,
  checkInput,
  dismiss,
  listDuplicates,
  listInput,
  pairInput,
  reopen,
  rules,
  rulesInput,
  setRules,
  summary,
} from './duplicates';

export const duplicatesRouter = router({
  check: procedure('records.write', { heavy: 'duplicates' })
    .input(checkInput)
    .query(({ ctx, input }) => checkDuplicates(ctx.work, input)),
  list: procedure('records.read')
    .input(listInput)
    .query(({ ctx, input }) => listDuplicates(ctx.work, input)),
  summary: procedure('records.read').query(({ ctx }) => summary(ctx.work)),
  dismiss: procedure('records.write')
    .input(pairInput)
    .mutation(({ ctx, input }) => dismiss(ctx.work, input)),
  reopen: procedure('records.write')
    .input(pairInput)
    .mutation(({ ctx, input }) => reopen(ctx.work, input)),
  rules: procedure('fields.configure').query(({ ctx }) => rules(ctx.work)),
  setRules: procedure('fields.configure')
    .input(rulesInput)
    .mutation(({ ctx, input }) => setRules(ctx.work, input)),
});
