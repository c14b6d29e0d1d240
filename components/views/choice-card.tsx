'use client';
import { memo, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { type RecordRow, recordPath, titleOf } from '@/components/records/record-data';
import { type ObjectKey, useObject } from '@/components/records/use-object';
import { Link } from '@/components/shell/router';
import { cn } from '@/components/ui/cn';
import { isBlank } from '@/domain/blank';
import { CardFields } from './card-fields';
import { useDraggable } from './use-draggable';
import { mostOnCards } from './view-fields';

export interface ChoiceCardProps {
  object: ObjectKey;
  row: RecordRow;
  /** Column it stands in. */
  column: string | null;
  index: number;
  names: readonly string[];
  /** The one card of the column that Tab stops at. */
  stop: boolean;
  lifted: boolean;
  movable: boolean;
  instructions: string;
  onOpen: (id: string) => void;
}

/** What cards show, for whoever is told of one by an event. */
const shownRows = new WeakMap<Element, RecordRow>();
export const rowOfCard = (card: Element): RecordRow | undefined => shownRows.get(card);

/** One record on a board: a link that can be dragged. */
export const ChoiceCard = memo(function ChoiceCard(props: ChoiceCardProps) {
  const { object, row, column, index, names, stop, lifted, movable, instructions, onOpen } = props;
  const t = useTranslations('records');
  const kind = useObject(object);
  const ref = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (ref.current) shownRows.set(ref.current, row);
  }, [row]);
  useDraggable(ref, movable, () => ({ kind: 'record-card', row, column }));
  const shown = names.filter((name) => name !== kind.title && !isBlank(row[name])).slice(0, mostOnCards);
  return (
    <Link
      ref={ref}
      to={recordPath(object, row.id)}
      draggable={false}
      data-card={row.id}
      data-index={index}
      tabIndex={stop ? 0 : -1}
      aria-describedby={movable ? instructions : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        onOpen(row.id);
      }}
      className={cn(
        'block select-none rounded-lg border bg-card px-3 py-2.5 text-sm shadow-card transition-[border-color,opacity] hover:border-input',
        'focus-visible:outline-2 focus-visible:outline-ring focus-visible:outline-offset-0 [-webkit-touch-callout:none]',
        lifted && 'opacity-40',
      )}
    >
      <span className="block truncate font-medium leading-5">{titleOf(object, row) || t('untitled')}</span>
      <CardFields object={object} row={row} names={shown} />
    </Link>
  );
});
