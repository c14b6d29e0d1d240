'use client';

import { CalendarClock, Check } from 'lucide-react';
import { memo, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { WaitingMark } from '@/components/records/waiting-mark';
import { useFormat } from '@/components/shell/format';
import { Link } from '@/components/shell/router';
import { Avatar } from '@/components/ui/avatar';
import { cn } from '@/components/ui/cn';
import { CardFields } from '@/components/views/card-fields';
import { useDraggable } from '@/components/views/use-draggable';
import { daysInStage } from '@/domain/deals';
import { type CardRow, cardOf } from './board-cache';
import { type CardShape, cardHeight, linesOf } from './card-shape';

export interface DealCardProps {
  row: CardRow;
  shape: CardShape;
  index: number;
  stageId: string;
  /** The one card of the column that Tab stops at. */
  stop: boolean;
  /** On its way elsewhere, by pointer or keys. */
  lifted: boolean;
  won: boolean;
  movable: boolean;
  instructions: string;
  onOpen: (id: string) => void;
}

/** One deal on the board: a link that can be dragged. */
export const DealCard = memo(function DealCard({
  row,
  shape,
  index,
  stageId,
  stop,
  lifted,
  won,
  movable,
  instructions,
  onOpen,
}: DealCardProps) {
  const t = useTranslations('deals.card');
  const ref = useRef<HTMLAnchorElement>(null);
  const card = cardOf(row);
  useDraggable(ref, movable, () => ({ kind: 'deal', row, stageId, index }));
  return (
    <Link
      ref={ref}
      to={`/deals/${card.id}`}
      draggable={false}
      data-card={card.id}
      data-stage={stageId}
      data-index={index}
      tabIndex={stop ? 0 : -1}
      aria-describedby={movable ? instructions : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        onOpen(card.id);
      }}
      style={{ height: cardHeight(row, shape) }}
      className={cn(
        'relative flex select-none flex-col rounded-lg border bg-card px-3 py-2.5 text-sm shadow-card transition-[border-color,opacity,box-shadow] hover:border-input',
        'focus-visible:outline-2 focus-visible:outline-ring focus-visible:outline-offset-0 [-webkit-touch-callout:none]',
        lifted && 'opacity-40',
        won && 'border-success! shadow-[0_0_0_4px_var(--success-soft)] duration-500',
      )}
    >
      <span className="flex items-center gap-1 pr-1">
        <span className="min-w-0 truncate font-medium leading-5">{card.name || t('untitled')}</span>
        <WaitingMark id={card.id} className="ml-auto" />
      </span>
      {shape.company && (
        <span className="truncate text-muted-foreground leading-5">{card.company ?? t('noCompany')}</span>
      )}
      <CardFields object="deal" row={row} names={linesOf(row, shape)} />
      <CardFoot card={card} shape={shape} />
      {won && (
        <span className="zoom-in-50 fade-in-0 absolute top-2 right-2 grid size-5 animate-in place-items-center rounded-full bg-success text-background duration-300">
          <Check aria-hidden className="size-3.5" strokeWidth={3} />
        </span>
      )}
    </Link>
  );
});

function CardFoot({ card, shape }: { card: ReturnType<typeof cardOf>; shape: CardShape }) {
  const t = useTranslations('deals.card');
  const format = useFormat();
  // How long a deal waits matters only while it is open.
  const days = card.open && card.stageEnteredAt ? daysInStage(card.stageEnteredAt, new Date()) : null;
  return (
    <span className="mt-auto flex h-5 items-center gap-2">
      {!shape.amount ? null : card.amount === null ? (
        <span className="text-muted-foreground">{t('noAmount')}</span>
      ) : (
        <span className="tabular truncate font-medium" title={format.money(card.amount, card.currency, 'exact')}>
          {format.money(card.amount, card.currency)}
        </span>
      )}
      <span className="ml-auto flex min-w-0 shrink items-center gap-2 text-muted-foreground">
        {card.nextTask && <NextTask day={card.nextTask} />}
        {days !== null && (
          <span className="tabular shrink-0" title={t('daysTitle', { days })}>
            <span aria-hidden>{t('days', { days })}</span>
            <span className="sr-only">{t('daysTitle', { days })}</span>
          </span>
        )}
        {shape.owner && card.owner && (
          <span title={card.owner} className="flex shrink-0">
            <Avatar name={card.owner} seed={card.ownerId ?? card.owner} size="sm" />
            <span className="sr-only">{t('owner', { name: card.owner })}</span>
          </span>
        )}
      </span>
    </span>
  );
}

function NextTask({ day }: { day: string }) {
  const t = useTranslations('deals.card');
  const format = useFormat();
  const overdue = format.daysFromToday(day) < 0;
  const title = t(overdue ? 'overdue' : 'next', { day: format.date(day) });
  return (
    <span title={title} className={cn('flex min-w-0 items-center gap-1', overdue && 'font-medium text-destructive')}>
      <CalendarClock aria-hidden className="size-3.5 shrink-0" />
      <span aria-hidden className="truncate">
        {format.relativeDay(day)}
      </span>
      <span className="sr-only">{title}</span>
    </span>
  );
}
