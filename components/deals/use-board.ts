'use client';

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRefusedText } from '@/components/records/use-refused';
import { refusalOf } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { noteBase, noteTakeBack } from '@/components/shell/outbox';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { toast } from '@/components/ui/toaster';
import type { Filter } from '@/domain/filters';
import type { PipelineView, StageView } from '@/domain/pipelines';
import { type CardRow, cardOf, entered, movedTotals, neighbours, rowsOf, withCard, withoutCard } from './board-cache';
import type { Place } from './board-keys';

/** Which deals the board shows. */
export interface BoardView {
  pipeline: PipelineView;
  filter?: Filter;
  q?: string;
  /** Fields the cards show. */
  columns: string[];
}

const cardsPerPage = 50;

/** Count and sums of every column, in one call. */
export function useBoardTotals({ pipeline, filter, q }: Omit<BoardView, 'columns'>) {
  const trpc = useTRPC();
  return useQuery(
    trpc.deals.board.queryOptions(
      { pipelineId: pipeline.id, filter, q },
      // A new filter keeps the old figures until the new ones are here; another pipeline has other columns.
      {
        placeholderData: (before) =>
          before?.columns.some((c) => pipeline.stages.some((s) => s.id === c.stageId)) ? before : undefined,
      },
    ),
  );
}

function useColumnOptions({ filter, q, columns }: Omit<BoardView, 'pipeline'>) {
  const trpc = useTRPC();
  return (stageId: string) =>
    trpc.deals.column.infiniteQueryOptions(
      { stageId, filter, q, columns, limit: cardsPerPage },
      { getNextPageParam: (page) => page.next },
    );
}

/** Cards of one stage, page by page. */
export function useColumn(view: Omit<BoardView, 'pipeline'>, stageId: string, enabled: boolean) {
  const options = useColumnOptions(view);
  return useInfiniteQuery({
    ...options(stageId),
    enabled: useAfterFirst() && enabled,
    placeholderData: keepPreviousData,
  });
}

/** A tick later than the totals, so that theirs is a request of its own and the headers are right before the cards come. */
function useAfterFirst(): boolean {
  const [after, setAfter] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setAfter(true), 1);
    return () => clearTimeout(timer);
  }, []);
  return after;
}

/** A move that needs something from the person first. */
export interface Gate {
  dealId: string;
  stageId: string;
  missing: string[];
  before?: string;
  after?: string;
  onDone: (moved: Moved) => void;
  onCancel: () => void;
}

export interface Moved {
  changeSetId: string;
  version: number;
}

export interface Mover {
  move: (row: CardRow, from: Place, to: Place) => void;
  gate: Gate | null;
  /** The deal just won, for a moment. */
  wonId: string | null;
}

const celebration = 2600;

