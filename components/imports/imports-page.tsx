'use client';

import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowRight, FileSpreadsheet, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { Page } from '@/components/shell/page';
import { Link, useNavigate } from '@/components/shell/router';
import type { ScreenProps } from '@/components/shell/screen';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Skeleton } from '@/components/ui/skeleton';
import { Hint } from '@/components/ui/tooltip';
import { DropZone } from './drop-zone';
import { useObjectName } from './labels';
import { orderOf } from './order';
import { StatusBadge } from './status-badge';
import { useUpload } from './upload';

type List = Outputs['imports']['list'];

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
      state.data?.imports.some(({ status }) => status === 'queued' || status === 'running') ? 1500 : false,
  });
  const { uploads, send, dismiss } = useUpload((files) => {
    const [only] = files;
    // One file is the common case: on to it. Several are put in order first.
    if (files.length === 1 && only && (list.data?.waiting.length ?? 0) === 0)
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
        {list.data && list.data.waiting.length > 0 && <Waiting files={list.data.waiting} />}
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
              <Past imports={list.data.imports} />
            )}
          </section>
        )}
      </div>
    </Page>
  );
}

/** Files that have no import yet, in the order in which they should be imported. */
function Waiting({ files }: { files: List['waiting'] }) {
  const t = useTranslations('imports');
  const trpc = useTRPC();
  const format = useFormat();
  const objectName = useObjectName();
  const analyses = useQueries({
    queries: files.map(({ id }) => trpc.imports.analyse.queryOptions({ fileId: id }, { staleTime: 10 * 60_000 })),
  });
  const queries = useQueryClient();
  const { mutate: discard } = useMutation(
    trpc.imports.discard.mutationOptions({
      // Nothing but the list of files has changed.
      meta: { refresh: false },
      onSuccess: () => queries.invalidateQueries(trpc.imports.list.queryFilter()),
    }),
  );
  const ordered = files
    .map((file, i) => ({ file, analysis: analyses[i]?.data, settled: !analyses[i]?.isPending }))
    .sort((a, b) => orderOf(a.analysis?.object ?? null) - orderOf(b.analysis?.object ?? null));
  return (
    <section aria-labelledby="waiting-files">
      <h2 id="waiting-files" className="font-medium text-base">
        {t('waiting.title')}
      </h2>
      {files.length > 1 && <p className="text-muted-foreground text-sm">{t('waiting.help')}</p>}
      <ol className="mt-2 divide-y rounded-lg border">
        {ordered.map(({ file, analysis, settled }, i) => (
          <li key={file.id} className="flex items-center gap-3 px-3 py-2">
            {files.length > 1 && <span className="tabular w-4 text-muted-foreground text-sm">{i + 1}</span>}
            <div className="min-w-0 flex-1">
              <Link to={`/imports/new?file=${file.id}`} className="block truncate font-medium text-sm hover:underline">
                {file.name}
              </Link>
              <p className="tabular flex flex-wrap items-center gap-x-2 text-muted-foreground text-sm">
                {analysis ? (
                  <>
                    <span>{analysis.object ? objectName(analysis.object) : t('waiting.unknown')}</span>
                    <span>{t(analysis.count.exact ? 'rows' : 'aboutRows', { count: analysis.count.rows })}</span>
                  </>
                ) : (
                  <span>{settled ? t('waiting.unknown') : t('waiting.reading')}</span>
                )}
                <span>{format.relative(file.createdAt)}</span>
              </p>
            </div>
            <Button asChild size="sm" variant={i === 0 ? 'default' : 'secondary'}>
              <Link to={`/imports/new?file=${file.id}`}>
                {t('waiting.open')}
                <ArrowRight />
              </Link>
            </Button>
            <Hint label={t('waiting.discard')}>
              <Button
                variant="quiet"
                size="icon-sm"
                aria-label={t('waiting.discardFile', { name: file.name })}
                onClick={() => discard({ fileId: file.id })}
              >
                <X />
              </Button>
            </Hint>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Past({ imports }: { imports: List['imports'] }) {
  const t = useTranslations('imports');
  const format = useFormat();
  const objectName = useObjectName();
  return (
    <ul className="divide-y rounded-lg border">
      {imports.map((row) => (
        <li key={row.id}>
          <Link
            to={`/imports/${row.id}`}
            className="focus-inset grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-3 py-2 text-sm hover:bg-subtle sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,2fr)_auto]"
          >
            <span className="truncate font-medium">{row.fileName}</span>
            <span className="truncate text-muted-foreground max-sm:order-3">{objectName(row.object)}</span>
            <span className="tabular truncate text-muted-foreground max-sm:order-4 max-sm:col-span-2">
              {t('past.counts', {
                created: row.created,
                updated: row.updated,
                unchanged: row.unchanged,
                refused: row.refused,
              })}
            </span>
            <span className="flex items-center justify-end gap-2">
              {row.undone ? <Badge variant="outline">{t('undone')}</Badge> : <StatusBadge status={row.status} />}
            </span>
            <span className="text-muted-foreground max-sm:order-5 max-sm:col-span-2 sm:col-span-4">
              {t('past.by', { name: row.by ?? '', when: format.dateTime(row.createdAt) })}
              {row.status === 'running' && row.rows > 0 && (
                <Badge variant="primary" className="ml-2">
                  {format.percent(
                    Math.floor(((row.created + row.updated + row.unchanged + row.refused) / row.rows) * 100),
                  )}
                </Badge>
              )}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
