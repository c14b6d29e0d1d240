import type { Candidate } from './dictionary';
import type { PlanColumn } from './mapping';

/** `Phone 1 - Value`, as Google writes it; what kind of number it is stands in the column beside it, row by row. */
const valueForm = /^\s*(e-?mail|phone)\s+(\d{1,2})\s*-\s*value\s*$/i;
const labelForm = /^\s*(e-?mail|phone)\s+(\d{1,2})\s*-\s*(?:label|type)\s*$/i;

const phoneLabels: readonly { label: RegExp; target: string }[] = [
  { label: /fax|传真/i, target: 'fax' },
  { label: /mobile|cell|iphone|手机|移动/i, target: 'mobile' },
  { label: /home|住宅|家庭/i, target: 'homePhone' },
  { label: /work|main|company|工作|单位|公司/i, target: 'phone' },
  { label: /other|其他/i, target: 'otherPhone' },
];
/** Where numbers go whose kind is not told, or whose place is taken. */
const phones = ['phone', 'mobile', 'otherPhone', 'homePhone'];
const emails = ['email', 'otherEmail'];

/**
 * What columns of values mean that are labelled in another column: the kind most rows give. The first of its sort is
 * the surest, the others take what is free.
 * @returns by the column's index
 */
export function labelledCandidates(
  headers: readonly string[],
  rows: readonly string[][],
): ReadonlyMap<number, Candidate[]> {
  const labels = labelColumns(headers);
  const found = new Map<number, Candidate[]>();
  for (const [index, header] of headers.entries()) {
    const parts = valueForm.exec(header.slice(0, 40));
    if (!parts) continue;
    const beside = labels.get(nameOf(parts));
    const isPhone = parts[1]?.toLowerCase() === 'phone';
    const usual = isPhone && beside !== undefined ? usualPhone(rows, index, beside) : undefined;
    const place = Number(parts[2]);
    const targets = [...new Set([...(usual ? [usual] : []), ...(isPhone ? phones : emails)])];
    found.set(
      index,
      targets.map((target, rank) => ({
        target,
        confidence: Math.max(0.6, 0.98 - rank * 0.04 - Math.min(place - 1, 5) * 0.01),
        reason: 'name' as const,
      })),
    );
  }
  return found;
}

/** Columns of labels by what they label: `phone 1`. */
function labelColumns(headers: readonly string[]): Map<string, number> {
  const labels = new Map<string, number>();
  for (const [index, header] of headers.entries()) {
    const parts = labelForm.exec(header.slice(0, 40));
    if (parts) labels.set(nameOf(parts), index);
  }
  return labels;
}

/** By a plan's columns, which are the same for every row of a file: columns of labels by those of numbers. */
const besides = new WeakMap<readonly PlanColumn[], ReadonlyMap<number, number>>();

/**
 * The field that a row's own label says for a number: most rows of a column may say `Mobile` and this one `Work`.
 * Undefined where none does, or the column goes to no field of numbers.
 */
export function fieldOfLabel(
  columns: readonly PlanColumn[],
  column: PlanColumn,
  cells: readonly string[],
): string | undefined {
  let beside = besides.get(columns);
  if (!beside) {
    const labels = labelColumns(columns.map(({ header }) => header));
    const pairs = columns.flatMap(({ index, header, target }) => {
      const parts = valueForm.exec(header.slice(0, 40));
      const label = parts && labels.get(nameOf(parts));
      return typeof label === 'number' && phoneLabels.some((kind) => kind.target === target)
        ? [[index, label] as const]
        : [];
    });
    beside = new Map(pairs);
    besides.set(columns, beside);
  }
  const label = beside.get(column.index);
  return label === undefined ? undefined : phoneMeant(cells[label]);
}

const phoneMeant = (label = ''): string | undefined =>
  phoneLabels.find((kind) => kind.label.test(label.slice(0, 60)))?.target;

/** Whether a column only says of which kind the value beside it is. */
export const isLabelHeader = (header: string): boolean => labelForm.test(header.slice(0, 40));

const nameOf = (parts: RegExpExecArray) => `${parts[1]?.toLowerCase().replace('-', '')} ${Number(parts[2])}`;

/** The kind of number most of a column's values are labelled as; undefined where no label says it. */
function usualPhone(rows: readonly string[][], value: number, label: number): string | undefined {
  const counts = new Map<string, number>();
  for (const row of rows) {
    if ((row[value] ?? '').trim() === '') continue;
    const target = phoneMeant(row[label]);
    if (target) counts.set(target, (counts.get(target) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
