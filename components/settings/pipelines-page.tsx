'use client';

import { Ellipsis, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCan } from '@/components/shell/boot';
import { useSearch } from '@/components/shell/router';
import { Dot } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import type { PipelineView } from '@/domain/pipelines';
import { InlineText } from './inline-text';
import { type Removal, RemoveStageDialog } from './remove-stage-dialog';
import { rowsClasses, Section } from './section';
import { Sortable } from './sortable';
import { StagesSection } from './stages-section';
import { usePipelines, usePipelineVerbs } from './use-pipelines';

/** The ways deals go: several pipelines, each with its stages. */
export function PipelinesPage() {
  const t = useTranslations('settings.pipelines');
  const can = useCan();
  const pipelines = usePipelines();
  const verbs = usePipelineVerbs();
  const [search, setSearch] = useSearch();
  const [removal, setRemoval] = useState<Removal | null>(null);
  const configures = can('pipelines.configure');
  const chosen = pipelines.find(({ id }) => id === search.get('pipeline')) ?? pipelines[0];
  const add = () => {
    const names = pipelines.map(({ name }) => name);
    let name = t('newName');
    for (let n = 2; names.includes(name); n++) name = `${t('newName')} ${n}`;
    verbs.create.mutate({ name }, { onSuccess: ({ id }) => setSearch({ pipeline: id }) });
  };
  return (
    <>
      <Section
        title={t('title')}
        description={t('description')}
        aside={
          configures && (
            <Button variant="secondary" busy={verbs.create.isPending} onClick={add}>
              <Plus />
              {t('add')}
            </Button>
          )
        }
      >
        <Sortable
          items={pipelines}
          label={t('title')}
          fixed={!configures || pipelines.length < 2}
          onOrder={verbs.reorder}
          className={rowsClasses}
          itemClassName={(pipeline) =>
            cn(pipeline === chosen && pipelines.length > 1 && 'bg-primary-soft/60 first:rounded-t-lg last:rounded-b-lg')
          }
        >
          {(pipeline, handle) => (
            <div className="flex min-h-11 items-center gap-2 py-1 pr-2 pl-2">
              {handle}
              <InlineText
                key={pipeline.name}
                value={pipeline.name}
                aria-label={t('nameOf', { name: pipeline.name })}
                readOnly={!configures}
                maxLength={80}
                onFocus={() => setSearch({ pipeline: pipeline.id })}
                onSave={(name) => verbs.rename.mutate({ id: pipeline.id, name })}
                className="max-w-64 flex-1 font-medium"
              />
              <button
                type="button"
                aria-pressed={pipeline === chosen}
                onClick={() => setSearch({ pipeline: pipeline.id })}
                className="flex h-8 min-w-0 flex-1 items-center justify-end gap-1 rounded-md px-2 hover:bg-accent"
              >
                <span className="sr-only">{t('show', { name: pipeline.name })}</span>
                {pipeline.stages.map((stage) => (
                  <Dot key={stage.id} tone={stage.colour} className="max-sm:hidden" />
                ))}
                <span className="ml-1.5 whitespace-nowrap text-muted-foreground text-sm">
                  {t('stageCount', { count: pipeline.stages.length })}
                </span>
              </button>
              {configures && pipelines.length > 1 && (
                <PipelineMenu pipeline={pipeline} onRemove={() => setRemoval({ pipeline })} />
              )}
            </div>
          )}
        </Sortable>
      </Section>
      {chosen && (
        <StagesSection
          key={chosen.id}
          pipeline={chosen}
          onRemove={(stage) => setRemoval({ pipeline: chosen, stage })}
        />
      )}
      {removal && <RemoveStageDialog removal={removal} pipelines={pipelines} onClose={() => setRemoval(null)} />}
    </>
  );
}

function PipelineMenu({ pipeline, onRemove }: { pipeline: PipelineView; onRemove: () => void }) {
  const t = useTranslations('settings.pipelines');
  const c = useTranslations('common');
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="quiet" size="icon-sm" aria-label={t('actionsFor', { name: pipeline.name })}>
          <Ellipsis />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem variant="destructive" onSelect={onRemove}>
          <Trash2 />
          {c('delete')}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
