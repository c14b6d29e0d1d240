'use client';

import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { useScrollKeptAs } from '@/components/shell/page';
import { Dot } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Skeleton } from '@/components/ui/skeleton';
import { Hint } from '@/components/ui/tooltip';
import type { Filter } from '@/domain/filters';
import type { StageView } from '@/domain/pipelines';
import { type CardRow, rowsOf } from './board-cache';
import { type CardShape, cardGap, cardHeight, cardTops, landingAt } from './card-shape';
import { type ColumnFigures, ColumnHeader } from './column-header';
import { DealCard } from './deal-card';
import { useColumn } from './use-board';

/** What the board asks of a column. */
export interface ColumnHandle {
  rows: readonly CardRow[];
  scroller: Element | null;
  /** The place among the cards that a height on the screen means. */
  indexAt: (y: number) => number;
  focus: (index: number) => void;
  reveal: (index: number) => void;
}

export interface BoardColumnProps {
  stage: StageView;
  /** Undefined until the totals are here. */
  figures: ColumnFigures | undefined;
  filter?: Filter;
  q?: string;
  shape: CardShape;
  columns: string[];
  folded: boolean;
  onFold: (stageId: string) => void;
  /** Where something carried would land; null when it is elsewhere. */
  dropIndex: number | null;
  /** The card carried away, if it is of this column. */
  liftedId: string | null;
  wonId: string | null;
  movable: boolean;
  instructions: string;
  onOpen: (id: string) => void;
  register: (stageId: string, handle: ColumnHandle | null) => void;
}

/** One stage: its figures, and its cards as far as they are scrolled to. */
export const BoardColumn = memo(function BoardColumn(props: BoardColumnProps) {
  const { stage, folded, dropIndex } = props;
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => source.data.kind === 'deal',
      getData: () => ({ stageId: stage.id, folded }),
    });
  }, [stage.id, folded]);
  return (
    <section
      ref={ref}
      data-column={stage.id}
      aria-labelledby={`stage-${stage.id}`}
      className={cn(
        'flex h-full shrink-0 snap-center flex-col rounded-lg transition-colors max-md:w-full max-md:snap-always',
        folded ? 'w-10' : 'w-72',
        dropIndex !== null && 'bg-accent',
      )}
    >
      {folded ? <FoldedColumn {...props} /> : <OpenColumn {...props} />}
    </section>
  );
});

function FoldedColumn({ stage, figures, onFold, register }: BoardColumnProps) {
  const t = useTranslations('deals.column');
  const format = useFormat();
  useEffect(() => {
    register(stage.id, { rows: [], scroller: null, indexAt: () => 0, focus: () => {}, reveal: () => {} });
    return () => register(stage.id, null);
  }, [stage.id, register]);
  return (
    <Hint label={t('unfold', { stage: stage.name })} side="right">
      <button
        type="button"
        id={`stage-${stage.id}`}
        onClick={() => onFold(stage.id)}
        className="focus-inset flex h-full w-10 flex-col items-center gap-2 rounded-lg py-3 text-muted-foreground text-sm hover:bg-accent hover:text-foreground"
      >
        <Dot tone={stage.colour} />
        <span className="min-h-0 truncate font-medium [writing-mode:vertical-rl]">{stage.name}</span>
        {figures && <span className="tabular [writing-mode:vertical-rl]">{format.number(figures.count)}</span>}
      </button>
    </Hint>
  );
}

