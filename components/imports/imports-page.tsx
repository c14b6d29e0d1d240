'use client';

import { useQuery } from '@tanstack/react-query';
import { FileSpreadsheet } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Page } from '@/components/shell/page';
import { useNavigate } from '@/components/shell/router';
import type { ScreenProps } from '@/components/shell/screen';
import { useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Skeleton } from '@/components/ui/skeleton';
import { DropZone } from './drop-zone';
import { PastImports } from './set-past';
import { WaitingFiles } from './set-waiting';
import { useUpload } from './upload';

/** Files to bring in, those that wait, and every import there has been. */
export function ImportsPage(_: ScreenProps) {
  const shell = useTranslations('shell');
  const t = useTranslations('imports');
  const common = useTranslations('common');
  const trpc = useTRPC();
  const navigate = useNavigate();
  const list = useQuery({
    ...trpc.imports.list.queryOptions(),
    refetchInterval: ({ state }) =>
      state.data?.imports.some(({ status }) => status === 'queued' || status === 'running') ||
      state.data?.waiting.some(({ state, check }) => state === 'reading' || check?.status === 'checking')
        ? 1500
        : false,
  });
  const { uploads, send, dismiss } = useUpload((files) => {
    const [only] = files;
    // One file is the common case: on to it. Several are put in order first.
    if (files.length === 1 && only?.state === 'ready' && (list.data?.waiting.length ?? 0) === 0)
      navigate(`/imports/new?file=${only.fileId}`);
  });
  return (
    <Page title={shell('screens.imports')}>
      <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-8 px-4 py-6">
        <DropZone uploads={uploads} onFiles={send} onDismiss={dismiss} />
        {list.isPending && <Skeleton className="h-40" />}
        {list.isError && (
          <Alert variant="destructive">
            <AlertDescription>{common('loadFailed')}</AlertDescription>
            <Button size="sm" variant="outline" onClick={() => list.refetch()}>
              {common('retry')}
            </Button>
          </Alert>
        )}
        {list.data && list.data.waiting.length > 0 && <WaitingFiles files={list.data.waiting} />}
        {list.data && (
          <section aria-labelledby="past-imports">
            <h2 id="past-imports" className="mb-2 font-medium text-base">
              {t('past.title')}
            </h2>
            {list.data.imports.length === 0 ? (
              <Empty
                icon={<FileSpreadsheet />}
                title={t('past.empty')}
                description={t('past.emptyHelp')}
                className="py-8"
              />
            ) : (
              <PastImports imports={list.data.imports} sets={list.data.sets} />
            )}
          </section>
        )}
      </div>
    </Page>
  );
}
