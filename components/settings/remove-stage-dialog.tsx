'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Dot } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
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
import type { PipelineView, StageView } from '@/domain/pipelines';

/** A stage, or a whole pipeline. */
export interface Removal {
  pipeline: PipelineView;
  stage?: StageView;
}

/** Asks where the deals go; nothing of theirs is lost. */
export function RemoveStageDialog({
  removal: { pipeline, stage },
  pipelines,
  onClose,
}: {
  removal: Removal;
  pipelines: readonly PipelineView[];
  onClose: () => void;
}) {
  const t = useTranslations('settings.pipelines');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const undo = useUndoToast();
  const refusal = useRefusalText();
  const [moveTo, setMoveTo] = useState<string>();
  const board = useQuery(trpc.deals.board.queryOptions({ pipelineId: pipeline.id }));
  const count = (board.data?.columns ?? [])
    .filter((column) => !stage || column.stageId === stage.id)
    .reduce((sum, column) => sum + column.count, 0);
  const name = stage?.name ?? pipeline.name;
  const options = {
    meta: { quiet: true, refresh: ['tenant', 'deals'] },
    onSuccess: ({ changeSetId, moved }: { changeSetId: string; moved: number }) => {
      onClose();
      undo(changeSetId, t('removed', { name, count: moved }));
    },
  };
  const removePipeline = useMutation(trpc.pipelines.remove.mutationOptions(options));
  const removeStage = useMutation(trpc.pipelines.removeStage.mutationOptions(options));
  const running = stage ? removeStage : removePipeline;
  const remove = () =>
    stage ? removeStage.mutate({ id: stage.id, moveTo }) : removePipeline.mutate({ id: pipeline.id, moveTo });
  const targets = pipelines
    .filter((known) => stage || known.id !== pipeline.id)
    .map((known) => ({ ...known, stages: known.stages.filter((target) => target.id !== stage?.id) }));
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent closeLabel={c('close')}>
        <DialogHeader>
          <DialogTitle>{t('removeTitle', { name })}</DialogTitle>
          <DialogDescription>
            {board.isPending ? c('loading') : t(count > 0 ? 'removeMoves' : 'removeEmpty', { count })}
          </DialogDescription>
        </DialogHeader>
        <DialogBody className="grid gap-4">
          {count > 0 && (
            <Field label={t('moveTo')} required>
              <Select value={moveTo} onValueChange={setMoveTo}>
                <SelectTrigger>
                  <SelectValue placeholder={c('choose')} />
                </SelectTrigger>
                <SelectContent>
                  {targets.map((target) => (
                    <SelectGroup key={target.id}>
                      <SelectLabel>{target.name}</SelectLabel>
                      {target.stages.map((place) => (
                        <SelectItem key={place.id} value={place.id}>
                          <span className="flex items-center gap-2">
                            <Dot tone={place.colour} />
                            {place.name}
                          </span>
                        </SelectItem>
                      ))}
                    </SelectGroup>
                  ))}
                </SelectContent>
              </Select>
            </Field>
          )}
          {running.error && (
            <Alert variant="destructive">
              <AlertDescription>{refusal(running.error)}</AlertDescription>
            </Alert>
          )}
        </DialogBody>
        <DialogFooter>
          <Button variant="ghost" onClick={onClose}>
            {c('cancel')}
          </Button>
          <Button
            variant="destructive"
            busy={running.isPending}
            disabled={board.isPending || (count > 0 && !moveTo)}
            onClick={remove}
          >
            {c('delete')}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
