'use client';

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { ArrowRightLeft, CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { both } from '@/components/records/filter-tree';
import { type RecordRow, titleOf, useRecordApi } from '@/components/records/record-data';
import { Failed, type RecordTableProps } from '@/components/records/record-table';
import { columnsToLoad } from '@/components/records/table-columns';
import { useCommit } from '@/components/records/use-commit';
import { useObject } from '@/components/records/use-object';
import { usePhone } from '@/components/records/use-phone';
import { useBoot, useCan } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useQuickCreate } from '@/components/shell/quick-create';
import { useSearch } from '@/components/shell/router';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import {
  ContextMenu,
  ContextMenuItem,
  ContextMenuSub,
  ContextMenuSubContent,
  ContextMenuSubTrigger,
  ContextMenuTrigger,
} from '@/components/ui/context-menu';
import { Empty } from '@/components/ui/empty';
import { Segmented } from '@/components/ui/segmented';
import { Spinner } from '@/components/ui/spinner';
import { toast } from '@/components/ui/toaster';
import type { Filter } from '@/domain/filters';
import { dayIn, momentIn } from '@/domain/moments';
import { spans } from '@/domain/views';
import { CalendarDay, rowOfEntry } from './calendar-day';
import { addDays, daysOf, movedTo, stepped } from './calendar-days';
import { focusSoon } from './focus-soon';
import { PhoneDays } from './phone-days';
import { RecordMenu } from './record-menu';
import { dateFields } from './view-fields';

/** So many of a day are shown; the others are counted. */
const mostOfMonth = 4;
const mostOfWeek = 100;
/** So many records of a month are drawn; nobody reads more, and the filter finds them. */
const most = 1000;
const pageSize = 200;

/** Where a new record with a time begins. */
const morning = 'T09:00';

