'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useCan } from '@/components/shell/boot';
import { useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { type PipelineView, type StageView, stageColours } from '@/domain/pipelines';
import { rowsClasses, Section } from './section';
import { Sortable } from './sortable';
import { StageRow } from './stage-row';
import { usePipelineVerbs } from './use-pipelines';

/** The stages of one pipeline: everything about them is changed in place. */
export function StagesSection({
  pipeline,
  onRemove,
}: {
  pipeline: PipelineView;
  onRemove: (stage: StageView) => void;
}) {
  const t = useTranslations('settings.pipelines');
  const trpc = useTRPC();
  const can = useCan();
  const verbs = usePipelineVerbs();
  const configures = can('pipelines.configure');
  const board = useQuery(trpc.deals.board.queryOptions({ pipelineId: pipeline.id }));
  const countOf = (id: string) => board.data?.columns.find((column) => column.stageId === id)?.count ?? 0;
  const add = () => {
    const names = pipeline.stages.map(({ name }) => name);
    let name = t('newStage');
    for (let n = 2; names.includes(name); n++) name = `${t('newStage')} ${n}`;
    const open = pipeline.stages.filter((stage) => stage.kind === 'open');
    const used = new Set(pipeline.stages.map((stage) => stage.colour));
    verbs.addStage.mutate({
      pipelineId: pipeline.id,
      name,
      kind: 'open',
      probability: Math.min(95, (open.at(-1)?.probability ?? 0) + 5),
      colour: stageColours.find((colour) => !used.has(colour)) ?? 'slate',
      requiredFields: [],
    });
  };
  return (
    <Section
      title={t('stagesOf', { name: pipeline.name })}
      description={t('stagesHelp')}
      aside={
        configures && (
          <Button variant="secondary" busy={verbs.addStage.isPending} onClick={add}>
            <Plus />
            {t('addStage')}
          </Button>
        )
      }
    >
      <Sortable
        items={pipeline.stages}
        label={t('stagesOf', { name: pipeline.name })}
        fixed={!configures}
        onOrder={(ids) => verbs.reorderStages(pipeline.id, ids)}
        className={rowsClasses}
      >
        {(stage, handle, move) => (
          <StageRow
            stage={stage}
            handle={handle}
            count={countOf(stage.id)}
            configures={configures}
            onChange={(values) => verbs.updateStage({ id: stage.id, ...values })}
            onMove={move}
            onRemove={() => onRemove(stage)}
          />
        )}
      </Sortable>
    </Section>
  );
}
