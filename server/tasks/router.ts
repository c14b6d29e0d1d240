import { z } from 'zod';
import { queueInput, rescheduleInput, taskCreate, taskUpdate } from '@/domain/tasks';
import { baseInput, requireUnchanged } from '../core/base';
import { checkOwn } from '../core/own-input';
import { idInput, recordProcedures } from '../core/record-router';
import type { RecordValues } from '../core/record-types';
import { procedure, router } from '../core/trpc';
import { createQueue, listQueues, putBack, removeQueue, takeNext, updateQueue } from './queues';
import { createTask, rescheduleTasks, taskType, updateTask, updateTasks, updateThisTask } from './tasks';

export const tasksRouter = router({
  ...recordProcedures(taskType, taskCreate, taskUpdate, {
    create: createTask,
    update: updateTask,
    updateMany: updateTasks,
  }),
  updateThis: procedure('task.write')
    .input(z.strictObject({ id: z.uuid(), values: taskUpdate, version: z.int().min(1).optional(), base: baseInput }))
    .mutation(async ({ ctx: { work }, input: { base, ...input } }) => {
      const values = await checkOwn(work, work.types.of(taskType), input.values as RecordValues, [input.id]);
      await requireUnchanged(work, taskType, { ...input, values, base });
      return updateThisTask(work, { ...input, values });
    }),
  reschedule: procedure('task.write')
    .input(rescheduleInput)
    .mutation(({ ctx, input }) => rescheduleTasks(ctx.work, input)),
  queues: procedure('task.read').query(({ ctx }) => listQueues(ctx.work)),
  takeNext: procedure('task.write')
    .input(idInput)
    .mutation(({ ctx, input }) => takeNext(ctx.work, input.id)),
  putBack: procedure('task.write')
    .input(idInput)
    .mutation(({ ctx, input }) => putBack(ctx.work, input.id)),
  createQueue: procedure('queues.configure')
    .input(queueInput)
    .mutation(({ ctx, input }) => createQueue(ctx.work, input)),
  updateQueue: procedure('queues.configure')
    .input(queueInput.partial().extend({ id: z.uuid() }))
    .mutation(({ ctx, input }) => updateQueue(ctx.work, input)),
  removeQueue: procedure('queues.configure')
    .input(idInput)
    .mutation(({ ctx, input }) => removeQueue(ctx.work, input.id)),
});
