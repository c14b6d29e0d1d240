'use client';

import { useQuery } from '@tanstack/react-query';
import { Check, Download, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import { WideTable } from '@/components/ui/wide-table';
import { useTargetName } from './labels';
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
        {view.money.length > 0 && <Money view={view} />}
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
      {view.refused > 0 && <Problems view={view} kind="refused" />}
      {view.partly > 0 && <Problems view={view} kind="partly" />}
    </>
  );
}

function Money({ view }: { view: View }) {
  const t = useTranslations('imports.reconciliation');
  const format = useFormat();
  const hasStages = view.money.some(({ stage }) => stage !== null);
  return (
    <div className="mt-3 grid grid-cols-[minmax(0,1fr)] gap-2">
      <WideTable label={t('title')}>
        <TableHeader className="bg-subtle">
          <TableRow>
            {hasStages && <TableHead>{t('stage')}</TableHead>}
            <TableHead>{t('currency')}</TableHead>
            <TableHead numeric>{t('amounts')}</TableHead>
            <TableHead numeric>{t('read')}</TableHead>
            <TableHead numeric>{t('stored')}</TableHead>
            <TableHead>{t('verdict')}</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {view.money.map(({ currency, stageId, stage, read, stored, equal }) => (
            <TableRow key={`${currency} ${stageId}`}>
              {hasStages && <TableCell className="whitespace-nowrap">{stage ?? t('otherStage')}</TableCell>}
              <TableCell>{currency}</TableCell>
              <TableCell numeric>{format.number(read.rows)}</TableCell>
              <TableCell numeric>{format.money(read.minor, currency, 'exact')}</TableCell>
              <TableCell numeric>{format.money(stored.minor, currency, 'exact')}</TableCell>
              <TableCell>
                {equal ? (
                  <span className="flex items-center gap-1 text-success">
                    <Check aria-hidden className="size-4" />
                    {t('equal')}
                  </span>
                ) : (
                  <span className="flex items-center gap-1 text-warning">
                    <TriangleAlert aria-hidden className="size-4" />
                    {t('differs', { amount: format.money(stored.minor - read.minor, currency, 'exact') })}
                  </span>
                )}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </WideTable>
      {view.money.some(({ equal }) => !equal) && <p className="text-muted-foreground text-sm">{t('whyDiffers')}</p>}
    </div>
  );
}

function Problems({ view, kind }: { view: View; kind: 'refused' | 'partly' }) {
  const t = useTranslations('imports.reconciliation');
  const { tenant } = useBoot();
  const trpc = useTRPC();
  const [pages, setPages] = useState<number[]>([0]);
  const cursor = pages.at(-1) ?? 0;
  const problems = useQuery(trpc.imports.problems.queryOptions({ id: view.id, kind, cursor, limit: 50 }));
  const next = problems.data?.next ?? null;
  return (
    <section aria-labelledby={`problems-${kind}`}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-3">
        <h2 id={`problems-${kind}`} className="font-medium text-base">
          {t(`problems.${kind}`)}
        </h2>
        {kind === 'refused' && (
          <Button asChild variant="secondary" size="sm">
            <a href={`/api/imports/${tenant.slug}/${view.id}/refused.csv`} download>
              <Download />
              {t('download')}
            </a>
          </Button>
        )}
      </div>
      {problems.isPending && <Skeleton className="h-24" />}
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
