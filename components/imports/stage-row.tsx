'use client';

import { type ReactNode, useEffect, useEffectEvent } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { Field } from '@/components/ui/field';
import {
  Select,
  SelectContent,
  SelectGroup,
  SelectItem,
  SelectLabel,
  SelectTrigger,
  SelectValue,
} from '@/components/ui/select';
import { clip } from '@/domain/clip';
import type { ImportPlan } from '@/domain/imports/mapping';
import { stageKinds } from '@/domain/pipelines';
import type { DraftControls } from './use-draft';
import type { Value } from './values-step';

interface RowProps {
  value: Value;
  draft: DraftControls;
  plan: ImportPlan;
  /** Whether what is offered follows from the plan as it is now. */
  isFresh: boolean;
}

type StageChoice = ImportPlan['values']['stage'][string][string];
type PipelineChoice = ImportPlan['values']['pipeline'][string];

/** One stage of the file: an existing stage, a new one of some kind, or rows left out. */
export function StageRow({ value, draft, plan, isFresh }: RowProps) {
  const t = useTranslations('imports.values');
  const fields = useTranslations('fields');
  const { pipelines } = useBoot();
  const group = value.pipeline ?? '';
  const pipelineChoice = plan.values.pipeline[group];
  const known = pipelines.find(({ id, name }) =>
    pipelineChoice && 'id' in pipelineChoice
      ? id === pipelineChoice.id
      : group !== '' && name.toLowerCase() === group.toLowerCase(),
  );
  const stages = known?.stages ?? (group === '' ? (pipelines[0]?.stages ?? []) : []);
  const choice = plan.values.stage[group]?.[value.text];
  const set = (next: StageChoice) =>
    draft.setValues(({ stage }) => ({ stage: { ...stage, [group]: { ...stage[group], [value.text]: next } } }));
  // New stages are offered as made, visibly so: a deal cannot be without a stage. The server's proposal for one is a
  // stage's choice.
  useOffer(isFresh && !choice && !value.match, value.proposal as StageChoice | null, set);
  const current = choice ? keyOfStage(choice) : value.match ? `stage:${value.match.id}` : '';
  return (
    <ValueLine value={value} prefix={group === '' ? undefined : group}>
      <Field label={t('meaning', { text: value.text })} hideLabel>
        <Select
          value={current}
          onValueChange={(key) => {
            const kind = stageKinds.find((k) => key === `create:${k}`);
            if (kind) set({ create: { name: clip(value.text, 80), kind } });
            else set(key === 'skip' ? { skip: true } : { stageId: key.slice('stage:'.length) });
          }}
        >
          <SelectTrigger>
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            {stages.length > 0 && (
              <SelectGroup>
                <SelectLabel>{t('existingStages')}</SelectLabel>
                {stages.map(({ id, name }) => (
                  <SelectItem key={id} value={`stage:${id}`}>
                    {name}
                  </SelectItem>
                ))}
              </SelectGroup>
            )}
            <SelectGroup>
              <SelectLabel>{t('newStage')}</SelectLabel>
              {stageKinds.map((kind) => (
                <SelectItem key={kind} value={`create:${kind}`}>
                  {t('createStage', { name: value.text, kind: fields(`stageKinds.${kind}`) })}
                </SelectItem>
              ))}
            </SelectGroup>
            <SelectGroup>
              <SelectItem value="skip">{t('skipRows')}</SelectItem>
            </SelectGroup>
          </SelectContent>
        </Select>
      </Field>
    </ValueLine>
  );
}

/** Takes what is offered where nothing is decided, also when a decision about the pipeline has undone that. */
function useOffer<C>(isOpen: boolean, proposal: C | null, set: (choice: C) => void): void {
  const offer = useEffectEvent(() => {
    if (proposal) set(proposal);
  });
  useEffect(() => {
    if (isOpen) offer();
  }, [isOpen]);
}

function keyOfStage(choice: StageChoice): string {
  if ('stageId' in choice) return `stage:${choice.stageId}`;
  return 'create' in choice ? `create:${choice.create.kind}` : 'skip';
}

/** One pipeline of the file: an existing one, a new one, or rows left out. */
export function PipelineRow({ value, draft, plan, isFresh }: RowProps) {
  const t = useTranslations('imports.values');
  const { pipelines } = useBoot();
  const choice = plan.values.pipeline[value.text];
  const set = (next: PipelineChoice) =>
    draft.setValues(({ pipeline, stage }) => ({
      pipeline: { ...pipeline, [value.text]: next },
      stage: { ...stage, [value.text]: {} },
    }));
  // The server's proposal for a pipeline is a reference's choice.
  useOffer(isFresh && !choice && !value.match, value.proposal as PipelineChoice | null, set);
  const current = choice
    ? 'id' in choice
      ? choice.id
      : 'create' in choice
        ? 'create'
        : 'skip'
    : (value.match?.id ?? '');
  return (
    <ValueLine value={value}>
      <Field label={t('meaning', { text: value.text })} hideLabel>
        <Select
          value={current}
          onValueChange={(key) =>
            set(
              key === 'skip'
                ? { skip: true }
                : key === 'create'
                  ? { create: { name: clip(value.text, 80) } }
                  : { id: key },
            )
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
            <SelectItem value="create">{t('createPipeline', { name: value.text })}</SelectItem>
            <SelectItem value="skip">{t('skipRows')}</SelectItem>
          </SelectContent>
        </Select>
      </Field>
    </ValueLine>
  );
}

function ValueLine({ value, prefix, children }: { value: Value; prefix?: string; children: ReactNode }) {
  const t = useTranslations('imports.values');
  return (
    <li className="grid items-center gap-x-4 gap-y-1.5 px-3 py-2 text-sm sm:grid-cols-[minmax(0,1fr)_5.5rem_minmax(0,1.3fr)]">
      <span className="truncate" title={value.text}>
        {prefix !== undefined && <span className="text-muted-foreground">{prefix} / </span>}
        <span className="font-medium">{value.text}</span>
      </span>
      <span className="tabular text-muted-foreground sm:text-right">{t('rows', { count: value.rows })}</span>
      <div className="min-w-0">{children}</div>
    </li>
  );
}