/** Moves cards: at once on the screen, back again when the server refuses. */
export function useMove(view: BoardView): Mover {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const columnOptions = useColumnOptions(view);
  const text = useRefusedText('deal');
  const moved = useMovedToast();
  const [gate, setGate] = useState<Gate | null>(null);
  const [wonId, setWonId] = useState<string | null>(null);
  const { mutateAsync } = useMutation(trpc.deals.move.mutationOptions({ meta: { refresh: false, quiet: true } }));

  const boardKey = trpc.deals.board.queryKey({ pipelineId: view.pipeline.id, filter: view.filter, q: view.q });
  const columnKey = (stageId: string) => columnOptions(stageId).queryKey;
  const stageOf = (id: string) => view.pipeline.stages.find((stage) => stage.id === id);

  const show = (row: CardRow, from: StageView, to: StageView, index: number) => {
    queries.setQueryData(columnKey(from.id), (cards) => cards && withoutCard(cards, row.id));
    queries.setQueryData(columnKey(to.id), (cards) => cards && withCard(cards, row, index));
    if (from.id !== to.id) queries.setQueryData(boardKey, (board) => board && movedTotals(board, row, from, to));
  };

  const settle = (stages: StageView[], row: CardRow, version: number | null) => {
    // What waits has no version yet, and there is nobody to ask.
    if (version === null) return;
    const [from, to] = stages;
    if (to) {
      queries.setQueryData(
        columnKey(to.id),
        (cards) =>
          cards && {
            ...cards,
            pages: cards.pages.map((page) => ({
              ...page,
              rows: page.rows.map((r) => (r.id === row.id ? { ...r, version } : r)),
            })),
          },
      );
    }
    if (from?.id === to?.id) return;
    // The columns show the move already; everything else that counts deals is asked again.
    const shown = stages.map((stage) => JSON.stringify(columnKey(stage.id)));
    void queries.invalidateQueries({
      predicate: ({ queryKey }) => refreshed.has(routerOf(queryKey)) && !shown.includes(JSON.stringify(queryKey)),
    });
  };

  const move: Mover['move'] = (row, from, to) => {
    const source = stageOf(from.stageId);
    const target = stageOf(to.stageId);
    if (!source || !target || (source.id === target.id && from.index === to.index)) return;
    const around = neighbours(rowsOf(queries.getQueryData(columnKey(target.id))), row.id, to.index);
    // An answer on its way would put the card back for a moment.
    void queries.cancelQueries({
      predicate: ({ queryKey, state }) => routerOf(queryKey) === 'deals' && state.data !== undefined,
    });
    const shown = entered(row, target, new Date());
    show(shown, source, target, to.index);

    const done = ({ version }: Moved) => {
      setGate(null);
      settle([source, target], row, version);
      if (target.kind !== 'won' || source.id === target.id) return;
      setWonId(row.id);
      setTimeout(() => setWonId((id) => (id === row.id ? null : id)), celebration);
    };
    const takeBack = () => {
      setGate(null);
      show(row, target, source, from.index);
      void queries.invalidateQueries({ queryKey: boardKey });
    };
    const ask = (missing: string[]) =>
      setGate({ dealId: row.id, stageId: target.id, missing, ...around, onDone: done, onCancel: takeBack });

    if (target.kind === 'lost' && source.id !== target.id)
      return ask(target.requiredFields.filter((name) => name === 'lossReason'));
    // By its promise: callbacks given to a mutation are forgotten when the next card is moved before the answer.
    const input = { id: row.id, stageId: target.id, ...around };
    noteBase(input, { stageId: source.id });
    mutateAsync(input).then(
      (result) => {
        noteTakeBack(result.changeSetId, takeBack);
        done(result);
        if (source.id !== target.id) moved(cardOf(row), target, result.changeSetId);
      },
      (error) => {
        const missing = missingFields(error);
        if (missing) return ask(missing);
        takeBack();
        toast.error(text(error));
      },
    );
  };
  return { move, gate, wonId };
}

const refreshed = new Set<string | undefined>(['deals', 'reports', 'changes', 'search']);

function routerOf(key: readonly unknown[]): string | undefined {
  const path = key[0];
  return Array.isArray(path) && typeof path[0] === 'string' ? path[0] : undefined;
}

/** The fields a stage asked for, when that is why a move was refused. */
export function missingFields(error: unknown): string[] | null {
  const refusal = refusalOf(error);
  return refusal?.code === 'stageRequires'
    ? String(refusal.params?.fields ?? '')
        .split(',')
        .filter(Boolean)
    : null;
}

/** Says where a deal went and offers to take it back; a win is said with its amount. */
export function useMovedToast() {
  const t = useTranslations('deals.moved');
  const format = useFormat();
  const undoToast = useUndoToast();
  return (
    deal: { name: string; amount: number | null; currency: string | null },
    stage: StageView,
    changeSetId: string,
  ) => {
    const amount = deal.amount === null ? null : format.money(deal.amount, deal.currency);
    const words = { deal: deal.name, stage: stage.name, amount: amount ?? '' };
    undoToast(
      changeSetId,
      stage.kind === 'won'
        ? t(amount ? 'wonAmount' : 'won', words)
        : stage.kind === 'lost'
          ? t('lost', words)
          : t('moved', words),
    );
  };
}
