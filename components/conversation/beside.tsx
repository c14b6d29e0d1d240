'use client';

import { Columns2, Maximize2, SearchX, X } from 'lucide-react';
import { type MouseEvent, type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { recordPath, titleOf } from '@/components/records/record-data';
import { Failed } from '@/components/records/record-table';
import { isGone, NarrowRecord, RecordSkeleton, useRecord } from '@/components/records/record-view';
import { listPath, type ObjectKey } from '@/components/records/use-object';
import { useActions } from '@/components/shell/actions';
import { useCatalogue } from '@/components/shell/boot';
import { Link, splitAddress, useSearch } from '@/components/shell/router';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Hint } from '@/components/ui/tooltip';
import { BesideDialog } from './beside-dialog';

/** Besides the one whose page it is. */
const most = 2;

interface Place {
  object: ObjectKey;
  id: string;
}

/**
 * Other records beside the one whose page it is: alt-click on any record opens it there, and the palette finds one. They
 * are in the address, so that a copied link shows them too.
 */
export function Beside({
  id,
  enabled,
  children,
}: {
  id: string;
  /** Where the screen is wide enough. */
  enabled: boolean;
  /** The record itself; told whether it has the page to itself. */
  children: (alone: boolean) => ReactNode;
}) {
  const t = useTranslations('conversation.beside');
  const catalogue = useCatalogue();
  const [search, setSearch] = useSearch();
  // The tenant's catalogue says which names are objects.
  const kinds = [...catalogue.keys()] as ObjectKey[];
  const places = enabled ? readPlaces(search.get('beside'), kinds) : [];
  const show = (next: readonly Place[]) =>
    setSearch({ beside: next.map((place) => `${place.object}:${place.id}`).join(',') || null });
  const add = (place: Place) => {
    if (place.id !== id && !places.some((each) => each.id === place.id)) show([...places, place].slice(-most));
  };
  const [choosing, setChoosing] = useState(false);
  useActions(
    enabled
      ? [{ id: 'beside.open', label: t('open'), group: 'here', icon: Columns2, run: () => setChoosing(true) }]
      : [],
  );
  const open = (event: MouseEvent) => {
    if (!enabled || !event.altKey || event.button !== 0) return;
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    const place = link instanceof HTMLAnchorElement ? placeAt(link.pathname, kinds) : undefined;
    if (!place) return;
    event.preventDefault();
    event.stopPropagation();
    add(place);
  };
  return (
    <div
      onClickCapture={open}
      className="grid h-full min-h-0"
      style={{ gridTemplateColumns: `minmax(0, 1fr)${' minmax(0, 1fr)'.repeat(places.length)}` }}
    >
      <div className="min-h-0 min-w-0">{children(places.length === 0)}</div>
      {choosing && (
        <BesideDialog
          onClose={() => setChoosing(false)}
          onChoose={(hit) => {
            const object = kinds.find((kind) => kind === hit.object);
            if (object) add({ object, id: hit.id });
          }}
        />
      )}
      {places.map((place) => (
        <Column
          key={place.id}
          {...place}
          label={t('label')}
          onClose={() => show(places.filter((each) => each.id !== place.id))}
        />
      ))}
    </div>
  );
}

function Column({ object, id, label, onClose }: Place & { label: string; onClose: () => void }) {
  const t = useTranslations('conversation.beside');
  const page = useTranslations('records.page');
  const record = useRecord(object, id);
  const row = record.data;
  const title = row ? titleOf(object, row) : '';
  return (
    <aside aria-label={`${label}: ${title}`} className="flex min-h-0 min-w-0 flex-col border-l">
      <div className="flex h-9 shrink-0 items-center justify-end gap-1 px-2">
        <Hint label={page('whole')}>
          <Button asChild variant="quiet" size="icon-sm">
            <Link to={recordPath(object, id)} aria-label={page('whole')}>
              <Maximize2 />
            </Link>
          </Button>
        </Hint>
        <Button variant="quiet" size="icon-sm" aria-label={t('close', { title })} onClick={onClose}>
          <X />
        </Button>
      </div>
      <div className="-mt-2 min-h-0 flex-1">
        {row ? (
          <NarrowRecord object={object} row={row} head />
        ) : !record.isError ? (
          <RecordSkeleton />
        ) : isGone(record.error) ? (
          <Empty role="alert" icon={<SearchX />} title={page('gone')} description={page('goneHelp')} />
        ) : (
          <Failed error={record.error} retry={() => void record.refetch()} />
        )}
      </div>
    </aside>
  );
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The records an address names, as far as there are such kinds: `company:<id>,deal:<id>`. */
export function readPlaces(text: string | null, kinds: readonly ObjectKey[]): Place[] {
  return (text ?? '')
    .split(',')
    .flatMap((part): Place[] => {
      const [name, id = ''] = part.split(':');
      const object = kinds.find((kind) => kind === name);
      return object && uuid.test(id) ? [{ object, id }] : [];
    })
    .slice(0, most);
}

/** The record whose page is at an address. */
function placeAt(pathname: string, kinds: readonly ObjectKey[]): Place | undefined {
  const { path } = splitAddress(pathname);
  const id = path.split('/').at(-1) ?? '';
  const object = uuid.test(id) ? kinds.find((kind) => path === `${listPath(kind)}/${id}`) : undefined;
  return object && { object, id };
}
