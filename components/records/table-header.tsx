'use client';

import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLabels } from '@/components/shell/labels';
import { Checkbox } from '@/components/ui/checkbox';
import { cn } from '@/components/ui/cn';
import {
  ContextMenu,
  ContextMenuContent,
  ContextMenuItem,
  ContextMenuSeparator,
  ContextMenuTrigger,
} from '@/components/ui/context-menu';
import { maxSorts, type Sort } from '@/domain/filters';
import { isNumeric } from './field-text';
import { columnWidth, stuckAt } from './table-row';
import { type ObjectKey, useObject } from './use-object';

export interface TableHeaderProps {
  object: ObjectKey;
  names: readonly string[];
  sort: readonly Sort[];
  onSort: (sort: Sort[]) => void;
  frozen: number;
  onFreeze: (columns: number) => void;
  /** As wide as its widest value in sight. */
  onFit: (name: string) => void;
  onOrder: (names: string[]) => void;
  /** Begins dragging a column's edge. */
  onResize: (name: string) => (event: unknown) => void;
  onWidth: (name: string, change: number) => void;
  selected: boolean | 'indeterminate';
  onSelectAll: () => void;
}

export function TableHeader({ object, names, selected, onSelectAll, ...props }: TableHeaderProps) {
  const t = useTranslations('records');
  const { title } = useObject(object);
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed by position, which table elements do not allow
    <div role="rowgroup" className="sticky top-0 z-20 bg-subtle">
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus */}
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div role="row" aria-rowindex={1} className="flex h-9 w-full border-b">
        {names.map((name, i) => (
          <HeaderCell key={name} object={object} names={names} name={name} index={i} {...props}>
            {name === title && (
              <span className="grid w-8 shrink-0 place-items-center">
                <Checkbox checked={selected} aria-label={t('selectAll')} onClick={onSelectAll} />
              </span>
            )}
          </HeaderCell>
        ))}
        <div className="min-w-0 flex-1" />
      </div>
    </div>
  );
}

type CellProps = Omit<TableHeaderProps, 'selected' | 'onSelectAll'> & {
  name: string;
  index: number;
  children: ReactNode;
};

