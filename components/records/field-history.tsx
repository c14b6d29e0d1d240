'use client';

import { useQuery } from '@tanstack/react-query';
import { ArrowRight, History } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { Skeleton } from '@/components/ui/skeleton';
import { isBlank } from '@/domain/blank';
import { isReference } from '@/domain/fields';
import { PlainValue } from './field-value';
import type { RecordRow } from './record-data';
import { type ObjectKey, useObject } from './use-object';

/** Who set a field, when, from what, through what. */
export function FieldHistory({
  object,
  name,
  row,
  className,
}: {
  object: ObjectKey;
  name: string;
  row: RecordRow;
  className?: string;
}) {
  const t = useTranslations('records.history');
  const labels = useLabels();
  const [open, setOpen] = useState(false);
  const label = t('label', { field: labels.field(object, name) });
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button variant="quiet" size="icon-xs" aria-label={label} className={className}>
          <History />
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" aria-label={label} className="w-80 p-0">
        <h3 className="border-b px-3 py-2 font-medium text-sm">{label}</h3>
        <Entries object={object} name={name} row={row} />
      </PopoverContent>
    </Popover>
  );
}

function Entries({ object, name, row }: { object: ObjectKey; name: string; row: RecordRow }) {
  const t = useTranslations('records.history');
  const tt = useTranslations('records.timeline');
  const c = useTranslations('common');
  const format = useFormat();
  const trpc = useTRPC();
  const history = useQuery(trpc.changes.history.queryOptions({ object, id: row.id, field: name }));
  if (history.isPending) {
    return (
      <div aria-busy className="grid gap-2 p-3">
        <Skeleton className="h-4 w-40" />
        <Skeleton className="h-4 w-52" />
      </div>
    );
  }
  if (!history.data || history.data.length === 0) {
    return <p className="p-3 text-muted-foreground text-sm">{history.isError ? c('loadFailed') : t('none')}</p>;
  }
  return (
    <ol className="scroll-quiet max-h-72 overflow-y-auto p-3">
      {history.data.map((entry, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one change set may set a field twice
        <li key={`${entry.changeSetId} ${i}`} className="border-b pb-2 not-first:pt-2 last:border-0 last:pb-0">
          <p className="flex min-w-0 flex-wrap items-center gap-1.5 text-sm">
            <Side object={object} name={name} row={row} value={entry.before} />
            <ArrowRight aria-label={t('to')} className="size-3.5 shrink-0 text-muted-foreground" />
            <Side object={object} name={name} row={row} value={entry.after} />
          </p>
          <p className="mt-0.5 text-muted-foreground text-xs">
            {t('by', {
              name: entry.by ?? c('unknownPerson'),
              at: format.dateTime(entry.at),
              channel: tt(`channels.${channelOf(entry.channel)}`),
            })}
          </p>
        </li>
      ))}
    </ol>
  );
}

function Side({ object, name, row, value }: { object: ObjectKey; name: string; row: RecordRow; value: unknown }) {
  const t = useTranslations('records.history');
  const field = useObject(object).fields[name];
  if (!field || isBlank(value)) return <span className="text-muted-foreground">{t('empty')}</span>;
  // References and files arrive as what they are called.
  if (isReference(field) || field.type === 'relation')
    return <span className="min-w-0 break-words">{String(value)}</span>;
  if (field.type === 'file' && Array.isArray(value))
    return <span className="min-w-0 break-words">{value.map((name) => String(name ?? '–')).join(', ')}</span>;
  return (
    <span className="min-w-0 max-w-full break-words">
      <PlainValue
        object={object}
        name={name}
        field={field}
        value={value}
        title={null}
        currency={typeof row.currency === 'string' ? row.currency : null}
        link={false}
      />
    </span>
  );
}

const channels = ['screen', 'api', 'import', 'system'] as const;

export function channelOf(channel: string): (typeof channels)[number] {
  return channels.find((known) => known === channel) ?? 'system';
}
