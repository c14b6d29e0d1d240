'use client';

import {
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useEffect, useEffectEvent, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useActions } from '@/components/shell/actions';
import { useLabels } from '@/components/shell/labels';
import { useScrollKeptAs } from '@/components/shell/page';
import { usePath } from '@/components/shell/router';
import { cn } from '@/components/ui/cn';
import { ContextMenu, ContextMenuTrigger } from '@/components/ui/context-menu';
import type { RecordObject } from '@/domain/objects';
import { addMember, asGroup } from './filter-tree';
import type { ListState } from './list-state';
import type { RecordRow } from './record-data';
import { RowMenu } from './row-menu';
import { SelectionBar } from './selection-bar';
import { defaultWidth, narrowest, type TableColumns } from './table-columns';
import { TableHeader } from './table-header';
import { cellId, TableRow } from './table-row';
import { useCommit } from './use-commit';
import { useGrid } from './use-grid';

const rowHeight = 36;
const features = tableFeatures({ columnOrderingFeature, columnSizingFeature, columnResizingFeature });

export interface TableGridProps {
  object: RecordObject;
  rows: RecordRow[];
  columns: TableColumns;
  state: ListState;
  openId: string | undefined;
  onOpen: (id: string | null) => void;
  more: (() => void) | undefined;
  total: number | undefined;
  /** What is shown belongs to the filter or sort before; the new one is on its way. */
  stale: boolean;
}

export function TableGrid({ object, rows, columns, state, openId, onOpen, more, total, stale }: TableGridProps) {
  const labels = useLabels();
  const scroller = useScrollKeptAs(`table ${usePath()}`);
  const { names } = columns;
  const { widthStyle, width, onResize, onWidth } = useColumnWidths(object, columns, rows);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    scrollPaddingStart: rowHeight,
    overscan: 12,
  });
  const { commit, dialog } = useCommit(object);
  const grid = useGrid({
    object,
    rows,
    names,
    openId,
    onOpen,
    commit,
    scrollTo: (index) => virtual.scrollToIndex(index),
    gridRef: scroller,
  });
  useGridActions(grid, () => grid.row && onOpen(grid.row.id));
  const items = virtual.getVirtualItems();
  const atEnd = (items.at(-1)?.index ?? 0) >= rows.length - 25;
  useEffect(() => {
    if (atEnd) more?.();
  }, [atEnd, more]);
  const { selection, active, edit } = grid;
  const [menu, setMenu] = useState<{ id: string; name: string } | null>(null);
  const menuRow = menu && rows.find((row) => row.id === menu.id);
  const allSelected = selection.ids.size > 0 && (selection.ids.size === rows.length || 'indeterminate');

  return (
    <>
      <ContextMenu>
        <ContextMenuTrigger asChild disabled={edit?.open}>
          {/* biome-ignore lint/a11y/useSemanticElements: a grid with a cursor of its own, which table elements do not have */}
          <div
            ref={scroller}
            role="grid"
            data-grid
            tabIndex={0}
            aria-label={labels.object(object, 'Other')}
            aria-rowcount={total === undefined ? -1 : total + 1}
            aria-colcount={names.length}
            aria-multiselectable
            aria-activedescendant={
              active && items.some((item) => rows[item.index]?.id === active.id)
                ? cellId(active.id, active.name)
                : undefined
            }
            aria-busy={stale || undefined}
            onFocus={(event) => event.target === event.currentTarget && grid.begin()}
            onContextMenuCapture={(event) => setMenu(placeOf(event.target))}
            {...grid.handlers}
            className="scroll-quiet h-full overflow-auto outline-none"
            style={widthStyle}
          >
            <div style={{ width }} className={cn('relative min-w-full', stale && 'opacity-60 transition-opacity')}>
              <TableHeader
                object={object}
                names={names}
                sort={state.sort}
                onSort={state.setSort}
                onOrder={columns.setNames}
                onResize={onResize}
                onWidth={onWidth}
                selected={allSelected}
                onSelectAll={() => (allSelected === true ? selection.clear() : selection.set(grid.order))}
              />
              {/* biome-ignore lint/a11y/useSemanticElements: rows are placed by position */}
              <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
                {items.map((item) => {
                  const row = rows[item.index];
                  return row ? (
                    <TableRow
                      key={row.id}
                      object={object}
                      row={row}
                      index={item.index}
                      top={item.start}
                      names={names}
                      selected={selection.ids.has(row.id)}
                      opened={openId === row.id}
                      activeName={active?.id === row.id ? active.name : null}
                      edit={edit?.id === row.id ? edit : null}
                      actions={grid.actions}
                    />
                  ) : null;
                })}
              </div>
            </div>
          </div>
        </ContextMenuTrigger>
        {menuRow && menu && (
          <RowMenu
            object={object}
            row={menuRow}
            name={menu.name}
            selected={selection.ids.has(menuRow.id)}
            onOpen={() => grid.actions.open(menuRow.id)}
            onWhole={() => grid.openWhole(menuRow.id)}
            onEdit={() => grid.startEdit(menuRow, menu.name)}
            onSelect={() => grid.actions.select(menuRow.id, false)}
            onFilter={(condition) => state.setFilter(addMember(asGroup(state.drawn), condition))}
            onDelete={() => grid.remove([menuRow.id])}
          />
        )}
      </ContextMenu>
      <SelectionBar
        object={object}
        ids={selection.ids}
        onClear={selection.clear}
        onDelete={() => {
          grid.remove([...selection.ids]);
          selection.clear();
        }}
      />
      {dialog}
    </>
  );
}

