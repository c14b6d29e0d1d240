'use client';

import { useTranslations } from 'use-intl';
import { Page } from '@/components/shell/page';
import type { ScreenProps } from '@/components/shell/screen';
import type { RecordObject } from '@/domain/objects';

export function ListPage(_: ScreenProps & { object: RecordObject }) {
  const t = useTranslations('shell');
  return <Page title={t('screens.companies')}>{null}</Page>;
}
