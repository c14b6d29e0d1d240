'use client';

import {
  type ElementEventBasePayload,
  monitorForElements,
} from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { type KeyboardEvent, useCallback, useEffect, useEffectEvent, useId, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePhone } from '@/components/records/use-phone';
import { useCan, usePreference } from '@/components/shell/boot';
import { ContextMenu, ContextMenuTrigger } from '@/components/ui/context-menu';
import type { Filter } from '@/domain/filters';
import type { PipelineView } from '@/domain/pipelines';
import type { Board, CardRow } from './board-cache';
import { BoardColumn, type ColumnHandle } from './board-column';
import { carriedAfter, focusAfter, type KeyColumn, type Place } from './board-keys';
import { CardMenu } from './card-menu';
import type { CardShape } from './card-shape';
import type { ColumnFigures } from './column-header';
import { scrollWhileDragging } from './drag-scroll';
import { PhoneStages } from './phone-stages';
import { StageGateDialog } from './stage-gate';
import { useMove } from './use-board';

/** A card on its way, by pointer or by keys. */
interface Carried {
  row: CardRow;
  from: Place;
  to: Place | null;
}

export interface DealBoardProps {
  pipeline: PipelineView;
  board: Board | undefined;
  filter?: Filter;
  q?: string;
  shape: CardShape;
  /** What is asked of the server for them. */
  columns: string[];
  onOpen: (id: string) => void;
}

/** The pipeline as columns of cards. */
export function DealBoard({ pipeline, board, filter, q, shape, columns: asked, onOpen }: DealBoardProps) {
  const t = useTranslations('deals.board');
  const movable = useCan()('deal.write');
  const instructions = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const columns = useRef(new Map<string, ColumnHandle>());
  const [carried, showCarried] = useState<Carried | null>(null);
  // Drag events come faster than renders: what is carried is read here, the state only draws it.
  const inHand = useRef<Carried | null>(null);
  const setCarried = (card: Carried | null) => {
    inHand.current = card;
    showCarried(card);
  };
  const [said, say] = useState('');
  const [menuFor, setMenuFor] = useState<{ row: CardRow; place: Place } | null>(null);
  const [kept, setFolded] = usePreference<string[]>('deals.folded', []);
  // On a phone one column is in sight at a time: there is nothing to fold, and nobody could unfold it.
  const folded = usePhone() ? noneFolded : kept;
  const mover = useMove({ pipeline, filter, q, columns: asked });
  const figures = useFigures(board);

  const register = useCallback((stageId: string, handle: ColumnHandle | null) => {
    if (handle) columns.current.set(stageId, handle);
    else columns.current.delete(stageId);
  }, []);
  const fold = useStable((stageId: string) =>
    setFolded(folded.includes(stageId) ? folded.filter((id) => id !== stageId) : [...folded, stageId]),
  );
  const open = useStable(onOpen);

  const sayPlace = (key: 'over' | 'dropped', row: CardRow, place: Place) => {
    const stage = pipeline.stages.find((each) => each.id === place.stageId);
    say(t(key, { deal: String(row.name), stage: stage?.name ?? '', position: place.index + 1 }));
  };
  const drop = (card: Carried) => {
    setCarried(null);
    if (card.to) mover.move(card.row, card.from, card.to);
  };

  useDragging({
    columns: columns.current,
    board: scroller,
    inHand,
    carry: setCarried,
    drop,
  });

  const keyColumns = (): KeyColumn[] =>
    pipeline.stages.map(({ id }) => ({
      stageId: id,
      cards: columns.current.get(id)?.rows.length ?? 0,
      folded: folded.includes(id),
    }));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return;
    const place = placeOf(event.target);
    if (!place) return;
    const act = carried ? carryingKey(event.key, carried) : restingKey(event.key, place);
    if (act) event.preventDefault();
  };
  const restingKey = (key: string, place: Place): boolean => {
    if (key === ' ' && movable) {
      const row = columns.current.get(place.stageId)?.rows[place.index];
      if (!row) return false;
      setCarried({ row, from: place, to: place });
      say(t('lifted', { deal: String(row.name) }));
      return true;
    }
    const next = focusAfter(keyColumns(), place, key);
    if (next) columns.current.get(next.stageId)?.focus(next.index);
    return next !== null;
  };
  const carryingKey = (key: string, card: Carried): boolean => {
    const { row, from, to } = card;
    if (key === 'Escape' || key === 'Tab') {
      setCarried(null);
      say(t('cancelled', { deal: String(row.name) }));
      return key === 'Escape';
    }
    if ((key === ' ' || key === 'Enter') && to) {
      drop(card);
      sayPlace('dropped', row, to);
      // The card is drawn anew in its new column; the focus goes with it.
      setTimeout(() => columns.current.get(to.stageId)?.focus(to.index), 50);
      return true;
    }
    const next = to && carriedAfter(keyColumns(), from, to, key);
    if (next) {
      setCarried({ ...card, to: next });
      columns.current.get(next.stageId)?.reveal(next.index);
      scroller.current
        ?.querySelector(`[data-column="${next.stageId}"]`)
        ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      sayPlace('over', row, next);
    }
    return true;
  };

  const pointAt = (target: EventTarget) => {
    const place = placeOf(target);
    const row = place && columns.current.get(place.stageId)?.rows[place.index];
    setMenuFor(place && row ? { row, place } : null);
    return Boolean(row);
  };

  return (
    <div className="flex h-full min-h-0 flex-col bg-canvas">
      <PhoneStages stages={pipeline.stages} figures={figures} scroller={scroller} />
      <ContextMenu>
        <ContextMenuTrigger asChild disabled={carried !== null}>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: keys and menu belong to the cards inside */}
          <div
            ref={scroller}
            onKeyDown={onKeyDown}
            onPointerDownCapture={(event) => pointAt(event.target)}
            onContextMenu={(event) => {
              if (!pointAt(event.target)) event.preventDefault();
            }}
            className="flex min-h-0 flex-1 gap-1 overflow-x-auto overflow-y-hidden p-2 max-md:snap-x max-md:snap-mandatory max-md:gap-0 max-md:p-0"
          >
            {pipeline.stages.map((stage) => (
              <BoardColumn
                key={stage.id}
                stage={stage}
                figures={figures?.get(stage.id) ?? (figures && none)}
                filter={filter}
                q={q}
                shape={shape}
                columns={asked}
                folded={folded.includes(stage.id)}
                onFold={fold}
                dropIndex={
                  carried?.to?.stageId === stage.id && !isSame(carried.from, carried.to) ? carried.to.index : null
                }
                liftedId={carried?.from.stageId === stage.id ? carried.row.id : null}
                wonId={mover.wonId}
                movable={movable}
                instructions={instructions}
                onOpen={open}
                register={register}
              />
            ))}
          </div>
        </ContextMenuTrigger>
        {menuFor && (
          <CardMenu
            row={menuFor.row}
            stages={pipeline.stages}
            movable={movable}
            onOpen={onOpen}
            onMove={(stageId) => mover.move(menuFor.row, menuFor.place, { stageId, index: 0 })}
          />
        )}
      </ContextMenu>
      <p id={instructions} hidden>
        {t('instructions')}
      </p>
      <p role="status" aria-live="assertive" className="sr-only">
        {said}
      </p>
      {mover.gate && <StageGateDialog {...mover.gate} />}
    </div>
  );
}

