'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useCodeText, useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { Page } from '@/components/shell/page';
import { Link } from '@/components/shell/router';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Progress } from '@/components/ui/progress';
import { Skeleton } from '@/components/ui/skeleton';
import { areUndone } from '@/domain/imports/sets';
import { useObjectName } from './labels';
import { StatusBadge } from './status-badge';
import { UndoImport } from './undo-import';
import { useRefreshAtEnd } from './use-refresh-at-end';

type View = Outputs['imports']['getSet'];
type Row = View['imports'][number];

const isOpen = ({ status }: Pick<Row, 'status'>) => status === 'queued' || status === 'running';
const isOver = (row: Pick<Row, 'status'>) => !isOpen(row) && row.status !== 'paused';
/** How much of a file is behind, from 0 to 1. */
const shareOf = (row: Row) => (isOver(row) ? 1 : row.rows > 0 ? row.taken / row.rows : 0);

/** Files that are imported together: in which order, how far each is, and what waits for a person. */
export function SetPage({ id }: { id: string }) {
  const shell = useTranslations('shell');
  const t = useTranslations('imports');
  const text = useRefusalText();
  const trpc = useTRPC();
  const set = useQuery({
    ...trpc.imports.getSet.queryOptions({ id }),
    refetchInterval: ({ state }) => (state.data?.imports.some(isOpen) ? 1000 : false),
  });
  const view = set.data;
  useRefreshAtEnd(view?.status);
  const undone = view && areUndone(view.imports);
  return (
    <Page
      title={view ? (view.name ?? t('set.files', { count: view.imports.length })) : shell('screens.import')}
      back={{ to: '/imports', label: shell('screens.imports') }}
      count={view && (undone ? <Badge variant="outline">{t('undone')}</Badge> : <StatusBadge status={view.status} />)}
      actions={view && <Actions view={view} />}
    >
      <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-6 px-4 py-6">
        {set.isPending && <Skeleton className="h-48" />}
        {set.isError && (
          <Alert variant="destructive">
            <AlertDescription>{text(set.error)}</AlertDescription>
          </Alert>
        )}
        {view && !undone && <Summary view={view} />}
        {view && (
          <ol aria-label={t('set.label')} className="divide-y rounded-lg border">
            {view.imports.map((row, i) => (
              <Member key={row.id} row={row} place={i + 1} />
            ))}
          </ol>
        )}
      </div>
    </Page>
  );
}

function Actions({ view }: { view: View }) {
  const t = useTranslations('imports.run');
  const trpc = useTRPC();
  const pause = useMutation(trpc.imports.pause.mutationOptions());
  const resume = useMutation(trpc.imports.resume.mutationOptions());
  const cancel = useMutation(trpc.imports.cancelSet.mutationOptions());
  const open = view.imports.find(isOpen);
  const paused = view.imports.find(({ status }) => status === 'paused');
  if (!open && !paused) {
    const written = view.imports.filter(
      (row) => row.changeSetId && !row.undone && (row.created + row.updated > 0 || row.reviewed),
    );
    return written.length > 0 ? <UndoImport ids={written.map(({ id }) => id)} setId={view.id} /> : null;
  }
  return (
    <>
      {open ? (
        <Button variant="secondary" busy={pause.isPending} onClick={() => pause.mutate({ id: open.id })}>
          {t('pause')}
        </Button>
      ) : (
        paused && (
          <Button busy={resume.isPending} onClick={() => resume.mutate({ id: paused.id })}>
            {t('resume')}
          </Button>
        )
      )}
      <Button variant="secondary" busy={cancel.isPending} onClick={() => cancel.mutate({ id: view.id })}>
        {t('cancel')}
      </Button>
    </>
  );
}

function Summary({ view }: { view: View }) {
  const t = useTranslations('imports');
  const format = useFormat();
  const { imports } = view;
  const count = imports.length;
  const done = imports.filter(isOver).length;
  const share = imports.reduce((sum, row) => sum + shareOf(row), 0) / Math.max(1, count);
  const percent = Math.floor(share * 100);
  const failed = imports.find(({ status }) => status === 'failed');
  const waits = imports.some(({ status }) => status === 'paused');
  if (done === count && imports.every(({ status }) => status === 'done'))
    return (
      <p className="flex items-center gap-2 font-medium text-base">
        <CircleCheck aria-hidden className="size-5 text-success" />
        {t('set.done')}
      </p>
    );
  return (
    <div className="grid gap-2">
      {failed && waits && (
        <Alert variant="warning">
          <AlertDescription>{t('set.failed', { name: failed.fileName })}</AlertDescription>
        </Alert>
      )}
      {done < count && (
        <>
          <p role="status" className="tabular font-medium text-sm">
            {t('set.progress', { done, count })}
          </p>
          <Progress value={percent} aria-label={t('run.label')} aria-valuetext={format.percent(percent)} />
          <p className="text-muted-foreground text-sm">{t(waits ? 'run.paused' : 'run.leave')}</p>
        </>
      )}
    </div>
  );
}

function Member({ row, place }: { row: Row; place: number }) {
  const t = useTranslations('imports');
  const code = useCodeText();
  const format = useFormat();
  const objectName = useObjectName();
  return (
    <li className="grid grid-cols-[1.25rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5 px-3 py-2 text-sm">
      <span className="tabular text-muted-foreground">{place}</span>
      <Link to={`/imports/${row.id}`} className="truncate font-medium hover:underline">
        {row.fileName}
      </Link>
      <span className="flex items-center justify-end gap-2">
        {row.status === 'running' && row.rows > 0 && (
          <span className="tabular text-muted-foreground">{format.percent(Math.floor(shareOf(row) * 100))}</span>
        )}
        {row.undone ? <Badge variant="outline">{t('undone')}</Badge> : <StatusBadge status={row.status} />}
      </span>
      <p className="tabular col-span-2 col-start-2 flex flex-wrap items-center gap-x-3 text-muted-foreground">
        <span>{objectName(row.object)}</span>
        <span>
          {t('past.counts', {
            created: row.created,
            updated: row.updated,
            unchanged: row.unchanged,
            refused: row.refused,
          })}
        </span>
        {row.status === 'running' && row.rate > 0 && (
          <span>
            {t('run.rate', { rate: row.rate })}
            {row.secondsLeft !== null &&
              ` · ${t('run.left', { seconds: row.secondsLeft, minutes: Math.round(row.secondsLeft / 60) })}`}
          </span>
        )}
        {row.review > 0 && !row.undone && (
          <Link to={`/imports/${row.id}`} className="text-link hover:underline">
            {t('set.toDecide', { count: row.review })}
          </Link>
        )}
      </p>
      {row.status === 'failed' && (
        <p className="col-span-2 col-start-2 text-destructive">
          {row.error === 'internal' ? t('run.failedInternal') : code(row.error ?? 'invalid')}
        </p>
      )}
    </li>
  );
}
