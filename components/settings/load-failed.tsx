'use client';

import { useTranslations } from 'use-intl';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';

/** In place of what could not be loaded, with the way to try again. */
export function LoadFailed({ retry }: { retry: () => void }) {
  const c = useTranslations('common');
  return (
    <Alert variant="destructive" className="items-center">
      <AlertDescription>{c('loadFailed')}</AlertDescription>
      <Button variant="secondary" size="sm" onClick={retry}>
        {c('retry')}
      </Button>
    </Alert>
  );
}
