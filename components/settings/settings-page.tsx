'use client';

import { useTranslations } from 'use-intl';
import { Page } from '@/components/shell/page';
import type { ScreenProps } from '@/components/shell/screen';

export function SettingsPage(_: ScreenProps) {
  const t = useTranslations('shell');
  return <Page title={t('screens.settings')}>{null}</Page>;
}
