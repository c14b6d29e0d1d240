'use client';

import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useRefusalText } from '@/components/shell/errors';
import { type Outputs, useTRPCClient } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { useTargetName } from './labels';
import { MoneyTable } from './money-table';
import { ProblemTable } from './problem-table';

type View = Outputs['imports']['get'];

/** Rows and sums on both sides: what the file had, and what is here now. */
export function Reconciliation({ view }: { view: View }) {
  const t = useTranslations('imports.reconciliation');
  const targetName = useTargetName();
  const left = view.left.deleted + view.left.skipped;
  return (
    <>
      <section aria-labelledby="reconciliation">
        <h2 id="reconciliation" className="mb-1 font-medium text-base">
          {t('title')}
        </h2>
        <p className="tabular text-sm">
          {t('equation', {
            rows: view.taken,
            created: view.created,
            updated: view.updated,
            unchanged: view.unchanged,
            refused: view.refused,
            left,
          })}
        </p>
        {view.taken < view.rows && (
          <p className="tabular text-muted-foreground text-sm">{t('notTaken', { count: view.rows - view.taken })}</p>
        )}
        {view.money.length > 0 && (
          <div className="mt-3">
            <MoneyTable label={t('title')} lines={view.money} unread={view.unread} written />
          </div>
        )}
      </section>
      {view.unmatched.length > 0 && (
        <section aria-labelledby="left-empty">
          <h2 id="left-empty" className="mb-1 font-medium text-base">
            {t('unmatched')}
          </h2>
          <p className="mb-2 text-muted-foreground text-sm">{t('unmatchedHelp')}</p>
          <ul className="max-h-72 divide-y overflow-y-auto rounded-lg border text-sm">
            {view.unmatched.map(({ target, text, rows }) => (
              <li key={`${target} ${text}`} className="flex gap-3 px-3 py-2">
                <span className="w-28 shrink-0 text-muted-foreground">{targetName(view.object, target)}</span>
                <span className="min-w-0 flex-1 truncate font-medium">{text}</span>
                <span className="tabular text-muted-foreground">{t('rows', { count: rows })}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {view.refused > 0 && <Problems id={view.id} kind="refused" title={t('problems.refused')} />}
      {view.partly > 0 && <Problems id={view.id} kind="partly" title={t('problems.partly')} />}
    </>
  );
}

/**
 * Rows that were refused, or lost a value; of a dry run those that would be.
 * @param run when a dry run ended: the next one has the same id
 */
export function Problems({
  id,
  run,
  kind,
  title,
}: {
  id: string;
  run?: string | null;
  kind: 'refused' | 'partly';
  title: string;
}) {
  const t = useTranslations('imports.reconciliation');
  const { tenant } = useBoot();
  const client = useTRPCClient();
  const text = useRefusalText();
  const [pages, setPages] = useState<number[]>([0]);
  const cursor = pages.at(-1) ?? 0;
  const problems = useQuery({
    queryKey: [['imports', 'problems'], id, run, kind, cursor],
    queryFn: ({ signal }) => client.imports.problems.query({ id, kind, cursor, limit: 50 }, { signal }),
  });
  const next = problems.data?.next ?? null;
  return (
    <section aria-labelledby={`problems-${kind}`}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3">
        <h2 id={`problems-${kind}`} className="font-medium text-base">
          {title}
        </h2>
        {kind === 'refused' && (
          <Button asChild variant="secondary" size="sm">
            <a href={`/api/imports/${tenant.slug}/${id}/refused.csv`} download>
              <Download />
              {t('download')}
            </a>
          </Button>
        )}
      </div>
      {problems.isPending && <Skeleton className="h-24" />}
      {problems.isError && <p className="text-destructive text-sm">{text(problems.error)}</p>}
      {problems.data && <ProblemTable headers={problems.data.headers} rows={problems.data.rows} />}
      {(pages.length > 1 || next !== null) && (
        <div className="mt-2 flex justify-end gap-2">
          <Button
            size="sm"
            variant="secondary"
            disabled={pages.length === 1}
            onClick={() => setPages((list) => list.slice(0, -1))}
          >
            {t('previous')}
          </Button>
          <Button
            size="sm"
            variant="secondary"
            disabled={next === null}
            onClick={() => next !== null && setPages((list) => [...list, next])}
          >
            {t('next')}
          </Button>
        </div>
      )}
    </section>
  );
}
