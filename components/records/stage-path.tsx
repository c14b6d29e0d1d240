'use client';

import { Check, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useBoot, useCan } from '@/components/shell/boot';
import { cn } from '@/components/ui/cn';
import { Hint } from '@/components/ui/tooltip';
import { daysInStage } from '@/domain/deals';
import type { StageView } from '@/domain/pipelines';
import type { RecordRow } from './record-data';
import { useCommit } from './use-commit';

/** The stages of a deal's pipeline as a path; a click moves the deal. */
export function StagePath({ row }: { row: RecordRow }) {
  const t = useTranslations('records.stages');
  const { pipelines } = useBoot();
  const can = useCan();
  const { commit, dialog } = useCommit('deal');
  const stages = pipelines.find((pipeline) => pipeline.stages.some((stage) => stage.id === row.stageId))?.stages ?? [];
  const current = stages.find((stage) => stage.id === row.stageId);
  const days = typeof row.stageEnteredAt === 'string' ? daysInStage(row.stageEnteredAt, new Date()) : null;
  if (!current) return null;
  const reached = stages.indexOf(current);
  return (
    <div className="flex items-center gap-3 border-b px-4 py-2">
      <ol aria-label={t('label')} className="scroll-quiet flex min-w-0 flex-1 gap-1 overflow-x-auto">
        {stages.map((stage, i) => (
          <Step
            key={stage.id}
            stage={stage}
            state={
              stage === current
                ? 'current'
                : current.kind === 'open' && stage.kind === 'open' && i < reached
                  ? 'passed'
                  : 'ahead'
            }
            disabled={!can('deal.write')}
            onPick={() => commit(row, 'stageId', stage.id, { title: stage.name })}
          />
        ))}
      </ol>
      {days !== null && current.kind === 'open' && (
        <span className="shrink-0 text-muted-foreground text-xs max-sm:hidden">{t('days', { count: days })}</span>
      )}
      {dialog}
    </div>
  );
}

type State = 'current' | 'passed' | 'ahead';

function Step({
  stage,
  state,
  disabled,
  onPick,
}: {
  stage: StageView;
  state: State;
  disabled: boolean;
  onPick: () => void;
}) {
  const t = useTranslations('records.stages');
  const closed = stage.kind !== 'open';
  return (
    <li className={cn('min-w-0', closed ? 'shrink-0' : 'min-w-24 flex-1')}>
      <Hint label={state === 'current' ? stage.name : t('move', { stage: stage.name })}>
        <button
          type="button"
          data-tone={stage.colour}
          disabled={disabled}
          aria-current={state === 'current' ? 'step' : undefined}
          onClick={state === 'current' ? undefined : onPick}
          className={cn(
            'flex h-7 w-full items-center justify-center gap-1 truncate rounded-md border px-2 text-xs pointer-coarse:h-9',
            state === 'current' && 'border-tone bg-tone-soft font-semibold text-tone-text',
            state === 'passed' && 'border-transparent bg-tone-soft text-tone-text',
            state === 'ahead' && 'bg-background text-muted-foreground hover:bg-accent hover:text-foreground',
          )}
        >
          {stage.kind === 'won' && <Check aria-hidden className="size-3.5 shrink-0" />}
          {stage.kind === 'lost' && <X aria-hidden className="size-3.5 shrink-0" />}
          <span className="truncate">{stage.name}</span>
        </button>
      </Hint>
    </li>
  );
}
