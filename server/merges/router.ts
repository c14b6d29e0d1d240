import { idInput } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import {
  certainInput,
  merge,
  mergeCertain,
  mergeInput,
  mergesOf,
  preview,
  previewInput,
  survivorInput,
  survivorOf,
  unmerge,
} from './merges';

export const mergesRouter = router({
  preview: procedure('records.write')
    .input(previewInput)
    .query(({ ctx, input }) => preview(ctx.work, input)),
  merge: procedure('records.write')
    .input(mergeInput)
    .mutation(({ ctx, input }) => merge(ctx.work, input)),
  mergeCertain: procedure('records.write')
    .input(certainInput)
    .mutation(({ ctx, input }) => mergeCertain(ctx.work, input)),
  unmerge: procedure('changes.undo')
    .input(idInput)
    .mutation(({ ctx, input }) => unmerge(ctx.work, input.id)),
  survivorOf: procedure('records.read')
    .input(survivorInput)
    .query(({ ctx, input }) => survivorOf(ctx.work, input)),
  of: procedure('records.read')
    .input(survivorInput)
    .query(({ ctx, input }) => mergesOf(ctx.work, input)),
});
