import { z } from 'zod';
import { pipelineName, stageInput } from '@/domain/pipelines';
import { procedure, router } from '../core/trpc';
import { firstStages } from './first-stages';
import * as pipelines from './pipelines';

const id = z.uuid();
const ids = z.array(z.uuid()).min(1).max(200);

export const pipelinesRouter = router({
  list: procedure('deal.read').query(({ ctx }) => pipelines.listPipelines(ctx.work)),
  create: procedure('pipelines.configure')
    .input(z.strictObject({ name: pipelineName, stages: z.array(stageInput).min(1).max(50).optional() }))
    .mutation(({ ctx, input }) =>
      pipelines.createPipeline(ctx.work, { stages: firstStages(ctx.work.actor.locale), ...input }),
    ),
  rename: procedure('pipelines.configure')
    .input(z.strictObject({ id, name: pipelineName }))
    .mutation(({ ctx, input }) => pipelines.renamePipeline(ctx.work, input)),
  reorder: procedure('pipelines.configure')
    .input(z.strictObject({ ids }))
    .mutation(({ ctx, input }) => pipelines.reorderPipelines(ctx.work, input.ids)),
  remove: procedure('pipelines.configure')
    .input(z.strictObject({ id, moveTo: id.optional() }))
    .mutation(({ ctx, input }) => pipelines.removePipeline(ctx.work, input)),
  addStage: procedure('pipelines.configure')
    .input(stageInput.extend({ pipelineId: id }))
    .mutation(({ ctx, input }) => pipelines.addStage(ctx.work, input)),
  updateStage: procedure('pipelines.configure')
    .input(stageInput.partial().extend({ id, requiredFields: stageInput.shape.requiredFields.unwrap().optional() }))
    .mutation(({ ctx, input }) => pipelines.updateStage(ctx.work, input)),
  reorderStages: procedure('pipelines.configure')
    .input(z.strictObject({ pipelineId: id, ids }))
    .mutation(({ ctx, input }) => pipelines.reorderStages(ctx.work, input)),
  removeStage: procedure('pipelines.configure')
    .input(z.strictObject({ id, moveTo: id.optional() }))
    .mutation(({ ctx, input }) => pipelines.removeStage(ctx.work, input)),
});
