'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, RotateCw, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCodeText, useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { type Outputs, useTRPCClient } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Field } from '@/components/ui/field';
import { Progress } from '@/components/ui/progress';
import { Segmented } from '@/components/ui/segmented';
import { type ImportPlan, policies } from '@/domain/imports/mapping';
import { isDrafted } from '@/domain/imports/new-field';
import { Counts } from './counts';
import { Differences } from './differences';
import { useProblemText, useTargetName } from './labels';
import { MatchKeys } from './match-keys';
import { MoneyTable } from './money-table';
import { Problems } from './reconciliation';
import { RowSamples } from './row-samples';
import type { DraftControls } from './use-draft';

type Checked = NonNullable<Outputs['imports']['checked']>;

/** How often a dry run that is under way is looked at. */
const everyMs = 600;

/** The dry run of a plan: asked for whenever the plan changes, and found again by whoever comes back. */
export function useCheck(fileId: string, plan: ImportPlan | null, enabled: boolean) {
  const client = useTRPCClient();
  const queries = useQueryClient();
  const key = [['imports', 'checked'], fileId, plan];
  const ask = (again: boolean) => {
    if (!plan) throw new Error('A dry run without a plan');
    return client.imports.check.mutate({ fileId, plan, again });
  };
  const asked = useQuery({
    queryKey: [['imports', 'check'], fileId, plan],
    queryFn: () => ask(false),
    enabled: enabled && plan !== null,
    gcTime: 0,
  });
  const found = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => client.imports.checked.query({ fileId }, { signal }),
    enabled: enabled && asked.isSuccess,
    gcTime: 0,
    refetchInterval: ({ state }) => (state.data?.status === 'checking' ? everyMs : false),
    placeholderData: (previous) => previous,
  });
  const again = useMutation({
    mutationFn: () => ask(true),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
    // Said on the page itself.
    meta: { refresh: false, quiet: true },
  });
  const data = found.data ?? null;
  const isOld = found.isPlaceholderData || !asked.isSuccess;
  // What the last one found stays in sight until the next is over: what was opened in it stays open.
  const [last, setLast] = useState<Checked | null>(null);
  if (data && data !== last && !isOld && data.status === 'checked') setLast(data);
  return {
    data,
    result: last && !last.error && last.plan?.object === plan?.object ? last : null,
    error: asked.error ?? found.error ?? again.error,
    /** Not over yet, or of another plan. */
    isRunning: !asked.isError && (isOld || data?.status === 'checking'),
    isOld,
    again: () => again.mutate(),
    retry: () => (asked.isError ? asked.refetch() : found.refetch()),
  };
}

/** What the import would do, row by row, before anything is written. */
export function CheckStep({
  check,
  draft,
  plan,
}: {
  check: ReturnType<typeof useCheck>;
  draft: DraftControls;
  plan: ImportPlan;
}) {
  const common = useTranslations('common');
  const text = useRefusalText();
  const code = useCodeText();
  const { data, error, isRunning, isOld, result } = check;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      <Existing draft={draft} plan={plan} />
      {(error || data?.error) && !isRunning && (
        <Alert variant="destructive">
          <AlertDescription>{error ? text(error) : code(data?.error ?? 'internal')}</AlertDescription>
          <Button size="sm" variant="outline" onClick={() => (error ? check.retry() : check.again())}>
            {common('retry')}
          </Button>
        </Alert>
      )}
      {isRunning && !result && <Running data={isOld ? null : data} />}
      {result && (
        <div className={cn('grid grid-cols-[minmax(0,1fr)] gap-8', isRunning && 'opacity-50')}>
          <Result data={result} draft={draft} plan={plan} onAgain={check.again} />
        </div>
      )}
    </div>
  );
}

/** How far a dry run is beside the results of the last one, where it moves nothing. */
export function CheckProgress({ check: { data, isOld } }: { check: ReturnType<typeof useCheck> }) {
  const t = useTranslations('imports');
  const isScanning = isOld || !data || data.rows === 0;
  return (
    <div className="tabular ml-auto flex min-w-0 items-center gap-3 text-muted-foreground text-sm">
      <p role="status" className="truncate">
        {isScanning ? t('check.checkingAgain') : t('run.progress', { taken: data.taken, rows: data.rows })}
      </p>
      <Progress
        value={isScanning ? null : Math.floor((data.taken / data.rows) * 100)}
        aria-label={t('check.checking')}
        className="w-24 shrink-0 max-sm:hidden"
      />
    </div>
  );
}

function Running({ data }: { data: Checked | null }) {
  const t = useTranslations('imports');
  const isScanning = !data || data.rows === 0;
  return (
    <div className="grid gap-2 text-sm">
      <div className="tabular flex flex-wrap items-baseline justify-between gap-x-4 text-muted-foreground">
        <p role="status">
          {isScanning ? t('check.checking') : t('run.progress', { taken: data.taken, rows: data.rows })}
        </p>
        {!isScanning && data.rate > 0 && (
          <p>
            {t('run.rate', { rate: data.rate })}
            {data.secondsLeft !== null &&
              ` · ${t('run.left', { seconds: data.secondsLeft, minutes: Math.round(data.secondsLeft / 60) })}`}
          </p>
        )}
      </div>
      <Progress
        value={isScanning ? null : Math.floor((data.taken / data.rows) * 100)}
        aria-label={t('check.checking')}
      />
      <p className="text-muted-foreground">{t('check.leave')}</p>
    </div>
  );
}

