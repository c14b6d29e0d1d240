'use client';

import { SearchX, TriangleAlert } from 'lucide-react';
import { type ReactNode, useCallback, useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Skeleton } from '@/components/ui/skeleton';
import type { Filter } from '@/domain/filters';
import type { RecordObject } from '@/domain/objects';
import { both } from './filter-tree';
import type { ListState } from './list-state';
import { RecordCards } from './record-cards';
import { leaveTrail, type RecordListInput, useRecordCount, useRecordList } from './record-list';
import { columnsToLoad, useTableColumns } from './table-columns';
import { TableGrid } from './table-grid';
import { usePhone } from './use-phone';

export interface RecordTableProps {
  object: RecordObject;
  state: ListState;
  /** Narrows the list besides what the person chose. */
  fixed?: Filter;
  /** Under what the person's columns are kept. */
  preferenceKey?: string;
  /** The record shown in a panel beside. */
  openId?: string;
  /** Shows a record in the panel; null closes it. */
  onOpen: (id: string | null) => void;
  /** Shown when there is nothing at all. */
  empty: ReactNode;
}

/** Records of one object as a table that is edited in place; on phones as cards. Fills its parent. */
export function RecordTable({ object, state, fixed, preferenceKey, openId, onOpen, empty }: RecordTableProps) {
  const columns = useTableColumns(object, preferenceKey);
  const phone = usePhone();
  const input: RecordListInput = {
    filter: both(fixed, state.filter),
    sort: state.sort,
    q: state.q,
    columns: columnsToLoad(object, columns.names),
  };
  const { rows, query } = useRecordList(object, input);
  const count = useRecordCount(object, input);
  const trail = JSON.stringify(input);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `trail` stands for the input
  useEffect(() => leaveTrail(object, input), [object, trail]);
  const { fetchNextPage, hasNextPage, isFetching } = query;
  const more = useCallback(() => {
    if (!isFetching) void fetchNextPage();
  }, [fetchNextPage, isFetching]);

  if (query.isError && rows.length === 0) return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (query.isPending) return <RowsSkeleton />;
  if (rows.length === 0) {
    return (
      <div className="h-full overflow-y-auto">
        {state.narrowed ? <NothingFound object={object} reset={state.reset} /> : empty}
      </div>
    );
  }
  const shownMore = hasNextPage ? more : undefined;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="relative min-h-0 flex-1">
        {phone ? (
          <RecordCards object={object} rows={rows} names={columns.names} more={shownMore} />
        ) : (
          <TableGrid
            object={object}
            rows={rows}
            columns={columns}
            state={state}
            openId={openId}
            onOpen={onOpen}
            more={shownMore}
            total={count?.capped ? undefined : count?.count}
            stale={query.isPlaceholderData}
          />
        )}
      </div>
      <Footer object={object} count={count} />
    </div>
  );
}

function Footer({ object, count }: { object: RecordObject; count: { count: number; capped: boolean } | undefined }) {
  const t = useTranslations('records.table');
  const format = useFormat();
  const labels = useLabels();
  return (
    <div className="tabular flex h-8 shrink-0 items-center border-t bg-background px-4 text-muted-foreground text-xs">
      {count &&
        t(count.capped ? 'countCapped' : 'count', {
          count: count.count,
          kind: object,
          shown: format.number(count.count),
          object: labels.object(object, count.count === 1 ? 'one' : 'other'),
        })}
    </div>
  );
}

function NothingFound({ object, reset }: { object: RecordObject; reset: () => void }) {
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

function RowsSkeleton() {
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
