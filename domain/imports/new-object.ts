import { z } from 'zod';
import { labelsSchema, objectLabelsSchema } from '../custom-fields';
import type { OwnObject } from '../fields';
import { tones } from '../tones';

/** An object that an import is to make for the records of its file. */
export const newObjectSchema = z.strictObject({
  label: objectLabelsSchema,
  /** What a record is called by. */
  titleLabel: labelsSchema.optional(),
  icon: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, { error: 'choice' })
    .optional(),
  tone: z.enum(tones).optional(),
});
export type NewObject = z.infer<typeof newObjectSchema>;

/** What a plan calls an object that is not made yet; it gets its own name when the import starts. */
export const draftObjectKey: OwnObject = 'o_0_new';
