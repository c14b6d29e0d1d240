'use client';

import { GripVertical } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { cn } from '@/components/ui/cn';
import { withDragging } from '@/components/ui/drag';

export interface SortableProps<T extends { id: string; name: string }> {
  items: readonly T[];
  /** Told the ids in their new order. */
  onOrder: (ids: string[]) => void;
  label: string;
  /** Without the right to order there is no handle. */
  fixed?: boolean;
  className?: string;
  itemClassName?: (item: T) => string | undefined;
  /** Lists of one group give each other rows; the ids must be different in all of them. */
  group?: string;
  /** Whether a row of another list of the group may come here. */
  takes?: (id: string) => boolean;
  /** Told of a row that came from another list, and how many rows stand before it. */
  onTake?: (id: string, at: number) => void;
  /** A row; `handle` is what it is dragged by, and what the arrow keys move it with. */
  children: (item: T, handle: ReactNode, move: (by: 1 | -1) => void) => ReactNode;
}

/** A list whose rows are ordered by dragging their handle, or with the arrow keys while it has the focus. */
export function Sortable<T extends { id: string; name: string }>({
  items,
  onOrder,
  label,
  fixed,
  className,
  itemClassName,
  group,
  takes,
  onTake,
  children,
}: SortableProps<T>) {
  const t = useTranslations('common.sort');
  const list = useId();
  const element = useRef<HTMLOListElement>(null);
  const [over, setOver] = useState(false);
  const take = (id: string, at: number) => {
    setOver(false);
    onTake?.(id, at);
  };
  const takesIt = useEffectEvent((id: string) => takes?.(id) ?? true);
  const takeLast = useEffectEvent((id: string) => take(id, items.length));
  useEffect(() => {
    const place = element.current;
    if (!place || group === undefined) return;
    return withDragging(({ dropTargetForElements }) =>
      dropTargetForElements({
        element: place,
        canDrop: ({ source: { data } }) => data.group === group && data.list !== list && takesIt(String(data.id)),
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: ({ source, self, location }) => {
          setOver(false);
          // On a row it is the row that says where.
          if (location.current.dropTargets[0]?.element === self.element) takeLast(String(source.data.id));
        },
      }),
    );
  }, [group, list]);
  const [said, setSaid] = useState('');
  const place = (id: string, to: number) => {
    const ids = items.map((item) => item.id);
    const from = ids.indexOf(id);
    if (from < 0 || to === from || to < 0 || to >= ids.length) return;
    ids.splice(to, 0, ...ids.splice(from, 1));
    setSaid(t('moved', { name: items[from]?.name ?? '', position: to + 1, count: ids.length }));
    onOrder(ids);
  };
  const drop = (id: string, overId: string, edge: Edge) => {
    const from = items.findIndex((item) => item.id === id);
    const gap = items.findIndex((item) => item.id === overId) + (edge === 'after' ? 1 : 0);
    if (from < 0) take(id, gap);
    else place(id, gap > from ? gap - 1 : gap);
  };
  return (
    <>
      <ol
        ref={element}
        aria-label={label}
        className={cn(className, over && 'bg-accent ring-1 ring-primary ring-inset')}
      >
        {items.map((item, i) => (
          <SortableRow
            key={item.id}
            id={item.id}
            name={item.name}
            list={list}
            group={group}
            takes={takes}
            fixed={fixed ?? false}
            className={itemClassName?.(item)}
            onDrop={drop}
            onMove={(by) => place(item.id, i + by)}
          >
            {(handle) => children(item, handle, (by) => place(item.id, i + by))}
          </SortableRow>
        ))}
      </ol>
      <p role="status" className="sr-only">
        {said}
      </p>
    </>
  );
}

type Edge = 'before' | 'after';

function SortableRow({
  id,
  name,
  list,
  group,
  takes,
  fixed,
  className,
  onDrop,
  onMove,
  children,
}: {
  id: string;
  name: string;
  list: string;
  group: string | undefined;
  takes: ((id: string) => boolean) | undefined;
  fixed: boolean;
  className?: string;
  onDrop: (id: string, overId: string, edge: Edge) => void;
  onMove: (by: 1 | -1) => void;
  children: (handle: ReactNode) => ReactNode;
}) {
  const t = useTranslations('common.sort');
  const row = useRef<HTMLLIElement>(null);
  const grip = useRef<HTMLButtonElement>(null);
  const [dragged, setDragged] = useState(false);
  const [edge, setEdge] = useState<Edge | null>(null);
  const dropped = useEffectEvent(onDrop);
  const takesIt = useEffectEvent((taken: string) => takes?.(taken) ?? true);
  useEffect(() => {
    const element = row.current;
    const dragHandle = grip.current;
    if (!element || !dragHandle) return;
    const edgeAt = (y: number): Edge => {
      const { top, height } = element.getBoundingClientRect();
      return y < top + height / 2 ? 'before' : 'after';
    };
    return withDragging(({ combine, draggable, dropTargetForElements }) =>
      combine(
        draggable({
          element,
          dragHandle,
          getInitialData: () => ({ list, group, id }),
          onDragStart: () => setDragged(true),
          onDrop: () => setDragged(false),
        }),
        dropTargetForElements({
          element,
          canDrop: ({ source: { data } }) =>
            data.list === list || (group !== undefined && data.group === group && takesIt(String(data.id))),
          onDrag: ({ source, location }) =>
            setEdge(source.data.id === id ? null : edgeAt(location.current.input.clientY)),
          onDragLeave: () => setEdge(null),
          onDrop: ({ source, location }) => {
            setEdge(null);
            if (source.data.id !== id) dropped(String(source.data.id), id, edgeAt(location.current.input.clientY));
          },
        }),
      ),
    );
  }, [list, group, id]);
  const press = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : undefined;
    if (!by) return;
    event.preventDefault();
    onMove(by);
  };
  const handle = fixed ? null : (
    <button
      ref={grip}
      type="button"
      aria-label={t('handle', { name })}
      title={t('help')}
      onKeyDown={press}
      className="grid size-6 shrink-0 cursor-grab touch-none place-items-center rounded-xs text-muted-foreground hover:bg-accent hover:text-foreground active:cursor-grabbing pointer-coarse:size-9"
    >
      <GripVertical className="size-4" />
    </button>
  );
  return (
    <li
      ref={row}
      className={cn(
        'relative',
        dragged && 'opacity-40',
        edge && 'before:absolute before:inset-x-0 before:z-10 before:h-0.5 before:rounded-full before:bg-primary',
        edge === 'before' && 'before:-top-px',
        edge === 'after' && 'before:-bottom-px',
        className,
      )}
    >
      {children(handle)}
    </li>
  );
}
