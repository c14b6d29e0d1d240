'use client';

import { History } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { Link } from '@/components/shell/router';
import { Alert, AlertDescription, AlertTitle } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import type { Analysis } from './use-draft';

/** Says that the same file was imported before, byte for byte; nothing when it was not. */
export function SameFile({ sameAs }: { sameAs: Analysis['sameAs'] }) {
  const t = useTranslations('imports.same');
  const format = useFormat();
  if (!sameAs) return null;
  return (
    <Alert variant="warning" className="mb-5 flex-wrap">
      <History aria-hidden />
      <AlertDescription className="basis-60">
        <AlertTitle className="break-words">
          {t('sameAs', { name: sameAs.name, when: format.dateTime(sameAs.at) })}
        </AlertTitle>
        <p className="text-foreground">{t('sameAsHelp')}</p>
      </AlertDescription>
      <Button asChild variant="secondary" size="sm">
        <Link to={`/imports/${sameAs.importId}`}>{t('openSame')}</Link>
      </Button>
    </Alert>
  );
}
