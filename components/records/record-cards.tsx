'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { useLabels } from '@/components/shell/labels';
import { useScrollKeptAs } from '@/components/shell/page';
import { Link, usePath } from '@/components/shell/router';
import { isBlank } from '@/domain/blank';
import { RecordAvatar } from './chips';
import { FieldValue } from './field-value';
import { type RecordRow, recordPath, titleOf } from './record-data';
import { type ObjectKey, titleField } from './use-object';
import { WaitingMark } from './waiting-mark';

/** A list on a phone: a card for each record, its first filled fields under its name. */
export function RecordCards({
  object,
  rows,
  names,
  more,
}: {
  object: ObjectKey;
  rows: readonly RecordRow[];
  names: readonly string[];
  /** Asks for the next page; undefined when all are here. */
  more: (() => void) | undefined;
}) {
  const labels = useLabels();
  const scroller = useScrollKeptAs(`cards ${usePath()}`);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 96,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const atEnd = (items.at(-1)?.index ?? 0) >= rows.length - 10;
  useEffect(() => {
    if (atEnd) more?.();
  }, [atEnd, more]);
  return (
    <div ref={scroller} className="scroll-quiet h-full overflow-y-auto bg-canvas">
      <ul
        aria-label={labels.object(object, 'Other')}
        className="relative"
        style={{ height: virtual.getTotalSize() + 16 }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          return row ? (
            <li
              key={row.id}
              ref={virtual.measureElement}
              data-index={item.index}
              className="absolute inset-x-0 px-3 pt-2"
              style={{ top: item.start }}
            >
              <Card object={object} row={row} names={names} />
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}

function Card({ object, row, names }: { object: ObjectKey; row: RecordRow; names: readonly string[] }) {
  const t = useTranslations('records');
  const labels = useLabels();
  const title = titleOf(object, row);
  const shown = names
    .filter((name) => name !== titleField(object) && name !== 'createdAt' && !isBlank(row[name]))
    .slice(0, 4);
  return (
    <Link to={recordPath(object, row.id)} className="block rounded-lg border bg-card p-3">
      <span className="flex items-center gap-2">
        <RecordAvatar object={object} id={row.id} title={title} size="md" />
        <span className="min-w-0 flex-1 truncate font-medium">{title || t('untitled')}</span>
        <WaitingMark id={row.id} />
      </span>
      {shown.length > 0 && (
        <span className="mt-2 grid grid-cols-2 gap-x-3 gap-y-1.5 text-sm">
          {shown.map((name) => (
            <span key={name} className="min-w-0 truncate">
              <span className="sr-only">{labels.field(object, name)}: </span>
              <FieldValue object={object} name={name} row={row} link={false} />
            </span>
          ))}
        </span>
      )}
    </Link>
  );
}