function OpenColumn(props: BoardColumnProps) {
  const {
    stage,
    figures,
    filter,
    q,
    shape,
    columns,
    dropIndex,
    liftedId,
    wonId,
    movable,
    instructions,
    onOpen,
    register,
  } = props;
  const t = useTranslations('deals.column');
  const query = useColumn({ filter, q, columns }, stage.id, figures !== undefined || !filter);
  const rows = useMemo(() => rowsOf(query.data), [query.data]);
  const tops = useMemo(() => cardTops(rows, shape), [rows, shape]);
  const scroller = useScrollKeptAs(`board ${stage.id}`);
  const list = useRef<HTMLUListElement>(null);
  const [stop, setStop] = useState(0);
  const lifted = liftedId === null ? -1 : rows.findIndex((row) => row.id === liftedId);
  const kept = [Math.min(stop, rows.length - 1), lifted].filter((index) => index >= 0);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (tops[index + 1] ?? 0) - (tops[index] ?? 0),
    overscan: 4,
    // Another one whenever cards or their heights are other ones: their places are reckoned anew then.
    // biome-ignore lint/correctness/useExhaustiveDependencies: as above
    getItemKey: useCallback((index: number) => rows[index]?.id ?? index, [rows, tops]),
    // The card Tab stops at and the card being carried stay, wherever one scrolls.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), ...kept])].sort((a, b) => a - b),
  });
  const items = virtual.getVirtualItems();

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const seen = (virtual.range?.endIndex ?? 0) + 12;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && seen >= rows.length) void fetchNextPage();
  }, [seen, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  useColumnHandle(stage.id, register, { rows, tops, scroller, list, lifted, virtual });

  const visibleDrop = dropIndex === null ? null : lifted >= 0 && dropIndex > lifted ? dropIndex + 1 : dropIndex;
  return (
    <>
      <ColumnHeader {...props} />
      <div ref={scroller} className="scroll-quiet min-h-0 flex-1 overflow-y-auto px-2 pt-1.5 pb-2">
        {query.isPending ? (
          <CardSkeletons count={figures?.count ?? 3} shape={shape} />
        ) : query.isError && rows.length === 0 ? (
          <Failed retry={() => void query.refetch()} />
        ) : (
          <ul
            ref={list}
            aria-labelledby={`stage-${stage.id}`}
            className="relative"
            style={{ height: rows.length > 0 ? tops.at(-1) : cardHeight(undefined, shape) }}
            onFocus={(event) => {
              const index = Number(event.target.closest<HTMLElement>('[data-index]')?.dataset.index);
              if (!Number.isNaN(index)) setStop(index);
            }}
          >
            {visibleDrop !== null && <DropLine top={tops[visibleDrop] ?? 0} />}
            {rows.length === 0 && dropIndex === null && (
              <li className="px-1 pt-2 text-muted-foreground text-sm">{t('empty')}</li>
            )}
            {items.map(({ index, key, start }) => {
              const row = rows[index];
              return row ? (
                <li
                  key={key}
                  aria-setsize={figures?.count ?? -1}
                  aria-posinset={index + 1}
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <DealCard
                    row={row}
                    shape={shape}
                    index={index}
                    stageId={stage.id}
                    stop={index === Math.min(stop, rows.length - 1)}
                    lifted={row.id === liftedId}
                    won={row.id === wonId}
                    movable={movable}
                    instructions={instructions}
                    onOpen={onOpen}
                  />
                </li>
              ) : null;
            })}
          </ul>
        )}
        {hasNextPage && <CardSkeletons count={2} shape={shape} />}
      </div>
    </>
  );
}

interface HandleParts {
  rows: readonly CardRow[];
  tops: readonly number[];
  scroller: { current: HTMLDivElement | null };
  list: { current: HTMLUListElement | null };
  lifted: number;
  virtual: { scrollToIndex: (index: number, options?: { align?: 'auto' }) => void };
}

/** Registered once and read through a ref: the board always meets the newest rows without being told of each change. */
function useColumnHandle(stageId: string, register: BoardColumnProps['register'], parts: HandleParts) {
  const newest = useRef(parts);
  useLayoutEffect(() => {
    newest.current = parts;
  });
  useEffect(() => {
    register(stageId, {
      get rows() {
        return newest.current.rows;
      },
      get scroller() {
        return newest.current.scroller.current;
      },
      indexAt: (y) => {
        const { list, tops, lifted } = newest.current;
        const top = list.current?.getBoundingClientRect().top ?? y;
        const index = landingAt(tops, y - top);
        return lifted >= 0 && index > lifted ? index - 1 : index;
      },
      focus: (index) => {
        const { list, virtual } = newest.current;
        virtual.scrollToIndex(index, { align: 'auto' });
        focusSoon(() => list.current?.querySelector<HTMLElement>(`[data-index="${index}"]`));
      },
      reveal: (index) => {
        const { rows, virtual } = newest.current;
        if (rows.length > 0) virtual.scrollToIndex(Math.min(index, rows.length - 1), { align: 'auto' });
      },
    });
    return () => register(stageId, null);
  }, [stageId, register]);
}

/** Focuses what the virtual list is about to draw. */
function focusSoon(find: () => HTMLElement | null | undefined, tries = 10): void {
  const element = find();
  if (element) element.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusSoon(find, tries - 1));
}

function DropLine({ top }: { top: number }) {
  return (
    <li
      aria-hidden
      className="pointer-events-none absolute inset-x-0 top-0 z-10 h-0.5 rounded-full bg-primary before:absolute before:-top-[3px] before:-left-1 before:size-2 before:rounded-full before:bg-primary"
      style={{ transform: `translateY(${top - cardGap / 2 - 1}px)` }}
    />
  );
}

const shownSkeletons = 6;

function CardSkeletons({ count, shape }: { count: number; shape: CardShape }) {
  return (
    <div aria-hidden className="grid gap-2">
      {Array.from({ length: Math.min(count, shownSkeletons) }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have nothing else
        <Skeleton key={i} className="rounded-lg" style={{ height: cardHeight(undefined, shape) }} />
      ))}
    </div>
  );
}

function Failed({ retry }: { retry: () => void }) {
  const c = useTranslations('common');
  return (
    <div className="px-1 pt-2 text-sm">
      <p className="text-muted-foreground">{c('loadFailed')}</p>
      <Button variant="link" onClick={retry}>
        {c('retry')}
      </Button>
    </div>
  );
}
