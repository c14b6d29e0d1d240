import { taskCreate, taskUpdate } from '@/domain/tasks';
import { recordProcedures } from '../core/record-router';
import { router } from '../core/trpc';
import { createTask, taskType, updateTask } from './tasks';

export const tasksRouter = router({
  ...recordProcedures(taskType, taskCreate, taskUpdate, { create: createTask, update: updateTask }),
});
