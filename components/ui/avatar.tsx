import type { ComponentProps } from 'react';
import { cn } from './cn';
import { toneOf } from './tone';

const sizes = { xs: 'size-4 text-[8px]', sm: 'size-5 text-[9px]', md: 'size-6 text-[10px]', lg: 'size-9 text-sm' };

const chinese = /\p{Script=Han}/u;

/** Two letters for a name: the last two characters of a Chinese one, the first letters of first and last word else. */
export function initials(name: string): string {
  const trimmed = name.trim();
  if (chinese.test(trimmed))
    return [...trimmed]
      .filter((c) => chinese.test(c))
      .slice(-2)
      .join('');
  const words = trimmed.split(/[\s.@_-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = [...(words[0] ?? '')][0] ?? '?';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}

/** Initials on a colour that stays with the person; `square` for companies. Decoration: the name stands beside it. */
export function Avatar({
  name,
  seed,
  size = 'md',
  square,
  className,
  ...props
}: ComponentProps<'span'> & {
  name: string;
  /** What the colour follows, such as an id; the name if not given. */
  seed?: string;
  size?: keyof typeof sizes;
  square?: boolean;
}) {
  const text = square ? ([...name.trim()][0] ?? '?').toUpperCase() : initials(name);
  return (
    <span
      aria-hidden
      data-tone={toneOf(seed ?? name)}
      className={cn(
        'inline-grid shrink-0 select-none place-items-center overflow-hidden bg-tone-soft font-semibold text-tone-text leading-none',
        square ? 'rounded-xs' : 'rounded-full',
        sizes[size],
        className,
      )}
      {...props}
    >
      {size === 'xs' || (size === 'sm' && chinese.test(text)) ? [...text].at(-1) : text}
    </span>
  );
}
