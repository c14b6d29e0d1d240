'use client';

import { monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/adapter/element-adapter';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowRightLeft, Kanban } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { scrollWhileDragging } from '@/components/deals/drag-scroll';
import { PhoneColumns } from '@/components/deals/phone-stages';
import { both } from '@/components/records/filter-tree';
import { type RecordRow, titleOf, useRecordApi } from '@/components/records/record-data';
import { Failed, NothingFound, type RecordTableProps } from '@/components/records/record-table';
import { useTableColumns } from '@/components/records/table-columns';
import { useGroupTitle } from '@/components/records/table-group';
import { useCommit } from '@/components/records/use-commit';
import { useObject } from '@/components/records/use-object';
import { usePhone } from '@/components/records/use-phone';
import { useCan, usePreference } from '@/components/shell/boot';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import {
  ContextMenu,
  ContextMenuItem,
  ContextMenuSub,
  ContextMenuSubContent,
  ContextMenuSubTrigger,
  ContextMenuTrigger,
} from '@/components/ui/context-menu';
import { Empty } from '@/components/ui/empty';
import { toast } from '@/components/ui/toaster';
import { columnsOf, offeredChoices } from './board-columns';
import { type Move, type Moves, withMove } from './board-moves';
import { rowOfCard } from './choice-card';
import { ChoiceColumn, columnMark } from './choice-column';
import { focusSoon } from './focus-soon';
import { RecordMenu } from './record-menu';
import { boardFields } from './view-fields';

/** A card in hand, by pointer or by keys; null for `to` is outside of every column. */
interface Carried {
  row: RecordRow;
  from: string | null;
  to: { key: string | null } | null;
}

const noMoves: Moves = new Map();
const noneFolded: string[] = [];

/** Records of any object in columns by a choice field. A card changes its choice by pointer, by keys or by its menu. */
export function ChoiceBoard({ object, state, fixed, onOpen, empty }: RecordTableProps) {
  const t = useTranslations('records.board');
  const kind = useObject(object);
  const trpc = useTRPC();
  const can = useCan();
  const fields = boardFields(kind);
  const field = fields.find((name) => name === state.config.board) ?? fields[0];
  const definition = field ? kind.fields[field] : undefined;
  const filter = both(fixed, state.filter);
  const groups = useQuery(
    trpc.views.groups.queryOptions(
      {
        object,
        filter,
        q: state.q || undefined,
        group: field ? { field } : undefined,
        totals: Object.keys(state.config.totals ?? {}),
      },
      { enabled: field !== undefined, placeholderData: keepPreviousData },
    ),
  );
  const { names } = useTableColumns(object, state);
  const groupTitle = useGroupTitle(object);
  const [kept, setFolded] = usePreference<string[]>(`board.folded:${object}:${field}`, []);
  // On a phone one column is in sight at a time: there is nothing to fold, and nobody could unfold it.
  const folded = usePhone() ? noneFolded : kept;
  const instructions = useId();
  const board = useRef<HTMLDivElement>(null);
  const [carried, showCarried] = useState<Carried | null>(null);
  // Drag events come faster than renders: what is carried is read here, the state only draws it.
  const inHand = useRef<Carried | null>(null);
  const carry = (card: Carried | null) => {
    inHand.current = card;
    showCarried(card);
  };
  const [said, say] = useState('');
  const [menuFor, setMenuFor] = useState<{ row: RecordRow; key: string | null } | null>(null);
  const { moves, move, dialog } = useMoves(object, field, groups.refetch);
  const movable = can(`${object}.write`) && definition !== undefined && !definition.readOnly;
  const columns = field && definition ? columnsOf(field, definition, groups.data?.groups) : [];
  const offered = definition ? offeredChoices(definition) : [];
  /** Whether records may be put there: a choice offered no more keeps those it has. */
  const takes = (key: string | null) => key === null || offered.includes(key);
  const titleFor = (key: string | null) => (field ? groupTitle(field, undefined, { key, title: null }) : '');
  const drop = (card: Carried) => {
    carry(null);
    if (card.to) move(card.row, card.from, card.to.key, titleFor(card.to.key));
  };
  useDragging({ board, inHand, carry, drop });

  /** The card an event is about. */
  const cardAt = (target: EventTarget): { row: RecordRow; key: string | null; index: number } | null => {
    const card = target instanceof Element ? target.closest<HTMLElement>('[data-card]') : null;
    const mark = card?.closest<HTMLElement>('[data-column]')?.dataset.column;
    const column = columns.find(({ key }) => columnMark(key) === mark);
    const row = card ? rowOfCard(card) : undefined;
    return row && column ? { row, key: column.key, index: Number(card?.dataset.index) } : null;
  };
  const pointAt = (target: EventTarget) => {
    const found = cardAt(target);
    setMenuFor(found);
    return found !== null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return;
    const at = cardAt(event.target);
    if (!at) return;
    if (carried ? carryingKey(event.key, carried) : restingKey(event.key, at)) event.preventDefault();
  };
  const restingKey = (key: string, at: { row: RecordRow; key: string | null; index: number }): boolean => {
    if (key === ' ' && movable) {
      carry({ row: at.row, from: at.key, to: { key: at.key } });
      say(t('lifted', { title: titleOf(object, at.row) }));
      return true;
    }
    const next = neighbourCard(board.current, columnMark(at.key), at.index, key);
    next?.focus();
    return next !== null;
  };
  const carryingKey = (key: string, card: Carried): boolean => {
    const title = titleOf(object, card.row);
    if (key === 'Escape' || key === 'Tab') {
      carry(null);
      say(t('cancelled', { title }));
      return key === 'Escape';
    }
    if (key === ' ' || key === 'Enter') {
      drop(card);
      if (card.to) say(t('moved', { title, column: titleFor(card.to.key) }));
      // The card is drawn anew in its new column; the focus goes with it.
      focusSoon(() => board.current?.querySelector<HTMLElement>(`[data-card="${card.row.id}"]`));
      return true;
    }
    const open = columns.filter(({ key }) => !folded.includes(columnMark(key)) && (takes(key) || key === card.from));
    const here = open.findIndex((column) => column.key === card.to?.key);
    const next = key === 'ArrowRight' ? open[here + 1] : key === 'ArrowLeft' ? open[here - 1] : undefined;
    if (next) {
      carry({ ...card, to: { key: next.key } });
      board.current
        ?.querySelector(`[data-column="${CSS.escape(columnMark(next.key))}"]`)
        ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      say(t('over', { title, column: titleFor(next.key) }));
    }
    return true;
  };

  if (!field) return <Empty icon={<Kanban />} title={t('noField')} description={t('noFieldHelp')} />;
  if (groups.isError && !groups.data) return <Failed error={groups.error} retry={() => void groups.refetch()} />;
  if (groups.data?.records === 0)
    return (
      <div className="h-full overflow-y-auto">
        {state.narrowed ? <NothingFound object={object} reset={state.reset} /> : empty}
      </div>
    );
  return (
    <div className="flex h-full min-h-0 flex-col bg-canvas">
      <PhoneColumns
        label={t('columns')}
        columns={columns.map(({ key, count }) => ({ id: columnMark(key), name: titleFor(key), count }))}
        scroller={board}
      />
      <ContextMenu>
        <ContextMenuTrigger asChild disabled={carried !== null}>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: keys and menu belong to the cards inside */}
          <div
            ref={board}
            onKeyDown={onKeyDown}
            onPointerDownCapture={(event) => pointAt(event.target)}
            onContextMenu={(event) => {
              if (!pointAt(event.target)) event.preventDefault();
            }}
            className="flex min-h-0 flex-1 gap-1 overflow-x-auto overflow-y-hidden p-2 max-md:snap-x max-md:snap-mandatory max-md:gap-0 max-md:p-0"
          >
            {columns.map((group) => (
              <ChoiceColumn
                key={columnMark(group.key)}
                object={object}
                field={field}
                group={group}
                title={titleFor(group.key)}
                counted={groups.data !== undefined}
                state={state}
                filter={filter}
                names={names}
                moves={moves}
                movable={movable}
                takes={takes(group.key)}
                folded={folded.includes(columnMark(group.key))}
                onFold={(key) => {
                  const mark = columnMark(key);
                  setFolded(folded.includes(mark) ? folded.filter((each) => each !== mark) : [...folded, mark]);
                }}
                over={carried?.to?.key === group.key && carried?.to !== null && carried.from !== group.key}
                liftedId={carried?.row.id ?? null}
                instructions={instructions}
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
                <ContextMenuSubContent className="max-h-80 overflow-y-auto">
                  {columns
                    .filter(({ key }) => key !== menuFor.key && takes(key))
                    .map(({ key }) => (
                      <ContextMenuItem
                        key={columnMark(key)}
                        onSelect={() => move(menuFor.row, menuFor.key, key, titleFor(key))}
                      >
                        {titleFor(key)}
                      </ContextMenuItem>
                    ))}
                </ContextMenuSubContent>
              </ContextMenuSub>
            )}
          </RecordMenu>
        )}
      </ContextMenu>
      <p id={instructions} hidden>
        {t('instructions')}
      </p>
      <p role="status" aria-live="assertive" className="sr-only">
        {said}
      </p>
      {dialog}
    </div>
  );
}

