'use client';

import { useTranslations } from 'use-intl';
import { cn } from '@/components/ui/cn';

const timelineKinds = ['change', 'comment', 'note', 'task', 'activity', 'attachment'] as const;
export type TimelineKind = (typeof timelineKinds)[number];

/** Which kinds of entries a timeline shows; none chosen is all of them. */
export function TimelineFilter({
  kinds,
  onKinds,
  attached,
}: {
  kinds: readonly TimelineKind[];
  onKinds: (kinds: TimelineKind[]) => void;
  /** Whether notes, tasks, calls and meetings hang on such records. */
  attached: boolean;
}) {
  const t = useTranslations('conversation.filter');
  const offered = timelineKinds.filter((kind) => attached || ['change', 'comment', 'attachment'].includes(kind));
  const chip = (label: string, on: boolean, toggle: () => void, key: string) => (
    <button
      key={key}
      type="button"
      aria-pressed={on}
      onClick={toggle}
      className={cn(
        'h-6 rounded-full border px-2 text-muted-foreground text-xs hover:border-control hover:text-foreground pointer-coarse:h-8',
        on && 'border-primary bg-accent font-medium text-foreground',
      )}
    >
      {label}
    </button>
  );
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">{t('label')}</legend>
      {chip(t('all'), kinds.length === 0, () => onKinds([]), 'all')}
      {offered.map((kind) => {
        const on = kinds.includes(kind);
        return chip(t(kind), on, () => onKinds(on ? kinds.filter((other) => other !== kind) : [...kinds, kind]), kind);
      })}
    </fieldset>
  );
}
