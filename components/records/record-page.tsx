'use client';

import { ChevronDown, ChevronUp, Link as LinkIcon, MoreHorizontal, Pencil, SearchX, Trash2 } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useEffectEvent, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { RecordActivities } from '@/components/activities/record-activities';
import { Beside } from '@/components/conversation/beside';
import { MergedOr } from '@/components/duplicates/merged-notice';
import { press, useActions } from '@/components/shell/actions';
import { useCan } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { Page } from '@/components/shell/page';
import { Link, navigate, useHref } from '@/components/shell/router';
import type { ScreenProps } from '@/components/shell/screen';
import { Button } from '@/components/ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Empty } from '@/components/ui/empty';
import { toast } from '@/components/ui/toaster';
import { Hint } from '@/components/ui/tooltip';
import { RecordAvatar } from './chips';
import type { ComposerHandle } from './composer';
import { Presence } from './presence';
import { recordPath, titleOf, useDeleteRecords, useRecordPrefetch } from './record-data';
import { type Neighbours, useNeighbours } from './record-list';
import { attachedBy } from './record-sections';
import { Failed } from './record-table';
import { isGone, NarrowRecord, RecordSkeleton, useRecord, WideRecord } from './record-view';
import { listPath, type ObjectKey } from './use-object';
import { usePhone, useWide } from './use-phone';
import { WaitingMark } from './waiting-mark';

