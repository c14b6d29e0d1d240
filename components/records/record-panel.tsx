'use client';

import { Maximize2, SearchX, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Link } from '@/components/shell/router';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Hint } from '@/components/ui/tooltip';
import { Presence } from './presence';
import { recordPath, titleOf } from './record-data';
import { Failed } from './record-table';
import { isGone, NarrowRecord, RecordSkeleton, useRecord } from './record-view';
import type { ObjectKey } from './use-object';

/** A record slid over the list it was opened from; the list keeps the keys, so `j` and `k` go through it. */
export function RecordPanel({ object, id, onClose }: { object: ObjectKey; id: string; onClose: () => void }) {
  const t = useTranslations('records.page');
  const c = useTranslations('common');
  const record = useRecord(object, id);
  const row = record.data;
  return (
    <aside
      aria-label={row ? titleOf(object, row) : t('details')}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose();
      }}
      className="slide-in-from-right-6 fade-in-0 absolute inset-y-0 right-0 z-30 flex w-[min(520px,100%)] animate-in flex-col border-l bg-background shadow-pop duration-150"
    >
      <div className="flex h-10 shrink-0 items-center justify-end gap-1 px-2">
        <Presence object={object} id={id} />
        <Hint label={t('whole')} keys="enter">
          <Button asChild variant="quiet" size="icon-sm">
            <Link to={recordPath(object, id)} aria-label={t('whole')}>
              <Maximize2 />
            </Link>
          </Button>
        </Hint>
        <Hint label={c('close')} keys="escape">
          <Button variant="quiet" size="icon-sm" aria-label={c('close')} onClick={onClose}>
            <X />
          </Button>
        </Hint>
      </div>
      <div className="-mt-2 min-h-0 flex-1">
        {row ? (
          <NarrowRecord key={id} object={object} row={row} head />
        ) : record.isError ? (
          isGone(record.error) ? (
            <Empty role="alert" icon={<SearchX />} title={t('gone')} description={t('goneHelp')} />
          ) : (
            <Failed error={record.error} retry={() => void record.refetch()} />
          )
        ) : (
          <RecordSkeleton />
        )}
      </div>
    </aside>
  );
}
