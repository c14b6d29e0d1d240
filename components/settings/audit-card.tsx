'use client';

import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useFormat } from '@/components/shell/format';
import { cn } from '@/components/ui/cn';
import { AuditDetails } from './audit-details';
import { type AuditRow, useDoer, useSentence } from './audit-words';

/** One entry on a phone. */
export function AuditCard({ row }: { row: AuditRow }) {
  const format = useFormat();
  const sentence = useSentence();
  const doer = useDoer();
  const [open, setOpen] = useState(false);
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="focus-inset flex w-full items-start gap-2 px-3 py-2.5 text-left"
      >
        <span className="grid min-w-0 flex-1 gap-0.5">
          <span className="break-words font-medium text-sm">{sentence(row)}</span>
          <span className="text-muted-foreground text-sm">
            {doer(row)} · <time dateTime={row.at}>{format.dateTime(row.at)}</time>
          </span>
        </span>
        <ChevronRight
          aria-hidden
          className={cn('mt-0.5 size-4 shrink-0 text-muted-foreground transition-transform', open && 'rotate-90')}
        />
      </button>
      {open && (
        <div className="px-3 pb-3">
          <AuditDetails row={row} />
        </div>
      )}
    </li>
  );
}