/** How rows find the records that are here, and what they may change. */
function Existing({ draft, plan }: { draft: DraftControls; plan: ImportPlan }) {
  const t = useTranslations('imports.check');
  return (
    <div className="grid items-start gap-6 sm:grid-cols-2">
      <MatchKeys draft={draft} plan={plan} />
      <Field label={t('policy')} help={t(`policyHelp.${plan.policy}`)}>
        <Segmented
          aria-label={t('policy')}
          value={plan.policy}
          onValueChange={(policy) => draft.setPlan({ policy })}
          options={policies.map((policy) => ({ value: policy, label: t(`policies.${policy}`) }))}
        />
      </Field>
    </div>
  );
}

function Result({
  data,
  draft,
  plan,
  onAgain,
}: {
  data: Checked;
  draft: DraftControls;
  plan: ImportPlan;
  onAgain: () => void;
}) {
  const t = useTranslations('imports.check');
  const problem = useProblemText();
  const targetName = useTargetName();
  const format = useFormat();
  // A field that is to be made differs from nothing.
  const differing = data.fields.filter(({ field }) => !isDrafted(plan.columns, field));
  const unmatched = Object.entries(data.unmatched)
    .flatMap(([target, texts]) => Object.entries(texts).map(([name, rows]) => ({ target, name, rows })))
    .sort((a, b) => b.rows - a.rows);
  const serious = data.kinds.filter(({ level }) => level !== 'note');
  const notes = data.kinds.filter(({ level }) => level === 'note');
  const headers = plan.columns.map(({ header }) => header);
  return (
    <>
      <Counts counts={data} />
      {data.forgetful && (
        <Alert variant="warning">
          <TriangleAlert aria-hidden />
          <AlertDescription>{t('forgetful')}</AlertDescription>
        </Alert>
      )}
      {serious.length === 0 && unmatched.length === 0 && (
        <Alert variant="success">
          <CircleCheck aria-hidden />
          <AlertDescription>{t('clean')}</AlertDescription>
        </Alert>
      )}
      {unmatched.length > 0 && (
        <section aria-labelledby="check-unmatched">
          <h2 id="check-unmatched" className="mb-1 font-medium text-base">
            {t('unmatched')}
          </h2>
          <p className="mb-2 text-muted-foreground text-sm">{t('unmatchedHelp')}</p>
          <ul className="divide-y rounded-lg border text-sm">
            {unmatched.slice(0, 20).map(({ target, name, rows }) => (
              <li key={`${target} ${name}`} className="flex gap-3 px-3 py-2">
                <span className="w-28 shrink-0 text-muted-foreground">{targetName(plan.object, target)}</span>
                <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
                <span className="tabular text-muted-foreground">{t('leftEmpty', { count: rows })}</span>
              </li>
            ))}
          </ul>
          {unmatched.length > 20 && (
            <p className="mt-2 text-muted-foreground text-sm">{t('more', { count: unmatched.length - 20 })}</p>
          )}
        </section>
      )}
      {serious.length > 0 && (
        <section aria-labelledby="check-kinds">
          <h2 id="check-kinds" className="mb-2 font-medium text-base">
            {t('problems')}
          </h2>
          <ul className="divide-y rounded-lg border text-sm">
            {serious.map((kind) => (
              <li
                key={`${kind.code} ${kind.level} ${kind.header}`}
                className="flex flex-wrap gap-x-3 gap-y-0.5 px-3 py-2"
              >
                <span className="tabular w-28 shrink-0 text-muted-foreground">
                  {t(kind.level === 'row' ? 'rowsRefused' : 'valuesLeft', { count: kind.rows })}
                </span>
                {kind.header && <span className="font-medium">{kind.header}</span>}
                <span className="min-w-0 flex-1">{problem({ code: kind.code, params: kind.example.params })}</span>
                <span className="tabular text-muted-foreground">{t('exampleRow', { row: kind.example.row })}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {differing.length > 0 && <Differences fields={differing} draft={draft} plan={plan} />}
      <RowSamples samples={data.samples} headers={headers} />
      {data.refused > 0 && (
        <Problems key={data.finishedAt} id={data.id} run={data.finishedAt} kind="refused" title={t('refusedRows')} />
      )}
      {data.money.length > 0 && (
        <section aria-labelledby="check-sums">
          <h2 id="check-sums" className="mb-2 font-medium text-base">
            {t('sums')}
          </h2>
          <MoneyTable label={t('sums')} lines={data.money} unread={data.unread} written={false} />
        </section>
      )}
      {notes.length > 0 && (
        <details className="text-sm">
          <summary className="cursor-pointer text-muted-foreground">
            {t('notes', { count: notes.reduce((sum, { rows }) => sum + rows, 0) })}
          </summary>
          <ul className="mt-2 divide-y rounded-lg border">
            {notes.map((kind) => (
              <li key={`${kind.code} ${kind.header}`} className="flex flex-wrap gap-x-3 px-3 py-2">
                <span className="tabular w-28 shrink-0 text-muted-foreground">{t('rows', { count: kind.rows })}</span>
                {kind.header && <span className="font-medium">{kind.header}</span>}
                <span className="min-w-0 flex-1">{problem({ code: kind.code, params: kind.example.params })}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <div className="flex flex-wrap items-center gap-3 text-muted-foreground text-sm">
        {data.finishedAt && <span>{t('checkedAt', { when: format.relative(data.finishedAt) })}</span>}
        <Button variant="secondary" size="sm" onClick={onAgain}>
          <RotateCw />
          {t('again')}
        </Button>
      </div>
    </>
  );
}
