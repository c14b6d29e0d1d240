'use client';

import { ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { Avatar } from '@/components/ui/avatar';
import { Badge } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import { AuditDetails } from './audit-details';
import { AboutLink, type AuditRow, useDoer, useSentence } from './audit-words';

/** One entry as a row of the table; it opens to what changed. */
export function AuditTableRow({ row }: { row: AuditRow }) {
  const t = useTranslations('audit');
  const format = useFormat();
  const sentence = useSentence();
  const doer = useDoer();
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      {/* The button in the first cell is for the keyboard; a click anywhere in the row is the same for the mouse. */}
      <tr
        onClick={(event) => {
          if (!(event.target instanceof Element && event.target.closest('a, button'))) setOpen(!open);
        }}
        className={cn('cursor-pointer border-b transition-colors last:border-0 hover:bg-subtle', open && 'bg-subtle')}
      >
        <td className="h-9 pr-3 pl-1.5">
          <span className="flex items-center gap-1">
            <button
              type="button"
              aria-expanded={open}
              aria-controls={open ? id : undefined}
              aria-label={row.kind === 'change' ? t('page.show') : t('page.details')}
              onClick={() => setOpen(!open)}
              className="grid size-6 shrink-0 place-items-center rounded-xs text-muted-foreground hover:bg-accent"
            >
              <ChevronRight className={cn('size-4 transition-transform', open && 'rotate-90')} />
            </button>
            <time dateTime={row.at} title={row.at} className="tabular truncate">
              {format.dateTime(row.at)}
            </time>
          </span>
        </td>
        <td className="px-3">
          <span className="flex min-w-0 items-center gap-2">
            {row.memberId && row.memberName && <Avatar name={row.memberName} seed={row.memberId} size="sm" />}
            <span className={cn('truncate', !row.memberName && 'text-muted-foreground')}>{doer(row)}</span>
          </span>
        </td>
        <td className="truncate px-3" title={sentence(row)}>
          {sentence(row)}
        </td>
        <td className="truncate px-3 text-muted-foreground">
          <AboutLink row={row} />
        </td>
        <td className="tabular truncate px-3 text-muted-foreground max-lg:hidden">
          {row.channel === 'screen' ? row.ip : <Badge variant="secondary">{t(`channels.${row.channel}`)}</Badge>}
        </td>
      </tr>
      {open && (
        <tr id={id} className="border-b bg-subtle last:border-0">
          <td colSpan={5} className="pt-2 pr-4 pb-3 pl-9">
            <AuditDetails row={row} />
          </td>
        </tr>
      )}
    </>
  );
}
