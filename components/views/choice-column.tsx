'use client';

import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronsLeft, Plus } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { PlainValue } from '@/components/records/field-value';
import { both } from '@/components/records/filter-tree';
import type { ListState } from '@/components/records/list-state';
import { useRecordApi } from '@/components/records/record-data';
import type { Group } from '@/components/records/record-pages';
import { Failed } from '@/components/records/record-table';
import { columnsToLoad } from '@/components/records/table-columns';
import { TotalsLine } from '@/components/records/table-group';
import { type ObjectKey, useObject } from '@/components/records/use-object';
import { useCan } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useScrollKeptAs } from '@/components/shell/page';
import { useQuickCreate } from '@/components/shell/quick-create';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Skeleton } from '@/components/ui/skeleton';
import { Hint } from '@/components/ui/tooltip';
import type { Filter } from '@/domain/filters';
import { type Moves, shownCount, shownRows } from './board-moves';
import { ChoiceCard } from './choice-card';

export interface ChoiceColumnProps {
  object: ObjectKey;
  /** The choice field whose values are the columns. */
  field: string;
  group: Group;
  title: string;
  /** Counts and totals are here. */
  counted: boolean;
  state: ListState;
  filter: Filter | undefined;
  names: readonly string[];
  moves: Moves;
  movable: boolean;
  /** Records may be put here. */
  takes: boolean;
  folded: boolean;
  onFold: (key: string | null) => void;
  /** Something carried would land here. */
  over: boolean;
  liftedId: string | null;
  instructions: string;
  onOpen: (id: string) => void;
}

/** How a column is told from the others in the page. */
export const columnMark = (key: string | null) => key ?? '-';

/** One choice: how many, their totals, and the cards as far as they are scrolled to. */
export function ChoiceColumn(props: ChoiceColumnProps) {
  const { group, folded, over, title, takes } = props;
  const ref = useRef<HTMLElement>(null);
  const { key } = group;
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => source.data.kind === 'record-card' && (takes || source.data.column === key),
      getData: () => ({ column: key }),
    });
  }, [key, takes]);
  return (
    <section
      ref={ref}
      data-column={columnMark(key)}
      aria-label={title}
      className={cn(
        'flex h-full shrink-0 snap-center flex-col rounded-lg transition-colors max-md:w-full max-md:snap-always',
        folded ? 'w-10' : 'w-72',
        over && 'bg-accent outline-2 outline-ring -outline-offset-2',
      )}
    >
      {folded ? <Folded {...props} /> : <Open {...props} />}
    </section>
  );
}

function Folded({ group, title, moves, counted, onFold }: ChoiceColumnProps) {
  const t = useTranslations('records.board');
  const format = useFormat();
  return (
    <Hint label={t('unfold', { column: title })} side="right">
      <button
        type="button"
        onClick={() => onFold(group.key)}
        className="focus-inset flex h-full w-10 flex-col items-center gap-2 rounded-lg py-3 text-muted-foreground text-sm hover:bg-accent hover:text-foreground"
      >
        <span className="min-h-0 truncate font-medium [writing-mode:vertical-rl]">{title}</span>
        {counted && (
          <span className="tabular [writing-mode:vertical-rl]">
            {format.number(shownCount(group.count, group.key, moves))}
          </span>
        )}
      </button>
    </Hint>
  );
}

