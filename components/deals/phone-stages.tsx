'use client';

import { type RefObject, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { Dot } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import type { StageView } from '@/domain/pipelines';
import type { ColumnFigures } from './column-header';

export interface PhoneStagesProps {
  stages: readonly StageView[];
  figures: Map<string, ColumnFigures> | undefined;
  /** The row of columns, one screen wide each, that is swiped. */
  scroller: RefObject<HTMLDivElement | null>;
}

/** On a phone: the stages as a strip above the one column in view; a swipe and a tap say the same. */
export function PhoneStages({ stages, figures, scroller }: PhoneStagesProps) {
  const t = useTranslations('deals.board');
  const format = useFormat();
  const [current, setCurrent] = useState(stages[0]?.id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other stages are other columns to watch
  useEffect(() => {
    const row = scroller.current;
    if (!row) return;
    const seen = new IntersectionObserver(
      (entries) => {
        const shown = entries.find((entry) => entry.isIntersecting)?.target;
        if (shown instanceof HTMLElement && shown.dataset.column) setCurrent(shown.dataset.column);
      },
      { root: row, threshold: 0.6 },
    );
    for (const column of row.querySelectorAll('[data-column]')) seen.observe(column);
    return () => seen.disconnect();
  }, [scroller, stages]);
  useEffect(() => {
    document.getElementById(`strip-${current}`)?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  return (
    <nav
      aria-label={t('stages')}
      className="flex shrink-0 gap-1 overflow-x-auto border-b bg-background px-3 py-2 [scrollbar-width:none] md:hidden"
    >
      {stages.map((stage) => (
        <button
          key={stage.id}
          id={`strip-${stage.id}`}
          type="button"
          aria-current={stage.id === current ? 'true' : undefined}
          onClick={() =>
            scroller.current
              ?.querySelector(`[data-column="${stage.id}"]`)
              ?.scrollIntoView({ behavior: 'smooth', inline: 'center', block: 'nearest' })
          }
          className={cn(
            'inline-flex h-9 shrink-0 items-center gap-1.5 rounded-md px-2.5 text-muted-foreground text-sm',
            stage.id === current && 'bg-accent font-medium text-foreground',
          )}
        >
          <Dot tone={stage.colour} />
          {stage.name}
          {figures && (
            <span className="tabular text-muted-foreground">{format.number(figures.get(stage.id)?.count ?? 0)}</span>
          )}
        </button>
      ))}
    </nav>
  );
}
