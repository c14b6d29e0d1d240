'use client';

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type Ref, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ActivityCard, isAhead } from '@/components/conversation/activity-card';
import type { Comment } from '@/components/conversation/comment-card';
import { Files } from '@/components/conversation/files';
import { FollowButton } from '@/components/conversation/follow-button';
import { TimelineFilter, type TimelineKind } from '@/components/conversation/timeline-filter';
import { usePreference } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useWaiting } from '@/components/shell/outbox';
import { useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import type { Filter, Sort } from '@/domain/filters';
import { queued } from '@/domain/queued';
import { plainText } from '@/domain/rich-text';
import { Composer, type ComposerHandle } from './composer';
import { NoteCard } from './note-card';
import { type RecordRow, useRecordApi } from './record-data';
import { attachedBy } from './record-sections';
import { TaskRow } from './task-row';
import { type LiveRecords, TimelineEntry } from './timeline-item';
import type { TimelineItem } from './timeline-words';
import type { ObjectKey } from './use-object';
import { WaitingMark } from './waiting-mark';

const everything: TimelineKind[] = [];
const newest: Sort = { field: 'createdAt', dir: 'desc' };

/** What happened to a record and what is to be done, newest first, with a composer above. */
export function Timeline({
  object,
  row,
  composer,
}: {
  object: ObjectKey;
  row: RecordRow;
  composer?: Ref<ComposerHandle>;
}) {
  const t = useTranslations('records.timeline');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const talk = useTranslations('conversation');
  const own = useRef<ComposerHandle>(null);
  const writer = composer ?? own;
  const live = useLive(object, row.id);
  const [kinds, setKinds] = usePreference<TimelineKind[]>('timeline', everything);
  const [reply, setReply] = useState<Comment | null>(null);
  const timeline = useInfiniteQuery(
    trpc.changes.timeline.infiniteQueryOptions(
      { object, id: row.id, limit: 30, ...(kinds.length > 0 && { kinds }) },
      { getNextPageParam: (last) => last.next, placeholderData: keepPreviousData },
    ),
  );
  const answer = (comment: Comment) => {
    setReply(comment);
    if ('current' in writer) writer.current?.focus('comment');
  };
  const items = useMemo(() => timeline.data?.pages.flatMap((page) => page.items) ?? [], [timeline.data]);
  const [waiting, setWaiting] = useState<Waiting[]>([]);
  const unsent = useUnsent(row.id);
  const shown = new Set(items.map((item) => item.changeSetId));
  const open = [...live.tasks.values()].filter((task) => task.done !== true).toSorted(byDue);
  const ahead = [...live.activities.values()].filter((activity) => isAhead(activity)).toSorted(byStart);
  const pinned = [...live.notes.values()].filter((note) => note.pinned === true);
  return (
    <div className="mx-auto w-full max-w-3xl px-4 py-3">
      <Composer
        ref={writer}
        object={object}
        row={row}
        reply={reply}
        onReplied={() => setReply(null)}
        onSent={(text) => {
          const key = crypto.randomUUID();
          setWaiting((before) => [...before, { key, text }]);
          return (changeSetId) =>
            setWaiting((before) =>
              changeSetId === null
                ? before.filter((each) => each.key !== key)
                : before.map((each) => (each.key === key ? { ...each, changeSetId } : each)),
            );
        }}
      />
      <div className="mt-2 flex items-start gap-2">
        <TimelineFilter kinds={kinds} onKinds={setKinds} attached={attachedBy(object) !== null} />
        <div className="-mt-0.5 ml-auto shrink-0">
          <FollowButton object={object} recordId={row.id} />
        </div>
      </div>
      {kinds.length === 1 && kinds[0] === 'attachment' && (
        <div className="mt-3">
          <Files object={object} recordId={row.id} />
        </div>
      )}
      {ahead.length > 0 && (
        <section className="mt-4">
          <h2 className="font-medium text-muted-foreground text-xs">{talk('ahead')}</h2>
          {ahead.map((activity) => (
            <ActivityCard key={activity.id} activity={activity} />
          ))}
        </section>
      )}
      {open.length > 0 && (
        <section className="mt-4">
          <h2 className="pb-1 font-medium text-muted-foreground text-xs">{t('toDo')}</h2>
          <div className="divide-y rounded-md border">
            {open.map((task) => (
              <TaskRow key={task.id} task={task} />
            ))}
          </div>
        </section>
      )}
      {pinned.length > 0 && (
        <section className="mt-4">
          <h2 className="font-medium text-muted-foreground text-xs">{t('pinned')}</h2>
          {pinned.map((note) => (
            <NoteCard key={note.id} note={note} reactions={live.reactions.get(note.id)} />
          ))}
        </section>
      )}
      {unsent.map(({ key, text }) => (
        <div key={key} className="mt-3 flex items-start gap-2 rounded-md border bg-subtle px-3 py-2 text-sm">
          <p className="min-w-0 flex-1 whitespace-pre-wrap break-words">{text}</p>
          <WaitingMark id={row.id} className="mt-0.5" />
        </div>
      ))}
      {waiting
        .filter((each) => !each.changeSetId || !shown.has(each.changeSetId))
        .map((each) => (
          <p
            key={each.key}
            className="mt-3 whitespace-pre-wrap break-words rounded-md border bg-subtle px-3 py-2 text-sm opacity-70"
          >
            {each.text}
          </p>
        ))}
      {timeline.isPending ? (
        <TimelineSkeleton />
      ) : (
        <Days object={object} row={row} items={items} live={live} onReply={answer} />
      )}
      {timeline.isSuccess && items.length === 0 && (
        <p className="py-6 text-center text-muted-foreground text-sm">{talk('filter.none')}</p>
      )}
      {timeline.isError && (
        <p role="alert" className="flex items-center gap-2 py-4 text-muted-foreground text-sm">
          {c('loadFailed')}
          <Button variant="secondary" size="sm" onClick={() => void timeline.refetch()}>
            {c('retry')}
          </Button>
        </p>
      )}
      {timeline.hasNextPage && (
        <More onReached={() => !timeline.isFetchingNextPage && void timeline.fetchNextPage()} label={t('more')} />
      )}
    </div>
  );
}

/** What was written on a record and waits to be sent, newest first. */
function useUnsent(id: string): { key: string; text: string }[] {
  return useWaiting()
    .flatMap(({ key, path, input, refusal }) => {
      const about = refusal ? null : queued(path, input);
      return about?.text && about.on?.includes(id) ? [{ key, text: plainText(about.text, 500) }] : [];
    })
    .toReversed();
}

interface Waiting {
  key: string;
  text: string;
  /** Once the server has it; gone when the timeline shows it. */
  changeSetId?: string;
}

function useLive(object: ObjectKey, id: string): LiveRecords {
  const by = attachedBy(object);
  const filter: Filter = { field: by ?? 'companyId', op: 'is', value: id };
  const noteApi = useRecordApi('note');
  const taskApi = useRecordApi('task');
  // Of more than these the ones that stand above the timeline: what is pinned, to be done or to come.
  const listed = (...sort: Sort[]) => ({ filter, sort: [...sort, newest], limit: 200 });
  const pinned = listed({ field: 'pinned', dir: 'desc' });
  const open = listed({ field: 'done', dir: 'asc' });
  const ahead = listed({ field: 'startsAt', dir: 'desc' });
  const notes = useQuery(noteApi.list.queryOptions(pinned, { enabled: by !== null })).data;
  const tasks = useQuery(taskApi.list.queryOptions(open, { enabled: by !== null })).data;
  const activities = useQuery(useRecordApi('activity').list.queryOptions(ahead, { enabled: by !== null })).data;
  const trpc = useTRPC();
  const comments = useQuery(trpc.conversation.list.queryOptions({ object, recordId: id })).data;
  const files = useQuery(trpc.attachments.list.queryOptions({ object, recordId: id })).data;
  return useMemo(
    () => ({
      comments: new Map((comments?.items ?? []).map((comment) => [comment.id, comment])),
      reactions: new Map((comments?.notes ?? []).map((note) => [note.id, note.reactions])),
      activities: new Map((activities?.rows ?? []).map((row) => [row.id, row])),
      files: new Map((files?.items ?? []).map((file) => [file.id, file])),
      notes: new Map((notes?.rows ?? []).map((row) => [row.id, row])),
      tasks: new Map((tasks?.rows ?? []).map((row) => [row.id, row])),
    }),
    [notes, tasks, activities, comments, files],
  );
}

function byDue(a: RecordRow, b: RecordRow): number {
  return String(a.dueOn ?? '9999').localeCompare(String(b.dueOn ?? '9999'));
}

function byStart(a: RecordRow, b: RecordRow): number {
  return String(a.startsAt).localeCompare(String(b.startsAt));
}

function Days({
  object,
  row,
  items,
  live,
  onReply,
}: {
  object: ObjectKey;
  row: RecordRow;
  items: TimelineItem[];
  live: LiveRecords;
  onReply: (comment: Comment) => void;
}) {
  const t = useTranslations('records.timeline');
  const format = useFormat();
  const c = useTranslations('common');
  const now = Date.now();
  const near = new Map([
    [format.day(new Date(now - 86_400_000).toISOString()), c('yesterday')],
    [format.day(new Date(now).toISOString()), c('today')],
  ]);
  const days = Map.groupBy(items, (item) => format.day(item.at));
  return (
    <div className="mt-4">
      <h2 className="sr-only">{t('label')}</h2>
      {[...days].map(([day, entries]) => (
        <section key={day}>
          <h3 className="flex items-center gap-3 pt-3 pb-1 font-medium text-muted-foreground text-xs after:h-px after:flex-1 after:bg-border">
            {near.get(day) ?? day}
          </h3>
          <ol>
            {entries.map((item) => (
              <TimelineEntry
                key={item.changeSetId}
                object={object}
                row={row}
                item={item}
                live={live}
                onReply={onReply}
              />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

/** Loads what is older when its end comes into sight; a button for those who do not scroll. */
export function More({ onReached, label }: { onReached: () => void; label: string }) {
  const ref = useRef<HTMLButtonElement>(null);
  const reached = useEffectEvent(onReached);
  useEffect(() => {
    if (!ref.current) return;
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && reached(), { rootMargin: '300px' });
    seen.observe(ref.current);
    return () => seen.disconnect();
  }, []);
  return (
    <Button ref={ref} variant="quiet" size="sm" className="mt-2" onClick={onReached}>
      {label}
    </Button>
  );
}

function TimelineSkeleton() {
  return (
    <div aria-busy className="mt-6 grid gap-5">
      {['w-64', 'w-80', 'w-56', 'w-72'].map((width) => (
        <div key={width} className="flex gap-2.5">
          <Skeleton className="size-6 rounded-full" />
          <Skeleton className={`h-4 ${width}`} />
        </div>
      ))}
    </div>
  );
}
