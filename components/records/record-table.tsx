'use client';

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { SearchX, TriangleAlert } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Skeleton } from '@/components/ui/skeleton';
import type { Filter } from '@/domain/filters';
import { both } from './filter-tree';
import type { ListState } from './list-state';
import { RecordCards } from './record-cards';
import { leaveTrail, type RecordListInput, useRecordCount, useRecordList } from './record-list';
import { type Group, useRecordPages } from './record-pages';
import { columnsToLoad, type TableColumns, useTableColumns } from './table-columns';
import { TableGrid } from './table-grid';
import { TotalsLine } from './table-group';
import { type ObjectKey, useObject } from './use-object';
import { usePhone } from './use-phone';

export interface RecordTableProps {
  object: ObjectKey;
  state: ListState;
  /** Narrows the list besides what the person chose. */
  fixed?: Filter;
  /** The record shown in a panel beside. */
  openId?: string;
  /** Shows a record in the panel; null closes it. */
  onOpen: (id: string | null) => void;
  /** Shown when there is nothing at all. */
  empty: ReactNode;
}

/** Records of one object as a table that is edited in place; on phones as cards. Fills its parent. */
export function RecordTable({ object, state, fixed, openId, onOpen, empty }: RecordTableProps) {
  const columns = useTableColumns(object, state);
  const phone = usePhone();
  const input: RecordListInput = {
    filter: both(fixed, state.filter),
    sort: state.sort,
    q: state.q,
    columns: columnsToLoad(useObject(object), columns.names),
  };
  const trail = JSON.stringify(input);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `trail` stands for the input
  useEffect(() => leaveTrail(object, input), [object, trail]);
  const props = { object, state, input, columns, openId, onOpen, empty };
  return phone ? <Cards {...props} /> : <Table {...props} />;
}

interface ShownProps extends Omit<RecordTableProps, 'fixed'> {
  input: RecordListInput;
  columns: TableColumns;
}

const unfolded: ReadonlySet<string> = new Set();

function Table({ object, state, input, columns, openId, onOpen, empty }: ShownProps) {
  const trpc = useTRPC();
  const { group, totals } = state.config;
  const [folded, setFolded] = useState(unfolded);
  const summed = Object.keys(totals ?? {});
  const { fields } = useObject(object);
  const byType = group && fields[group.field]?.type;
  const byDays = byType === 'date' || byType === 'datetime';
  const asked = { object, filter: input.filter, q: input.q || undefined, totals: summed };
  const grouped = useInfiniteQuery(
    trpc.views.groups.infiniteQueryOptions(
      { ...asked, group },
      {
        enabled: group !== undefined,
        placeholderData: keepPreviousData,
        getNextPageParam: (last) => last.next,
      },
    ),
  );
  const groups = useMemo(() => grouped.data?.pages.flatMap((page) => page.groups) ?? noGroups, [grouped.data]);
  const inAll = grouped.data?.pages[0];
  const whole = useQuery(
    trpc.views.groups.queryOptions(asked, { enabled: summed.length > 0, placeholderData: keepPreviousData }),
  );
  const pages = useRecordPages(object, input, group ? groups : null, folded);
  // Groups not shown yet count as well, and a record in several of them once.
  const total = group && inAll ? inAll.records : pages.total;
  const error = pages.error ?? grouped.error;
  if (error && pages.count === 0) return <Failed error={error} retry={pages.refetch} />;
  if (pages.pending || (group && grouped.isPending)) return <RowsSkeleton />;
  if (total === 0 && !pages.stale) return <NoRows object={object} state={state} empty={empty} />;
  const fold = (key: string) =>
    setFolded(folded.has(key) ? new Set([...folded].filter((other) => other !== key)) : new Set([...folded, key]));
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="relative min-h-0 flex-1">
        <TableGrid
          object={object}
          pages={pages}
          folded={folded}
          onFold={fold}
          columns={columns}
          total={total}
          onGroupsChanged={() => {
            if (group) void grouped.refetch();
            if (summed.length > 0) void whole.refetch();
          }}
          state={state}
          input={input}
          openId={openId}
          onOpen={onOpen}
        />
      </div>
      <Footer object={object} count={{ count: total, capped: false }}>
        {group && inAll && grouped.hasNextPage && (
          <MoreGroups
            text={byDays ? 'someDays' : 'some'}
            shown={groups.length}
            total={inAll.total}
            busy={grouped.isFetchingNextPage}
            onMore={() => void grouped.fetchNextPage()}
          />
        )}
        <TotalsLine object={object} totals={totals} figures={whole.data?.groups[0]?.totals} />
      </Footer>
    </div>
  );
}

