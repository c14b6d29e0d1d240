'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowRight, CircleCheck, Undo2 } from 'lucide-react';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useCodeText, useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { Page } from '@/components/shell/page';
import { Link } from '@/components/shell/router';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { useUndo } from '@/components/shell/undo';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Progress } from '@/components/ui/progress';
import { Skeleton } from '@/components/ui/skeleton';
import { isOwnObject } from '@/domain/custom-fields';
import { objects } from '@/domain/objects';
import { Counts } from './counts';
import { Reconciliation } from './reconciliation';
import { StatusBadge } from './status-badge';

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
    refetchInterval: ({ state }) => (isOpen(state.data?.status) ? 700 : false),
  });
  useRefreshAtEnd(view.data?.status);
  return (
    <Page
      title={view.data?.file.name ?? shell('screens.import')}
      back={{ to: '/imports', label: shell('screens.imports') }}
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

/** Once an import ends, every list in the product is out of date. */
function useRefreshAtEnd(status: View['status'] | undefined): void {
  const queries = useQueryClient();
  const before = useRef(status);
  const ended = useEffectEvent(() => {
    if (isOpen(before.current) && !isOpen(status)) void queries.invalidateQueries();
    before.current = status;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the status is the event
  useEffect(() => ended(), [status]);
}

function Actions({ view }: { view: View }) {
  const t = useTranslations('imports.run');
  const trpc = useTRPC();
  const undo = useUndo();
  const cancel = useMutation(trpc.imports.cancel.mutationOptions());
  if (isOpen(view.status)) {
    return (
      <Button variant="secondary" busy={cancel.isPending} onClick={() => cancel.mutate({ id: view.id })}>
        {t('cancel')}
      </Button>
    );
  }
  const { changeSetId } = view;
  if (!changeSetId || view.undone || view.created + view.updated === 0) return null;
  return (
    <Button variant="secondary" onClick={() => undo(changeSetId)}>
      <Undo2 />
      {t('undo')}
    </Button>
  );
}

function Body({ view }: { view: View }) {
  const t = useTranslations('imports.run');
  const code = useCodeText();
  return (
    <>
      {isOpen(view.status) && <Running view={view} />}
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
      {!isOpen(view.status) && <Ended view={view} />}
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
          value={view.status === 'queued' ? null : percent}
          aria-label={t('label')}
          aria-valuetext={format.percent(percent)}
        />
        <p className="text-muted-foreground text-sm">{t('leave')}</p>
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
      <Reconciliation view={view} />
    </>
  );
}

function addressOf(object: View['object']): string {
  if (object === 'member') return '/settings/members';
  if (isOwnObject(object)) return `/objects/${object}`;
  return object === 'deal' ? '/deals/table' : `/${objects[object].plural}`;
}
