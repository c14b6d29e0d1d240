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
import { useCellDuplicates } from '@/components/duplicates/cell-duplicates';
import { useActions } from '@/components/shell/actions';
import { useLabels } from '@/components/shell/labels';
import { useScrollKeptAs } from '@/components/shell/page';
import { usePath } from '@/components/shell/router';
import { cn } from '@/components/ui/cn';
import { ContextMenu, ContextMenuTrigger } from '@/components/ui/context-menu';
import type { Density } from '@/domain/views';
import { addMember, asGroup } from './filter-tree';
import type { ListState } from './list-state';
import { type RecordRow, useRecordPrefetch } from './record-data';
import type { RecordListInput } from './record-list';
import type { Section, useRecordPages } from './record-pages';
import { RowMenu } from './row-menu';
import { SelectionBar } from './selection-bar';
import { defaultWidth, narrowest, type TableColumns } from './table-columns';
import { GroupHeader } from './table-group';
import { TableHeader } from './table-header';
import { cellId, TableRow } from './table-row';
import { useCommit } from './use-commit';
import { useGrid } from './use-grid';
import { type ObjectKey, useObject } from './use-object';

const headHeight = 36;
export const rowHeights: Record<Density, number> = { compact: 30, normal: 36, roomy: 44 };
const features = tableFeatures({ columnOrderingFeature, columnSizingFeature, columnResizingFeature });

export interface TableGridProps {
  object: ObjectKey;
  pages: ReturnType<typeof useRecordPages>;
  folded: ReadonlySet<string>;
  onFold: (key: string) => void;
  columns: TableColumns;
  /** Records of the list in all, also those of groups not shown yet. */
  total: number;
  /** Values by which groups are made or summed up are other ones now. */
  onGroupsChanged: () => void;
  state: ListState;
  input: RecordListInput;
  openId: string | undefined;
  onOpen: (id: string | null) => void;
}

