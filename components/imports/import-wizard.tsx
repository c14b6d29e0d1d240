'use client';

import { useIsFetching, useMutation } from '@tanstack/react-query';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { Page } from '@/components/shell/page';
import { useNavigate, useSearch } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { CheckProgress, CheckStep, useCheck } from './check-step';
import { ColumnsStep, useColumnFaults } from './columns-step';
import { FileStep } from './file-step';
import { MappingBar } from './mapping-bar';
import { SameFile } from './same-file';
import { type Step, Steps, steps } from './steps';
import { useDraft } from './use-draft';
import { ValuesStep } from './values-step';

/** From a file to an import: how to read it, what its columns and values mean, and a dry run. */
export function ImportWizard({ fileId }: { fileId: string }) {
  const t = useTranslations('imports');
  const shell = useTranslations('shell');
  const text = useRefusalText();
  const trpc = useTRPC();
  const navigate = useNavigate();
  const [search, setSearch] = useSearch();
  const step = steps.find((name) => name === search.get('step')) ?? 'file';
  const draft = useDraft(fileId);
  const { analysis, plan } = draft;
  const faults = useColumnFaults(plan);
  const start = useMutation(
    trpc.imports.start.mutationOptions({
      onSuccess: ({ id }) => {
        draft.forget();
        navigate(`/imports/${id}`, { replace: true });
      },
    }),
  );
  // A file that is being imported is checked no more.
  const check = useCheck(fileId, plan, step === 'check' && faults.length === 0 && !start.isPending && !start.isSuccess);
  const go = (next: Step) => setSearch({ step: next }, { replace: false });
  const at = steps.indexOf(step);
  const before = steps[at - 1];
  const after = steps[at + 1];
  // Stages are offered once the values are read; going on before would leave them undecided.
  const reading = useIsFetching({ queryKey: [['imports', 'values'], fileId] }) > 0;
  const blocked =
    !plan || (step === 'columns' && faults.length > 0) || (step === 'values' && reading) || analysis.isPlaceholderData;
  const rows = check.data?.rows ?? 0;
  const isReady = check.data?.status === 'checked' && !check.data.error && !check.isRunning;

  return (
    <Page
      title={analysis.data?.file.name ?? shell('screens.import')}
      back={{ to: '/imports', label: shell('screens.imports') }}
      toolbar={
        <div className="shrink-0 border-b px-3 py-1.5">
          <Steps current={step} onStep={go} />
        </div>
      }
    >
      <div className="flex min-h-full flex-col">
        <div className="mx-auto w-full max-w-5xl flex-1 px-4 py-5 pb-12">
          {analysis.isPending && <Skeleton className="h-64" />}
          {analysis.isError && (
            <Alert variant="destructive">
              <AlertDescription>{text(analysis.error)}</AlertDescription>
              {Object.keys(draft.reading).length > 0 && (
                <Button size="sm" variant="outline" onClick={draft.readAsFound}>
                  {t('readAsFound')}
                </Button>
              )}
            </Alert>
          )}
          {analysis.data && (
            <>
              {(step === 'file' || step === 'check') && <SameFile sameAs={analysis.data.sameAs} />}
              {step === 'file' && <FileStep analysis={analysis.data} draft={draft} />}
              {step === 'columns' && plan && (
                <>
                  <MappingBar draft={draft} plan={plan} fileName={analysis.data.file.name} />
                  <ColumnsStep analysis={analysis.data} draft={draft} plan={plan} faults={faults} />
                </>
              )}
              {step === 'values' && plan && <ValuesStep fileId={fileId} draft={draft} plan={plan} />}
              {step === 'check' && plan && <CheckStep check={check} draft={draft} plan={plan} />}
            </>
          )}
        </div>
        <footer className="sticky bottom-0 flex items-center gap-3 border-t bg-background px-4 py-3">
          {before && (
            <Button variant="secondary" onClick={() => go(before)}>
              <ArrowLeft />
              {t('back')}
            </Button>
          )}
          {start.isError && (
            <p role="alert" className="min-w-0 flex-1 text-destructive text-sm">
              {text(start.error)}
            </p>
          )}
          {step === 'check' && check.isRunning && check.result && <CheckProgress check={check} />}
          <div className="ml-auto shrink-0">
            {after ? (
              <Button disabled={blocked} onClick={() => go(after)}>
                {t('continue')}
                <ArrowRight />
              </Button>
            ) : (
              <Button
                disabled={
                  !isReady || !check.data || check.data.created + check.data.updated + check.data.unchanged === 0
                }
                busy={start.isPending}
                onClick={() => plan && start.mutate({ fileId, plan })}
              >
                {t('start', { count: rows })}
              </Button>
            )}
          </div>
        </footer>
      </div>
    </Page>
  );
}