function Open(props: ChoiceColumnProps) {
  const { object, field, group, state, filter, names, moves, movable, liftedId, instructions, onOpen } = props;
  const t = useTranslations('records.board');
  const kind = useObject(object);
  const api = useRecordApi(object);
  const heading = useId();
  const scroller = useScrollKeptAs(`board ${object} ${field} ${group.key}`);
  const [stop, setStop] = useState(0);
  const query = useInfiniteQuery(
    api.list.infiniteQueryOptions(
      {
        filter: both(filter, group.filter ?? undefined),
        sort: state.sort.length > 0 ? state.sort : undefined,
        q: state.q || undefined,
        columns: columnsToLoad(kind, [...new Set([...names, field])]),
        limit: 50,
      },
      { getNextPageParam: (last) => last.next },
    ),
  );
  const rows = shownRows(query.data?.pages.flatMap((page) => page.rows) ?? [], group.key, moves);
  const inner = names.filter((name) => name !== field);
  return (
    <>
      <Header {...props} heading={heading} />
      <div
        ref={scroller}
        data-scroller
        className="scroll-quiet min-h-0 flex-1 overflow-y-auto px-2 pt-1.5 pb-2"
        onScroll={({ currentTarget: at }) => {
          const near = at.scrollTop + at.clientHeight > at.scrollHeight - 400;
          if (near && query.hasNextPage && !query.isFetching) void query.fetchNextPage();
        }}
      >
        {query.isPending ? (
          <CardSkeletons count={Math.min(4, group.count || 2)} />
        ) : query.isError && rows.length === 0 ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <p className="px-1 pt-2 text-muted-foreground text-sm">{t('empty')}</p>
        ) : (
          <ul
            aria-labelledby={heading}
            className="grid content-start gap-2"
            onFocus={(event) => {
              const index = Number(event.target.closest<HTMLElement>('[data-index]')?.dataset.index);
              if (!Number.isNaN(index)) setStop(index);
            }}
          >
            {rows.map((row, index) => (
              <li key={row.id} className="min-w-0">
                <ChoiceCard
                  object={object}
                  row={row}
                  column={group.key}
                  index={index}
                  names={inner}
                  stop={index === Math.min(stop, rows.length - 1)}
                  lifted={row.id === liftedId}
                  movable={movable}
                  instructions={instructions}
                  onOpen={onOpen}
                />
              </li>
            ))}
          </ul>
        )}
        {query.hasNextPage && <CardSkeletons count={2} />}
      </div>
    </>
  );
}

function Header(props: ChoiceColumnProps & { heading: string }) {
  const { object, field, group, title, state, moves, counted, takes, onFold, heading } = props;
  const t = useTranslations('records.board');
  const format = useFormat();
  const can = useCan();
  const create = useQuickCreate();
  const definition = useObject(object).fields[field];
  return (
    <header className="shrink-0 px-3 pt-2.5 pb-1 max-md:flex max-md:flex-row-reverse max-md:items-center max-md:justify-between max-md:gap-2 max-md:pt-1.5">
      <div className="flex h-6 items-center gap-2 max-md:shrink-0">
        <h2 id={heading} className="min-w-0 truncate font-medium text-sm max-md:sr-only" title={title}>
          {definition && group.key !== null ? (
            <PlainValue
              object={object}
              name={field}
              field={definition}
              value={group.key}
              title={null}
              currency={null}
              link={false}
            />
          ) : (
            title
          )}
        </h2>
        <span className="tabular text-muted-foreground text-sm max-md:hidden">
          {counted ? format.number(shownCount(group.count, group.key, moves)) : ' '}
        </span>
        <span className="ml-auto flex items-center">
          {can(`${object}.write`) && !definition?.readOnly && takes && (
            <Hint label={t('add', { column: title })}>
              <Button
                variant="quiet"
                size="icon-xs"
                aria-label={t('add', { column: title })}
                onClick={() => create(object, { [field]: group.key })}
              >
                <Plus />
              </Button>
            </Hint>
          )}
          <Hint label={t('fold', { column: title })}>
            <Button
              variant="quiet"
              size="icon-xs"
              aria-label={t('fold', { column: title })}
              onClick={() => onFold(group.key)}
              className="max-md:hidden"
            >
              <ChevronsLeft />
            </Button>
          </Hint>
        </span>
      </div>
      <TotalsLine object={object} totals={state.config.totals} figures={group.totals} wrap />
    </header>
  );
}

function CardSkeletons({ count }: { count: number }) {
  return (
    <div aria-hidden className="grid gap-2 pt-2 first:pt-0">
      {Array.from({ length: count }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have nothing else
        <Skeleton key={i} className="h-24 rounded-lg" />
      ))}
    </div>
  );
}
