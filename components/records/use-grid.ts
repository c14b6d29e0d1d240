'use client';

import {
  type ClipboardEvent,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useBoot, useCan } from '@/components/shell/boot';
import { navigate } from '@/components/shell/router';
import { objects, type RecordObject } from '@/domain/objects';
import { fromText, isNumeric, toText, typedFields } from './field-text';
import { type RecordRow, recordPath, useDeleteRecords } from './record-data';
import { isEditable } from './table-columns';
import type { CellEdit, GridActions } from './table-row';
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

  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.nativeEvent.isComposing) return;
    const mod = event.metaKey || event.ctrlKey;
    const page = Math.max(1, Math.floor((gridRef.current?.clientHeight ?? 400) / 36) - 2);
    const move = (to: number) => {
      const reached = rows[Math.min(Math.max(0, to), rows.length - 1)];
      if (event.shiftKey && row && reached) {
        if (!selection.ids.has(row.id)) selection.toggle(row.id);
        selection.extend(reached.id, order);
      }
      goTo(to);
    };
    const done = () => event.preventDefault();
    switch (event.key) {
      case 'ArrowDown':
        return (done(), move(mod ? rows.length - 1 : at + 1));
      case 'ArrowUp':
        return (done(), move(mod ? 0 : at < 0 ? 0 : at - 1));
      case 'ArrowRight':
        return (done(), goTo(at, mod ? names.length - 1 : column + 1));
      case 'ArrowLeft':
        return (done(), goTo(at, mod ? 0 : column - 1));
      case 'PageDown':
        return (done(), move(at + page));
      case 'PageUp':
        return (done(), move(at - page));
      case 'Home':
        return (done(), mod ? move(0) : goTo(at, 0));
      case 'End':
        return (done(), mod ? move(rows.length - 1) : goTo(at, names.length - 1));
      case 'Escape':
        if (openId !== undefined) return (done(), onOpen(null));
        if (selection.ids.size > 0) return (done(), selection.clear());
        return;
      case 'a':
        if (mod) return (done(), selection.set(order));
        return;
    }
    if (!row) return;
    switch (event.key) {
      case 'Enter':
        if (name !== title) return (done(), startEdit(row, name));
        return (done(), openId === row.id || mod ? openWhole(row.id) : open(row.id));
      case 'F2':
        return (done(), startEdit(row, name));
      case ' ':
        return (done(), selection.toggle(row.id));
      case 'Delete':
      case 'Backspace':
        done();
        if (selection.ids.size > 0 && can(`${object}.delete`)) {
          remove([...selection.ids]);
          selection.clear();
        } else if (selection.ids.size === 0) clearCell(row);
        return;
    }
    const definition = fields[name];
    if (!mod && definition && isNumeric(definition) && /^[\d.-]$/.test(event.key))
      return (done(), startEdit(row, name, event.key));
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

  const copy = (event: ClipboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || !row) return;
    const cell = document.querySelector(`[id="cell-${row.id}-${name}"]`);
    event.clipboardData.setData('text/plain', cell?.textContent ?? '');
    event.preventDefault();
  };

  /** Rows and columns of a spreadsheet land on the cells right and below. */
  const paste = (event: ClipboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || !writable || at < 0) return;
    event.preventDefault();
    const lines = event.clipboardData
      .getData('text/plain')
      .replace(/\r?\n$/, '')
      .split(/\r?\n/)
      .slice(0, 200);
    for (const [down, line] of lines.entries()) {
      const target = rows[at + down];
      for (const [right, text] of line.split('\t').entries()) {
        const field = names[column + right];
        const definition = field ? fields[field] : undefined;
        if (!target || !field || !isEditable(definition)) continue;
        const currency = typeof target.currency === 'string' ? target.currency : tenant.currency;
        if (typedFields.has(definition.type))
          save(target, field, fromText(definition, text, currency), undefined, 'stay');
        else if (definition.type === 'date') save(target, field, text.trim() || null, undefined, 'stay');
      }
    }
  };

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
    handlers: { onKeyDown: press, onClick: click, onCopy: copy, onPaste: paste },
    step: (by: number) => {
      focusGrid();
      goTo(at < 0 ? 0 : at + by);
    },
    editActive: () => row && startEdit(row, name === title && !isEditable(fields[title]) ? (names[1] ?? title) : name),
    toggleActive: () => row && selection.toggle(row.id),
    begin: () => at < 0 && rows[0] && setActive({ id: rows[0].id, name: title }),
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
