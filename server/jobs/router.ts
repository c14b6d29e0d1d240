import { idInput } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { dismiss, failedInput, listFailed, replay } from './failed';

const manage = () => procedure('jobs.manage');

export const jobsRouter = router({
  failed: manage()
    .input(failedInput)
    .query(({ ctx, input }) => listFailed(ctx.work, input)),
  replay: manage()
    .input(idInput)
    .mutation(({ ctx, input }) => replay(ctx.work, input.id)),
  dismiss: manage()
    .input(idInput)
    .mutation(({ ctx, input }) => dismiss(ctx.work, input.id)),
});
