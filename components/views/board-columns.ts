import { offered } from '@/components/records/choices-input';
import type { Group } from '@/components/records/record-pages';
import type { Field } from '@/domain/fields';

/** The choices of a field that a record may still be given. */
export function offeredChoices({ choices = [], own }: Field): string[] {
  const kept = own?.settings.choices;
  return kept ? offered(kept, []).map(({ value }) => value) : [...choices];
}

/**
 * The columns of a board: one for every choice that is offered, empty ones too; for one offered no more while records
 * have it; and for what has none, unless nothing is to be put there.
 */
export function columnsOf(name: string, field: Field, groups: readonly Group[] | undefined): Group[] {
  const { choices = [] } = field;
  const found = new Map(groups?.map((group) => [group.key, group]));
  const open = new Set(offeredChoices(field));
  const known = choices.filter((value) => open.has(value) || found.has(value));
  // Of an object's former choices records may have some as well.
  const former = [...found.keys()].filter((key): key is string => key !== null && !choices.includes(key));
  const without = (field.required || field.readOnly) && !found.has(null) ? [] : [null];
  return [...known, ...former, ...without].map(
    (key): Group =>
      found.get(key) ?? {
        key,
        title: null,
        count: 0,
        totals: [],
        filter: key === null ? { field: name, op: 'isEmpty' } : { field: name, op: 'is', value: key },
      },
  );
}
