import type { CatalogueObject } from '@/domain/catalogue';
import { holds } from '@/domain/filter-eval';
import type { Values } from './record-data';

/** When it is asked and by whom: what conditions with relative dates and "me" need. */
export interface Circumstances {
  now: number;
  memberId: string;
}

/** Whether a field is shown for these values: always, unless the tenant gave it a condition. */
export function isShown(kind: CatalogueObject, name: string, values: Values, about: Circumstances): boolean {
  const showIf = kind.fields[name]?.own?.settings.showIf;
  return showIf === undefined || holds(showIf, values, about);
}

/** Whether a field must be filled in for these values; one that is not shown never must. */
export function isAsked(kind: CatalogueObject, name: string, values: Values, about: Circumstances): boolean {
  const field = kind.fields[name];
  if (!field || !isShown(kind, name, values, about)) return false;
  const requireIf = field.own?.settings.requireIf;
  return field.required || (requireIf !== undefined && holds(requireIf, values, about));
}

/** What a new record of a kind begins with: the defaults of the tenant's fields. */
export function defaultsOf(kind: CatalogueObject): Values {
  return Object.fromEntries(
    kind.own.flatMap(({ key, settings }) => (settings.default === undefined ? [] : [[key, settings.default]])),
  );
}

/** Fields a form can fill in; links and files need a record to belong to. */
export function isWritable(kind: CatalogueObject, name: string): boolean {
  const field = kind.fields[name];
  return field !== undefined && !field.readOnly && field.type !== 'file' && name !== 'done';
}

/** The fields of a quick form first, then the others: what is prominent, asked for or given already. */
export function formFields(kind: CatalogueObject, given: Values): { first: string[]; rest: string[] } {
  const writable = Object.keys(kind.fields).filter((name) => isWritable(kind, name));
  const first = writable.filter((name) => {
    const field = kind.fields[name];
    return field?.prominent || field?.required || field?.own?.settings.requireIf !== undefined || name in given;
  });
  return { first, rest: writable.filter((name) => !first.includes(name)) };
}

/**
 * The values to send for a new record: without what nobody filled in, so that the server's own defaults hold, and
 * without fields that are not shown. A default that was emptied is sent as empty, or it would come back.
 */
export function toSend(kind: CatalogueObject, values: Values, about: Circumstances): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => {
      const emptied = kind.fields[name]?.own?.settings.default !== undefined;
      if (!isShown(kind, name, values, about)) return false;
      return value === null || value === undefined ? emptied && value === null : true;
    }),
  );
}

/** The day a task is due, from which the ways it may come again follow; today where it has none. */
export const dayOf = (dueOn: unknown): string =>
  typeof dueOn === 'string' ? dueOn : new Date().toISOString().slice(0, 10);
