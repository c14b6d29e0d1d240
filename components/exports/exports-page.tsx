'use client';

import { useQuery } from '@tanstack/react-query';
import { Download, FileDown } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ObjectKey } from '@/components/records/use-object';
import { useBoot } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { Page } from '@/components/shell/page';
import { useSearch } from '@/components/shell/router';
import type { ScreenProps } from '@/components/shell/screen';
import { useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Progress } from '@/components/ui/progress';
import { Skeleton } from '@/components/ui/skeleton';
import { fileSize } from '@/domain/attachments';
import { everything, exportDays } from '@/domain/exports';
import { EverythingDialog } from './export-dialog';
import { type ExportView, FileLink, isUnderWay, StopButton, useFailure } from './export-file';

/** What the person has exported, with the files that are still there, and the way to take everything. */
export function ExportsPage(_: ScreenProps) {
  const shell = useTranslations('shell');
  const t = useTranslations('exports');
  const common = useTranslations('common');
  const trpc = useTRPC();
  const [search, setSearch] = useSearch();
  // The address may name an export, as what tells that it is ready does.
  const named = search.get('export');
  const [asking, setAsking] = useState(false);
  const list = useQuery(
    trpc.exports.list.queryOptions(undefined, {
      staleTime: 0,
      refetchInterval: ({ state }) => (state.data?.rows.some(isUnderWay) ? 1000 : false),
    }),
  );
  const close = () => {
    setAsking(false);
    if (named) setSearch({ export: null });
  };
  const button = (
    <Button size="sm" onClick={() => setAsking(true)}>
      <Download />
      {t('everything.button')}
    </Button>
  );
  return (
    <Page title={shell('screens.exports')} actions={button}>
      <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-4 px-4 py-6">
        <div>
          <h2 id="past-exports" className="font-medium text-base">
            {t('past.title')}
          </h2>
          <p className="max-w-3xl text-muted-foreground text-sm">{t('past.help', { days: exportDays })}</p>
        </div>
        {list.isPending && <Skeleton className="h-40" />}
        {list.isError && (
          <Alert variant="destructive">
            <AlertDescription>{common('loadFailed')}</AlertDescription>
            <Button size="sm" variant="outline" onClick={() => list.refetch()}>
              {common('retry')}
            </Button>
          </Alert>
        )}
        {list.data?.rows.length === 0 && (
          <Empty icon={<FileDown />} title={t('past.empty')} description={t('past.emptyHelp')} className="py-8" />
        )}
        {list.data && list.data.rows.length > 0 && (
          <ul aria-labelledby="past-exports" className="divide-y rounded-lg border">
            {list.data.rows.map((found) => (
              <Row key={found.id} found={found} />
            ))}
          </ul>
        )}
      </div>
      {(asking || named) && <EverythingDialog key={named} id={named} onClose={close} />}
    </Page>
  );
}

const variants = {
  queued: 'secondary',
  running: 'primary',
  done: 'success',
  failed: 'destructive',
  cancelled: 'outline',
  expired: 'outline',
} as const;

function Row({ found }: { found: ExportView }) {
  const t = useTranslations('exports');
  const format = useFormat();
  const labels = useLabels();
  const { user } = useBoot();
  const failure = useFailure();
  const { id, object, name, status, rows, total, bytes, expiresAt, createdAt, error } = found;
  // What was exported is a kind of record, or everything.
  const kind = object === everything ? t('past.wholeWorkspace') : labels.object(object as ObjectKey, 'Other');
  const far = t('running', { rows, total: Math.max(rows, total) });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-2.5 text-sm">
      <div className="grid min-w-0 flex-1 basis-64 gap-0.5">
        <p className="break-words font-medium">{name}</p>
        <p className="tabular flex flex-wrap items-center gap-x-2 gap-y-1 text-muted-foreground">
          <Badge variant={variants[status]}>{t(`status.${status}`)}</Badge>
          <span>{t('past.about', { object: kind, when: format.dateTime(createdAt) })}</span>
          {status === 'done' && (
            <>
              <span aria-hidden className="max-sm:hidden">
                ·
              </span>
              <span>
                {t('ready', { rows, size: fileSize(bytes ?? 0, user.locale) })}
                {expiresAt && ` · ${t('until', { date: format.dateTime(expiresAt) })}`}
              </span>
            </>
          )}
        </p>
        {status === 'failed' && <p className="text-muted-foreground">{failure(error)}</p>}
        {isUnderWay(found) && (
          <div className="mt-1 grid max-w-96 gap-1">
            <Progress
              aria-label={far}
              value={status === 'queued' ? null : Math.min(rows, total)}
              max={Math.max(1, total)}
            />
            {status === 'running' && <p className="tabular text-muted-foreground text-xs">{far}</p>}
          </div>
        )}
      </div>
      {status === 'done' && <FileLink id={id} name={name} quiet />}
      {isUnderWay(found) && <StopButton found={found} quiet />}
    </li>
  );
}
