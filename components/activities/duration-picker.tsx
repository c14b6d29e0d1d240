'use client';

import { useTranslations } from 'use-intl';
import { cn } from '@/components/ui/cn';
import { Input } from '@/components/ui/input';

/** Minutes: the usual ones at a touch, any other by typing. */
export function DurationPicker({
  value,
  onChange,
  usual,
}: {
  value: number;
  onChange: (minutes: number) => void;
  usual: readonly number[];
}) {
  const t = useTranslations('activities.duration');
  return (
    <fieldset className="flex flex-wrap items-center gap-1.5">
      <legend className="sr-only">{t('label')}</legend>
      {usual.map((minutes) => (
        <button
          key={minutes}
          type="button"
          aria-pressed={value === minutes}
          onClick={() => onChange(minutes)}
          className={cn(
            'tabular h-8 rounded-md border px-2.5 text-sm transition-colors hover:bg-accent pointer-coarse:h-10',
            value === minutes ? 'border-primary bg-primary-soft font-medium text-link' : 'text-muted-foreground',
          )}
        >
          {minutes % 60 === 0 && minutes > 0 ? t('hours', { count: minutes / 60 }) : t('minutes', { count: minutes })}
        </button>
      ))}
      <span className="flex items-center gap-1.5 text-muted-foreground text-sm">
        <Input
          type="text"
          inputMode="numeric"
          aria-label={t('other')}
          value={String(value)}
          onChange={(event) => onChange(Math.min(Number(event.target.value.replace(/\D/g, '').slice(0, 4)), 1440))}
          onFocus={(event) => event.target.select()}
          className="tabular w-16 text-right"
        />
        {t('unit')}
      </span>
    </fieldset>
  );
}
