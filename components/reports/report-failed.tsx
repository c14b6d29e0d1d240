'use client';

import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';

/** A figure that did not come, and how to ask again. */
export function ReportFailed({ retry }: { retry: () => void }) {
  const c = useTranslations('common');
  return (
    <div role="alert" className="flex flex-wrap items-center gap-2 px-2 py-6 text-sm">
      <span className="text-muted-foreground">{c('loadFailed')}</span>
      <Button variant="secondary" size="sm" onClick={retry}>
        {c('retry')}
      </Button>
    </div>
  );
}