/** Records of any object on the days of a date field, by month or by week. An entry is put on another day by pointer, by keys or by its menu. */
export function RecordCalendar({ object, state, fixed, onOpen }: RecordTableProps) {
  const t = useTranslations('records.calendar');
  const locale = useLocale();
  const kind = useObject(object);
  const format = useFormat();
  const phone = usePhone();
  const { tenant } = useBoot();
  const [search, setSearch] = useSearch();
  const can = useCan();
  const create = useQuickCreate();
  const fields = dateFields(kind);
  const name = fields.find((each) => each === state.config.date) ?? fields[0];
  const field = name ? kind.fields[name] : undefined;
  const moment = field?.type === 'datetime';
  const span = state.config.span ?? 'month';
  const today = format.today();
  const asked = search.get('at') ?? '';
  const at = /^\d{4}-\d\d-\d\d$/.test(asked) && !Number.isNaN(Date.parse(asked)) ? asked : today;
  const days = daysOf(at, span);
  const { query, rows, more } = useEntries({ object, state, fixed, days, name, moment });
  const { move, dialog } = useDayMove(object, name, moment);
  const [carried, setCarried] = useState<{ row: RecordRow; from: string; to: string } | null>(null);
  const [menuFor, setMenuFor] = useState<{ row: RecordRow; day: string } | null>(null);
  const [said, say] = useState('');
  const grid = useRef<HTMLDivElement>(null);
  if (!name || !field) return <Empty icon={<CalendarDays />} title={t('noField')} description={t('noFieldHelp')} />;
  if (query.isError && rows.length === 0) return <Failed error={query.error} retry={() => void query.refetch()} />;

  const dayOf = (row: RecordRow) =>
    typeof row[name] !== 'string' ? '' : moment ? dayIn(tenant.timeZone, row[name]) : row[name].slice(0, 10);
  const byDay = Map.groupBy(rows, dayOf);
  const loading = query.isPending || query.isPlaceholderData;
  const writable = can(`${object}.write`);
  const movable = writable && !field.readOnly;
  const full = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'full' });
  const heading = new Intl.DateTimeFormat(locale, {
    timeZone: 'UTC',
    year: 'numeric',
    month: phone ? 'short' : 'long',
  });
  const weekday = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: phone ? 'narrow' : 'short' });
  const utc = (day: string) => new Date(`${day}T00:00:00Z`);
  const dayName = (day: string) => full.format(utc(day));
  const go = (day: string) => setSearch({ at: day === today ? null : day });
  const put = (row: RecordRow, from: string, to: string) => move(row, from, to, dayName(to));
  const add = movable
    ? (day: string) => create(object, { [name]: moment ? momentIn(tenant.timeZone, day + morning) : day })
    : undefined;

  const entryAt = (target: EventTarget): { row: RecordRow; day: string } | null => {
    const entry = target instanceof Element ? target.closest<HTMLElement>('[data-entry]') : null;
    const day = entry?.closest<HTMLElement>('[data-day]')?.dataset.day;
    const row = entry ? rowOfEntry(entry) : undefined;
    return row && day ? { row, day } : null;
  };
  const pointAt = (target: EventTarget) => {
    const found = entryAt(target);
    setMenuFor(found);
    return found !== null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!movable || event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return;
    const entry = entryAt(event.target);
    if (!entry) return;
    const title = titleOf(object, entry.row);
    const { key } = event;
    if (!carried) {
      if (key !== ' ') return;
      event.preventDefault();
      setCarried({ row: entry.row, from: entry.day, to: entry.day });
      say(t('lifted', { title }));
      return;
    }
    const away = steps[key];
    if (key === 'Escape' || key === 'Tab') {
      setCarried(null);
      say(t('cancelled', { title }));
      if (key === 'Tab') return;
    } else if (key === ' ' || key === 'Enter') {
      const { row, from, to } = carried;
      setCarried(null);
      put(row, from, to);
      say(t('moved', { title, day: dayName(to) }));
      // The entry is drawn anew on its day; the focus goes with it.
      focusSoon(() => grid.current?.querySelector<HTMLElement>(`[data-entry="${row.id}"]`));
    } else if (away !== undefined) {
      const to = addDays(carried.to, away);
      // Within what is in sight: a day that cannot be seen is reached by the menu or another month.
      if (days.includes(to)) {
        setCarried({ ...carried, to });
        say(t('over', { title, day: dayName(to) }));
      }
    }
    event.preventDefault();
  };

  const toolbar = (
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
      <h2 aria-live="polite" className="ml-1 min-w-0 truncate font-medium text-sm">
        {heading.format(utc(at))}
      </h2>
      <span role="status" className="ml-2 min-w-0 truncate text-muted-foreground text-xs max-md:sr-only">
        {loading ? (
          <Spinner />
        ) : more ? (
          t('first', { count: rows.length })
        ) : !days.some((day) => byDay.has(day)) ? (
          t(`none.${span}`)
        ) : (
          ''
        )}
      </span>
      <Segmented
        className="ml-auto shrink-0"
        aria-label={t('span')}
        value={span}
        onValueChange={(next) => state.change({ span: next === 'month' ? undefined : next })}
        options={spans.map((value) => ({ value, label: t(value) }))}
      />
    </div>
  );
  if (phone)
    return (
      <div className="flex h-full min-h-0 flex-col">
        {toolbar}
        <PhoneDays
          object={object}
          days={days}
          month={span === 'month' ? at.slice(0, 7) : null}
          at={at}
          today={today}
          byDay={byDay}
          name={name}
          weekday={(day) => weekday.format(utc(day))}
          dayName={dayName}
          loading={loading}
          onDay={go}
          onAdd={add}
          onOpen={onOpen}
        />
        {dialog}
      </div>
    );
  return (
    <div className="flex h-full min-h-0 flex-col">
      {toolbar}
      <div aria-hidden className="grid grid-cols-7 border-b bg-subtle text-muted-foreground text-xs">
        {days.slice(0, 7).map((day) => (
          <span key={day} className="px-2 py-1">
            {weekday.format(utc(day))}
          </span>
        ))}
      </div>
      <ContextMenu>
        <ContextMenuTrigger asChild disabled={carried !== null}>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: keys and menu belong to the entries inside */}
          <div
            ref={grid}
            onKeyDown={onKeyDown}
            onPointerDownCapture={(event) => pointAt(event.target)}
            onContextMenu={(event) => {
              if (!pointAt(event.target)) event.preventDefault();
            }}
            aria-busy={loading || undefined}
            className="scroll-quiet grid min-h-0 flex-1 auto-rows-[minmax(7rem,1fr)] grid-cols-7 overflow-y-auto"
          >
            {days.map((day) => (
              <CalendarDay
                key={day}
                object={object}
                name={name}
                day={day}
                label={dayName(day)}
                rows={byDay.get(day) ?? []}
                most={span === 'month' ? mostOfMonth : mostOfWeek}
                faint={span === 'month' && day.slice(0, 7) !== at.slice(0, 7)}
                isToday={day === today}
                movable={movable}
                over={carried !== null && carried.to === day && carried.from !== day}
                liftedId={carried?.row.id ?? null}
                onDrop={(row, from) => put(row, from, day)}
                onMore={() => {
                  state.change({ span: 'week' });
                  go(day);
                }}
                onAdd={add}
                onOpen={onOpen}
              />
            ))}
          </div>
        </ContextMenuTrigger>
        {menuFor && (
          <RecordMenu object={object} id={menuFor.row.id} onOpen={onOpen}>
            {movable && (
              <ContextMenuSub>
                <ContextMenuSubTrigger>
                  <ArrowRightLeft />
                  {t('moveTo')}
                </ContextMenuSubTrigger>
                <ContextMenuSubContent>
                  {placesFrom(menuFor.day, today).map(({ key, day }) => (
                    <ContextMenuItem key={key} onSelect={() => put(menuFor.row, menuFor.day, day)}>
                      <span className="flex-1">{t(`to.${key}`)}</span>
                      <span className="text-muted-foreground">{format.date(day)}</span>
                    </ContextMenuItem>
                  ))}
                </ContextMenuSubContent>
              </ContextMenuSub>
            )}
          </RecordMenu>
        )}
      </ContextMenu>
      <p id="calendar-instructions" hidden>
        {t('instructions')}
      </p>
      <p role="status" aria-live="assertive" className="sr-only">
        {said}
      </p>
      {dialog}
    </div>
  );
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Where an entry of a day can be put from its menu. */
function placesFrom(day: string, today: string) {
  const places = [
    { key: 'today', day: today },
    { key: 'dayLater', day: addDays(day, 1) },
    { key: 'weekLater', day: addDays(day, 7) },
    { key: 'monthLater', day: stepped(day, 'month', 1) },
    { key: 'dayEarlier', day: addDays(day, -1) },
  ] as const;
  return places.filter((place) => place.day !== day);
}

