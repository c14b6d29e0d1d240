import { z } from 'zod';
import { fieldInput, fieldUpdate, objectKeySchema, ownFieldTypes, settingsSchema } from '@/domain/custom-fields';
import { textSchema } from '@/domain/fields';
import { idInput } from '../core/record-router';
import { procedure, router } from '../core/trpc';
import { affectedByField, affectedByObject } from './affected';
import { tryFormula } from './checks';
import { convertField, previewConversion } from './convert';
import { createField, listFields, removeField, reorderFields, updateField } from './fields';
import { createObject, listObjects, objectInput, objectUpdate, removeObject, updateObject } from './objects';

const convertInput = z.strictObject({ id: z.uuid(), type: z.enum(ownFieldTypes), settings: settingsSchema.optional() });
const configure = () => procedure('fields.configure');

/** Fields a tenant adds to objects. */
export const fieldsRouter = router({
  list: procedure('members.read').query(({ ctx }) => ({ rows: [...listFields(ctx.work)] })),
  create: configure()
    .input(fieldInput)
    .mutation(({ ctx, input }) => createField(ctx.work, input)),
  update: configure()
    .input(z.strictObject({ id: z.uuid(), values: fieldUpdate }))
    .mutation(({ ctx, input }) => updateField(ctx.work, input)),
  remove: configure()
    .input(idInput)
    .mutation(({ ctx, input }) => removeField(ctx.work, input.id)),
  reorder: configure()
    .input(z.strictObject({ object: z.string().max(60), ids: z.array(z.uuid()).max(500) }))
    .mutation(({ ctx, input }) => reorderFields(ctx.work, input.object, input.ids)),
  tryFormula: configure()
    .input(z.strictObject({ object: z.string().max(60), formula: textSchema(2000) }))
    .query(({ ctx, input }) => tryFormula(ctx.work, input)),
  previewConversion: configure()
    .input(convertInput)
    .query(({ ctx, input }) => previewConversion(ctx.work, input)),
  convert: configure()
    .input(convertInput)
    .mutation(({ ctx, input }) => convertField(ctx.work, input)),
  affected: configure()
    .input(idInput)
    .query(({ ctx, input }) => affectedByField(ctx.work, input.id)),
});

/** Objects a tenant makes. */
export const objectsRouter = router({
  list: procedure('members.read').query(({ ctx }) => ({ rows: [...listObjects(ctx.work)] })),
  create: configure()
    .input(objectInput.extend({ key: objectKeySchema.optional() }))
    .mutation(({ ctx, input }) => createObject(ctx.work, input)),
  update: configure()
    .input(z.strictObject({ id: z.uuid(), values: objectUpdate }))
    .mutation(({ ctx, input }) => updateObject(ctx.work, input)),
  remove: configure()
    .input(idInput)
    .mutation(({ ctx, input }) => removeObject(ctx.work, input.id)),
  affected: configure()
    .input(idInput)
    .query(({ ctx, input }) => affectedByObject(ctx.work, input.id)),
});
