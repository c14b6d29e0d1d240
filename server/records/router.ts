import { z } from 'zod';
import { objectKeySchema } from '@/domain/custom-fields';
import { lineSchema, member, withOwnFields } from '@/domain/fields';
import { notFound } from '@/domain/refusals';
import { baseInput, requireUnchanged } from '../core/base';
import { checkOwn } from '../core/own-input';
import { idInput, idsInput, newIdInput } from '../core/record-router';
import type { RecordType } from '../core/record-types';
import { createRecord, removeRecords, updateRecord, updateRecords } from '../core/record-verbs';
import { countInput, countRecords, getRecord, listInput, listRecords } from '../core/records';
import { procedure, router } from '../core/trpc';
import type { Work } from '../core/work';

const object = { object: objectKeySchema };
const title = lineSchema(200);
const owner = member().schema.optional();
const created = withOwnFields({ name: title, ownerId: owner });
const updated = withOwnFields({ name: title.optional(), ownerId: owner });

/** The kind of record meant. @throws Refusal notFound when the tenant has no such object, or the actor no right to any */
function typeOf(work: Work, key: string, action: 'read' | 'write' | 'delete'): RecordType {
  const type = work.types.find(key);
  if (!type?.rights || type.rights[action][work.actor.role] === 'none') throw notFound();
  return type;
}

/** Records of the objects a tenant made: what every kind of record has, with the object's key. */
export const recordsRouter = router({
  list: procedure('records.read')
    .input(listInput.extend(object))
    .query(({ ctx: { work }, input: { object, ...input } }) => listRecords(work, typeOf(work, object, 'read'), input)),
  count: procedure('records.read')
    .input(countInput.extend(object))
    .query(({ ctx: { work }, input: { object, ...input } }) => countRecords(work, typeOf(work, object, 'read'), input)),
  get: procedure('records.read')
    .input(idInput.extend(object))
    .query(({ ctx: { work }, input }) => getRecord(work, typeOf(work, input.object, 'read'), input.id)),
  create: procedure('records.write')
    .input(z.strictObject({ ...object, values: created, id: newIdInput }))
    .mutation(async ({ ctx: { work }, input }) => {
      const type = typeOf(work, input.object, 'write');
      return createRecord(work, type, await checkOwn(work, type, input.values, null), input.id);
    }),
  update: procedure('records.write')
    .input(
      z.strictObject({ ...object, id: z.uuid(), values: updated, version: z.int().min(1).optional(), base: baseInput }),
    )
    .mutation(async ({ ctx: { work }, input: { object, base, ...input } }) => {
      const type = typeOf(work, object, 'write');
      await requireUnchanged(work, type, { ...input, base });
      return updateRecord(work, type, { ...input, values: await checkOwn(work, type, input.values, [input.id]) });
    }),
  updateMany: procedure('records.write')
    .input(idsInput.extend({ ...object, values: updated }))
    .mutation(async ({ ctx: { work }, input: { object, ...input } }) => {
      const type = typeOf(work, object, 'write');
      return updateRecords(work, type, { ...input, values: await checkOwn(work, type, input.values, input.ids) });
    }),
  remove: procedure('records.write')
    .input(idsInput.extend(object))
    .mutation(({ ctx: { work }, input: { object, ...input } }) =>
      removeRecords(work, typeOf(work, object, 'delete'), input),
    ),
});
