'use client';

import { useTranslations } from 'use-intl';
import { FormCard } from '@/components/site/form-card';
import { Button } from '@/components/ui/button';

export default function SiteError({ reset }: { reset: () => void }) {
  const t = useTranslations('site.error');
  return (
    <FormCard title={t('title')}>
      <Button onClick={reset}>{t('retry')}</Button>
    </FormCard>
  );
}
