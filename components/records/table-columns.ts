'use client';

import { useMemo } from 'react';
import { boardChoices, stages } from '@/components/views/view-fields';
import type { CatalogueObject } from '@/domain/catalogue';
import type { Field } from '@/domain/fields';
import type { ListState } from './list-state';
import { type ObjectKey, useObject } from './use-object';

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

export function defaultWidth(kind: CatalogueObject, name: string): number {
  if (name === kind.title) return titleWidth;
  const type = kind.fields[name]?.type;
  return (type && widthsByType[type]) ?? 160;
}

const marked = ({ title, fields }: CatalogueObject) =>
  Object.keys(fields).filter((name) => name !== title && fields[name]?.prominent);

/** So many of the first fields say what an object is about of which the tenant has marked none. */
const ownShown = 5;

/** Columns of a person who chose none: the title and what the catalogue marks. */
export function defaultColumns(kind: CatalogueObject): string[] {
  const { definition, own } = kind;
  const telling =
    definition && !own.some(({ settings }) => settings.prominent)
      ? own.filter(({ type }) => type !== 'longText' && type !== 'file').slice(0, ownShown)
      : [];
  return [kind.title, ...telling.map(({ key }) => key), ...marked(kind)];
}

/** What a card need not say, because its column or its amount does. */
export function unsaidOnCards(kind: CatalogueObject, board = boardChoices(kind)[0]): string[] {
  return board === stages ? [stages, 'pipelineId', 'status', 'currency'] : board ? [board] : [];
}

/** Fields on the cards of a person who chose none. */
function usualOnCards(kind: CatalogueObject, board: string | undefined): string[] {
  const stagesShown = (board ?? boardChoices(kind)[0]) === stages;
  if (stagesShown) return [kind.title, 'companyId', 'amount', 'ownerId'];
  // When a record was made stands in every table and says little on a card.
  return [kind.title, ...marked(kind).filter((name) => name !== 'createdAt')];
}

export interface TableColumns {
  /** The title first, then as the person ordered them. */
  names: string[];
  widths: Record<string, number>;
  /** How many stay at the left while the others scroll. */
  frozen: number;
  setFrozen: (frozen: number) => void;
  setNames: (names: string[]) => void;
  setWidths: (widths: Record<string, number>) => void;
  reset: () => void;
}

/** Which columns a table shows, in what order and how wide, and what a board's cards do: part of the view, else as the person left them. */
export function useTableColumns(object: ObjectKey, { kind: shape, config, change }: ListState): TableColumns {
  const kind = useObject(object);
  const { title } = kind;
  const { columns, board } = config;
  // Rows compare their columns by identity.
  const names = useMemo(() => {
    const known = columns
      ?.map(({ field }) => field)
      .filter((name) => name !== title && Object.hasOwn(kind.fields, name));
    if (known) return [title, ...known];
    return shape === 'board' ? usualOnCards(kind, board) : defaultColumns(kind);
  }, [kind, title, columns, shape, board]);
  const widths = useMemo(
    () => Object.fromEntries((columns ?? []).flatMap(({ field, width }) => (width ? [[field, width]] : []))),
    [columns],
  );
  const set = (shown: readonly string[], wide: Record<string, number>) =>
    change({
      columns: shown.map((field) => (wide[field] ? { field, width: Math.round(wide[field]) } : { field })),
    });
  return {
    names,
    widths,
    frozen: Math.min(config.frozen ?? 1, names.length),
    setFrozen: (frozen) => change({ frozen: frozen > 1 ? frozen : undefined }),
    setNames: (next) => set([title, ...next.filter((name) => name !== title)], widths),
    setWidths: (next) => set(names, next),
    reset: () => change({ columns: undefined, frozen: undefined }),
  };
}

/** So many columns can be named to the server. */
const mostNamed = 100;

/** What must be asked of the server to show these columns; all there is when they are too many to be named. */
export function columnsToLoad({ fields }: CatalogueObject, names: readonly string[]): string[] | undefined {
  const wanted = new Set(names);
  const shows = (type: Field['type']) => names.some((name) => fields[name]?.type === type);
  if (shows('money') && Object.hasOwn(fields, 'currency')) wanted.add('currency');
  // The stages offered are those of the deal's own pipeline; what a stage requires is asked of the row.
  if (wanted.has('stageId')) wanted.add('pipelineId');
  return wanted.size > mostNamed ? undefined : [...wanted];
}

/** Whether a person may type into a field. */
export function isEditable(field: Field | undefined): field is Field {
  return field !== undefined && !field.readOnly;
}
