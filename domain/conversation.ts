import { z } from 'zod';
import { textSchema } from './fields';

/** Signs people may leave on a comment or a note. */
export const reactionSigns = ['👍', '❤️', '🎉', '😄', '👀', '✅', '🙏'] as const;
export type ReactionSign = (typeof reactionSigns)[number];

/** Text of a comment: Markdown (domain/rich-text), at most 10,000 characters. */
export const commentBody = textSchema(10_000)
  .refine((text) => text.trim() !== '', { error: 'required' })
  .overwrite((text) => text.trim());

/** The record something hangs on: `company`, `o_asset`, and its id. */
export const anchorInput = z.strictObject({ object: z.string().max(60), recordId: z.uuid() });