/** One record whole: its fields, what happened to it, what belongs to it. */
export function RecordPage({ params, object }: ScreenProps & { object: ObjectKey }) {
  const t = useTranslations('records.page');
  const labels = useLabels();
  const id = params.id ?? '';
  const record = useRecord(object, id);
  const neighbours = useNeighbours(object, id);
  const composer = useRef<ComposerHandle>(null);
  const wide = useWide();
  const phone = usePhone();
  const list = { to: listPath(object), label: labels.object(object, 'Other') };
  const row = record.data;
  useRecordActions(object, id, neighbours, composer);
  useNeighboursReady(object, row ? neighbours : null);
  if (!row) {
    return (
      <Page title={labels.object(object, 'One')} back={list}>
        {!record.isError ? (
          <RecordSkeleton />
        ) : isGone(record.error) ? (
          <MergedOr object={object} id={id}>
            <Empty role="alert" icon={<SearchX />} title={t('gone')} description={t('goneHelp')}>
              <Button asChild variant="secondary">
                <Link to={list.to}>{list.label}</Link>
              </Button>
            </Empty>
          </MergedOr>
        ) : (
          <Failed error={record.error} retry={() => void record.refetch()} />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={titleOf(object, row) || labels.object(object, 'One')}
      icon={<RecordAvatar object={object} id={id} title={titleOf(object, row)} size="md" />}
      back={list}
      flush
      actions={
        <>
          <WaitingMark id={id} />
          <Presence object={object} id={id} />
          <RecordActivities object={object} row={row} />
          {neighbours && <Steps object={object} neighbours={neighbours} />}
          <RecordMenu object={object} id={id} />
        </>
      }
    >
      <Beside id={id} enabled={wide}>
        {(alone) =>
          wide && alone ? (
            <WideRecord object={object} row={row} composer={composer} />
          ) : (
            <NarrowRecord object={object} row={row} composer={composer} sticky={phone} />
          )
        }
      </Beside>
    </Page>
  );
}

/** Keeps the records one is likely to see next ready, once this one is here. */
function useNeighboursReady(object: ObjectKey, neighbours: Neighbours | null) {
  const prefetch = useRecordPrefetch(object);
  const fetch = useEffectEvent((id: string) => prefetch(id));
  const { previous, next } = neighbours ?? {};
  useEffect(() => {
    if (next) fetch(next);
    if (previous) fetch(previous);
  }, [next, previous]);
}

/** The record above and the one below in the list one came from. */
function Steps({ object, neighbours }: { object: ObjectKey; neighbours: Neighbours }) {
  const t = useTranslations('records.page');
  const step = (to: string | null, label: string, keys: string, icon: ReactNode) => (
    <Hint label={label} keys={keys}>
      {to ? (
        <Button asChild variant="quiet" size="icon-sm">
          <Link to={recordPath(object, to)} replace aria-label={label}>
            {icon}
          </Link>
        </Button>
      ) : (
        <Button variant="quiet" size="icon-sm" aria-label={label} disabled>
          {icon}
        </Button>
      )}
    </Hint>
  );
  return (
    <span className="flex items-center">
      {step(neighbours.previous, t('previous'), 'k', <ChevronUp />)}
      {step(neighbours.next, t('next'), 'j', <ChevronDown />)}
    </span>
  );
}

function RecordMenu({ object, id }: { object: ObjectKey; id: string }) {
  const t = useTranslations('records.menu');
  const c = useTranslations('common');
  const can = useCan();
  const remove = useDeleteRecords(object);
  const copy = useCopyLink(object, id);
  const drop = () => {
    remove([id]);
    navigate(listPath(object));
  };
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="quiet" size="icon-sm" aria-label={c('actions')}>
          <MoreHorizontal />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem keys="shift+c" onSelect={copy}>
          <LinkIcon />
          {t('copyLink')}
        </DropdownMenuItem>
        {can(`${object}.delete`) && (
          <>
            <DropdownMenuSeparator />
            <DropdownMenuItem variant="destructive" onSelect={drop}>
              <Trash2 />
              {c('delete')}
            </DropdownMenuItem>
          </>
        )}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function useCopyLink(object: ObjectKey, id: string): () => void {
  const c = useTranslations('common');
  const href = useHref(recordPath(object, id));
  return () => void navigator.clipboard.writeText(window.location.origin + href).then(() => toast(c('copied')));
}

function useRecordActions(
  object: ObjectKey,
  id: string,
  neighbours: Neighbours | null,
  composer: RefObject<ComposerHandle | null>,
) {
  const t = useTranslations('records.page');
  const m = useTranslations('records.menu');
  const c = useTranslations('common');
  const remove = useDeleteRecords(object);
  const copy = useCopyLink(object, id);
  const go = (to: string | null | undefined) => to && navigate(recordPath(object, to), { replace: true });
  const attached = attachedBy(object) !== null;
  useActions([
    ...(neighbours
      ? ([
          {
            id: 'record.next',
            label: t('next'),
            group: 'here',
            keys: 'j',
            unlisted: true,
            run: () => go(neighbours.next),
          },
          {
            id: 'record.previous',
            label: t('previous'),
            group: 'here',
            keys: 'k',
            unlisted: true,
            run: () => go(neighbours.previous),
          },
        ] as const)
      : []),
    ...(attached
      ? ([
          {
            id: 'record.note',
            label: t('addNote'),
            group: 'here',
            keys: 'n',
            permission: 'note.write',
            run: () => composer.current?.focus('note'),
          },
          {
            id: 'record.task',
            label: t('addTask'),
            group: 'here',
            keys: 't',
            permission: 'task.write',
            run: () => composer.current?.focus('task'),
          },
        ] as const)
      : []),
    {
      id: 'record.edit',
      label: c('edit'),
      group: 'here',
      icon: Pencil,
      keys: 'e',
      permission: `${object}.write`,
      // The first of its fields; from there on Tab leads to the others.
      run: () => press(document.querySelector('#main [data-edit]')),
    },
    {
      id: 'record.copyLink',
      label: m('copyLink', {}),
      group: 'here',
      icon: LinkIcon,
      keys: 'shift+c',
      run: copy,
    },
    {
      id: 'record.list',
      label: t('list'),
      group: 'here',
      keys: 'u',
      run: () => navigate(listPath(object)),
    },
    {
      id: 'record.delete',
      label: m('delete', {}),
      group: 'here',
      icon: Trash2,
      permission: `${object}.delete`,
      destructive: true,
      run: () => {
        remove([id]);
        navigate(listPath(object));
      },
    },
  ]);
}
