import type { RecordValues } from './record-types';

/** The named values of a row that are texts, for search. */
export function texts(row: RecordValues, ...names: string[]): string[] {
  return names.flatMap((name) => {
    const value = row[name];
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
}
