'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { toast } from '@/components/ui/toaster';
import { LoadFailed } from './load-failed';
import { Section } from './section';

type Policy = Outputs['tenant']['sessionPolicy'];

/** What holds where nothing is set; a company may only be stricter. */
const usual = { idleMinutes: 720, days: 30 };
const idleChoices = [15, 30, 60, 120, 240, 480, usual.idleMinutes];
const dayChoices = [1, 7, 14, usual.days];

/** After how long people have to sign in again. */
export function SessionPolicySection() {
  const t = useTranslations('settings.security.policy');
  const trpc = useTRPC();
  const policy = useQuery(trpc.tenant.sessionPolicy.queryOptions());
  return (
    <Section title={t('title')} description={t('description')}>
      {policy.data ? (
        <PolicyForm key={JSON.stringify(policy.data)} policy={policy.data} />
      ) : policy.isError ? (
        <LoadFailed retry={() => void policy.refetch()} />
      ) : (
        <div aria-busy className="grid gap-4">
          <Skeleton className="h-8" />
          <Skeleton className="h-8" />
        </div>
      )}
    </Section>
  );
}

function PolicyForm({ policy }: { policy: Policy }) {
  const t = useTranslations('settings.security.policy');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const refusal = useRefusalText();
  const [idle, setIdle] = useState(policy.idleMinutes ?? usual.idleMinutes);
  const [days, setDays] = useState(policy.days ?? usual.days);
  const save = useMutation(
    trpc.tenant.setSessionPolicy.mutationOptions({
      meta: { quiet: true },
      onSuccess: () => {
        toast.success(t('saved'));
      },
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({
      idleMinutes: idle === usual.idleMinutes ? null : idle,
      days: days === usual.days ? null : days,
    });
  };
  const minutes = (count: number) => (count % 60 === 0 ? t('hours', { count: count / 60 }) : t('minutes', { count }));
  const unchanged = idle === (policy.idleMinutes ?? usual.idleMinutes) && days === (policy.days ?? usual.days);
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label={t('idle')} help={t('idleHelp')} inline>
        <TimeSelect value={idle} choices={idleChoices} usual={usual.idleMinutes} onChange={setIdle} text={minutes} />
      </Field>
      <Field label={t('days')} help={t('daysHelp')} inline>
        <TimeSelect
          value={days}
          choices={dayChoices}
          usual={usual.days}
          onChange={setDays}
          text={(count) => t('dayCount', { count })}
        />
      </Field>
      {save.error && (
        <Alert variant="destructive">
          <AlertDescription>{refusal(save.error)}</AlertDescription>
        </Alert>
      )}
      <Button type="submit" busy={save.isPending} disabled={unchanged} className="w-fit sm:ml-44">
        {c('save')}
      </Button>
    </form>
  );
}

/** A few lengths of time; one that was set otherwise is among them. */
function TimeSelect({
  value,
  choices,
  usual: usualTime,
  onChange,
  text,
}: {
  value: number;
  choices: readonly number[];
  usual: number;
  onChange: (value: number) => void;
  text: (value: number) => string;
}) {
  const t = useTranslations('settings.security.policy');
  const offered = [...new Set([...choices, value])].sort((a, b) => a - b);
  return (
    <Select value={String(value)} onValueChange={(next) => onChange(Number(next))}>
      <SelectTrigger className="sm:max-w-60">
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {offered.map((choice) => (
          <SelectItem key={choice} value={String(choice)}>
            {choice === usualTime ? t('usual', { time: text(choice) }) : text(choice)}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}