/** All records on the days in sight, page after page up to a bound. */
function useEntries({
  object,
  state,
  fixed,
  days,
  name,
  moment,
}: Pick<RecordTableProps, 'object' | 'state' | 'fixed'> & {
  days: string[];
  name: string | undefined;
  moment: boolean;
}) {
  const api = useRecordApi(object);
  const kind = useObject(object);
  const first = days[0] ?? '';
  const after = addDays(days.at(-1) ?? first, 1);
  // A day more on either side: where the tenant's midnight is not that of UTC.
  const within: Filter | undefined = name
    ? {
        and: [
          { field: name, op: 'gte', value: moment ? `${addDays(first, -1)}T00:00:00Z` : first },
          { field: name, op: 'lt', value: moment ? `${addDays(after, 1)}T00:00:00Z` : after },
        ],
      }
    : undefined;
  const query = useInfiniteQuery(
    api.list.infiniteQueryOptions(
      {
        filter: both(both(fixed, state.filter), within),
        q: state.q || undefined,
        sort: name ? [{ field: name, dir: 'asc' as const }] : undefined,
        columns: columnsToLoad(kind, name ? [kind.title, name] : [kind.title]),
        limit: pageSize,
      },
      { getNextPageParam: (last) => last.next, enabled: name !== undefined, placeholderData: keepPreviousData },
    ),
  );
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  const wanted = hasNextPage && !isFetching && !isError && rows.length < most;
  useEffect(() => {
    if (wanted) void fetchNextPage();
  }, [wanted, fetchNextPage]);
  return { query, rows, more: hasNextPage && rows.length >= most };
}

/** Puts a record on another day, with an undo; its time of day stays. */
function useDayMove(object: RecordTableProps['object'], name: string | undefined, moment: boolean) {
  const t = useTranslations('records.calendar');
  const { tenant } = useBoot();
  const undo = useUndoToast();
  const { commit, dialog } = useCommit(object);
  const move = (row: RecordRow, from: string, to: string, day: string) => {
    const value = name ? row[name] : undefined;
    if (!name || from === to || typeof value !== 'string') return;
    commit(row, name, moment ? movedTo(value, to, tenant.timeZone) : to, {
      onSaved: (changeSetId) => undo(changeSetId, t('moved', { title: titleOf(object, row), day })),
      onRefused: (error) => toast.error(error),
    });
  };
  return { move, dialog };
}
