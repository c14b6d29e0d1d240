'use client';

import { useTranslations } from 'use-intl';
import type { Outputs } from '@/components/shell/trpc';

type From = NonNullable<Outputs['imports']['list']['waiting'][number]['from']>;

/** Names that are shown; more are a number. */
const shown = 8;

/** What of a file is not among its tables, and why; nothing when that is nothing. */
export function LeftAside({ from }: { from: From }) {
  const t = useTranslations('imports.aside');
  if (from.leftAside.length === 0) return null;
  const rest = from.leftAside.length - shown;
  return (
    <details className="text-muted-foreground text-sm">
      <summary className="cursor-pointer">{t('title', { count: from.leftAside.length, name: from.name })}</summary>
      <ul className="mt-1 list-disc pl-5">
        {from.leftAside.slice(0, shown).map(({ part, why, count }) => (
          <li key={`${part} ${why}`} className="break-words">
            {part === '' ? null : `${part} · `}
            {t(`why.${why}`, { count: count ?? 1 })}
          </li>
        ))}
        {rest > 0 && <li>{t('more', { count: rest })}</li>}
      </ul>
    </details>
  );
}
