'use client';

import { ArrowRight, Undo2 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { ActivityCard, isAhead } from '@/components/conversation/activity-card';
import { type Comment, CommentCard } from '@/components/conversation/comment-card';
import { type Attachment, FileRow } from '@/components/conversation/files';
import type { ShownReaction } from '@/components/conversation/reactions';
import { useCan, useCatalogue } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { useUndo } from '@/components/shell/undo';
import { Avatar } from '@/components/ui/avatar';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Hint } from '@/components/ui/tooltip';
import { plainText } from '@/domain/rich-text';
import { channelOf } from './field-history';
import { NoteCard } from './note-card';
import type { RecordRow } from './record-data';
import { TaskRow } from './task-row';
import { ChangedValue, ChangeSentence, fieldChanges, type TimelineChange, type TimelineItem } from './timeline-words';
import type { ObjectKey } from './use-object';

/** Live notes and tasks of the record by id, so that what the timeline shows can be worked with. */
export interface LiveRecords {
  notes: ReadonlyMap<string, RecordRow>;
  tasks: ReadonlyMap<string, RecordRow>;
  activities: ReadonlyMap<string, RecordRow>;
  comments: ReadonlyMap<string, Comment>;
  /** What was left on the notes, by their ids. */
  reactions: ReadonlyMap<string, readonly ShownReaction[]>;
  files: ReadonlyMap<string, Attachment>;
}

/** One change set in a record's timeline: a sentence, what hangs on it, and a way back. */
export function TimelineEntry({
  object,
  row,
  item,
  live,
  onReply,
}: {
  object: ObjectKey;
  row: RecordRow;
  item: TimelineItem;
  live: LiveRecords;
  onReply?: (comment: Comment) => void;
}) {
  const t = useTranslations('records.timeline');
  const c = useTranslations('common');
  const format = useFormat();
  const can = useCan();
  const undo = useUndo();
  const undone = item.undoneBy !== null;
  const changes = told(useCatalogue(), item, object, row.id);
  if (changes.length === 0) return null;
  return (
    <li className="group/item relative flex gap-2.5 py-2">
      <Avatar name={item.by?.name ?? '?'} seed={item.by?.id} className={cn('mt-px', undone && 'grayscale')} />
      <div className="min-w-0 flex-1">
        {changes.map((change) => (
          <Change
            key={`${change.object} ${change.recordId} ${change.op}`}
            object={object}
            row={row}
            item={item}
            change={change}
            live={live}
            undone={undone}
            onReply={onReply}
          />
        ))}
        <p className="flex flex-wrap items-center gap-x-1.5 text-muted-foreground text-xs">
          <time dateTime={item.at} title={format.dateTime(item.at)}>
            {format.relative(item.at)}
          </time>
          {item.channel !== 'screen' && <span>· {t(`channels.${channelOf(item.channel)}`)}</span>}
          {item.verb === 'undo' && <Badge variant="secondary">{t('isUndo')}</Badge>}
          {undone && <Badge variant="secondary">{t('undone')}</Badge>}
        </p>
      </div>
      {!undone && can('changes.undo') && item.verb !== 'configure' && (
        <Hint label={t('undo')}>
          <Button
            variant="quiet"
            size="icon-xs"
            aria-label={c('undo')}
            onClick={() => undo(item.changeSetId)}
            className="opacity-0 focus-visible:opacity-100 group-hover/item:opacity-100 pointer-coarse:opacity-60"
          >
            <Undo2 />
          </Button>
        </Hint>
      )}
    </li>
  );
}

type Kinds = ReturnType<typeof useCatalogue>;

