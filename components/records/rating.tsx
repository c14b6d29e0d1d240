'use client';

import { Star } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { cn } from '@/components/ui/cn';
import { useFieldControl } from '@/components/ui/field';

/** Stars out of `max`, to look at. */
export function Stars({ value, max }: { value: number; max: number }) {
  const t = useTranslations('records.rating');
  return (
    <span
      role="img"
      aria-label={t('value', { value, max })}
      data-tone="amber"
      className="inline-flex items-center gap-px align-middle"
    >
      {starsTo(max).map((star) => (
        <Star
          key={star}
          aria-hidden
          className={cn('size-3.5', star <= value ? 'fill-tone text-tone' : 'text-control')}
        />
      ))}
    </span>
  );
}

/**
 * Stars to choose from: arrow keys add and take one, a digit sets, Backspace or the chosen star again empties.
 * One stop of the tab key, a slider to those who cannot see it.
 */
export function RatingInput({
  value,
  max,
  onChange,
  label,
  disabled,
  autoFocus,
}: {
  value: number | null;
  max: number;
  onChange: (value: number | null) => void;
  label?: string;
  disabled?: boolean;
  autoFocus?: boolean;
}) {
  const t = useTranslations('records.rating');
  const control = useFieldControl();
  const [over, setOver] = useState<number | null>(null);
  const choose = (star: number | null) => {
    if (star) onChange(star === value ? null : star);
  };
  const press = (event: KeyboardEvent) => {
    const next = ratingAfter(event.key, value, max);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onChange(next);
  };
  return (
    <div
      {...control}
      role="slider"
      tabIndex={disabled ? -1 : 0}
      aria-label={control.id ? undefined : label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value ?? 0}
      aria-valuetext={value ? t('value', { value, max }) : t('none')}
      aria-disabled={disabled || undefined}
      // biome-ignore lint/a11y/noAutofocus: the person just asked to edit this
      autoFocus={autoFocus}
      onKeyDown={disabled ? undefined : press}
      onPointerOver={disabled ? undefined : (event) => setOver(starAt(event.target))}
      onPointerLeave={() => setOver(null)}
      onClick={disabled ? undefined : (event) => choose(starAt(event.target))}
      data-tone="amber"
      className="inline-flex h-8 w-fit items-center rounded-md pointer-coarse:h-10"
    >
      {starsTo(max).map((star) => (
        <span
          key={star}
          aria-hidden
          data-star={star}
          className={cn('grid size-6 place-items-center pointer-coarse:size-9', !disabled && 'cursor-pointer')}
        >
          <Star
            className={cn(
              'size-4 transition-colors',
              star <= (over ?? value ?? 0) ? 'fill-tone text-tone' : 'text-control',
            )}
          />
        </span>
      ))}
    </div>
  );
}

/** Which star of a control was meant. Stars are no controls of their own, for the slider is one already. */
function starAt(target: EventTarget): number | null {
  const star = target instanceof Element ? target.closest<HTMLElement>('[data-star]') : null;
  return star ? Number(star.dataset.star) : null;
}

const starsTo = (max: number) => Array.from({ length: max }, (_, i) => i + 1);

/** The rating after a key; null empties it, undefined leaves it alone. */
export function ratingAfter(key: string, value: number | null, max: number): number | null | undefined {
  const now = value ?? 0;
  if (key === 'ArrowRight' || key === 'ArrowUp') return Math.min(max, now + 1);
  if (key === 'ArrowLeft' || key === 'ArrowDown') return now > 1 ? now - 1 : null;
  if (key === 'Home' || key === 'Backspace' || key === 'Delete' || key === '0') return null;
  if (key === 'End') return max;
  return /^[1-9]$/.test(key) ? Math.min(max, Number(key)) : undefined;
}
