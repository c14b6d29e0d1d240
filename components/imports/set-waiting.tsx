'use client';

import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query';
import { ArrowRight, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCatalogue } from '@/components/shell/boot';
import { useCodeText, useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { Link, useNavigate } from '@/components/shell/router';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Hint } from '@/components/ui/tooltip';
import type { ImportPlan } from '@/domain/imports/mapping';
import { ownTargets } from '@/domain/imports/own-targets';
import { inOrder, mostInSet, plansOfSet } from '@/domain/imports/sets';
import { useContents } from './labels';
import { LeftAside } from './left-aside';
import { type Analysis, edited, keptDraft } from './use-draft';

type Waiting = Outputs['imports']['list']['waiting'][number];

/** Files that have no import yet, in the order in which they should be imported: one by one, or all at once after a dry run of each. */
export function WaitingFiles({ files }: { files: readonly Waiting[] }) {
  const t = useTranslations('imports');
  const trpc = useTRPC();
  const queries = useQueryClient();
  const withOwn = useWithOwn();
  const tables = files.filter(({ state }) => state === 'ready');
  let open = 0;
  const analyses = useQueries({
    queries: tables.map(({ id }) => {
      const input = { fileId: id, ...keptDraft(id).reading };
      const options = trpc.imports.analyse.queryOptions(input, { staleTime: 10 * 60_000 });
      const isOpen = (queries.getQueryState(options.queryKey)?.status ?? 'pending') === 'pending';
      if (isOpen) open++;
      // A folder may hold many files, and each of them is read from its beginning.
      return { ...options, enabled: !isOpen || open <= mostAtOnce };
    }),
  });
  const known = new Map(tables.map(({ id }, i) => [id, analyses[i]] as const));
  const ordered = inOrder(
    files.map((file) => ({ file, analysis: known.get(file.id)?.data, settled: !known.get(file.id)?.isPending })),
    ({ analysis }) => (analysis?.plan ? withOwn(analysis.plan) : null),
  );
  const aside = new Map(files.flatMap(({ from }) => (from ? [[from.id, from] as const] : [])));
  const several = files.length > 1;
  return (
    <section aria-labelledby="waiting-files">
      <h2 id="waiting-files" className="font-medium text-base">
        {t('waiting.title')}
      </h2>
      <ol className="mt-2 divide-y rounded-lg border">
        {ordered.map(({ file, analysis, settled }, i) => (
          <WaitingFile key={file.id} file={file} analysis={analysis} settled={settled} place={several ? i + 1 : null} />
        ))}
      </ol>
      <div className="mt-2 grid gap-1">
        {[...aside.values()].map((from) => (
          <LeftAside key={from.id} from={from} />
        ))}
      </div>
      <StartAll
        files={ordered.flatMap(({ file, analysis }) => (analysis?.plan ? [{ file, analysis }] : []))}
        reading={files.some(({ state }) => state === 'reading') || analyses.some(({ isPending }) => isPending)}
      />
    </section>
  );
}

/** Files that are looked at at a time. */
const mostAtOnce = 2;

/** Gives a plan the tenant's own fields, which say what its rows name. */
function useWithOwn(): (plan: ImportPlan) => ImportPlan {
  const catalogue = useCatalogue();
  return (plan) => ({
    ...plan,
    own: ownTargets(catalogue.get(plan.object)?.own ?? [], (name) => catalogue.has(name)),
  });
}

/**
 * Checks every file that was recognised, as it was recognised or as the person has prepared it, and then imports them in
 * order: those very plans, and no file that was not checked.
 * @param reading whether there may be more of them
 */
function StartAll({ files, reading }: { files: readonly { file: Waiting; analysis: Analysis }[]; reading: boolean }) {
  const t = useTranslations('imports.set');
  const text = useRefusalText();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const check = useMutation(
    trpc.imports.checkSet.mutationOptions({
      // Nothing but what stands beside the files has changed.
      meta: { refresh: false },
      onSuccess: () => queries.invalidateQueries(trpc.imports.list.queryFilter()),
    }),
  );
  const start = useMutation(
    trpc.imports.startSet.mutationOptions({ onSuccess: ({ id }) => navigate(`/imports/set?id=${id}`) }),
  );
  const [changed, setChanged] = useState(false);
  const list = files.slice(0, mostInSet);
  if (list.length < 2) return null;
  const plans = () => {
    const offered = list.flatMap(({ analysis: { file, plan } }) => (plan ? [{ fileId: file.id, plan }] : []));
    const ofSet = plansOfSet(offered.map(({ plan }) => plan));
    return offered.map(({ fileId, plan }, i) => ({
      fileId,
      plan: edited(ofSet[i] ?? plan, keptDraft(fileId).edits),
    }));
  };
  const startAll = async () => {
    const planned = plans();
    const { open } = await check.mutateAsync({ files: planned });
    setChanged(open > 0);
    if (open === 0) start.mutate({ files: planned });
  };
  const checkAll = (again: boolean) => {
    setChanged(false);
    check.mutate({ files: plans(), again });
  };
  const isChecking = list.some(({ file }) => file.check?.status === 'checking');
  const isChecked = list.every(({ file: { check: found } }) => found?.status === 'checked' && !found.error);
  const error = check.error ?? start.error;
  return (
    <div className="mt-3 grid gap-2">
      <div className="flex flex-wrap items-center gap-2">
        {isChecked ? (
          <>
            <Button
              busy={check.isPending || start.isPending}
              disabled={reading}
              onClick={() => void startAll().catch(() => {})}
            >
              {t('startAll', { count: list.length })}
            </Button>
            <Button variant="secondary" disabled={check.isPending || start.isPending} onClick={() => checkAll(true)}>
              {t('checkAgain')}
            </Button>
          </>
        ) : (
          <Button busy={check.isPending || isChecking} disabled={reading} onClick={() => checkAll(false)}>
            {t('checkAll', { count: list.length })}
          </Button>
        )}
      </div>
      <p className="max-w-2xl text-muted-foreground text-sm">{t(isChecked ? 'startHelp' : 'checkHelp')}</p>
      {changed && (
        <p role="status" className="text-sm">
          {t('changed')}
        </p>
      )}
      {error && (
        <p role="alert" className="text-destructive text-sm">
          {text(error)}
        </p>
      )}
    </div>
  );
}