const noneFolded: string[] = [];
const none: ColumnFigures = { count: 0, total: 0, weighted: 0, other: [] };

function useFigures(board: Board | undefined): Map<string, ColumnFigures> | undefined {
  return useMemo(
    () =>
      board &&
      new Map(
        board.columns.map(({ stageId, ...sums }) => [
          stageId,
          { ...sums, other: board.other.filter((o) => o.stageId === stageId) },
        ]),
      ),
    [board],
  );
}

/** A function that stays the same and does what the newest one would. */
function useStable<A extends unknown[]>(run: (...args: A) => void): (...args: A) => void {
  const newest = useRef(run);
  useEffect(() => {
    newest.current = run;
  });
  return useCallback((...args: A) => newest.current(...args), []);
}

const isSame = (a: Place, b: Place) => a.stageId === b.stageId && a.index === b.index;

function placeOf(target: EventTarget): Place | null {
  const card = target instanceof Element ? target.closest<HTMLElement>('[data-card]') : null;
  return card?.dataset.stage ? { stageId: card.dataset.stage, index: Number(card.dataset.index) } : null;
}

interface Dragging {
  columns: Map<string, ColumnHandle>;
  board: { current: HTMLDivElement | null };
  inHand: { current: Carried | null };
  carry: (card: Carried | null) => void;
  drop: (card: Carried) => void;
}

/** The pointer's way of carrying a card. */
function useDragging({ columns, board, inHand, carry, drop }: Dragging) {
  const start = useEffectEvent((data: Record<string, unknown>) => {
    // The card puts its own row and place into the drag (deal-card.tsx).
    const { row, stageId, index } = data as unknown as { row: CardRow } & Place;
    carry({ row, from: { stageId, index }, to: { stageId, index } });
  });
  const over = useEffectEvent((stageId: string | null, y: number) => {
    const card = inHand.current;
    if (!card) return;
    const to = stageId === null ? null : { stageId, index: columns.get(stageId)?.indexAt(y) ?? 0 };
    if (to?.stageId !== card.to?.stageId || to?.index !== card.to?.index) carry({ ...card, to });
  });
  const end = useEffectEvent((inside: boolean) => {
    const card = inHand.current;
    if (card) drop(inside ? card : { ...card, to: null });
  });
  useEffect(() => {
    let stop = () => {};
    let at = { x: 0, y: 0 };
    let column: string | null = null;
    const follow = ({ input, dropTargets }: ElementEventBasePayload['location']['current']) => {
      at = { x: input.clientX, y: input.clientY };
      const stageId = dropTargets[0]?.data.stageId;
      column = typeof stageId === 'string' ? stageId : null;
      over(column, input.clientY);
    };
    const clean = monitorForElements({
      canMonitor: ({ source }) => source.data.kind === 'deal',
      onDragStart: ({ source }) => {
        start(source.data);
        stop = scrollWhileDragging(
          () => at,
          () => ({ down: column === null ? null : columns.get(column)?.scroller, across: board.current }),
        );
      },
      onDrag: ({ location }) => follow(location.current),
      onDropTargetChange: ({ location }) => follow(location.current),
      onDrop: ({ location }) => {
        stop();
        follow(location.current);
        end(location.current.dropTargets.length > 0);
      },
    });
    return () => {
      stop();
      clean();
    };
  }, [columns, board]);
}
