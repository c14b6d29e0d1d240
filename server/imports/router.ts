import { z } from 'zod';
import { idInput } from '../core/record-router';
import { procedure, router, steppedProcedure } from '../core/trpc';
import { analyse, analyseInput } from './analysis';
import { check, checked, checkInput } from './check';
import { cancel, edited, editedInput, pause, resume, undoImport } from './control';
import { checkSet, checkSetInput } from './dry-runs';
import { discard, get, list, problems, problemsInput, startFile } from './imports';
import { mappingInput, mappings, removeMapping, saveMapping } from './mappings';
import { planInput } from './plan-input';
import { readAs, readAsInput } from './read-as';
import { decide, decideInput, review, reviewInput } from './review';
import { cancelSet, getSet, setInput, startFiles, undoSet } from './sets';
import { values } from './values';

const fileInput = z.strictObject({ fileId: z.uuid() });

const run = () => procedure('imports.run');
/** Sets a worker to it, or reads the file. */
const runHeavy = () => procedure('imports.run', { heavy: 'imports' });
const readHeavy = () => steppedProcedure('imports.run', { heavy: 'imports' });

export const importsRouter = router({
  list: run().query(({ ctx }) => list(ctx.work)),
  get: run()
    .input(idInput)
    .query(({ ctx, input }) => get(ctx.work, input.id)),
  problems: run()
    .input(problemsInput)
    .query(({ ctx, input }) => problems(ctx.work, input)),
  analyse: readHeavy()
    .input(analyseInput)
    .query(({ ctx, input }) => analyse(ctx.inSteps, input)),
  // This only reads, but a plan does not fit into an address: it comes in a body.
  values: readHeavy()
    .input(planInput)
    .mutation(({ ctx, input }) => values(ctx.inSteps, input)),
  check: readHeavy()
    .input(checkInput)
    .mutation(({ ctx, input }) => check(ctx.inSteps, input)),
  checked: run()
    .input(fileInput)
    .query(({ ctx, input }) => checked(ctx.work, input)),
  mappings: run().query(({ ctx }) => mappings(ctx.work)),
  saveMapping: run()
    .input(mappingInput)
    .mutation(({ ctx, input }) => saveMapping(ctx.work, input)),
  removeMapping: run()
    .input(idInput)
    .mutation(({ ctx, input }) => removeMapping(ctx.work, input.id)),
  start: readHeavy()
    .input(planInput)
    .mutation(({ ctx, input }) => startFile(ctx.inSteps, input)),
  cancel: run()
    .input(idInput)
    .mutation(({ ctx, input }) => cancel(ctx.work, input.id)),
  pause: run()
    .input(idInput)
    .mutation(({ ctx, input }) => pause(ctx.work, input.id)),
  resume: run()
    .input(idInput)
    .mutation(({ ctx, input }) => resume(ctx.work, input.id)),
  edited: run()
    .input(editedInput)
    .query(({ ctx, input }) => edited(ctx.work, input)),
  undo: run()
    .input(idInput)
    .mutation(({ ctx, input }) => undoImport(ctx.work, input.id)),
  review: run()
    .input(reviewInput)
    .query(({ ctx, input }) => review(ctx.work, input)),
  decide: runHeavy()
    .input(decideInput)
    .mutation(({ ctx, input }) => decide(ctx.work, input)),
  checkSet: readHeavy()
    .input(checkSetInput)
    .mutation(({ ctx, input }) => checkSet(ctx.inSteps, input)),
  startSet: readHeavy()
    .input(setInput)
    .mutation(({ ctx, input }) => startFiles(ctx.inSteps, input)),
  getSet: run()
    .input(idInput)
    .query(({ ctx, input }) => getSet(ctx.work, input.id)),
  cancelSet: run()
    .input(idInput)
    .mutation(({ ctx, input }) => cancelSet(ctx.work, input.id)),
  undoSet: run()
    .input(idInput)
    .mutation(({ ctx, input }) => undoSet(ctx.work, input.id)),
  readAs: run()
    .input(readAsInput)
    .mutation(({ ctx, input }) => readAs(ctx.work, input)),
  discard: run()
    .input(fileInput)
    .mutation(({ ctx, input }) => discard(ctx.work, input.fileId)),
});
