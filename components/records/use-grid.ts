'use client';

import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslations } from 'use-intl';
import { useBoot, useCan } from '@/components/shell/boot';
import { useRefusalText } from '@/components/shell/errors';
import { navigate } from '@/components/shell/router';
import { toast } from '@/components/ui/toaster';
import { isNumeric, toText } from './field-text';
import { moveOf } from './grid-moves';
import { type Cell, type Range, rangeOf } from './grid-range';
import { type RecordRow, recordPath, useDeleteRecords } from './record-data';
import { isEditable } from './table-columns';
import type { CellEdit, GridActions } from './table-row';
import { most, useClipboard } from './use-clipboard';
import type { CommitOptions } from './use-commit';
import { type ObjectKey, useObject } from './use-object';
import { useSelection } from './use-selection';
import type { Onward } from './value-editor';

interface GridInput {
  object: ObjectKey;
  /** By place; those out of sight may be missing. */
  rows: readonly (RecordRow | undefined)[];
  load: (from: number, to: number) => Promise<(RecordRow | undefined)[]>;
  /** The same without asking: rows that are not loaded are missing. */
  peek: (from: number, to: number) => (RecordRow | undefined)[];
  rowHeight: number;
  names: readonly string[];
  /** The record in the panel. */
  openId: string | undefined;
  onOpen: (id: string | null) => void;
  commit: (row: RecordRow, name: string, value: unknown, options?: CommitOptions) => boolean;
  scrollTo: (index: number) => void;
  gridRef: RefObject<HTMLDivElement | null>;
}

