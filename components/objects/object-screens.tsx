'use client';

import { Compass, Lock } from 'lucide-react';
import type { ComponentType } from 'react';
import { useTranslations } from 'use-intl';
import { ListPage } from '@/components/records/list-page';
import { RecordPage } from '@/components/records/record-page';
import type { ObjectKey } from '@/components/records/use-object';
import { useCan, useCatalogue } from '@/components/shell/boot';
import { Page } from '@/components/shell/page';
import type { ScreenProps } from '@/components/shell/screen';
import { Empty } from '@/components/ui/empty';
import { isOwnObject } from '@/domain/custom-fields';

/** The list of an object the tenant made. */
export function ObjectListScreen(props: ScreenProps) {
  return <OfObject {...props} screen={ListPage} />;
}

/** A record of an object the tenant made. */
export function ObjectRecordScreen(props: ScreenProps) {
  return <OfObject {...props} screen={RecordPage} />;
}

/** The address names the object: one that is not there, or not this person's to see, is said to be so. */
function OfObject({
  params,
  screen: Shown,
}: ScreenProps & { screen: ComponentType<ScreenProps & { object: ObjectKey }> }) {
  const t = useTranslations('shell');
  const catalogue = useCatalogue();
  const can = useCan();
  const object = params.object ?? '';
  if (!isOwnObject(object) || !catalogue.has(object)) {
    return (
      <Page title={t('notFound.title')}>
        <Empty icon={<Compass />} title={t('notFound.title')} description={t('notFound.description')} />
      </Page>
    );
  }
  if (!can(`${object}.read`)) {
    return (
      <Page title={t('noAccess.title')}>
        <Empty icon={<Lock />} title={t('noAccess.title')} description={t('noAccess.description')} />
      </Page>
    );
  }
  // Another object is another screen: nothing chosen or typed in one may be left in the other.
  return <Shown key={object} params={params} object={object} />;
}
