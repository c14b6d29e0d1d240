'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { type ObjectKey, useIsObject } from '@/components/records/use-object';
import { LoadFailed } from '@/components/settings/load-failed';
import { Section } from '@/components/settings/section';
import { RowsSkeleton } from '@/components/settings/skeletons';
import { useLabels } from '@/components/shell/labels';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toaster';
import { defaultThreshold } from '@/domain/duplicates';
import { useReason } from './reasons';

type Rule = Outputs['duplicates']['rules'][number];

/** What makes two records of each kind likely the same. */
export function RulesPage() {
  const t = useTranslations('duplicates.settings');
  const trpc = useTRPC();
  const isObject = useIsObject();
  const rules = useQuery({ ...trpc.duplicates.rules.queryOptions(), staleTime: 0 });
  return (
    <Section title={t('title')} description={t('description')}>
      {rules.isPending ? (
        <RowsSkeleton count={4} />
      ) : rules.isError ? (
        <LoadFailed retry={() => void rules.refetch()} />
      ) : (
        <div className="grid gap-4">
          {rules.data.map((rule) =>
            isObject(rule.object) ? (
              <ObjectRules key={`${rule.object} ${rule.version}`} rule={rule} object={rule.object} />
            ) : null,
          )}
        </div>
      )}
    </Section>
  );
}

function ObjectRules({ rule, object }: { rule: Rule; object: ObjectKey }) {
  const t = useTranslations('duplicates.settings');
  const labels = useLabels();
  const reason = useReason();
  const trpc = useTRPC();
  const [weights, setWeights] = useState(rule.weights);
  const [threshold, setThreshold] = useState(rule.threshold);
  const save = useMutation(
    trpc.duplicates.setRules.mutationOptions({
      onSuccess: () => {
        toast.success(t('saved'));
      },
    }),
  );
  const names = Object.keys(rule.defaults).sort(
    (a, b) => (rule.weights[b] ?? 0) - (rule.weights[a] ?? 0) || a.localeCompare(b),
  );
  const changed = threshold !== rule.threshold || names.some((name) => weights[name] !== rule.weights[name]);
  const points = (text: string) => Math.max(0, Math.min(100, Math.round(Number(text) || 0)));
  return (
    <form
      className="grid gap-3 rounded-lg border bg-card p-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ object, weights, threshold: Math.max(30, threshold), version: rule.version });
      }}
    >
      <h3 className="font-medium text-sm">{labels.object(object, 'Other')}</h3>
      <ul className="grid gap-x-8 gap-y-2 sm:grid-cols-2">
        {names.map((name) => (
          <li key={name} className="flex items-center justify-between gap-3 text-sm">
            <span className="min-w-0 flex-1 first-letter:uppercase">{reason(object, name)}</span>
            <Input
              type="number"
              min={0}
              max={100}
              className="w-20 text-right"
              aria-label={t('weight', { rule: reason(object, name) })}
              value={weights[name] ?? 0}
              onChange={(event) => setWeights({ ...weights, [name]: points(event.target.value) })}
            />
          </li>
        ))}
      </ul>
      <Field label={t('threshold')} help={t('thresholdHelp')}>
        <Input
          type="number"
          min={30}
          max={100}
          className="w-20 text-right"
          value={threshold}
          onChange={(event) => setThreshold(points(event.target.value))}
        />
      </Field>
      <div className="flex gap-2">
        <Button type="submit" disabled={!changed} busy={save.isPending}>
          {t('save')}
        </Button>
        <Button
          variant="ghost"
          onClick={() => {
            setWeights(rule.defaults);
            setThreshold(defaultThreshold);
          }}
        >
          {t('reset')}
        </Button>
      </div>
    </form>
  );
}