/** Where the cursor is, what is chosen and what is being edited in a table, and the keys that change it. */
export function useGrid(input: GridInput) {
  const { object, rows, names, openId, onOpen, commit, scrollTo, gridRef, load, peek } = input;
  const { fields, title } = useObject(object);
  const t = useTranslations('records.range');
  const refusal = useRefusalText();
  const { tenant } = useBoot();
  const can = useCan();
  const writable = can(`${object}.write`);
  const remove = useDeleteRecords(object);
  const [active, setActive] = useState<{ id: string; name: string } | null>(null);
  const [edit, setEdit] = useState<CellEdit | null>(null);
  const places = useMemo(() => {
    const found = new Map<string, number>();
    // Goes over what is there only: a long list is mostly empty places.
    rows.forEach((row, place) => {
      if (row) found.set(row.id, place);
    });
    return found;
  }, [rows]);
  const order = useMemo(() => [...places].sort((a, b) => a[1] - b[1]).map(([id]) => id), [places]);
  /** The other corner of the range; none when it is the cell under the cursor alone. */
  const [anchor, setAnchor] = useState<Cell | null>(null);
  const drawing = useRef<'range' | 'fill' | null>(null);
  const [filling, setFilling] = useState<Range | null>(null);
  const selection = useSelection(places);

  const at = active ? (places.get(active.id) ?? -1) : -1;
  const row = rows[at];
  const column = active ? Math.max(0, names.indexOf(active.name)) : 0;
  const name = names[column] ?? title;

  const focusGrid = () => gridRef.current?.focus({ preventScroll: true });
  const range: Range | null =
    at < 0 ? null : rangeOf({ row: at, column }, anchor && anchor.row < rows.length ? anchor : { row: at, column });
  const goTo = (index: number, toColumn = column, extend = false) => {
    const place = Math.min(Math.max(0, index), rows.length - 1);
    const field = names[Math.min(Math.max(0, toColumn), names.length - 1)] ?? title;
    setAnchor(extend ? (anchor ?? (at < 0 ? null : { row: at, column })) : null);
    scrollTo(place);
    const arrive = (next: RecordRow | undefined) => {
      if (!next) return;
      setActive({ id: next.id, name: field });
      if (openId !== undefined && openId !== next.id && !extend) onOpen(next.id);
    };
    if (rows[place]) arrive(rows[place]);
    else void load(place, place).then(([next]) => arrive(next));
  };
  const startEdit = (target: RecordRow, field: string, draft?: string) => {
    const definition = fields[field];
    if (!writable || !isEditable(definition)) return;
    setActive({ id: target.id, name: field });
    if (definition.type === 'boolean') {
      commit(target, field, target[field] !== true);
      return;
    }
    const before = edit?.id === target.id && edit.name === field ? edit : undefined;
    setEdit({
      id: target.id,
      name: field,
      open: true,
      draft: draft ?? before?.draft,
      error: draft ? null : before?.error,
    });
  };

  const save = (
    target: RecordRow,
    field: string,
    value: unknown,
    picked: string | null | undefined,
    onward: Onward,
  ) => {
    const definition = fields[field];
    const currency = typeof target.currency === 'string' ? target.currency : tenant.currency;
    const draft = definition ? toText(definition, value, currency) : undefined;
    let refusedHere: string | null = null;
    let settled = false;
    const kept = commit(target, field, value, {
      title: picked,
      onRefused: (error) => {
        if (!settled) refusedHere = error;
        // The server's refusal comes later, when the old value is shown again: what was typed is kept beside it.
        else setEdit((now) => (now?.open ? now : { id: target.id, name: field, open: false, draft, error }));
      },
    });
    settled = true;
    if (!kept) {
      setEdit((now) => now && { ...now, open: true, error: refusedHere });
      return false;
    }
    setEdit(null);
    focusGrid();
    if (onward === 'next') goTo(at, column + 1);
    else if (onward === 'previous') goTo(at, column - 1);
    else if (onward === 'below') goTo(at + 1);
    return true;
  };

  const openWhole = (id: string) => navigate(recordPath(object, id));
  const open = (id: string) => {
    setActive({ id, name: title });
    focusGrid();
    onOpen(id);
  };

  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.nativeEvent.isComposing) return;
    const place = moveOf(event, {
      row: at,
      column,
      rows: rows.length,
      columns: names.length,
      page: Math.max(1, Math.floor((gridRef.current?.clientHeight ?? 400) / input.rowHeight) - 2),
    });
    if (place) {
      event.preventDefault();
      goTo(place.row, place.column ?? column, event.shiftKey);
    } else if (act(event.key, event.metaKey || event.ctrlKey)) event.preventDefault();
  };

  /** Whether the key meant something here. */
  const act = (key: string, mod: boolean): boolean => {
    if (key === 'Escape') {
      if (anchor) setAnchor(null);
      else if (openId !== undefined) onOpen(null);
      else if (selection.ids.size > 0) selection.clear();
      else return false;
      return true;
    }
    if (mod && key === 'a') {
      selection.set(order);
      return true;
    }
    if (!row) return false;
    if (mod && key === 'd') {
      if (range) void clipboard.fill(range);
      return true;
    }
    const definition = fields[name];
    if (key === 'Enter') {
      if (name !== title) startEdit(row, name);
      else if (openId === row.id || mod) openWhole(row.id);
      else open(row.id);
    } else if (key === 'F2') startEdit(row, name);
    else if (key === ' ') selection.toggle(row.id);
    else if (key === 'Delete' || key === 'Backspace') erase(row);
    else if (!mod && definition && isNumeric(definition) && /^[\d.-]$/.test(key)) startEdit(row, name, key);
    else return false;
    return true;
  };

  const erase = (target: RecordRow) => {
    if (range && !clipboard.single) void clipboard.clear(range);
    else if (selection.ids.size === 0) clearCell(target);
    else if (can(`${object}.delete`)) {
      remove([...selection.ids]);
      selection.clear();
    }
  };

  const clearCell = (target: RecordRow) => {
    const definition = fields[name];
    if (writable && isEditable(definition) && !definition.required) save(target, name, null, null, 'stay');
  };

  const click = (event: MouseEvent<HTMLDivElement>) => {
    const { target } = event;
    if (!(target instanceof Element) || !event.currentTarget.contains(target)) return;
    const id = target.closest<HTMLElement>('[data-id]')?.dataset.id;
    const field = target.closest<HTMLElement>('[data-name]')?.dataset.name;
    const clicked = id === undefined ? undefined : rows[places.get(id) ?? -1];
    if (!clicked || !field || target.closest('a,button,input,[data-handle]')) return;
    if (event.shiftKey || drawing.current) {
      // The range has been drawn by then.
      drawing.current = null;
      focusGrid();
      return;
    }
    if (!anchor && ((active?.id === clicked.id && active.name === field) || event.detail === 2)) {
      if (!(edit?.open && edit.id === clicked.id && edit.name === field)) startEdit(clicked, field);
      return;
    }
    setAnchor(null);
    setActive({ id: clicked.id, name: field });
    if (openId !== undefined && openId !== clicked.id) onOpen(clicked.id);
    focusGrid();
  };

  const clipboard = useClipboard({ object, range, names, rows, load, peek, writable });

  /** The cell under the pointer. */
  const cellAt = (target: EventTarget): (Cell & { id: string; name: string }) | null => {
    if (!(target instanceof Element)) return null;
    const id = target.closest<HTMLElement>('[data-id]')?.dataset.id;
    const field = target.closest<HTMLElement>('[data-name]')?.dataset.name;
    const place = id === undefined ? undefined : places.get(id);
    if (id === undefined || place === undefined || !field) return null;
    return { id, name: field, row: place, column: names.indexOf(field) };
  };
  const pointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const { target } = event;
    if (event.button !== 0 || event.pointerType === 'touch' || !(target instanceof Element)) return;
    drawing.current = null;
    if (target.closest('[data-handle]')) {
      event.preventDefault();
      drawing.current = 'fill';
      return;
    }
    const cell = cellAt(target);
    if (!cell || edit?.open || target.closest('a,button,input')) return;
    if (event.shiftKey && at >= 0) {
      event.preventDefault();
      setAnchor(anchor ?? { row: at, column });
      setActive({ id: cell.id, name: cell.name });
      drawing.current = 'range';
    } else pressed.current = cell;
  };
  /** Cells are drawn over as cells, not as text; the focus a press would give is given by hand. */
  const mouseDown = (event: MouseEvent<HTMLDivElement>) => {
    const { target } = event;
    if (event.button !== 0 || edit?.open || !(target instanceof Element)) return;
    if (target.closest('a,button,input,textarea,[contenteditable]')) return;
    if (!cellAt(target) && !target.closest('[data-handle]')) return;
    event.preventDefault();
    focusGrid();
  };
  const pressed = useRef<Cell | null>(null);
  const pointerOver = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1) return;
    const cell = cellAt(event.target);
    if (!cell) return;
    if (drawing.current === 'fill' && range) {
      setFilling({ ...range, bottom: Math.max(range.bottom, cell.row) });
      return;
    }
    const from = pressed.current;
    if (!from || (from.row === cell.row && from.column === cell.column && drawing.current === null)) return;
    drawing.current = 'range';
    setAnchor(from);
    setActive({ id: cell.id, name: cell.name });
  };
  const pointerUp = () => {
    pressed.current = null;
    if (drawing.current === 'fill' && filling && range) {
      void clipboard.fill(filling, range);
      const corner = rows[filling.bottom];
      if (corner) {
        setAnchor({ row: filling.top, column: filling.left });
        setActive({ id: corner.id, name: names[filling.right] ?? title });
      }
    }
    setFilling(null);
  };

  /** Chooses all from the one chosen last to this one, those between that were never in sight as well. */
  const extend = (id: string) => {
    const from = places.get(selection.anchor ?? id) ?? -1;
    const to = places.get(id) ?? -1;
    const [first, last] = from < to ? [from, Math.min(to, from + most - 1)] : [Math.max(to, from - most + 1), from];
    const between = Array.from(rows.slice(Math.min(from, to), Math.max(from, to) + 1));
    if (from < 0 || to < 0 || !between.includes(undefined)) return selection.extend(id, order);
    if (last - first < Math.abs(to - from)) toast(t('most', { max: most }));
    void load(first, last).then(
      (loaded) => selection.add(loaded.flatMap((row) => row?.id ?? [])),
      (error) => toast.error(refusal(error)),
    );
  };
  const select = (id: string, range: boolean) => {
    if (range) extend(id);
    else selection.toggle(id);
    setActive({ id, name: title });
    focusGrid();
  };

  const cancel = () => {
    setEdit(null);
    focusGrid();
  };
  const latest = useLatest({ open, select, commit: save, cancel });
  const [actions] = useState<GridActions>(() => ({
    open: (id) => latest.current.open(id),
    select: (id, range) => latest.current.select(id, range),
    commit: (...args) => latest.current.commit(...args),
    cancel: () => latest.current.cancel(),
  }));

  return {
    active,
    row,
    name,
    edit,
    selection,
    actions,
    range,
    isSingle: clipboard.single,
    writable,
    filling,
    rowOf: (id: string) => rows[places.get(id) ?? -1],
    handlers: {
      onKeyDown: press,
      onClick: click,
      onMouseDown: mouseDown,
      onPointerDown: pointerDown,
      onPointerOver: pointerOver,
      onPointerUp: pointerUp,
      ...clipboard.handlers,
    },
    step: (by: number) => {
      focusGrid();
      goTo(at < 0 ? 0 : at + by);
    },
    editActive: () => row && startEdit(row, name === title && !isEditable(fields[title]) ? (names[1] ?? title) : name),
    toggleActive: () => row && selection.toggle(row.id),
    begin: () => setActive((now) => now ?? (rows[0] ? { id: rows[0].id, name: title } : null)),
    startEdit,
    order,
    remove,
  };
}

export type Grid = ReturnType<typeof useGrid>;

/** The newest value for callbacks that must not change. */
function useLatest<T>(value: T): RefObject<T> {
  const ref = useRef(value);
  useLayoutEffect(() => {
    ref.current = value;
  });
  return ref;
}
