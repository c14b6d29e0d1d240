'use client';

import { Import, Plus } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { ExportButton } from '@/components/exports/export-button';
import { useCan } from '@/components/shell/boot';
import { useKeysOf } from '@/components/shell/desk';
import { useLabels } from '@/components/shell/labels';
import { Page } from '@/components/shell/page';
import { useQuickCreate } from '@/components/shell/quick-create';
import { Link } from '@/components/shell/router';
import type { ScreenProps } from '@/components/shell/screen';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Hint } from '@/components/ui/tooltip';
import { ViewShape } from '@/components/views/view-shape';
import { isOwnObject } from '@/domain/custom-fields';
import { ObjectIcon } from './chips';
import { FilterBar } from './filter-bar';
import { type ListState, useListState } from './list-state';
import { RecordTable, type RecordTableProps, RowsSkeleton } from './record-table';
import { listPath, type ObjectKey } from './use-object';
import { useOpenPanel } from './use-open-panel';
import { SaveView, ViewTabs } from './view-tabs';

const ChoiceBoard = lazy(async () => ({ default: (await import('@/components/views/choice-board')).ChoiceBoard }));
const RecordCalendar = lazy(async () => ({
  default: (await import('@/components/views/record-calendar')).RecordCalendar,
}));
const RecordPanel = lazy(async () => ({ default: (await import('./record-panel')).RecordPanel }));

/** All records of an object: views, search, filter, table, and a panel for the one that is open. */
export function ListPage({ object }: ScreenProps & { object: ObjectKey }) {
  const labels = useLabels();
  const state = useListState(object);
  const panel = useOpenPanel(object);
  return (
    <Page
      title={labels.object(object, 'Other')}
      pinTitle={state.view?.name}
      flush
      tabs={state.views.length > 0 && <ViewTabs object={object} base={listPath(object)} state={state} />}
      actions={<ListActions object={object} state={state} />}
      toolbar={
        <FilterBar object={object} state={state}>
          <SaveView object={object} state={state} />
          <ViewShape object={object} state={state} />
        </FilterBar>
      }
    >
      <div className="relative flex h-full min-h-0">
        <div className="min-w-0 flex-1">
          <ShownList
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

/** The list in the shape its view has. */
export function ShownList(props: RecordTableProps) {
  const { kind, pending } = props.state;
  if (pending) return <RowsSkeleton />;
  if (kind === 'table') return <RecordTable {...props} />;
  return (
    <Suspense fallback={null}>{kind === 'board' ? <ChoiceBoard {...props} /> : <RecordCalendar {...props} />}</Suspense>
  );
}

function ListActions({ object, state }: { object: ObjectKey; state: ListState }) {
  const t = useTranslations('records.list');
  const labels = useLabels();
  const can = useCan();
  const create = useQuickCreate();
  const keysOf = useKeysOf();
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
      <ExportButton object={object} state={state} />
      {can(`${object}.write`) && (
        <Hint label={label} keys={keysOf('create', 'c')}>
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
export function NoneYet({ object }: { object: ObjectKey }) {
  const t = useTranslations('records.empty');
  const key = isOwnObject(object) ? 'own' : object;
  const tl = useTranslations('records.list');
  const labels = useLabels();
  const can = useCan();
  const create = useQuickCreate();
  return (
    <Empty
      icon={<ObjectIcon object={object} />}
      title={t(`${key}.title`, { objects: labels.object(object, 'other') })}
      description={t(`${key}.description`)}
    >
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
