import { procedure, router } from '../core/trpc';
import { addSamples, removeSamples, samplesStatus } from './samples';

export const samplesRouter = router({
  status: procedure('samples.manage').query(({ ctx }) => samplesStatus(ctx.work)),
  add: procedure('samples.manage').mutation(({ ctx }) => addSamples(ctx.work)),
  remove: procedure('samples.manage').mutation(({ ctx }) => removeSamples(ctx.work)),
});
