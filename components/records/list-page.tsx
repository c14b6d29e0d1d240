'use client';

import { Import, Plus } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { useCan } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Page } from '@/components/shell/page';
import { useQuickCreate } from '@/components/shell/quick-create';
import { Link, navigate, useSearch } from '@/components/shell/router';
import type { ScreenProps } from '@/components/shell/screen';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Hint } from '@/components/ui/tooltip';
import { objects, type RecordObject } from '@/domain/objects';
import { ObjectIcon } from './chips';
import { ColumnsMenu } from './columns-menu';
import { FilterBar } from './filter-bar';
import { useListState } from './list-state';
import { recordPath } from './record-data';
import { RecordTable } from './record-table';
import { usePhone } from './use-phone';
import { SaveView, useViews, ViewTabs } from './view-tabs';

const RecordPanel = lazy(async () => ({ default: (await import('./record-panel')).RecordPanel }));

/** All records of an object: views, search, filter, table, and a panel for the one that is open. */
export function ListPage({ object }: ScreenProps & { object: RecordObject }) {
  const labels = useLabels();
  const state = useListState();
  const panel = useOpenPanel(object);
  const { views } = useViews(object);
  const { plural } = objects[object];
  return (
    <Page
      title={labels.object(object, 'Other')}
      flush
      tabs={views.length > 0 && <ViewTabs object={object} base={`/${plural}`} state={state} />}
      actions={<ListActions object={object} />}
      toolbar={
        <FilterBar object={object} state={state}>
          <SaveView object={object} state={state} />
          <ColumnsMenu object={object} />
        </FilterBar>
      }
    >
      <div className="relative flex h-full min-h-0">
        <div className="min-w-0 flex-1">
          <RecordTable
            object={object}
            state={state}
            openId={panel.id}
            onOpen={panel.open}
            empty={<NoneYet object={object} />}
          />
        </div>
        {panel.id && (
          <Suspense fallback={null}>
            <RecordPanel object={object} id={panel.id} onClose={() => panel.open(null)} />
          </Suspense>
        )}
      </div>
    </Page>
  );
}

/** The record shown beside the list is part of the address; on a phone there is only its page. */
export function useOpenPanel(object: RecordObject): { id: string | undefined; open: (id: string | null) => void } {
  const [search, setSearch] = useSearch();
  const phone = usePhone();
  const id = phone ? undefined : (search.get('open') ?? undefined);
  return {
    id,
    open: (next) => {
      if (next && phone) navigate(recordPath(object, next));
      else setSearch({ open: next });
    },
  };
}

function ListActions({ object }: { object: RecordObject }) {
  const t = useTranslations('records.list');
  const labels = useLabels();
  const can = useCan();
  const create = useQuickCreate();
  const label = t('new', { object: labels.object(object, 'one') });
  return (
    <>
      {can('imports.run') && (
        <Hint label={t('import')}>
          <Button asChild variant="quiet" size="icon-sm" className="max-sm:hidden">
            <Link to="/imports" aria-label={t('import')}>
              <Import />
            </Link>
          </Button>
        </Hint>
      )}
      {can(`${object}.write`) && (
        <Hint label={label} keys="c">
          <Button size="sm" onClick={() => create(object)}>
            <Plus />
            {label}
          </Button>
        </Hint>
      )}
    </>
  );
}

/** What belongs in a list that is still empty, and the two ways to begin. */
export function NoneYet({ object }: { object: RecordObject }) {
  const t = useTranslations('records.empty');
  const tl = useTranslations('records.list');
  const labels = useLabels();
  const can = useCan();
  const create = useQuickCreate();
  return (
    <Empty icon={<ObjectIcon object={object} />} title={t(`${object}.title`)} description={t(`${object}.description`)}>
      {can(`${object}.write`) && (
        <Button onClick={() => create(object)}>{tl('new', { object: labels.object(object, 'one') })}</Button>
      )}
      {can('imports.run') && (
        <Button asChild variant="secondary">
          <Link to="/imports">{tl('import')}</Link>
        </Button>
      )}
    </Empty>
  );
}
