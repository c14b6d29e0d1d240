'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { type Outputs, useTRPCClient } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Progress } from '@/components/ui/progress';
import { Segmented } from '@/components/ui/segmented';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table';
import { WideTable } from '@/components/ui/wide-table';
import { type ImportPlan, policies } from '@/domain/imports/mapping';
import { isKey, keysInTurn, matchKeysOf } from '@/domain/imports/targets';
import { Counts } from './counts';
import { useOwnTargets, useProblemText, useTargetName } from './labels';
import { ProblemTable } from './problem-table';
import type { DraftControls } from './use-draft';

type Preview = Outputs['imports']['preview'];

/** The dry run of a plan; asked again whenever the plan changes. */
export function usePreview(fileId: string, plan: ImportPlan | null, enabled: boolean) {
  const client = useTRPCClient();
  return useQuery({
    queryKey: [['imports', 'preview'], fileId, plan],
    queryFn: ({ signal }) => {
      if (!plan) throw new Error('A preview without a plan');
      return client.imports.preview.mutate({ fileId, plan }, { signal });
    },
    enabled: enabled && plan !== null,
    staleTime: 60_000,
    gcTime: 60_000,
    placeholderData: (previous, query) => (query?.queryKey[1] === fileId ? previous : undefined),
  });
}

/** What the import would do, row by row, before anything is written. */
export function CheckStep({
  preview,
  draft,
  plan,
}: {
  preview: ReturnType<typeof usePreview>;
  draft: DraftControls;
  plan: ImportPlan;
}) {
  const t = useTranslations('imports.check');
  const common = useTranslations('common');
  const text = useRefusalText();
  const { data } = preview;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      <Existing draft={draft} plan={plan} />
      {preview.isError && (
        <Alert variant="destructive">
          <AlertDescription>{text(preview.error)}</AlertDescription>
          <Button size="sm" variant="outline" onClick={() => preview.refetch()}>
            {common('retry')}
          </Button>
        </Alert>
      )}
      {preview.isFetching && (
        <div role="status" className="grid gap-2 text-muted-foreground text-sm">
          {t('checking')}
          <Progress value={null} aria-label={t('checking')} />
        </div>
      )}
      {data && !preview.isError && <Result data={data} plan={plan} />}
    </div>
  );
}

/** How rows find the records that are here, and what they may change. */
function Existing({ draft, plan }: { draft: DraftControls; plan: ImportPlan }) {
  const t = useTranslations('imports.check');
  const targetName = useTargetName();
  const taken = new Set(plan.columns.map(({ target }) => target));
  const own = useOwnTargets(plan.object);
  const unique = own.filter(isKey).map(({ name }) => name);
  const keys = [...matchKeysOf(plan.object), ...unique].filter((key) => taken.has(key));
  const inTurn = (matchKey: string) =>
    keysInTurn({ object: plan.object, own, matchKey }).filter((key) => taken.has(key));
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <Field label={t('recognise')} help={t('recogniseHelp')}>
        <Select
          value={plan.matchKey ?? 'none'}
          onValueChange={(key) => draft.setPlan({ matchKey: key === 'none' ? null : key })}
        >
          <SelectTrigger>
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            {keys.map((key) => (
              <SelectItem key={key} value={key}>
                {inTurn(key)
                  .map((name) => targetName(plan.object, name))
                  .join(t('then'))}
              </SelectItem>
            ))}
            <SelectItem value="none">{t('allNew')}</SelectItem>
          </SelectContent>
        </Select>
      </Field>
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

function Result({ data, plan }: { data: Preview; plan: ImportPlan }) {
  const t = useTranslations('imports.check');
  const problem = useProblemText();
  const targetName = useTargetName();
  const unmatched = Object.entries(data.unmatched)
    .flatMap(([target, texts]) => Object.entries(texts).map(([name, rows]) => ({ target, name, rows })))
    .sort((a, b) => b.rows - a.rows);
  const serious = data.kinds.filter(({ level }) => level !== 'note');
  const notes = data.kinds.filter(({ level }) => level === 'note');
  const refused = data.problems.filter(({ problems }) => problems.some(({ level }) => level === 'row'));
  return (
    <>
      <Counts counts={data} />
      {!data.complete && (
        <Alert variant="warning">
          <TriangleAlert aria-hidden />
          <AlertDescription>{t('incomplete', { checked: data.checked, rows: data.rows })}</AlertDescription>
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
      {refused.length > 0 && (
        <section aria-labelledby="check-refused">
          <h2 id="check-refused" className="mb-2 font-medium text-base">
            {t('refusedRows')}
          </h2>
          <ProblemTable headers={plan.columns.map(({ header }) => header)} rows={refused.slice(0, 50)} />
        </section>
      )}
      {data.money.length > 0 && <Sums money={data.money} />}
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
    </>
  );
}

function Sums({ money }: { money: Preview['money'] }) {
  const t = useTranslations('imports.check');
  const format = useFormat();
  const hasStages = money.some(({ stage }) => stage !== null);
  return (
    <section aria-labelledby="check-sums">
      <h2 id="check-sums" className="mb-2 font-medium text-base">
        {t('sums')}
      </h2>
      <WideTable label={t('sums')}>
        <TableHeader className="bg-subtle">
          <TableRow>
            {hasStages && <TableHead>{t('stage')}</TableHead>}
            <TableHead>{t('currency')}</TableHead>
            <TableHead numeric>{t('amounts')}</TableHead>
            <TableHead numeric>{t('sum')}</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {money.map(({ currency, stage, rows, minor }) => (
            <TableRow key={`${currency} ${stage}`}>
              {hasStages && <TableCell className="whitespace-nowrap">{stage}</TableCell>}
              <TableCell>{currency}</TableCell>
              <TableCell numeric>{format.number(rows)}</TableCell>
              <TableCell numeric>{format.money(minor, currency, 'exact')}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </WideTable>
    </section>
  );
}
