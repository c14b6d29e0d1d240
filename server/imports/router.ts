import { z } from 'zod';
import { idInput } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { analyse, analyseInput } from './analysis';
import { cancel, discard, get, list, problems, problemsInput, start } from './imports';
import { preview } from './preview';
import { planInput, values } from './values';

const run = () => procedure('imports.run');
/** Reads the file, or sets a worker to it. */
const runHeavy = () => procedure('imports.run', { heavy: 'imports' });

export const importsRouter = router({
  list: run().query(({ ctx }) => list(ctx.work)),
  get: run()
    .input(idInput)
    .query(({ ctx, input }) => get(ctx.work, input.id)),
  problems: run()
    .input(problemsInput)
    .query(({ ctx, input }) => problems(ctx.work, input)),
  analyse: runHeavy()
    .input(analyseInput)
    .query(({ ctx, input }) => analyse(ctx.work, input)),
  // These two only read, but a plan does not fit into an address: it comes in a body.
  values: runHeavy()
    .input(planInput)
    .mutation(({ ctx, input }) => values(ctx.work, input)),
  preview: runHeavy()
    .input(planInput)
    .mutation(({ ctx, input }) => preview(ctx.work, input)),
  start: runHeavy()
    .input(planInput)
    .mutation(({ ctx, input }) => start(ctx.work, input)),
  cancel: run()
    .input(idInput)
    .mutation(({ ctx, input }) => cancel(ctx.work, input.id)),
  discard: run()
    .input(z.strictObject({ fileId: z.uuid() }))
    .mutation(({ ctx, input }) => discard(ctx.work, input.fileId)),
});
