'use client';

import { type KeyboardEvent, type MouseEvent, type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useBoot, useCan } from '@/components/shell/boot';
import { navigate } from '@/components/shell/router';
import { objects, type RecordObject } from '@/domain/objects';
import { isNumeric, toText } from './field-text';
import { moveOf } from './grid-moves';
import { type RecordRow, recordPath, useDeleteRecords } from './record-data';
import { isEditable } from './table-columns';
import type { CellEdit, GridActions } from './table-row';
import { useClipboard } from './use-clipboard';
import type { CommitOptions } from './use-commit';
import { useSelection } from './use-selection';
import type { Onward } from './value-editor';

interface GridInput {
  object: RecordObject;
  rows: readonly RecordRow[];
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
  const { object, rows, names, openId, onOpen, commit, scrollTo, gridRef } = input;
  const { fields, title } = objects[object];
  const { tenant } = useBoot();
  const can = useCan();
  const writable = can(`${object}.write`);
  const remove = useDeleteRecords(object);
  const [active, setActive] = useState<{ id: string; name: string } | null>(null);
  const [edit, setEdit] = useState<CellEdit | null>(null);
  const order = useMemo(() => rows.map((row) => row.id), [rows]);
  const places = useMemo(() => new Map(order.map((id, i) => [id, i])), [order]);
  const selection = useSelection(places);

  const at = active ? (places.get(active.id) ?? -1) : -1;
  const row = rows[at];
  const column = active ? Math.max(0, names.indexOf(active.name)) : 0;
  const name = names[column] ?? title;

  const focusGrid = () => gridRef.current?.focus({ preventScroll: true });
  const goTo = (index: number, toColumn = column) => {
    const next = rows[Math.min(Math.max(0, index), rows.length - 1)];
    if (!next) return;
    setActive({ id: next.id, name: names[Math.min(Math.max(0, toColumn), names.length - 1)] ?? title });
    scrollTo(places.get(next.id) ?? 0);
    if (openId !== undefined && openId !== next.id) onOpen(next.id);
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

  const moveTo = (to: number, extend: boolean) => {
    const reached = rows[Math.min(Math.max(0, to), rows.length - 1)];
    if (extend && row && reached) {
      if (!selection.ids.has(row.id)) selection.toggle(row.id);
      selection.extend(reached.id, order);
    }
    goTo(to);
  };

  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.nativeEvent.isComposing) return;
    const place = moveOf(event, {
      row: at,
      column,
      rows: rows.length,
      columns: names.length,
      page: Math.max(1, Math.floor((gridRef.current?.clientHeight ?? 400) / 36) - 2),
    });
    if (place) {
      event.preventDefault();
      if (place.column === undefined) moveTo(place.row, event.shiftKey);
      else goTo(place.row, place.column);
    } else if (act(event.key, event.metaKey || event.ctrlKey)) event.preventDefault();
  };

  /** Whether the key meant something here. */
  const act = (key: string, mod: boolean): boolean => {
    if (key === 'Escape') {
      if (openId !== undefined) onOpen(null);
      else if (selection.ids.size > 0) selection.clear();
      else return false;
      return true;
    }
    if (mod && key === 'a') {
      selection.set(order);
      return true;
    }
    if (!row) return false;
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
    if (selection.ids.size === 0) clearCell(target);
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
    if (!clicked || !field || target.closest('a,button,input')) return;
    if (event.shiftKey) {
      event.preventDefault();
      selection.extend(clicked.id, order);
    } else if ((active?.id === clicked.id && active.name === field) || event.detail === 2) {
      if (!(edit?.open && edit.id === clicked.id && edit.name === field)) startEdit(clicked, field);
      return;
    }
    setActive({ id: clicked.id, name: field });
    if (openId !== undefined && openId !== clicked.id) onOpen(clicked.id);
    focusGrid();
  };

  const clipboard = useClipboard({
    at,
    column,
    rows,
    names,
    fields,
    writable,
    save: (target, field, value) => save(target, field, value, undefined, 'stay'),
  });

  const select = (id: string, range: boolean) => {
    if (range) selection.extend(id, order);
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
    handlers: { onKeyDown: press, onClick: click, ...clipboard },
    step: (by: number) => {
      focusGrid();
      goTo(at < 0 ? 0 : at + by);
    },
    editActive: () => row && startEdit(row, name === title && !isEditable(fields[title]) ? (names[1] ?? title) : name),
    toggleActive: () => row && selection.toggle(row.id),
    begin: () => setActive((now) => now ?? (rows[0] ? { id: rows[0].id, name: title } : null)),
    startEdit,
    openWhole,
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
