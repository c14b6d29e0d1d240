import type { Values } from '@/components/records/record-data';
import type { Field } from '@/domain/fields';

const types: ReadonlySet<Field['type']> = new Set(['text', 'email', 'phone', 'link']);

/** Whether records are compared by a field's kind of values. */
export const compared = ({ type }: Field): boolean => types.has(type);

/** What records are compared by are texts; the rest need not travel. */
export function textsOf(values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === 'string' &&
        entry[1].trim().length > 1 &&
        entry[1].length <= 400 &&
        entry[0] !== 'description',
    ),
  );
}
