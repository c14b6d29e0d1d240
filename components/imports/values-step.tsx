'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { CheckCheck } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { type Outputs, useTRPCClient } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Field } from '@/components/ui/field';
import { Segmented } from '@/components/ui/segmented';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import type { OwnObject } from '@/domain/fields';
import { choicesFor, type ImportPlan, missingFor } from '@/domain/imports/mapping';
import { ReferenceRow } from './reference-row';
import { PipelineRow, StageRow } from './stage-row';
import type { DraftControls } from './use-draft';

export type Group = Outputs['imports']['values']['groups'][number];
export type Value = Group['rows'][number];

/** Texts that name other records: what each of them means, as far as the file leaves it open. */
export function ValuesStep({ fileId, draft, plan }: { fileId: string; draft: DraftControls; plan: ImportPlan }) {
  const t = useTranslations('imports.values');
  const text = useRefusalText();
  const client = useTRPCClient();
  // What is chosen for products or people changes nothing about what there is to choose; pipelines do, for their stages.
  const asked: ImportPlan = {
    ...plan,
    values: {
      pipeline: plan.values.pipeline,
      stage: {},
      product: {},
      owner: {},
      company: {},
      contact: {},
      others: {},
    },
  };
  const report = useQuery({
    queryKey: [['imports', 'values'], fileId, asked],
    queryFn: () => client.imports.values.mutate({ fileId, plan: asked }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  if (report.isPending) return <Skeleton className="h-64" />;
  if (report.isError) {
    return (
      <Alert variant="destructive">
        <AlertDescription>{text(report.error)}</AlertDescription>
      </Alert>
    );
  }
  const { groups } = report.data;
  const hasPipelines = groups.some(({ group, rows }) => group === 'pipeline' && rows.length > 0);
  const shown = groups.filter(({ group, rows }) => rows.length > 0 || group !== 'pipeline');
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
      {plan.object === 'deal' && !hasPipelines && <OnePipeline draft={draft} plan={plan} />}
      {shown.map((group) => (
        <GroupSection
          key={`${group.group} ${group.object}`}
          group={group}
          draft={draft}
          plan={plan}
          isFresh={!report.isPlaceholderData}
        />
      ))}
      {shown.length === 0 && plan.object !== 'deal' && (
        <Empty icon={<CheckCheck />} title={t('none')} description={t('noneHelp')} />
      )}
    </div>
  );
}

/** A file without a column for it goes into one pipeline as a whole. */
function OnePipeline({ draft, plan }: { draft: DraftControls; plan: ImportPlan }) {
  const t = useTranslations('imports.values');
  const { pipelines } = useBoot();
  const chosen = plan.values.pipeline[''];
  return (
    <Field label={t('onePipeline')} className="max-w-xs">
      <Select
        value={chosen && 'id' in chosen ? chosen.id : (pipelines[0]?.id ?? '')}
        onValueChange={(id) =>
          draft.setValues(({ pipeline }) => ({ pipeline: { ...pipeline, '': { id } }, stage: {} }))
        }
      >
        <SelectTrigger>
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          {pipelines.map(({ id, name }) => (
            <SelectItem key={id} value={id}>
              {name}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    </Field>
  );
}

/** What the records are called that the texts of a group name. */
function useGroupName(): (group: Pick<Group, 'group' | 'object'>) => string {
  const t = useTranslations('imports.values.groups');
  const labels = useLabels();
  return ({ group, object }) => (group === 'other' ? labels.object(object as OwnObject, 'Other') : t(group));
}

function GroupSection({
  group,
  draft,
  plan,
  isFresh,
}: {
  group: Group;
  draft: DraftControls;
  plan: ImportPlan;
  isFresh: boolean;
}) {
  const t = useTranslations('imports.values');
  const name = useGroupName()(group);
  const id = `values-${group.object}`;
  return (
    <section aria-labelledby={id}>
      <div className="mb-2 flex flex-wrap items-end justify-between gap-3">
        <div>
          <h2 id={id} className="font-medium text-base">
            {name}
          </h2>
          {group.matched.texts > 0 && (
            <p className="text-muted-foreground text-sm">
              {t('matched', { count: group.matched.texts, rows: group.matched.rows })}
            </p>
          )}
        </div>
        <ForTheRest group={group} draft={draft} plan={plan} />
      </div>
      {group.rows.length > 0 && (
        <ul className="divide-y rounded-lg border">
          {group.rows.map((value) => {
            const key = `${value.pipeline ?? ''}\n${value.text}`;
            if (group.group === 'stage' || group.group === 'pipeline') {
              const Row = group.group === 'stage' ? StageRow : PipelineRow;
              return <Row key={key} value={value} draft={draft} plan={plan} isFresh={isFresh} />;
            }
            return <ReferenceRow key={key} group={group} value={value} draft={draft} plan={plan} />;
          })}
        </ul>
      )}
      {group.more > 0 && <p className="mt-2 text-muted-foreground text-sm">{t('more', { count: group.more })}</p>}
    </section>
  );
}

/** What becomes of texts nobody decides about one by one, and a way to take all good suggestions at once. */
function ForTheRest({ group, draft, plan }: { group: Group; draft: DraftControls; plan: ImportPlan }) {
  const t = useTranslations('imports.values');
  const groupName = useGroupName();
  const { object } = group;
  if (group.group === 'stage' || group.group === 'pipeline' || group.rows.length === 0) return null;
  const choices = choicesFor(plan, object);
  const good = group.rows.flatMap(({ text, match, suggestions }) => {
    const [best] = suggestions;
    return !match && best && best.confidence >= 0.9 && choices[text] === undefined
      ? [[text, { id: best.id }] as const]
      : [];
  });
  return (
    <div className="flex flex-wrap items-center gap-2">
      {good.length > 1 && (
        <Button
          size="sm"
          variant="secondary"
          onClick={() => draft.setChoices(object, (known) => ({ ...known, ...Object.fromEntries(good) }))}
        >
          {t('takeAll', { count: good.length })}
        </Button>
      )}
      {group.makeable && (
        <>
          <span className="text-muted-foreground text-sm">{t('rest')}</span>
          <Segmented
            aria-label={t('restOf', { group: groupName(group) })}
            value={missingFor(plan, object)}
            onValueChange={(value) => draft.setMissingOf(object, value)}
            options={[
              { value: 'leave', label: t('leaveEmpty') },
              { value: 'create', label: t('createNew') },
            ]}
          />
        </>
      )}
    </div>
  );
}