function placeOf(target: EventTarget): { id: string; name: string } | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-name]') : null;
  const id = cell?.closest<HTMLElement>('[data-id]')?.dataset.id;
  return id && cell?.dataset.name ? { id, name: cell.dataset.name } : null;
}

/** Widths as CSS variables, so that dragging an edge repaints no row. */
function useColumnWidths(object: RecordObject, columns: TableColumns, rows: RecordRow[]) {
  const [sizing, setSizing] = useState(columns.widths);
  const definitions = useMemo(
    () =>
      columns.names.map((name) => ({
        id: name,
        accessorKey: name,
        size: defaultWidth(object, name),
        minSize: narrowest,
        maxSize: 900,
      })),
    [object, columns.names],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    getRowId: (row) => row.id,
    columnResizeMode: 'onChange',
    state: { columnSizing: sizing, columnOrder: columns.names },
    onColumnSizingChange: setSizing,
  });
  const resizing = table.state.columnResizing.isResizingColumn;
  const keep = useEffectEvent(() => {
    if (JSON.stringify(sizing) !== JSON.stringify(columns.widths)) columns.setWidths(sizing);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new width starts the pause anew
  useEffect(() => {
    if (resizing) return;
    const timer = setTimeout(keep, 300);
    return () => clearTimeout(timer);
  }, [resizing, sizing]);
  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  // CSS variables are no part of React's list of styles.
  const widthStyle = Object.fromEntries(
    headers.map((header) => [`--column-${header.id}`, `${header.getSize()}px`]),
  ) as CSSProperties;
  return {
    widthStyle,
    width: table.getTotalSize(),
    onResize: (name: string) => headers.find((header) => header.id === name)?.getResizeHandler() ?? (() => {}),
    onWidth: (name: string, change: number) =>
      setSizing((before) => ({
        ...before,
        [name]: Math.max(narrowest, (before[name] ?? defaultWidth(object, name)) + change),
      })),
  };
}

/** The same as the grid's own keys, from anywhere on the screen, and in the list of shortcuts. */
function useGridActions(grid: ReturnType<typeof useGrid>, open: () => void) {
  const t = useTranslations('records.keys');
  useActions([
    { id: 'records.next', label: t('next'), group: 'here', keys: 'j', unlisted: true, run: () => grid.step(1) },
    {
      id: 'records.previous',
      label: t('previous'),
      group: 'here',
      keys: 'k',
      unlisted: true,
      run: () => grid.step(-1),
    },
    {
      id: 'records.select',
      label: t('select'),
      group: 'here',
      keys: 'x',
      unlisted: true,
      run: () => grid.toggleActive(),
    },
    { id: 'records.edit', label: t('edit'), group: 'here', keys: 'e', unlisted: true, run: () => grid.editActive() },
    { id: 'records.open', label: t('open'), group: 'here', keys: 'o', unlisted: true, run: open },
  ]);
}
