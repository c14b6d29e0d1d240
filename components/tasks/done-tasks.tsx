'use client';

import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRecordCount, useRecordList } from '@/components/records/record-list';
import { TaskRow } from '@/components/records/task-row';
import { useFormat } from '@/components/shell/format';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import type { Filter } from '@/domain/filters';

/** What was ticked off, the latest first; asked for only when it is unfolded. */
export function DoneTasks({ mine, q, onOpen }: { mine: Filter[]; q?: string; onOpen: (id: string) => void }) {
  const t = useTranslations('tasks');
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const filter: Filter = { and: [{ field: 'done', op: 'is', value: true }, ...mine] };
  const count = useRecordCount('task', { filter, q });
  const { rows, query } = useRecordList('task', { filter, q, sort: { field: 'doneAt', dir: 'desc' } }, open);
  if (!count || count.count === 0) return null;
  return (
    <section className="mt-8">
      <h2>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex h-8 items-center gap-1.5 rounded-md font-medium text-muted-foreground text-sm hover:text-foreground"
        >
          <ChevronRight aria-hidden className={cn('size-4 transition-transform', open && 'rotate-90')} />
          {t('done')}
          <span className="tabular font-normal text-xs">
            {format.number(count.count)}
            {count.capped && '+'}
          </span>
        </button>
      </h2>
      {open && rows.length > 0 && (
        <ul className="mt-1 divide-y overflow-hidden rounded-lg border bg-card">
          {rows.map((task) => (
            <li key={task.id} className="hover:bg-subtle">
              <TaskRow task={task} showLinks onOpen={onOpen} />
            </li>
          ))}
        </ul>
      )}
      {open && query.hasNextPage && (
        <Button
          variant="quiet"
          size="sm"
          className="mt-2"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('more')}
        </Button>
      )}
    </section>
  );
}
