/** Whether a field holds nothing: no value, an empty text, an empty list. `0`, `false` and a text of spaces are something. */
export const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