const noGroups: Group[] = [];

/** Of very many groups those that matter most are shown first; the others are asked for. */
function MoreGroups({
  text,
  shown,
  total,
  busy,
  onMore,
}: {
  text: 'some' | 'someDays';
  shown: number;
  total: number;
  busy: boolean;
  onMore: () => void;
}) {
  const t = useTranslations('records.group');
  return (
    <span className="flex items-center gap-1">
      {t(text, { shown, total })}
      <Button variant="quiet" size="sm" busy={busy} onClick={onMore} className="h-6">
        {t('more')}
      </Button>
    </span>
  );
}

function Cards({ object, state, input, columns, empty }: ShownProps) {
  const { rows, query } = useRecordList(object, input);
  const count = useRecordCount(object, input);
  const { fetchNextPage, hasNextPage, isFetching } = query;
  const more = useCallback(() => {
    if (!isFetching) void fetchNextPage();
  }, [fetchNextPage, isFetching]);
  if (query.isError && rows.length === 0) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.isPending) return <RowsSkeleton />;
  if (rows.length === 0) return <NoRows object={object} state={state} empty={empty} />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="relative min-h-0 flex-1">
        <RecordCards object={object} rows={rows} names={columns.names} more={hasNextPage ? more : undefined} />
      </div>
      <Footer object={object} count={count} />
    </div>
  );
}

function NoRows({ object, state, empty }: Pick<RecordTableProps, 'object' | 'state' | 'empty'>) {
  return (
    <div className="h-full overflow-y-auto">
      {state.narrowed ? <NothingFound object={object} reset={state.reset} /> : empty}
    </div>
  );
}

function Footer({
  object,
  count,
  children,
}: {
  object: ObjectKey;
  count: { count: number; capped: boolean } | undefined;
  children?: ReactNode;
}) {
  const t = useTranslations('records.table');
  const format = useFormat();
  const labels = useLabels();
  return (
    <div className="tabular flex h-8 shrink-0 items-center gap-4 overflow-x-auto whitespace-nowrap border-t bg-background px-4 text-muted-foreground text-xs">
      {count &&
        t(count.capped ? 'countCapped' : 'count', {
          count: count.count,
          kind: object,
          shown: format.number(count.count),
          object: labels.object(object, count.count === 1 ? 'one' : 'other'),
        })}
      {children}
    </div>
  );
}

/** Nothing fits what the list is narrowed by. */
export function NothingFound({ object, reset }: { object: ObjectKey; reset: () => void }) {
  const t = useTranslations('records.nothing');
  const labels = useLabels();
  return (
    <Empty
      icon={<SearchX />}
      title={t('title', { object: labels.object(object, 'other') })}
      description={t('description')}
    >
      <Button variant="secondary" onClick={reset}>
        {t('reset')}
      </Button>
    </Empty>
  );
}

/** What could not be loaded says why and offers to try again. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const c = useTranslations('common');
  const text = useRefusalText();
  return (
    <Empty role="alert" icon={<TriangleAlert />} title={c('loadFailed')} description={text(error)}>
      <Button variant="secondary" onClick={retry}>
        {c('retry')}
      </Button>
    </Empty>
  );
}

const widths = ['w-48', 'w-36', 'w-56', 'w-40', 'w-52', 'w-44', 'w-32', 'w-48', 'w-40', 'w-56'];

/** The shape of a table that is on its way. */
export function RowsSkeleton() {
  return (
    <div aria-busy className="h-full overflow-hidden">
      <div className="h-9 border-b bg-subtle" />
      {widths.map((width, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nothing but a shape
        <div key={i} className="flex h-9 items-center gap-8 border-b px-4">
          <Skeleton className={`h-3.5 ${width}`} />
          <Skeleton className="h-3.5 w-28 max-md:hidden" />
          <Skeleton className="h-3.5 w-20 max-md:hidden" />
          <Skeleton className="h-3.5 w-32 max-lg:hidden" />
        </div>
      ))}
    </div>
  );
}
