'use client';

import { Check } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { cn } from '@/components/ui/cn';

export const steps = ['file', 'columns', 'values', 'check'] as const;
export type Step = (typeof steps)[number];

/** Where one is in the wizard; steps that are behind can be gone back to. */
export function Steps({ current, onStep }: { current: Step; onStep: (step: Step) => void }) {
  const t = useTranslations('imports.steps');
  const at = steps.indexOf(current);
  return (
    <nav aria-label={t('label')}>
      <ol className="flex gap-1 overflow-x-auto [scrollbar-width:none] sm:gap-2">
        {steps.map((step, i) => (
          <li key={step} className="flex min-w-0 items-center">
            <button
              type="button"
              disabled={i > at}
              aria-current={i === at ? 'step' : undefined}
              onClick={() => onStep(step)}
              className={cn(
                'focus-inset flex h-8 items-center gap-2 whitespace-nowrap rounded-md px-2 text-sm',
                i === at ? 'font-medium text-foreground' : 'text-muted-foreground',
                i < at && 'hover:bg-accent hover:text-foreground',
              )}
            >
              <span
                aria-hidden
                className={cn(
                  'grid size-5 shrink-0 place-items-center rounded-full font-medium text-xs',
                  i === at
                    ? 'bg-primary text-primary-foreground'
                    : i < at
                      ? 'bg-primary-soft text-link'
                      : 'bg-muted text-muted-foreground',
                )}
              >
                {i < at ? <Check className="size-3" /> : i + 1}
              </span>
              <span className={cn(i !== at && 'max-sm:sr-only')}>{t(step)}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
