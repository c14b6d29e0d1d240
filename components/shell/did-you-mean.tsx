'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { useTRPC } from './trpc';

/**
 * Offers what was probably meant where a list knows none of what was typed. A list is not searched by it unasked: changes
 * of many, exports and saved views go by the words as they stand.
 */
export function DidYouMean({ object, q, onTake }: { object: string; q: string; onTake: (q: string) => void }) {
  const t = useTranslations('shell.palette');
  const trpc = useTRPC();
  const typed = q.trim();
  const { data } = useQuery(
    trpc.search.meant.queryOptions({ object, q: typed }, { enabled: typed.length > 1, meta: { quiet: true } }),
  );
  const meant = typed.length > 1 ? data?.q : null;
  return (
    <span role="status" className="contents">
      {meant && (
        <span className="inline-flex min-w-0 items-center gap-1 text-muted-foreground text-sm">
          <span className="shrink-0">{t('meant')}</span>
          <Button variant="link" className="min-w-0 text-sm" onClick={() => onTake(meant)}>
            <span className="truncate">{meant}</span>
          </Button>
        </span>
      )}
    </span>
  );
}
