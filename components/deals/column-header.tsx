'use client';

import { ChevronsLeft, Plus } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useCan } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useQuickCreate } from '@/components/shell/quick-create';
import { Dot } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { Hint } from '@/components/ui/tooltip';
import type { StageView } from '@/domain/pipelines';

export interface ColumnFigures {
  count: number;
  total: number;
  weighted: number;
  other: { currency: string; total: number }[];
}

export interface ColumnHeaderProps {
  stage: StageView;
  /** Undefined until the totals are here. */
  figures: ColumnFigures | undefined;
  onFold: (stageId: string) => void;
}

/** Name, count and sums of a stage; on a phone the strip above the board says the name. */
export function ColumnHeader({ stage, figures, onFold }: ColumnHeaderProps) {
  const t = useTranslations('deals.column');
  const format = useFormat();
  const can = useCan();
  const create = useQuickCreate();
  return (
    <header className="shrink-0 px-3 pt-2.5 pb-1 max-md:flex max-md:flex-row-reverse max-md:items-center max-md:gap-2 max-md:pt-1.5">
      <div className="flex h-6 items-center gap-2">
        <Dot tone={stage.colour} className="max-md:hidden" />
        <h2 id={`stage-${stage.id}`} className="truncate font-medium text-sm max-md:sr-only" title={stage.name}>
          {stage.name}
        </h2>
        <span
          className="tabular text-muted-foreground text-sm max-md:hidden"
          title={figures && t('count', { count: figures.count })}
        >
          {figures ? format.number(figures.count) : ' '}
        </span>
        <span className="ml-auto flex items-center">
          {can('deal.write') && (
            <Hint label={t('add', { stage: stage.name })}>
              <Button
                variant="quiet"
                size="icon-xs"
                aria-label={t('add', { stage: stage.name })}
                onClick={() => create('deal', { pipelineId: stage.pipelineId, stageId: stage.id })}
              >
                <Plus />
              </Button>
            </Hint>
          )}
          <Hint label={t('fold', { stage: stage.name })}>
            <Button
              variant="quiet"
              size="icon-xs"
              aria-label={t('fold', { stage: stage.name })}
              onClick={() => onFold(stage.id)}
              className="max-md:hidden"
            >
              <ChevronsLeft />
            </Button>
          </Hint>
        </span>
      </div>
      <div className="tabular mt-0.5 flex h-5 min-w-0 flex-1 items-baseline gap-2 text-sm">
        {figures ? (
          <Sums figures={figures} weighted={stage.kind === 'open'} />
        ) : (
          <Skeleton className="h-3.5 w-24 self-center" />
        )}
      </div>
    </header>
  );
}

function Sums({ figures, weighted }: { figures: ColumnFigures; weighted: boolean }) {
  const t = useTranslations('deals.column');
  const format = useFormat();
  const others = figures.other.map(({ currency, total }) => format.money(total, currency));
  return (
    <>
      <span className="truncate font-medium" title={format.money(figures.total, null, 'exact')}>
        {format.money(figures.total)}
      </span>
      {others.length > 0 && (
        <span
          className="min-w-0 truncate text-muted-foreground"
          title={t('otherTitle', { amounts: others.join(' · ') })}
        >
          {t('other', { amounts: others.join(' · ') })}
        </span>
      )}
      {weighted && figures.total > 0 && (
        <span
          className="ml-auto shrink-0 text-muted-foreground"
          title={t('weightedTitle', { amount: format.money(figures.weighted, null, 'exact') })}
        >
          {t('weighted', { amount: format.money(figures.weighted, null, 'compact') })}
        </span>
      )}
    </>
  );
}
