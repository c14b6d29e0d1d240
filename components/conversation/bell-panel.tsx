'use client';

import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { show } from '@/components/shell/optimistic';
import { Link } from '@/components/shell/router';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { Avatar } from '@/components/ui/avatar';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { everything } from '@/domain/exports';
import type { ObjectName } from '@/domain/fields';
import { isRecordObject, objects } from '@/domain/objects';

type Told = InfiniteData<Outputs['notifications']['list']>;
type Notification = Outputs['notifications']['list']['items'][number];

/** What one was told, the newest first. */
export function BellPanel({ onLeave }: { onLeave: () => void }) {
  const t = useTranslations('conversation.bell');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const list = useInfiniteQuery(
    trpc.notifications.list.infiniteQueryOptions(
      { limit: 30 },
      { getNextPageParam: (last) => last.next, staleTime: 0 },
    ),
  );
  const queries = useQueryClient();
  const mark = (ids?: readonly string[]) => {
    const now = new Date().toISOString();
    return show<Told>(queries, trpc.notifications.list.infiniteQueryFilter(), (data) => ({
      ...data,
      pages: data.pages.map((page) => ({
        ...page,
        items: page.items.map((item) =>
          !ids || ids.includes(item.id) ? { ...item, readAt: item.readAt ?? now } : item,
        ),
      })),
    }));
  };
  const read = useMutation(trpc.notifications.markRead.mutationOptions({ onMutate: ({ ids }) => mark(ids) }));
  const allRead = useMutation(trpc.notifications.markAllRead.mutationOptions({ onMutate: () => mark() }));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const go = (item: Notification) => {
    if (item.readAt === null) read.mutate({ ids: [item.id] });
    onLeave();
  };
  return (
    <>
      <div className="flex h-11 items-center gap-2 border-b px-3">
        <h2 className="flex-1 font-semibold text-sm">{t('label')}</h2>
        {items.some(({ readAt }) => readAt === null) && (
          <Button variant="quiet" size="sm" onClick={() => allRead.mutate()}>
            {t('allRead')}
          </Button>
        )}
      </div>
      <ol aria-busy={list.isPending} className="scroll-quiet max-h-[min(520px,70dvh)] overflow-y-auto py-1">
        {items.map((item) => (
          <li key={item.id}>
            <Entry item={item} onGo={() => go(item)} />
          </li>
        ))}
        {list.isSuccess && items.length === 0 && (
          <li className="px-4 py-8 text-center">
            <p className="font-medium text-sm">{t('none')}</p>
            <p className="mt-1 text-muted-foreground text-sm">{t('noneHelp')}</p>
          </li>
        )}
        {list.isError && (
          <li role="alert" className="flex items-center gap-2 px-3 py-3 text-muted-foreground text-sm">
            {c('loadFailed')}
            <Button variant="secondary" size="sm" onClick={() => void list.refetch()}>
              {c('retry')}
            </Button>
          </li>
        )}
        {list.hasNextPage && (
          <li className="px-2 py-1">
            <Button
              variant="quiet"
              size="sm"
              disabled={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              {t('more')}
            </Button>
          </li>
        )}
      </ol>
      <div className="border-t px-3 py-2">
        <Link to="/settings/notifications" className="text-link text-sm hover:underline" onClick={onLeave}>
          {t('settings')}
        </Link>
      </div>
    </>
  );
}

function Entry({ item, onGo }: { item: Notification; onGo: () => void }) {
  const t = useTranslations('conversation.bell');
  const format = useFormat();
  const unread = item.readAt === null;
  return (
    <Link to={placeOf(item)} onClick={onGo} className="flex gap-2.5 px-3 py-2 hover:bg-accent focus-visible:bg-accent">
      <Avatar name={item.by?.name ?? 'Guanxi'} seed={item.by?.id} />
      <span className="min-w-0 flex-1">
        <span className={cn('block break-words text-sm', !unread && 'text-muted-foreground')}>
          <Sentence item={item} />
        </span>
        {item.excerpt && <span className="line-clamp-2 block text-muted-foreground text-sm">{item.excerpt}</span>}
        <time dateTime={item.at} className="text-muted-foreground text-xs">
          {format.relative(item.at)}
        </time>
      </span>
      {unread && (
        <span className="mt-1.5 size-2 shrink-0 rounded-full bg-primary">
          <span className="sr-only">{t('isUnread')}</span>
        </span>
      )}
    </Link>
  );
}

function Sentence({ item }: { item: Notification }): ReactNode {
  const t = useTranslations('conversation.bell');
  const labels = useLabels();
  const many = item.count !== null && ['assigned', 'stage', 'owner'].includes(item.kind);
  const ended = item.object === 'archive' ? 'archive' : 'export';
  const key = item.kind !== 'export' ? item.kind : item.failed ? (`${ended}Failed` as const) : ended;
  return t.rich(many ? `${item.kind}Many` : key, {
    b: (chunks) => <span className="font-medium">{chunks}</span>,
    who: item.by?.name ?? t('someone'),
    record: item.title ?? '',
    // The kind of a record, as the tenant calls it.
    object: item.object === everything ? t('everything') : labels.object((item.object ?? '') as ObjectName, 'other'),
    count: item.count ?? 0,
    from: item.from ?? '–',
    to: item.to ?? '–',
  });
}

/** Where the record is that a notification tells of; of many at once their list, of an export or archive its file. */
function placeOf({ object, recordId, exportId }: Notification): string {
  if (!object) return '/';
  if (object === everything) return `/exports?export=${exportId}`;
  if (object === 'archive') return '/settings/archive';
  const list = isRecordObject(object) ? `/${objects[object].plural}` : `/objects/${object}`;
  if (exportId) return `${list}?export=${exportId}`;
  return recordId ? `${list}/${recordId}` : list;
}