/** Puts cards into other columns: shown at once, taken back when the server refuses, with an undo. */
function useMoves(object: RecordTableProps['object'], field: string | undefined, recount: () => Promise<unknown>) {
  const t = useTranslations('records.board');
  const api = useRecordApi(object);
  const queries = useQueryClient();
  const undo = useUndoToast();
  const { commit, dialog } = useCommit(object);
  const [moves, setMoves] = useState(noMoves);
  const set = (id: string, move: Move | null) => setMoves((before) => withMove(before, id, move));
  const move = (row: RecordRow, from: string | null, to: string | null, column: string) => {
    if (!field || from === to) return;
    const moved: Move = { row: { ...row, [field]: to }, from, to, pending: true };
    set(row.id, moved);
    commit({ ...row, [field]: from }, field, to, {
      onSaved: (changeSetId) => {
        undo(changeSetId, t('moved', { title: titleOf(object, row), column }));
        const asked = [queries.invalidateQueries({ queryKey: api.list.infiniteQueryKey() }), recount()];
        void Promise.all(asked).finally(() => set(row.id, { ...moved, pending: false }));
      },
      onRefused: (error) => {
        set(row.id, null);
        toast.error(error);
      },
    });
  };
  return { moves, move, dialog };
}

const steps: Record<string, 1 | -1> = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 };

