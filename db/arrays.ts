/**
 * Postgres's text form of long arrays, which the driver would look through value by value.
 */

/** Of ids and numbers: nothing in them needs quoting. */
export const plainArray = (values: readonly (string | number)[]): string => `{${values.join(',')}}`;

/** Of texts. */
export const textArray = (values: readonly (string | null)[]): string => `{${values.map(quoted).join(',')}}`;

function quoted(value: string | null): string {
  if (value === null) return 'NULL';
  return `"${/["\\]/.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"`;
}
