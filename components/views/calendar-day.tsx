'use client';

import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { Plus } from 'lucide-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { type RecordRow, recordPath, titleOf } from '@/components/records/record-data';
import { type ObjectKey, useObject } from '@/components/records/use-object';
import { useFormat } from '@/components/shell/format';
import { Link } from '@/components/shell/router';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { useDraggable } from './use-draggable';

export interface CalendarDayProps {
  object: ObjectKey;
  /** The date field by which entries are placed. */
  name: string;
  /** `YYYY-MM-DD` */
  day: string;
  label: string;
  rows: readonly RecordRow[];
  most: number;
  faint: boolean;
  isToday: boolean;
  movable: boolean;
  /** Something carried by keys would land here. */
  over: boolean;
  liftedId: string | null;
  onDrop: (row: RecordRow, from: string) => void;
  onMore: () => void;
  onAdd: ((day: string) => void) | undefined;
  onOpen: (id: string) => void;
}

/** One day of a calendar with its entries; more than fit are counted. */
export function CalendarDay(props: CalendarDayProps) {
  const { object, name, day, label, rows, most, faint, isToday, movable, over, liftedId, onMore, onAdd, onOpen } =
    props;
  const t = useTranslations('records.calendar');
  const ref = useRef<HTMLElement>(null);
  const [under, setUnder] = useState(false);
  const drop = useEffectEvent(props.onDrop);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => source.data.kind === 'calendar-record',
      onDragEnter: () => setUnder(true),
      onDragLeave: () => setUnder(false),
      onDrop: ({ source }) => {
        setUnder(false);
        // Entries put their row and day into the drag, below.
        drop(source.data.row as RecordRow, String(source.data.day));
      },
    });
  }, []);
  const rest = rows.length - most;
  return (
    <section
      ref={ref}
      data-day={day}
      aria-label={label}
      className={cn(
        'group/day flex min-h-0 min-w-0 flex-col border-r border-b p-1 last:border-r-0 nth-[7n]:border-r-0',
        faint && 'bg-canvas',
        (under || over) && 'bg-primary-soft outline-2 outline-ring -outline-offset-2',
      )}
    >
      <div className="flex h-6 shrink-0 items-center">
        <span
          aria-hidden
          className={cn(
            'tabular inline-grid size-6 place-items-center rounded-full text-xs',
            faint && 'text-muted-foreground',
            isToday && 'bg-primary font-medium text-primary-foreground',
          )}
        >
          {Number(day.slice(8))}
        </span>
        {onAdd && (
          <Button
            variant="quiet"
            size="icon-xs"
            aria-label={t('add', { day: label })}
            title={t('add', { day: label })}
            onClick={() => onAdd(day)}
            className="ml-auto opacity-0 focus-visible:opacity-100 group-hover/day:opacity-100"
          >
            <Plus />
          </Button>
        )}
      </div>
      <div className="mt-0.5 grid min-w-0 gap-0.5">
        {rows.slice(0, rest > 0 ? most - 1 : most).map((row) => (
          <Entry
            key={row.id}
            object={object}
            name={name}
            day={day}
            row={row}
            movable={movable}
            lifted={row.id === liftedId}
            onOpen={onOpen}
          />
        ))}
        {rest > 0 && (
          <Button variant="quiet" size="sm" className="h-5 justify-start px-1.5 text-xs" onClick={onMore}>
            {t('more', { count: rest + 1 })}
          </Button>
        )}
      </div>
    </section>
  );
}

/** What entries show, for whoever is told of one by an event. */
const shownRows = new WeakMap<Element, RecordRow>();
export const rowOfEntry = (entry: Element): RecordRow | undefined => shownRows.get(entry);

export function Entry({
  object,
  name,
  day,
  row,
  movable,
  lifted,
  onOpen,
  roomy,
}: {
  object: ObjectKey;
  name: string;
  day: string;
  row: RecordRow;
  movable: boolean;
  lifted: boolean;
  onOpen: (id: string) => void;
  /** With room for a finger. */
  roomy?: boolean;
}) {
  const t = useTranslations('records');
  const format = useFormat();
  const ref = useRef<HTMLAnchorElement>(null);
  const timed = useObject(object).fields[name]?.type === 'datetime';
  useEffect(() => {
    if (ref.current) shownRows.set(ref.current, row);
  }, [row]);
  useDraggable(ref, movable, () => ({ kind: 'calendar-record', row, day }));
  const title = titleOf(object, row) || t('untitled');
  const value = row[name];
  return (
    <Link
      ref={ref}
      to={recordPath(object, row.id)}
      draggable={false}
      data-entry={row.id}
      title={title}
      aria-describedby={movable ? 'calendar-instructions' : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        onOpen(row.id);
      }}
      className={cn(
        'flex min-w-0 select-none items-center gap-1.5 rounded-sm bg-primary-soft px-1.5 hover:bg-accent',
        roomy ? 'min-h-11 text-sm' : 'h-5 text-xs',
        lifted && 'opacity-40',
      )}
    >
      {timed && typeof value === 'string' && (
        <span className="tabular shrink-0 text-muted-foreground">{format.time(value)}</span>
      )}
      <span className="min-w-0 truncate">{title}</span>
    </Link>
  );
}
