import type { Change } from './changes';
import { newId } from './ids';
import type { RecordType, RecordValues } from './record-types';

/** A live link of a record, as stored. */
export interface Link {
  id: string;
  isPrimary: boolean;
}

/**
 * Changes that put a link beside its siblings, or change the one that is there. The first is the primary one unless said
 * otherwise, and there is one primary at most.
 * @param siblings the record's live links, locked
 */
export function putLink(
  type: RecordType,
  siblings: readonly Link[],
  existing: Link | undefined,
  values: RecordValues,
  primary: boolean | undefined,
): { isPrimary: boolean; list: Change[] } {
  const isPrimary = primary ?? existing?.isPrimary ?? siblings.length === 0;
  const put = { ...values, isPrimary };
  const list: Change[] = [
    existing ? { type, op: 'update', id: existing.id, values: put } : { type, op: 'create', id: newId(), values: put },
  ];
  for (const other of siblings) {
    if (isPrimary && other.isPrimary && other.id !== existing?.id)
      list.push({ type, op: 'update', id: other.id, values: { isPrimary: false } });
  }
  return { isPrimary, list };
}
