'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import type { PipelineView } from '@/domain/pipelines';

/** What a change of pipelines shows in besides itself: the product's first answer and every deal. */
const meta = { refresh: ['tenant', 'deals'] };

/** Pipelines as they are now, known before they are asked for. */
export function usePipelines(): PipelineView[] {
  const trpc = useTRPC();
  const { pipelines } = useBoot();
  return useQuery(trpc.pipelines.list.queryOptions(undefined, { initialData: pipelines })).data;
}

/** The changes an admin can make, each with its undo; order is shown before the server answers. */
export function usePipelineVerbs() {
  const t = useTranslations('settings.pipelines');
  const trpc = useTRPC();
  const queries = useQueryClient();
  const undo = useUndoToast();
  const key = trpc.pipelines.list.queryKey();
  const show = (change: (pipelines: PipelineView[]) => PipelineView[]) => {
    void queries.cancelQueries({ queryKey: key });
    queries.setQueryData(key, (known) => known && change(known));
  };
  const failed = () => void queries.invalidateQueries({ queryKey: key });
  const told = (message: string) => ({
    meta,
    onSuccess: ({ changeSetId }: { changeSetId: string }) => undo(changeSetId, message),
    onSettled: (_: unknown, error: unknown) => {
      if (error) failed();
    },
  });
  const { pipelines } = trpc;
  const reorder = useMutation(pipelines.reorder.mutationOptions(told(t('ordered'))));
  const reorderStages = useMutation(pipelines.reorderStages.mutationOptions(told(t('ordered'))));
  const update = useMutation(pipelines.updateStage.mutationOptions(told(t('stageSaved'))));
  return {
    rename: useMutation(pipelines.rename.mutationOptions(told(t('saved')))),
    create: useMutation(pipelines.create.mutationOptions(told(t('added')))),
    addStage: useMutation(pipelines.addStage.mutationOptions(told(t('stageAdded')))),
    updateStage: (values: Parameters<typeof update.mutate>[0]) => {
      show((known) =>
        known.map((pipeline) => ({
          ...pipeline,
          stages: pipeline.stages.map((stage) => (stage.id === values.id ? { ...stage, ...values } : stage)),
        })),
      );
      update.mutate(values);
    },
    reorder: (ids: string[]) => {
      show((known) => inOrder(known, ids));
      reorder.mutate({ ids });
    },
    reorderStages: (pipelineId: string, ids: string[]) => {
      show((known) =>
        known.map((pipeline) =>
          pipeline.id === pipelineId ? { ...pipeline, stages: inOrder(pipeline.stages, ids) } : pipeline,
        ),
      );
      reorderStages.mutate({ pipelineId, ids });
    },
  };
}

function inOrder<T extends { id: string }>(items: readonly T[], ids: readonly string[]): T[] {
  return ids.flatMap((id) => items.find((item) => item.id === id) ?? []);
}