/** What of a change set is worth telling here: links made along with a record or a new company say nothing more. */
function told(kinds: Kinds, item: TimelineItem, object: ObjectKey, id: string): TimelineChange[] {
  const isLink = (change: TimelineChange) => change.object === 'contactCompany' || change.object === 'dealContact';
  const meaning = item.changes.filter((change) => !isLink(change));
  const shown = meaning.length > 0 ? meaning : item.changes.slice(0, 1);
  const worth = shown.filter(
    (change) =>
      isLink(change) ||
      change.op !== 'update' ||
      change.object === 'comment' ||
      change.object === 'attachment' ||
      fieldChanges(kinds, change).length > 0 ||
      (change.after !== null && 'stageId' in change.after),
  );
  // The record itself first.
  return worth
    .toSorted(
      (a, b) => Number(b.object === object && b.recordId === id) - Number(a.object === object && a.recordId === id),
    )
    .slice(0, 20);
}

interface ChangeProps {
  object: ObjectKey;
  row: RecordRow;
  item: TimelineItem;
  change: TimelineChange;
  live: LiveRecords;
  undone: boolean;
  onReply?: (comment: Comment) => void;
}

function Change({ object, row, item, change, live, undone, onReply }: ChangeProps) {
  const made = change.op === 'create' && !undone;
  const comment = change.object === 'comment' && made ? live.comments.get(change.recordId) : undefined;
  const file = change.object === 'attachment' && made ? live.files.get(change.recordId) : undefined;
  const note = change.object === 'note' && change.op === 'create' ? live.notes.get(change.recordId) : undefined;
  const task = change.object === 'task' && change.op === 'create' ? live.tasks.get(change.recordId) : undefined;
  const activity = change.object === 'activity' && made ? live.activities.get(change.recordId) : undefined;
  const body = change.object === 'note' && change.op === 'create' ? change.after?.body : undefined;
  return (
    <>
      <p className={cn('text-sm', undone && 'text-muted-foreground line-through')}>
        <ChangeSentence object={object} row={row} item={item} change={change} />
      </p>
      {note && !undone ? (
        <NoteCard note={note} reactions={live.reactions.get(note.id)} />
      ) : (
        typeof body === 'string' && (
          <p className="my-1.5 whitespace-pre-wrap break-words rounded-md border border-dashed px-3 py-2 text-muted-foreground text-sm">
            {plainText(body, 500)}
          </p>
        )
      )}
      {task && (
        <div className="my-1.5 rounded-md border">
          <TaskRow task={task} />
        </div>
      )}
      {/* What is still to come stands above, with what is to be done. */}
      {activity && !isAhead(activity) && <ActivityCard activity={activity} />}
      {comment && (
        <CommentCard
          comment={comment}
          answered={comment.replyTo ? live.comments.get(comment.replyTo) : undefined}
          object={object}
          recordId={row.id}
          onReply={onReply}
        />
      )}
      {file && (
        <div className="my-1 rounded-md border bg-card">
          <FileRow file={file} />
        </div>
      )}
      <Details row={row} change={change} />
    </>
  );
}

/** Several fields changed at once are listed, each with before and after. */
function Details({ row, change }: { row: RecordRow; change: TimelineChange }) {
  const t = useTranslations('records.history');
  const labels = useLabels();
  const kinds = useCatalogue();
  const moved = change.after !== null && 'stageId' in change.after;
  const fields = change.op === 'update' ? fieldChanges(kinds, change) : [];
  if (fields.length === 0 || (fields.length === 1 && !moved)) return null;
  return (
    <ul className="my-1 grid gap-0.5 border-l-2 pl-2.5 text-sm">
      {fields.map(({ name, before, after }) => (
        <li key={name} className="flex min-w-0 flex-wrap items-center gap-x-1.5">
          <span className="text-muted-foreground">{labels.field(change.object, name)}</span>
          <ChangedValue object={change.object} name={name} value={before} row={row} />
          <ArrowRight aria-label={t('to')} className="size-3.5 shrink-0 text-muted-foreground" />
          <ChangedValue object={change.object} name={name} value={after} row={row} />
        </li>
      ))}
    </ul>
  );
}
