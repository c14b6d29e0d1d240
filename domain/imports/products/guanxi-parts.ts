import en from '../../messages/en/export-files.json' with { type: 'json' };
import zh from '../../messages/zh/export-files.json' with { type: 'json' };
import { headerKey } from '../keys';

const forms = [en, zh].map(({ parts }) => {
  const [before = '', after = ''] = parts.split('{field}');
  return { before, after };
});

/** The headers of the column with the parts of addresses that the column of a label shows on one line. */
export const partsHeaders = (label: string): string[] => forms.map(({ before, after }) => `${before}${label}${after}`);

/** The label in such a header; null for any other. */
export function labelOfParts(header: string): string | null {
  const form = forms.find(({ before, after }) => header.startsWith(before) && header.endsWith(after));
  return form ? header.slice(form.before.length, header.length - form.after.length) || null : null;
}

/** Places of columns with addresses on one line beside which their parts stand. */
export function wholeAddresses(headers: readonly string[]): ReadonlySet<number> {
  const parted = new Set(headers.flatMap((header) => headerKey(labelOfParts(header) ?? '') || []));
  return new Set(headers.flatMap((header, index) => (parted.has(headerKey(header)) ? [index] : [])));
}