/** The card that way from another, over columns without cards; null when there is none. */
function neighbourCard(board: HTMLElement | null, mark: string, index: number, key: string): HTMLElement | null {
  const step = steps[key];
  if (!board || step === undefined) return null;
  const columns = [...board.querySelectorAll<HTMLElement>('[data-column]')];
  const cardsOf = (column: HTMLElement | undefined) => [
    ...(column?.querySelectorAll<HTMLElement>('[data-card]') ?? []),
  ];
  const here = columns.findIndex((column) => column.dataset.column === mark);
  if (key === 'ArrowDown' || key === 'ArrowUp') return cardsOf(columns[here])[index + step] ?? null;
  for (let i = here + step; i >= 0 && i < columns.length; i += step) {
    const cards = cardsOf(columns[i]);
    if (cards.length > 0) return cards[Math.min(index, cards.length - 1)] ?? null;
  }
  return null;
}

interface Dragging {
  board: RefObject<HTMLDivElement | null>;
  inHand: RefObject<Carried | null>;
  carry: (card: Carried | null) => void;
  drop: (card: Carried) => void;
}

/** The pointer's way of carrying a card. */
function useDragging({ board, inHand, carry, drop }: Dragging) {
  const start = useEffectEvent((data: Record<string, unknown>) => {
    // The card puts its own row and column into the drag (choice-card.tsx).
    const { row, column } = data as { row: RecordRow; column: string | null };
    carry({ row, from: column, to: { key: column } });
  });
  const over = useEffectEvent((to: Carried['to']) => {
    const card = inHand.current;
    if (card && (to?.key !== card.to?.key || (to === null) !== (card.to === null))) carry({ ...card, to });
  });
  const end = useEffectEvent(() => inHand.current && drop(inHand.current));
  useEffect(() => {
    let stop = () => {};
    let at = { x: 0, y: 0 };
    let column: Element | null = null;
    const clean = monitorForElements({
      canMonitor: ({ source }) => source.data.kind === 'record-card',
      onDragStart: ({ source }) => {
        start(source.data);
        stop = scrollWhileDragging(
          () => at,
          () => ({ down: column?.querySelector('[data-scroller]'), across: board.current }),
        );
      },
      onDrag: ({ location }) => {
        const { input, dropTargets } = location.current;
        at = { x: input.clientX, y: input.clientY };
        const target = dropTargets[0];
        column = target?.element ?? null;
        // Columns say which choice they are (choice-column.tsx).
        over(target ? { key: target.data.column as string | null } : null);
      },
      onDrop: ({ location }) => {
        stop();
        const target = location.current.dropTargets[0];
        over(target ? { key: target.data.column as string | null } : null);
        end();
      },
    });
    return () => {
      stop();
      clean();
    };
  }, [board]);
}
