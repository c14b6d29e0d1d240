import { z } from 'zod';
import { importPlanSchema } from '@/domain/imports/mapping';

/** A file, and what is decided about it. */
export const planInput = z.strictObject({ fileId: z.uuid(), plan: importPlanSchema });
