'use client';

import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { both } from '@/components/records/filter-tree';
import { type RecordRow, recordPath, titleOf, useRecordApi } from '@/components/records/record-data';
import { Failed, type RecordTableProps } from '@/components/records/record-table';
import { columnsToLoad } from '@/components/records/table-columns';
import { useCommit } from '@/components/records/use-commit';
import { type ObjectKey, useObject } from '@/components/records/use-object';
import { useBoot, useCan } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { Link, useSearch } from '@/components/shell/router';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Empty } from '@/components/ui/empty';
import { Segmented } from '@/components/ui/segmented';
import type { Filter } from '@/domain/filters';
import { spans } from '@/domain/views';
import { addDays, daysOf, movedTo, stepped } from './calendar-days';
import { dateFields } from './view-fields';

/** So many of a day are shown; the others are counted. */
const mostOfMonth = 4;
const mostOfWeek = 40;
const limit = 200;

/** Records of any object on the days of a date field, by month or by week. A record is put on another day by dragging it. */
export function RecordCalendar({ object, state, fixed, onOpen }: RecordTableProps) {
  const t = useTranslations('records.calendar');
  const locale = useLocale();
  const kind = useObject(object);
  const format = useFormat();
  const { tenant } = useBoot();
  const api = useRecordApi(object);
  const [search, setSearch] = useSearch();
  const { commit, dialog } = useCommit(object);
  const can = useCan();
  const fields = dateFields(kind);
  const name = fields.find((each) => each === state.config.date) ?? fields[0];
  const field = name ? kind.fields[name] : undefined;
  const span = state.config.span ?? 'month';
  const today = format.today();
  const asked = search.get('at') ?? '';
  const at = /^\d{4}-\d\d-\d\d$/.test(asked) && !Number.isNaN(Date.parse(asked)) ? asked : today;
  const days = daysOf(at, span);
  const first = days[0] ?? at;
  const after = addDays(days.at(-1) ?? at, 1);
  const moment = field?.type === 'datetime';
  // A day more on either side: where the tenant's midnight is not that of UTC.
  const within: Filter | undefined = name
    ? {
        and: [
          { field: name, op: 'gte', value: moment ? `${addDays(first, -1)}T00:00:00Z` : first },
          { field: name, op: 'lt', value: moment ? `${addDays(after, 1)}T00:00:00Z` : after },
        ],
      }
    : undefined;
  const input = {
    filter: both(both(fixed, state.filter), within),
    q: state.q || undefined,
    sort: name ? [{ field: name, dir: 'asc' as const }] : undefined,
    columns: columnsToLoad(kind, name ? [kind.title, name] : [kind.title]),
    limit,
  };
  const query = useQuery(
    api.list.queryOptions(input, { enabled: name !== undefined, placeholderData: keepPreviousData }),
  );
  if (!name || !field) return <Empty icon={<CalendarDays />} title={t('noField')} description={t('noFieldHelp')} />;
  if (query.isError && !query.data) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const dayIn = new Intl.DateTimeFormat('sv-SE', { timeZone: tenant.timeZone });
  const dayOf = (row: RecordRow) =>
    typeof row[name] !== 'string' ? '' : moment ? dayIn.format(new Date(row[name])) : row[name].slice(0, 10);
  const byDay = Map.groupBy(query.data?.rows ?? [], dayOf);
  const movable = can(`${object}.write`) && !field.readOnly;
  const move = (row: RecordRow, day: string) => {
    const value = row[name];
    if (dayOf(row) !== day && typeof value === 'string')
      commit(row, name, moment ? movedTo(value, dayOf(row), day) : day);
  };
  const go = (day: string) => setSearch({ at: day === today ? null : day });
  const heading = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', year: 'numeric', month: 'long' });
  const weekday = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short' });
  const full = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'full' });
  const utc = (day: string) => new Date(`${day}T00:00:00Z`);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex h-11 shrink-0 items-center gap-1 border-b px-3">
        <Button
          variant="quiet"
          size="icon-sm"
          aria-label={t(`previous.${span}`)}
          onClick={() => go(stepped(at, span, -1))}
        >
          <ChevronLeft />
        </Button>
        <Button variant="quiet" size="icon-sm" aria-label={t(`next.${span}`)} onClick={() => go(stepped(at, span, 1))}>
          <ChevronRight />
        </Button>
        <Button variant="quiet" size="sm" onClick={() => go(today)}>
          {t('today')}
        </Button>
        <h2 aria-live="polite" className="ml-2 font-medium text-sm">
          {heading.format(utc(at))}
        </h2>
        {query.data?.next && <span className="ml-3 text-muted-foreground text-xs">{t('first', { count: limit })}</span>}
        <Segmented
          className="ml-auto"
          aria-label={t('span')}
          value={span}
          onValueChange={(next) => state.change({ span: next === 'month' ? undefined : next })}
          options={spans.map((value) => ({ value, label: t(value) }))}
        />
      </div>
      <div className="grid grid-cols-7 border-b bg-subtle text-muted-foreground text-xs">
        {days.slice(0, 7).map((day) => (
          <span key={day} className="px-2 py-1">
            {weekday.format(utc(day))}
          </span>
        ))}
      </div>
      <div className="scroll-quiet grid min-h-0 flex-1 auto-rows-fr grid-cols-7 overflow-y-auto">
        {days.map((day) => (
          <Day
            key={day}
            object={object}
            day={day}
            label={full.format(utc(day))}
            rows={byDay.get(day) ?? []}
            most={span === 'month' ? mostOfMonth : mostOfWeek}
            faint={span === 'month' && day.slice(0, 7) !== at.slice(0, 7)}
            isToday={day === today}
            movable={movable}
            onMove={move}
            onMore={() => {
              state.change({ span: 'week' });
              go(day);
            }}
            onOpen={onOpen}
          />
        ))}
      </div>
      {dialog}
    </div>
  );
}

