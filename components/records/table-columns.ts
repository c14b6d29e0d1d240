'use client';

import { useMemo } from 'react';
import { usePreference } from '@/components/shell/boot';
import type { Field } from '@/domain/fields';
import { objects, type RecordObject } from '@/domain/objects';

// A type alias, because what is kept must be plain JSON to the compiler, which an interface is not.
export type TablePreference = { columns?: string[]; widths?: Record<string, number> };

const nothing: TablePreference = {};
const unset: Record<string, number> = {};

const widthsByType: Partial<Record<Field['type'], number>> = {
  longText: 260,
  email: 210,
  link: 190,
  tags: 200,
  reference: 190,
  member: 160,
  phone: 150,
  money: 130,
  number: 110,
  integer: 110,
  percent: 100,
  date: 136,
  datetime: 136,
  boolean: 100,
  choice: 140,
  currency: 90,
};

export const titleWidth = 320;
export const narrowest = 72;

export function defaultWidth(object: RecordObject, name: string): number {
  if (name === objects[object].title) return titleWidth;
  const type = objects[object].fields[name]?.type;
  return (type && widthsByType[type]) ?? 160;
}

/** Columns of a person who chose none: the title and what the catalogue marks. */
export function defaultColumns(object: RecordObject): string[] {
  const { title, fields } = objects[object];
  return [title, ...Object.keys(fields).filter((name) => name !== title && fields[name]?.prominent)];
}

export interface TableColumns {
  /** The title first, then as the person ordered them. */
  names: string[];
  widths: Record<string, number>;
  setNames: (names: string[]) => void;
  setWidths: (widths: Record<string, number>) => void;
  reset: () => void;
}

/** Which columns a person sees in a table, in what order and how wide; kept for them on the server. */
export function useTableColumns(object: RecordObject, key = `table:${object}`): TableColumns {
  const [kept, setKept] = usePreference<TablePreference>(key, nothing);
  const { title } = objects[object];
  // Rows compare their columns by identity.
  const names = useMemo(() => {
    const { fields } = objects[object];
    const known = kept.columns?.filter((name) => name !== title && Object.hasOwn(fields, name));
    return known ? [title, ...known] : defaultColumns(object);
  }, [object, title, kept.columns]);
  return {
    names,
    widths: kept.widths ?? unset,
    setNames: (names) => setKept({ ...kept, columns: names.filter((name) => name !== title) }),
    setWidths: (widths) => setKept({ ...kept, widths }),
    reset: () => setKept({}),
  };
}

/** What must be asked of the server to show these columns. */
export function columnsToLoad(object: RecordObject, names: readonly string[]): string[] {
  const { fields } = objects[object];
  const wanted = new Set(names);
  const shows = (type: Field['type']) => names.some((name) => fields[name]?.type === type);
  if (shows('money') && Object.hasOwn(fields, 'currency')) wanted.add('currency');
  // The stages offered are those of the deal's own pipeline; what a stage requires is asked of the row.
  if (wanted.has('stageId')) wanted.add('pipelineId');
  return [...wanted];
}

/** Whether a person may type into a field. */
export function isEditable(field: Field | undefined): field is Field {
  return field !== undefined && !field.readOnly;
}
