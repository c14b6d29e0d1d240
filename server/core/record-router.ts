import { z } from 'zod';
import type { RecordObject } from '@/domain/objects';
import { baseInput, requireUnchanged } from './base';
import { checkOwn } from './own-input';
import type { RecordType, RecordValues } from './record-types';
import { createRecord, removeRecords, updateRecord, updateRecords } from './record-verbs';
import { countInput, countRecords, getRecord, listInput, listRecords } from './records';
import { procedure } from './trpc';
import type { Work } from './work';

export const idInput = z.strictObject({ id: z.uuid() });
/** The id of a record about to be made; the caller's, a UUIDv7, when it has to know it before there is an answer. */
export const newIdInput = z.uuidv7().optional();
export const idsInput = z.strictObject({ ids: z.array(z.uuid()).min(1).max(1000) });

/** Verbs a domain has of its own where making or changing a record means more than setting fields. */
interface OwnVerbs {
  create?(work: Work, values: RecordValues, id?: string): Promise<{ id: string; changeSetId: string }>;
  update?(
    work: Work,
    input: { id: string; values: RecordValues; version?: number },
  ): Promise<{ version: number; changeSetId: string }>;
  updateMany?(
    work: Work,
    input: { ids: string[]; values: RecordValues },
  ): Promise<{ count: number; changeSetId: string }>;
}

/** The procedures every record object has. */
export function recordProcedures<C, U>(
  type: RecordType & { object: RecordObject },
  create: z.ZodType<C>,
  update: z.ZodType<U>,
  own: OwnVerbs = {},
) {
  const { object } = type;
  const createInput = z.strictObject({ values: create, id: newIdInput });
  const updateInput = z.strictObject({
    id: z.uuid(),
    values: update,
    version: z.int().min(1).optional(),
    base: baseInput,
  });
  const updateManyInput = idsInput.extend({ values: update });
  return {
    list: procedure(`${object}.read`)
      .input(listInput)
      .query(({ ctx, input }) => listRecords(ctx.work, ctx.work.types.of(type), input)),
    count: procedure(`${object}.read`)
      .input(countInput)
      .query(({ ctx, input }) => countRecords(ctx.work, ctx.work.types.of(type), input)),
    get: procedure(`${object}.read`)
      .input(idInput)
      .query(({ ctx, input }) => getRecord(ctx.work, ctx.work.types.of(type), input.id)),
    // The schemas are built from the field catalogue: what they pass is a record's values.
    create: procedure(`${object}.write`)
      .input(createInput)
      .mutation(async ({ ctx: { work }, input }) => {
        const values = await checkOwn(work, work.types.of(type), input.values as RecordValues, null);
        return own.create ? own.create(work, values, input.id) : createRecord(work, type, values, input.id);
      }),
    update: procedure(`${object}.write`)
      .input(updateInput)
      .mutation(async ({ ctx: { work }, input }) => {
        const values = await checkOwn(work, work.types.of(type), input.values as RecordValues, [input.id]);
        const { base, ...update } = { ...input, values };
        await requireUnchanged(work, type, { ...update, base });
        return own.update ? own.update(work, update) : updateRecord(work, type, update);
      }),
    updateMany: procedure(`${object}.write`)
      .input(updateManyInput)
      .mutation(async ({ ctx: { work }, input }) => {
        const values = await checkOwn(work, work.types.of(type), input.values as RecordValues, input.ids);
        const update = { ...input, values };
        return own.updateMany ? own.updateMany(work, update) : updateRecords(work, type, update);
      }),
    remove: procedure(`${object}.delete`)
      .input(idsInput)
      .mutation(({ ctx, input }) => removeRecords(ctx.work, type, input)),
  };
}