function HeaderCell({
  object,
  names,
  name,
  index,
  sort,
  onSort,
  onOrder,
  onResize,
  onWidth,
  onFit,
  frozen,
  onFreeze,
  children,
}: CellProps) {
  const t = useTranslations('records.table');
  const labels = useLabels();
  const field = useObject(object).fields[name];
  const { title } = useObject(object);
  const label = labels.field(object, name);
  const place = sort.findIndex(({ field }) => field === name);
  const sorted = sort[place]?.dir ?? null;
  const sortable = field && !field.opaque;
  const movable = name !== title;
  const { ref, edge } = useColumnDrag(name, movable, (dragged, side) => onOrder(moved(names, dragged, name, side)));
  /** Up, down, not at all; with Shift besides what the list is sorted by already. */
  const cycle = (added: boolean) => {
    const next: Sort[] = sorted === 'desc' ? [] : [{ field: name, dir: sorted === null ? 'asc' : 'desc' }];
    if (!added) onSort(next);
    else if (place >= 0) onSort(sort.toSpliced(place, 1, ...next));
    else if (sort.length < maxSorts) onSort([...sort, ...next]);
  };
  const shift = (by: -1 | 1) => {
    const other = names[index + by];
    if (other) onOrder(moved(names, name, other, by < 0 ? 'left' : 'right'));
  };
  return (
    <ContextMenu>
      <ContextMenuTrigger asChild>
        {/* biome-ignore lint/a11y/useFocusableInteractive: the button inside has the focus */}
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div
          ref={ref}
          role="columnheader"
          aria-colindex={index + 1}
          aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : undefined}
          style={{ width: columnWidth(name), left: index < frozen ? stuckAt(names, index) : undefined }}
          className={cn(
            'group/head relative flex h-full shrink-0 items-center bg-inherit font-medium text-muted-foreground text-sm',
            index < frozen && 'sticky z-10',
            index === frozen - 1 && frozen > 1 && 'border-r',
            name === title && 'pl-1',
          )}
        >
          {children}
          <button
            type="button"
            disabled={!sortable}
            onClick={(event) => cycle(event.shiftKey)}
            className={cn(
              'focus-inset flex h-full min-w-0 flex-1 items-center gap-1 px-2.5 hover:text-foreground',
              name === title && 'pl-0',
              field && isNumeric(field) && 'flex-row-reverse',
              sorted && 'text-foreground',
            )}
          >
            <span className="truncate">{label}</span>
            {sorted === 'asc' && <ArrowUp aria-hidden className="size-3.5 shrink-0" />}
            {sorted === 'desc' && <ArrowDown aria-hidden className="size-3.5 shrink-0" />}
            {sorted && sort.length > 1 && <span className="tabular text-xs">{place + 1}</span>}
          </button>
          {/* Widths by keyboard are in the header's menu. */}
          <div
            aria-hidden
            data-edge
            onDoubleClick={() => onFit(name)}
            onMouseDown={onResize(name)}
            onTouchStart={onResize(name)}
            className="absolute inset-y-0 -right-1 z-10 w-2 cursor-col-resize touch-none after:absolute after:inset-y-2 after:left-1/2 after:w-px after:bg-border hover:after:inset-y-0 hover:after:bg-ring"
          />
          {edge && (
            <span
              aria-hidden
              className={cn('absolute inset-y-0 z-20 w-0.5 bg-primary', edge === 'left' ? 'left-0' : 'right-0')}
            />
          )}
        </div>
      </ContextMenuTrigger>
      <ContextMenuContent>
        {sortable && (
          <>
            <ContextMenuItem onSelect={() => onSort([{ field: name, dir: 'asc' }])}>{t('ascending')}</ContextMenuItem>
            <ContextMenuItem onSelect={() => onSort([{ field: name, dir: 'desc' }])}>{t('descending')}</ContextMenuItem>
            <ContextMenuSeparator />
          </>
        )}
        <ContextMenuItem onSelect={() => onFit(name)}>{t('fit')}</ContextMenuItem>
        <ContextMenuItem onSelect={() => onFreeze(frozen === index + 1 ? 1 : index + 1)} disabled={index >= 10}>
          {t(frozen === index + 1 && index > 0 ? 'unfreeze' : 'freeze')}
        </ContextMenuItem>
        <ContextMenuItem onSelect={() => onWidth(name, 40)}>{t('wider')}</ContextMenuItem>
        <ContextMenuItem onSelect={() => onWidth(name, -40)}>{t('narrower')}</ContextMenuItem>
        {movable && (
          <>
            <ContextMenuSeparator />
            <ContextMenuItem disabled={index <= 1} onSelect={() => shift(-1)}>
              {t('moveLeft')}
            </ContextMenuItem>
            <ContextMenuItem disabled={index === names.length - 1} onSelect={() => shift(1)}>
              {t('moveRight')}
            </ContextMenuItem>
            <ContextMenuItem onSelect={() => onOrder(names.filter((other) => other !== name))}>
              {t('hide')}
            </ContextMenuItem>
          </>
        )}
      </ContextMenuContent>
    </ContextMenu>
  );
}

type Side = 'left' | 'right';

function moved(names: readonly string[], name: string, beside: string, side: Side): string[] {
  const rest = names.filter((other) => other !== name);
  const at = rest.indexOf(beside) + (side === 'right' ? 1 : 0);
  // The title keeps the first place.
  return rest.toSpliced(Math.max(1, at), 0, name);
}

/** Columns are put elsewhere by their heads. */
function useColumnDrag(name: string, movable: boolean, onDrop: (dragged: string, side: Side) => void) {
  const ref = useRef<HTMLDivElement>(null);
  const [edge, setEdge] = useState<Side | null>(null);
  const drop = useEffectEvent(onDrop);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const sideOf = (x: number): Side => {
      const box = element.getBoundingClientRect();
      return movable && x < box.left + box.width / 2 ? 'left' : 'right';
    };
    // The edge resizes; only the rest of a head moves its column. Where it was pressed counts: by the time a drag
    // begins, a quick hand has moved the edge away.
    let onEdge = false;
    const press = ({ target }: Event) => {
      onEdge = target instanceof Element && target.closest('[data-edge]') !== null;
    };
    element.addEventListener('pointerdown', press);
    const stopDragging = movable
      ? draggable({ element, canDrag: () => !onEdge, getInitialData: () => ({ column: name }) })
      : () => {};
    const stopDropping = dropTargetForElements({
      element,
      canDrop: ({ source }) => typeof source.data.column === 'string' && source.data.column !== name,
      onDrag: ({ location }) => setEdge(sideOf(location.current.input.clientX)),
      onDragLeave: () => setEdge(null),
      onDrop: ({ source, location }) => {
        setEdge(null);
        drop(String(source.data.column), sideOf(location.current.input.clientX));
      },
    });
    return () => {
      element.removeEventListener('pointerdown', press);
      stopDragging();
      stopDropping();
    };
  }, [name, movable]);
  return { ref, edge };
}
