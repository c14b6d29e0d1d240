'use client';

import { type RefObject, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { Dot } from '@/components/ui/badge';
import { cn } from '@/components/ui/cn';
import type { Tone } from '@/components/ui/tone';
import type { StageView } from '@/domain/pipelines';
import type { ColumnFigures } from './column-header';

export interface PhoneStagesProps {
  stages: readonly StageView[];
  figures: Map<string, ColumnFigures> | undefined;
  /** The row of columns, one screen wide each, that is swiped. */
  scroller: RefObject<HTMLDivElement | null>;
}

/** The stages of a pipeline as a strip above the board. */
export function PhoneStages({ stages, figures, scroller }: PhoneStagesProps) {
  const t = useTranslations('deals.board');
  const columns = stages.map(({ id, name, colour }) => ({
    id,
    name,
    tone: colour,
    count: figures && (figures.get(id)?.count ?? 0),
  }));
  return <PhoneColumns label={t('stages')} columns={columns} scroller={scroller} />;
}

export interface PhoneColumn {
  /** `data-column` of the column it stands for. */
  id: string;
  name: string;
  tone?: Tone;
  count?: number;
}

/** On a phone: a board's columns as a strip above the one in view; a swipe and a tap say the same. */
export function PhoneColumns({
  label,
  columns,
  scroller,
}: {
  label: string;
  columns: readonly PhoneColumn[];
  scroller: RefObject<HTMLDivElement | null>;
}) {
  const format = useFormat();
  const [seenId, setCurrent] = useState<string | null>(null);
  const current = seenId ?? columns[0]?.id;
  const ids = columns.map(({ id }) => id).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: other columns are others to watch
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
  }, [scroller, ids]);
  useEffect(() => {
    document.getElementById(`strip-${current}`)?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  return (
    <nav
      aria-label={label}
      className="flex shrink-0 gap-1 overflow-x-auto border-b bg-background px-3 py-2 [scrollbar-width:none] md:hidden"
    >
      {columns.map(({ id, name, tone, count }) => (
        <button
          key={id}
          id={`strip-${id}`}
          type="button"
          aria-current={id === current ? 'true' : undefined}
          onClick={() =>
            scroller.current
              ?.querySelector(`[data-column="${CSS.escape(id)}"]`)
              ?.scrollIntoView({ behavior: 'smooth', inline: 'center', block: 'nearest' })
          }
          className={cn(
            'inline-flex h-9 shrink-0 items-center gap-1.5 rounded-md px-2.5 text-muted-foreground text-sm',
            id === current && 'bg-accent font-medium text-foreground',
          )}
        >
          {tone && <Dot tone={tone} />}
          {name}
          {count !== undefined && <span className="tabular text-muted-foreground">{format.number(count)}</span>}
        </button>
      ))}
    </nav>
  );
}
