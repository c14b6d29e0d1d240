'use client';

import { Download } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { both } from '@/components/records/filter-tree';
import type { ListState } from '@/components/records/list-state';
import { useTableColumns } from '@/components/records/table-columns';
import type { ObjectKey } from '@/components/records/use-object';
import { useActions } from '@/components/shell/actions';
import { useCan } from '@/components/shell/boot';
import { useSearch } from '@/components/shell/router';
import { Button } from '@/components/ui/button';
import { Hint } from '@/components/ui/tooltip';
import { mostChosen } from '@/domain/exports';
import type { Filter } from '@/domain/filters';
import type { ExportedList } from './export-dialog';

const ExportDialog = lazy(async () => ({ default: (await import('./export-dialog')).ExportDialog }));

/** Takes the list away as it stands. The address may name an export, as what tells that it is ready does. */
export function ExportButton({ object, state, fixed }: { object: ObjectKey; state: ListState; fixed?: Filter }) {
  const t = useTranslations('exports');
  const can = useCan();
  const [search, setSearch] = useSearch();
  const { names } = useTableColumns(object, state);
  const [open, setOpen] = useState(false);
  const named = search.get('export');
  useActions([
    {
      id: 'records.export',
      label: t('export'),
      group: 'here',
      icon: Download,
      keys: 'shift+e',
      permission: 'exports.run',
      run: () => setOpen(true),
    },
  ]);
  if (!can('exports.run')) return null;
  const list: ExportedList = {
    filter: both(fixed, state.filter),
    q: state.q,
    sort: state.sort,
    columns: names,
    name: state.view?.name,
  };
  const close = () => {
    setOpen(false);
    if (named) setSearch({ export: null });
  };
  return (
    <>
      <Hint label={t('export')} keys="shift+e">
        <Button variant="quiet" size="icon-sm" aria-label={t('export')} onClick={() => setOpen(true)}>
          <Download />
        </Button>
      </Hint>
      {(open || named) && (
        <Suspense fallback={null}>
          <ExportDialog key={named} object={object} list={list} id={named} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

/** The same of what is chosen in a list. */
export function ExportChosen({ object, list, count }: { object: ObjectKey; list: ExportedList; count: number }) {
  const t = useTranslations('exports');
  const can = useCan();
  const [open, setOpen] = useState(false);
  if (!can('exports.run')) return null;
  return (
    <>
      <Button
        variant="ghost"
        size="sm"
        disabled={list.ids !== undefined && count > mostChosen}
        onClick={() => setOpen(true)}
      >
        <Download />
        {t('export')}
      </Button>
      {open && (
        <Suspense fallback={null}>
          <ExportDialog object={object} list={list} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
