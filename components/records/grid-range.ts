import type { CatalogueObject } from '@/domain/catalogue';
import type { Field } from '@/domain/fields';

/** Cells between two corners, both included; by places of rows and columns. */
export interface Range {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export interface Cell {
  row: number;
  column: number;
}

export function rangeOf(a: Cell, b: Cell): Range {
  return {
    top: Math.min(a.row, b.row),
    bottom: Math.max(a.row, b.row),
    left: Math.min(a.column, b.column),
    right: Math.max(a.column, b.column),
  };
}

export const isSingle = ({ top, bottom, left, right }: Range): boolean => top === bottom && left === right;

/** Rows of cells as spreadsheets put them on the clipboard: tabs between, quotes round what holds a tab, a break or a quote. */
export function writeTsv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => (/[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join('\t')).join('\n');
}

/** What `writeTsv` or a spreadsheet wrote. A quote that does not open a cell is a quote. */
export function parseTsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at <= text.length) {
    const quoted = text[at] === '"' ? quotedCell(text, at) : null;
    const end = quoted ? quoted.end : endOf(text, at);
    row.push(quoted ? quoted.text : text.slice(at, end));
    const sign = text[end];
    if (sign === '\t') {
      at = end + 1;
      continue;
    }
    rows.push(row);
    row = [];
    if (sign === undefined) break;
    at = end + (sign === '\r' && text[end + 1] === '\n' ? 2 : 1);
    // A break at the end begins no further row.
    if (at === text.length) break;
  }
  return rows;
}

function endOf(text: string, from: number): number {
  let end = from;
  while (end < text.length && !'\t\r\n'.includes(text[end] ?? '')) end++;
  return end;
}

/** A cell in quotes, or null when what follows the closing quote says that it was none. */
function quotedCell(text: string, from: number): { text: string; end: number } | null {
  let cell = '';
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] !== '"') cell += text[at];
    else if (text[at + 1] === '"') {
      cell += '"';
      at++;
    } else {
      const after = text[at + 1];
      return after === undefined || '\t\r\n'.includes(after) ? { text: cell, end: at + 1 } : null;
    }
  }
  return null;
}

/**
 * Where the cells of a clipboard land. One cell fills the whole range; a block is repeated where it fits the range a whole
 * number of times; everything else lands once, from the range's corner on.
 */
export function landing(
  cells: readonly (readonly string[])[],
  range: Range,
): { row: number; column: number; text: string }[] {
  const high = cells.length;
  const wide = Math.max(0, ...cells.map((row) => row.length));
  if (high === 0 || wide === 0) return [];
  const rows = range.bottom - range.top + 1;
  const columns = range.right - range.left + 1;
  const down = rows % high === 0 ? rows : high;
  const across = columns % wide === 0 ? columns : wide;
  return Array.from({ length: down }, (_, i) =>
    Array.from({ length: across }, (_, j) => {
      const text = cells[i % high]?.[j % wide];
      return text === undefined ? [] : [{ row: range.top + i, column: range.left + j, text }];
    }).flat(),
  ).flat();
}

const yes = new Set(['true', 'yes', 'y', '1', 'x', '✓', '是', '对', '真']);
const no = new Set(['false', 'no', 'n', '0', '', '否', '错', '假']);

/** Yes or no as people write it in spreadsheets; undefined for anything else. */
export function booleanOf(text: string): boolean | undefined {
  const folded = text.trim().toLowerCase();
  return yes.has(folded) ? true : no.has(folded) ? false : undefined;
}

/** A day as spreadsheets of any country write it when it says which part is the year; undefined otherwise. */
export function dayOf(text: string): string | undefined {
  const [, year, month, day] = /^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\s*$/.exec(text) ?? [];
  if (!year || !month || !day) return undefined;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? iso : undefined;
}

/** Several values in one cell. */
export const partsOf = (text: string): string[] =>
  text
    .split(/[,;，；、\n]/)
    .map((part) => part.trim())
    .filter(Boolean);

/** The value of a choice by its stored name or by its label in the person's language; undefined when it is none. */
export function choiceOf(field: Field, text: string, label: (value: string) => string): string | undefined {
  const folded = text.trim().toLowerCase();
  return field.choices?.find((value) => value.toLowerCase() === folded || label(value).toLowerCase() === folded);
}

/** What a range cannot hold: a field nobody types into. */
export function isFillable(kind: CatalogueObject, name: string | undefined): name is string {
  const field = name ? kind.fields[name] : undefined;
  return (
    field !== undefined &&
    !field.readOnly &&
    field.type !== 'file' &&
    field.type !== 'relation' &&
    field.type !== 'address'
  );
}