interface DayProps {
  object: ObjectKey;
  day: string;
  label: string;
  rows: RecordRow[];
  most: number;
  faint: boolean;
  isToday: boolean;
  movable: boolean;
  onMove: (row: RecordRow, day: string) => void;
  onMore: () => void;
  onOpen: RecordTableProps['onOpen'];
}

function Day({ object, day, label, rows, most, faint, isToday, movable, onMove, onMore, onOpen }: DayProps) {
  const t = useTranslations('records.calendar');
  const ref = useRef<HTMLElement>(null);
  const [over, setOver] = useState(false);
  const drop = useEffectEvent((row: RecordRow) => onMove(row, day));
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => source.data.kind === 'calendar-record',
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        drop(source.data.row as RecordRow);
      },
    });
  }, []);
  const rest = rows.length - most;
  return (
    <section
      ref={ref}
      aria-label={label}
      className={cn('min-h-24 border-r border-b p-1', faint && 'bg-canvas', over && 'bg-primary-soft')}
    >
      <span
        className={cn(
          'tabular inline-grid size-6 place-items-center rounded-full text-xs',
          faint && 'text-muted-foreground',
          isToday && 'bg-primary text-primary-foreground',
        )}
      >
        {Number(day.slice(8))}
      </span>
      <div className="grid gap-0.5">
        {rows.slice(0, most).map((row) => (
          <Entry
            key={row.id}
            object={object}
            row={row}
            movable={movable}
            onStep={(by) => onMove(row, addDays(day, by))}
            onOpen={onOpen}
          />
        ))}
        {rest > 0 && (
          <Button variant="quiet" size="sm" className="h-6 justify-start px-1.5 text-xs" onClick={onMore}>
            {t('more', { count: rest })}
          </Button>
        )}
      </div>
    </section>
  );
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function Entry({
  object,
  row,
  movable,
  onStep,
  onOpen,
}: {
  object: ObjectKey;
  row: RecordRow;
  movable: boolean;
  onStep: (by: number) => void;
  onOpen: RecordTableProps['onOpen'];
}) {
  const t = useTranslations('records');
  const ref = useRef<HTMLAnchorElement>(null);
  const current = useEffectEvent(() => row);
  useEffect(() => {
    const element = ref.current;
    if (!element || !movable) return;
    return draggable({ element, getInitialData: () => ({ kind: 'calendar-record', row: current() }) });
  }, [movable]);
  const press = (event: KeyboardEvent) => {
    const by = steps[event.key];
    if (!event.altKey || !movable || by === undefined) return;
    event.preventDefault();
    onStep(by);
  };
  return (
    <Link
      ref={ref}
      to={recordPath(object, row.id)}
      onKeyDown={press}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onOpen(row.id);
      }}
      className="block truncate rounded-sm bg-primary-soft px-1.5 py-0.5 text-xs hover:bg-accent"
    >
      {titleOf(object, row) || t('untitled')}
    </Link>
  );
}
