import type { z } from 'zod';
import { Refusal } from '@/domain/refusals';

/** The refusal of a cursor that the list it came to has not given out. */
export const badCursor = () => new Refusal('invalid', { code: 'badCursor', field: 'cursor' });

/** A place in a list as text for whoever asks for what comes after it: JSON in base64url. */
export const makeCursor = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/**
 * The place a cursor names; it comes back from outside, so its schema judges it.
 * @throws Refusal invalid `badCursor`
 */
export function readCursor<Place>(schema: z.ZodType<Place>, cursor: string): Place {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw badCursor();
  }
}
