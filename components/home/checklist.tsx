'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Check, ChevronRight, Sparkles, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useCan, usePreference } from '@/components/shell/boot';
import { useQuickCreate } from '@/components/shell/quick-create';
import { Link } from '@/components/shell/router';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import { Progress } from '@/components/ui/progress';
import { Hint } from '@/components/ui/tooltip';
import type { Permission } from '@/domain/permissions';

type StepKey = Outputs['tenant']['checklist']['steps'][number]['key'];

/** Where each first step is taken, and who may take it; without an address it opens the form of a new deal. */
const steps: Record<StepKey, { to?: string; permission: Permission }> = {
  records: { to: '/imports', permission: 'imports.run' },
  pipeline: { to: '/settings/pipelines', permission: 'pipelines.configure' },
  invite: { to: '/settings/members', permission: 'members.manage' },
  deal: { permission: 'deal.write' },
  key: { to: '/settings/api', permission: 'apiKeys.manage' },
};

/** First steps of a new tenant, until they are done or sent away. */
export function Checklist({ empty }: { empty: boolean }) {
  const t = useTranslations('home.checklist');
  const trpc = useTRPC();
  const can = useCan();
  const [dismissed, setDismissed] = usePreference<boolean>('home.checklistDismissed', false);
  const { data } = useQuery({ ...trpc.tenant.checklist.queryOptions(), enabled: !dismissed });
  const mine = data?.steps.filter(({ key }) => can(steps[key].permission)) ?? [];
  const done = mine.filter((step) => step.done).length;
  if (dismissed || mine.length === 0 || done === mine.length) return null;
  return (
    <Card className="overflow-hidden">
      <div className="flex items-center gap-3 px-4 pt-3 pb-2">
        <h2 className="font-medium text-base">{t('title')}</h2>
        <span className="tabular text-muted-foreground text-sm">{t('progress', { done, all: mine.length })}</span>
        <Progress value={(done / mine.length) * 100} aria-label={t('title')} className="hidden w-28 sm:block" />
        <Hint label={t('dismiss')}>
          <Button
            variant="quiet"
            size="icon-sm"
            aria-label={t('dismiss')}
            className="ml-auto"
            onClick={() => setDismissed(true)}
          >
            <X />
          </Button>
        </Hint>
      </div>
      <ul className="grid gap-px px-2 pb-2 sm:grid-cols-2 xl:grid-cols-3">
        {mine.map((step) => (
          <li key={step.key}>
            <Step step={step} />
          </li>
        ))}
        {empty && can('samples.manage') && (
          <li>
            <SampleOffer />
          </li>
        )}
      </ul>
    </Card>
  );
}

const stepClasses = 'focus-inset flex w-full items-center gap-3 rounded-md px-2 py-2 text-left text-sm hover:bg-accent';

function Step({ step: { key, done } }: { step: { key: StepKey; done: boolean } }) {
  const t = useTranslations('home.checklist');
  const create = useQuickCreate();
  const { to } = steps[key];
  const inside = (
    <>
      <span
        className={cn(
          'grid size-5 shrink-0 place-items-center rounded-full border border-control',
          done && 'border-success bg-success text-background',
        )}
      >
        {done && <Check aria-hidden className="size-3.5" strokeWidth={3} />}
      </span>
      <span className="min-w-0 flex-1">
        <span className={cn('block font-medium', done && 'text-muted-foreground line-through')}>
          {t(`steps.${key}.title`)}
        </span>
        <span className="block text-muted-foreground">{t(`steps.${key}.help`)}</span>
      </span>
      {done && <span className="sr-only">{t('done')}</span>}
      <ChevronRight aria-hidden className="size-4 shrink-0 text-muted-foreground" />
    </>
  );
  return to ? (
    <Link to={to} className={stepClasses}>
      {inside}
    </Link>
  ) : (
    <button type="button" className={stepClasses} onClick={() => create('deal')}>
      {inside}
    </button>
  );
}

/** Shows what the product is like with something in it; one undo takes it all away. */
function SampleOffer() {
  const t = useTranslations('home.samples');
  const trpc = useTRPC();
  const undoToast = useUndoToast();
  const add = useMutation(
    trpc.samples.add.mutationOptions({
      onSuccess: ({ changeSetId, count }) => undoToast(changeSetId, t('added', { count })),
    }),
  );
  return (
    <button
      type="button"
      className={stepClasses}
      disabled={add.isPending}
      aria-busy={add.isPending}
      onClick={() => add.mutate()}
    >
      <span className="grid size-5 shrink-0 place-items-center text-link">
        <Sparkles aria-hidden className="size-4" />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{add.isPending ? t('adding') : t('title')}</span>
        <span className="block text-muted-foreground">{t('help')}</span>
      </span>
      <ChevronRight aria-hidden className="size-4 shrink-0 text-muted-foreground" />
    </button>
  );
}