export function TableGrid(props: TableGridProps) {
  const { object, pages, folded, onFold, columns, state, input, openId, onOpen, total } = props;
  const labels = useLabels();
  const scroller = useScrollKeptAs(`table ${usePath()}`);
  const { rows, sections, stale } = pages;
  const { group, totals, density = 'normal' } = state.config;
  const rowHeight = rowHeights[density];
  const { names, frozen } = columns;
  const { widthStyle, width, onResize, onWidth, onFit } = useColumnWidths(object, columns);
  const layout = useMemo(() => layoutOf(sections, rows.length), [sections, rows.length]);
  const virtual = useVirtualizer({
    count: layout.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    scrollPaddingStart: headHeight + (group ? rowHeight : 0),
    overscan: 12,
  });
  const measure = useEffectEvent(() => virtual.measure());
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height have other places
  useEffect(() => measure(), [rowHeight]);
  const { commit: set, dialog } = useCommit(object);
  const duplicates = useCellDuplicates(object);
  // Groups follow what is edited in them; rows of the same group stay in place under the hand.
  const commit: typeof set = (row, name, value, options = {}) =>
    set(row, name, value, {
      ...options,
      onSaved: (changeSetId) => {
        options.onSaved?.(changeSetId);
        duplicates.edited(row, name);
        if (name === group?.field) pages.refetch();
        if (name === group?.field || (totals && name in totals)) props.onGroupsChanged();
      },
    });
  const grid = useGrid({
    object,
    rows,
    names,
    openId,
    onOpen,
    commit,
    load: pages.load,
    peek: pages.peek,
    rowHeight,
    scrollTo: (index) => virtual.scrollToIndex(layout.itemOf(index)),
    gridRef: scroller,
  });
  useGridActions(grid, () => grid.row && onOpen(grid.row.id));
  useRowReady(object, grid.row?.id);
  const items = virtual.getVirtualItems();
  const firstItem = layout.at(items[0]?.index ?? 0);
  const lastItem = layout.at(items.at(-1)?.index ?? 0);
  const from = firstItem?.row ?? 0;
  const to = lastItem?.row ?? 0;
  const see = useEffectEvent(() => pages.see(from, to));
  // Whoever drags the scroll bar passes many pages; those are asked for where they stop.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is in sight is what counts
  useEffect(() => {
    const timer = setTimeout(see, virtual.isScrolling ? 60 : 0);
    return () => clearTimeout(timer);
  }, [from, to]);
  const atTop = group && items.length > 0 ? layout.at(virtual.range?.startIndex ?? 0)?.section : undefined;
  const { selection, active, edit } = grid;
  const [menu, setMenu] = useState<{ id: string; name: string } | null>(null);
  const menuRow = menu && grid.rowOf(menu.id);
  const allSelected = selection.ids.size > 0 && (selection.ids.size === total || 'indeterminate');

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
            aria-rowcount={layout.count + 1}
            aria-colcount={names.length}
            aria-multiselectable
            aria-activedescendant={
              active && items.some((item) => layout.rowIn(item.index, rows)?.id === active.id)
                ? cellId(active.id, active.name)
                : undefined
            }
            aria-busy={stale || undefined}
            onFocus={(event) => event.target === event.currentTarget && grid.begin()}
            onContextMenuCapture={(event) => setMenu(placeOf(event.target))}
            {...grid.handlers}
            className={cn('scroll-quiet h-full overflow-auto outline-none', !grid.isSingle && 'select-none')}
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
                onFit={onFit}
                frozen={frozen}
                onFreeze={columns.setFrozen}
                selected={allSelected}
                onSelectAll={() => (allSelected === true ? selection.clear() : selection.set(grid.order))}
              />
              {group && atTop?.group && (
                <GroupHeader
                  object={object}
                  field={group.field}
                  by={group.by}
                  group={atTop.group}
                  totals={totals}
                  folded={folded.has(atTop.key)}
                  onFold={() => onFold(atTop.key)}
                  index={0}
                  top={0}
                  height={rowHeight}
                  sticky
                />
              )}
              {/* biome-ignore lint/a11y/useSemanticElements: rows are placed by position */}
              <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
                {items.map((item) => {
                  const place = layout.at(item.index);
                  if (!place) return null;
                  const { section } = place;
                  if (place.row === undefined) {
                    return (
                      group &&
                      section.group && (
                        <GroupHeader
                          key={item.key}
                          object={object}
                          field={group.field}
                          by={group.by}
                          group={section.group}
                          totals={totals}
                          folded={folded.has(section.key)}
                          onFold={() => onFold(section.key)}
                          index={item.index}
                          top={item.start}
                          height={rowHeight}
                        />
                      )
                    );
                  }
                  const row = rows[place.row];
                  if (!row)
                    return <RowPlaceholder key={item.key} index={item.index} top={item.start} height={rowHeight} />;
                  const drawn = grid.filling ?? grid.range;
                  const inRange = drawn && !grid.isSingle && place.row >= drawn.top && place.row <= drawn.bottom;
                  const isCorner = grid.range?.bottom === place.row;
                  return (
                    <TableRow
                      key={item.key}
                      object={object}
                      row={row}
                      index={item.index}
                      top={item.start}
                      height={rowHeight}
                      frozen={frozen}
                      range={drawn && (inRange || isCorner) ? `${drawn.left}-${drawn.right}` : null}
                      shaded={Boolean(inRange)}
                      corner={grid.writable && isCorner}
                      filling={grid.filling !== null && place.row > (grid.range?.bottom ?? 0)}
                      names={names}
                      selected={selection.ids.has(row.id)}
                      opened={openId === row.id}
                      activeName={active?.id === row.id ? active.name : null}
                      edit={edit?.id === row.id ? edit : null}
                      actions={grid.actions}
                    />
                  );
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
        total={total}
        filter={input.filter}
        q={input.q}
        sort={state.sort}
        columns={columns.names}
        onClear={selection.clear}
        onDelete={() => {
          grid.remove([...selection.ids]);
          selection.clear();
        }}
      />
      {dialog}
      {duplicates.dialog}
    </>
  );
}

function placeOf(target: EventTarget): { id: string; name: string } | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-name]') : null;
  const id = cell?.closest<HTMLElement>('[data-id]')?.dataset.id;
  return id && cell?.dataset.name ? { id, name: cell.dataset.name } : null;
}