/** What the dry run of a file has come to, in a line. @param isFirst no other file is loaded before it */
function CheckLine({ check, isFirst }: { check: NonNullable<Waiting['check']>; isFirst: boolean }) {
  const t = useTranslations('imports.set');
  const counts = useTranslations('imports.counts');
  const code = useCodeText();
  if (check.status === 'checking')
    return (
      <p role="status" className="tabular text-muted-foreground text-sm">
        {t('checking', { taken: check.created + check.updated + check.unchanged + check.refused, rows: check.rows })}
      </p>
    );
  if (check.error) return <p className="text-destructive text-sm">{code(check.error)}</p>;
  const { created, updated, unchanged, conflicts, left } = check;
  const waiting = isFirst ? 0 : Math.min(check.waiting, check.refused);
  return (
    <p className="tabular flex flex-wrap gap-x-3 text-sm">
      <span>{t('would', { created, updated, unchanged, refused: check.refused - waiting })}</span>
      {conflicts > 0 && <span>{t('conflicts', { count: conflicts })}</span>}
      {waiting > 0 && <span>{t('waitForOthers', { count: waiting })}</span>}
      {left > 0 && <span>{`${counts('left')} ${left}`}</span>}
    </p>
  );
}

function WaitingFile({
  file,
  analysis,
  settled,
  place,
}: {
  file: Waiting;
  analysis: Analysis | undefined;
  settled: boolean;
  place: number | null;
}) {
  const t = useTranslations('imports.waiting');
  const all = useTranslations('imports');
  const code = useCodeText();
  const trpc = useTRPC();
  const format = useFormat();
  const contents = useContents();
  const queries = useQueryClient();
  const { mutate: discard } = useMutation(
    trpc.imports.discard.mutationOptions({
      // Nothing but the list of files has changed.
      meta: { refresh: false },
      onSuccess: () => queries.invalidateQueries(trpc.imports.list.queryFilter()),
    }),
  );
  const isTable = file.state === 'ready';
  return (
    <li className="flex items-center gap-3 px-3 py-2">
      {place !== null && <span className="tabular w-5 text-muted-foreground text-sm">{place}</span>}
      <div className="min-w-0 flex-1">
        {isTable ? (
          <Link to={`/imports/new?file=${file.id}`} className="block truncate font-medium text-sm hover:underline">
            {file.name}
          </Link>
        ) : (
          <p className="truncate font-medium text-sm">{file.name}</p>
        )}
        {file.error ? (
          <p className="text-destructive text-sm">{code(file.error.code, file.error.params)}</p>
        ) : (
          <p className="tabular flex flex-wrap items-center gap-x-2 text-muted-foreground text-sm">
            {analysis ? (
              <>
                <span>{contents(analysis) ?? t('unknown')}</span>
                <span>{all(analysis.count.exact ? 'rows' : 'aboutRows', { count: analysis.count.rows })}</span>
              </>
            ) : (
              <span>{isTable && settled ? t('unknown') : t('reading')}</span>
            )}
            {file.from && file.from.name !== file.name && <span className="truncate">{file.from.name}</span>}
            <span>{format.relative(file.createdAt)}</span>
          </p>
        )}
        {file.check && <CheckLine check={file.check} isFirst={place === null || place === 1} />}
      </div>
      {isTable && (
        <Button asChild size="sm" variant={place === null ? 'default' : 'secondary'}>
          <Link to={`/imports/new?file=${file.id}`}>
            <span className="max-sm:sr-only">{t('open')}</span>
            <ArrowRight />
          </Link>
        </Button>
      )}
      <Hint label={t('discard')}>
        <Button
          variant="quiet"
          size="icon-sm"
          aria-label={t('discardFile', { name: file.name })}
          onClick={() => discard({ fileId: file.id })}
        >
          <X />
        </Button>
      </Hint>
    </li>
  );
}
