import { z } from 'zod';
import { viewInput, viewUpdate } from '@/domain/views';
import { idInput } from '../core/record-router';
import { listInput, marksOf } from '../core/records';
import { procedure, router } from '../core/trpc';
import { patchInput, patchRecords, removeAll, removeAllInput, updateAll, updateAllInput } from './bulk';
import { groupsInput, groupsOf } from './groups';
import { typeToRead } from './kinds';
import {
  adoptViews,
  createView,
  duplicateView,
  listViews,
  removeView,
  reorderViews,
  setStart,
  updateView,
} from './views';

const object = z.strictObject({ object: z.string().min(1).max(60) });

/** Saved views, and what lists of any object are shown with. */
export const viewsRouter = router({
  list: procedure('members.read')
    .input(object)
    .query(({ ctx, input }) => listViews(ctx.work, input.object)),
  create: procedure('members.read')
    .input(viewInput)
    .mutation(({ ctx, input }) => createView(ctx.work, input)),
  update: procedure('members.read')
    .input(z.strictObject({ id: z.uuid(), values: viewUpdate, version: z.int().min(1).optional() }))
    .mutation(({ ctx, input }) => updateView(ctx.work, input)),
  remove: procedure('members.read')
    .input(idInput)
    .mutation(({ ctx, input }) => removeView(ctx.work, input.id)),
  duplicate: procedure('members.read')
    .input(idInput.extend({ name: viewInput.shape.name }))
    .mutation(({ ctx, input }) => duplicateView(ctx.work, input)),
  reorder: procedure('members.read')
    .input(object.extend({ ids: z.array(z.uuid()).min(1).max(500) }))
    .mutation(({ ctx, input }) => reorderViews(ctx.work, input.object, input.ids)),
  setStart: procedure('members.read')
    .input(object.extend({ id: z.uuid().nullable() }))
    .mutation(({ ctx, input }) => setStart(ctx.work, input.object, input.id)),
  adopt: procedure('members.read')
    .input(object)
    .mutation(({ ctx, input }) => adoptViews(ctx.work, input.object)),
  groups: procedure('records.read', { heavy: 'board' })
    .input(groupsInput)
    .query(({ ctx, input }) => groupsOf(ctx.work, input)),
  marks: procedure('records.read', { heavy: 'board' })
    .input(object.extend(listInput.pick({ filter: true, sort: true, q: true }).shape))
    .query(({ ctx: { work }, input: { object, ...input } }) => marksOf(work, typeToRead(work, object), input)),
});

/** Changes of many records of any object at once, each one change set. */
export const bulkRouter = router({
  patch: procedure('records.write')
    .input(patchInput)
    .mutation(({ ctx, input }) => patchRecords(ctx.work, input)),
  update: procedure('records.write')
    .input(updateAllInput)
    .mutation(({ ctx, input }) => updateAll(ctx.work, input)),
  remove: procedure('records.write')
    .input(removeAllInput)
    .mutation(({ ctx, input }) => removeAll(ctx.work, input)),
});
