'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowRight, CircleCheck } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useCodeText, useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { Page } from '@/components/shell/page';
import { Link } from '@/components/shell/router';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Progress } from '@/components/ui/progress';
import { Skeleton } from '@/components/ui/skeleton';
import { isOwnObject } from '@/domain/custom-fields';
import { objects } from '@/domain/objects';
import { Counts } from './counts';
import { MadeFields } from './new-field';
import { Reconciliation } from './reconciliation';
import { ReviewList } from './review-list';
import { StatusBadge } from './status-badge';
import { UndoImport } from './undo-import';
import { useRefreshAtEnd } from './use-refresh-at-end';

type View = Outputs['imports']['get'];

const isOpen = (status: View['status'] | undefined) => status === 'queued' || status === 'running';

/** An import that was started: how far it is, and then what it came to. */
export function ImportRun({ id }: { id: string }) {
  const shell = useTranslations('shell');
  const t = useTranslations('imports');
  const text = useRefusalText();
  const trpc = useTRPC();
  const view = useQuery({
    ...trpc.imports.get.queryOptions({ id }),
    refetchInterval: ({ state: { data } }) => (isOpen(data?.status) ? 700 : data?.following ? 5000 : false),
  });
  useRefreshAtEnd(view.data?.status);
  return (
    <Page
      title={view.data?.file.name ?? shell('screens.import')}
      back={
        view.data?.setId
          ? { to: `/imports/set?id=${view.data.setId}`, label: t('set.label') }
          : { to: '/imports', label: shell('screens.imports') }
      }
      count={
        view.data &&
        (view.data.undone ? <Badge variant="outline">{t('undone')}</Badge> : <StatusBadge status={view.data.status} />)
      }
      actions={view.data && <Actions view={view.data} />}
    >
      <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-8 px-4 py-6">
        {view.isPending && <Skeleton className="h-48" />}
        {view.isError && (
          <Alert variant="destructive">
            <AlertDescription>{text(view.error)}</AlertDescription>
          </Alert>
        )}
        {view.data && <Body view={view.data} />}
      </div>
    </Page>
  );
}

function Actions({ view }: { view: View }) {
  const t = useTranslations('imports.run');
  const trpc = useTRPC();
  const cancel = useMutation(trpc.imports.cancel.mutationOptions());
  const pause = useMutation(trpc.imports.pause.mutationOptions());
  const resume = useMutation(trpc.imports.resume.mutationOptions());
  const { id } = view;
  if (isOpen(view.status) || view.status === 'paused') {
    const halted = view.status === 'paused';
    return (
      <>
        {halted ? (
          <Button busy={resume.isPending} onClick={() => resume.mutate({ id })}>
            {t('resume')}
          </Button>
        ) : (
          <Button variant="secondary" busy={pause.isPending} onClick={() => pause.mutate({ id })}>
            {t('pause')}
          </Button>
        )}
        <Button variant="secondary" busy={cancel.isPending} onClick={() => cancel.mutate({ id })}>
          {t('cancel')}
        </Button>
      </>
    );
  }
  if (!view.changeSetId || view.undone || (view.created + view.updated === 0 && !view.reviewed)) return null;
  return <UndoImport ids={[id]} />;
}

function Body({ view }: { view: View }) {
  const t = useTranslations('imports.run');
  const code = useCodeText();
  return (
    <>
      {(isOpen(view.status) || view.status === 'paused') && <Running view={view} />}
      {view.status === 'failed' && (
        <Alert variant="destructive">
          <AlertDescription>
            {t('failed')} {view.error === 'internal' ? t('failedInternal') : code(view.error ?? 'invalid')}
          </AlertDescription>
        </Alert>
      )}
      {view.status === 'cancelled' && (
        <Alert>
          <AlertDescription>{t('cancelled')}</AlertDescription>
        </Alert>
      )}
      {view.following && !view.undone && !isOpen(view.status) && (
        <p role="status" className="text-muted-foreground text-sm">
          {t('following')}
        </p>
      )}
      {!isOpen(view.status) && view.status !== 'paused' && <Ended view={view} />}
    </>
  );
}

function Running({ view }: { view: View }) {
  const t = useTranslations('imports.run');
  const format = useFormat();
  const percent = view.rows > 0 ? Math.floor((view.taken / view.rows) * 100) : 0;
  return (
    <section aria-label={t('label')} className="grid gap-4">
      <div className="grid gap-2">
        <div className="tabular flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
          <p role="status" className="font-medium">
            {view.status === 'queued' ? t('queued') : t('progress', { taken: view.taken, rows: view.rows })}
          </p>
          {view.status === 'running' && view.rate > 0 && (
            <p className="text-muted-foreground">
              {t('rate', { rate: view.rate })}
              {view.secondsLeft !== null &&
                ` · ${t('left', { seconds: view.secondsLeft, minutes: Math.round(view.secondsLeft / 60) })}`}
            </p>
          )}
        </div>
        <Progress
          value={view.status === 'queued' && view.taken === 0 ? null : percent}
          aria-label={t('label')}
          aria-valuetext={format.percent(percent)}
        />
        <p className="text-muted-foreground text-sm">{t(view.status === 'paused' ? 'paused' : 'leave')}</p>
      </div>
      <Counts counts={view} />
    </section>
  );
}

function Ended({ view }: { view: View }) {
  const t = useTranslations('imports.run');
  const labels = useLabels();
  const trpc = useTRPC();
  const list = useQuery(trpc.imports.list.queryOptions());
  const next = list.data?.waiting[0];
  return (
    <>
      {view.status === 'done' && (
        <div className="flex flex-wrap items-center gap-3">
          <p className="flex items-center gap-2 font-medium text-base">
            <CircleCheck aria-hidden className="size-5 text-success" />
            {t('done', { count: view.rows })}
          </p>
          <div className="ml-auto flex gap-2">
            <Button asChild variant="secondary">
              <Link to={addressOf(view.object)}>{t('show', { object: labels.object(view.object, 'other') })}</Link>
            </Button>
            {next && (
              <Button asChild>
                <Link to="/imports">
                  {t('next', { count: list.data?.waiting.length ?? 0 })}
                  <ArrowRight />
                </Link>
              </Button>
            )}
          </div>
        </div>
      )}
      <Counts counts={view} />
      <MadeFields plan={view.plan} />
      <ReviewList view={view} />
      <Reconciliation view={view} />
    </>
  );
}

function addressOf(object: View['object']): string {
  if (object === 'member') return '/settings/members';
  if (isOwnObject(object)) return `/objects/${object}`;
  return object === 'deal' ? '/deals/table' : `/${objects[object].plural}`;
}
