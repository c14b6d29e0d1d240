import { toMajor } from '@/domain/money';
import type { OutcomeFigures } from '@/domain/reports';

export interface CsvRow extends OutcomeFigures {
  label: string;
}

/** Rows as comma-separated values for a spreadsheet: amounts in major units, plain numbers, no grouping. */
export function toCsv(header: readonly string[], rows: readonly CsvRow[], currency: string): string {
  const lines = rows.map((row) => [
    guarded(row.label),
    row.won,
    row.lost,
    row.winRate === null ? '' : row.winRate.toFixed(2),
    toMajor(row.revenue, currency),
    row.average === null ? '' : toMajor(row.average, currency),
  ]);
  return [header, ...lines].map((line) => line.map(quoted).join(',')).join('\r\n');
}

/** A name that a spreadsheet would run as a formula is given an apostrophe in front. */
function guarded(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