interface Layout {
  count: number;
  /** What stands at a place: a row, or the head of a section. */
  at: (index: number) => { section: Section; row: number | undefined } | undefined;
  itemOf: (row: number) => number;
  rowIn: (index: number, rows: readonly (RecordRow | undefined)[]) => RecordRow | undefined;
}

/** Heads and rows in one column of places. */
function layoutOf(sections: Section[], rows: number): Layout {
  const heads = sections.some(({ group }) => group !== null) ? sections.length : 0;
  const starts = sections.map(({ start }, i) => start + (heads ? i : 0));
  /** The last section that begins at or before a place. */
  const sectionAt = (place: number, begins: readonly number[]): number => {
    let low = 0;
    let high = begins.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((begins[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const at: Layout['at'] = (index) => {
    const i = sectionAt(index, starts);
    const section = sections[i];
    if (!section) return undefined;
    const inside = index - (starts[i] ?? 0) - (heads ? 1 : 0);
    return { section, row: inside < 0 ? undefined : section.start + inside };
  };
  return {
    count: rows + heads,
    at,
    itemOf: (row) =>
      heads
        ? row +
          sectionAt(
            row,
            sections.map(({ start, count }) => (count > 0 ? start : Number.POSITIVE_INFINITY)),
          ) +
          1
        : row,
    rowIn: (index, all) => {
      const place = at(index)?.row;
      return place === undefined ? undefined : all[place];
    },
  };
}

/** The shape of a row that is on its way. */
function RowPlaceholder({ index, top, height }: { index: number; top: number; height: number }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useSemanticElements: rows are placed by position
    <div
      role="row"
      aria-busy
      aria-rowindex={index + 2}
      style={{ top, height }}
      className="absolute left-0 flex w-full items-center gap-8 border-b bg-background px-11"
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="gridcell" className="flex gap-8">
        <span className="h-3 w-48 rounded-sm bg-muted" />
        <span className="h-3 w-28 rounded-sm bg-muted max-md:hidden" />
        <span className="h-3 w-20 rounded-sm bg-muted max-md:hidden" />
      </div>
    </div>
  );
}

const noRows: RecordRow[] = [];

/** Widths as CSS variables, so that dragging an edge repaints no row. */
function useColumnWidths(object: ObjectKey, columns: TableColumns) {
  const kind = useObject(object);
  const [sizing, setSizing] = useState(columns.widths);
  const definitions = useMemo(
    () =>
      columns.names.map((name) => ({
        id: name,
        accessorKey: name,
        size: defaultWidth(kind, name),
        minSize: narrowest,
        maxSize: 900,
      })),
    [kind, columns.names],
  );
  const table = useTable({
    features,
    columns: definitions,
    data: noRows,
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
    /** As wide as what is in sight of it asks for. */
    onFit: (name: string) => {
      const cells = document.querySelectorAll<HTMLElement>(`[data-grid] [data-name="${CSS.escape(name)}"]`);
      const widest = Math.max(narrowest, ...[...cells].map(contentWidth));
      setSizing((before) => ({ ...before, [name]: Math.min(900, widest) }));
    },
    onWidth: (name: string, change: number) =>
      setSizing((before) => ({
        ...before,
        [name]: Math.max(narrowest, (before[name] ?? defaultWidth(kind, name)) + change),
      })),
  };
}

/** What a cell would like to be wide, its padding with it. */
function contentWidth(cell: HTMLElement): number {
  const range = document.createRange();
  range.selectNodeContents(cell);
  const inner = [...cell.children].reduce(
    (sum, child) => sum + Math.max(child.scrollWidth, child.getBoundingClientRect().width),
    0,
  );
  return Math.ceil(Math.max(range.getBoundingClientRect().width, inner)) + 26;
}

/** The same as the grid's own keys, from anywhere on the screen, and in the list of shortcuts. */
/** Asks for the record the cursor rests on, so that it opens at once. */
function useRowReady(object: ObjectKey, id: string | undefined) {
  const prefetch = useRecordPrefetch(object);
  const fetch = useEffectEvent((wanted: string) => prefetch(wanted));
  useEffect(() => {
    const timer = id ? setTimeout(() => fetch(id), 150) : undefined;
    return () => clearTimeout(timer);
  }, [id]);
}

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
