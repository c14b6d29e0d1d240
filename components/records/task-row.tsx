'use client';

import { Bell, Layers, Mail, MessagesSquare, Phone, Repeat } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useBoot, useCan } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { Link } from '@/components/shell/router';
import { useUndoToast } from '@/components/shell/undo';
import { useRecurrenceText } from '@/components/tasks/recurrence-text';
import { SnoozeMenu } from '@/components/tasks/snooze-menu';
import { Avatar } from '@/components/ui/avatar';
import { Checkbox } from '@/components/ui/checkbox';
import { cn } from '@/components/ui/cn';
import { Hint } from '@/components/ui/tooltip';
import type { RecordObject } from '@/domain/objects';
import { RefLink } from './chips';
import { type RecordRow, recordPath, useRecordUpdate } from './record-data';
import { useIsObject } from './use-object';
import { WaitingMark } from './waiting-mark';

const typeIcons = { call: Phone, email: Mail, meeting: MessagesSquare };
const references = [
  ['dealId', 'deal'],
  ['companyId', 'company'],
  ['contactId', 'contact'],
] as const satisfies readonly (readonly [string, RecordObject])[];

/** A task in a list: tick it off, see when it is due, whose it is and what it is about. */
export function TaskRow({
  task,
  showLinks,
  onOpen,
  selected,
  onSelect,
}: {
  task: RecordRow;
  showLinks?: boolean;
  /** Opens it beside the list; without it the title leads to its page. */
  onOpen?: (id: string) => void;
  /** Chosen with others, to be changed together. */
  selected?: boolean;
  /** Shows a box to choose it by. */
  onSelect?: (id: string, selected: boolean) => void;
}) {
  const t = useTranslations('tasks');
  const labels = useLabels();
  const can = useCan();
  const tick = useTick();
  const subject = typeof task.subject === 'string' ? task.subject : '';
  const done = task.done === true;
  const Icon = isTyped(task.type) ? typeIcons[task.type] : null;
  const { member } = useBoot();
  // One's own need no face beside them.
  const owner = typeof task.ownerId === 'string' && task.ownerId !== member.id ? (task.refs.ownerId ?? null) : null;
  return (
    <div
      data-task={task.id}
      className={cn(
        'group/task flex min-h-9 items-center gap-2.5 px-3 py-1.5 text-sm pointer-coarse:min-h-12',
        selected && 'bg-primary-soft/50',
      )}
    >
      {onSelect && (
        <Checkbox
          checked={selected === true}
          data-select
          aria-label={t('bulk.select', { subject })}
          onCheckedChange={(next) => onSelect(task.id, next === true)}
        />
      )}
      <Checkbox
        data-tick
        checked={done}
        disabled={!can('task.write')}
        aria-label={t(done ? 'reopen' : 'complete', { subject })}
        onCheckedChange={(next) => tick(task, next === true)}
        className="rounded-full"
      />
      {Icon ? (
        <Icon
          aria-label={labels.choice('task', 'type', String(task.type))}
          className="size-3.5 shrink-0 text-muted-foreground"
        />
      ) : (
        <span className="w-3.5 shrink-0" />
      )}
      <div className="flex min-w-0 flex-1 items-center gap-x-3 gap-y-0.5 max-sm:flex-wrap">
        <Link
          to={recordPath('task', task.id)}
          onClick={(event) => {
            if (!onOpen || event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            onOpen(task.id);
          }}
          className={cn(
            'min-w-0 truncate rounded-xs hover:text-link hover:underline',
            // What it is about gives way to what it is.
            showLinks && 'sm:max-w-[75%] sm:shrink-0',
            done && 'text-muted-foreground line-through',
          )}
        >
          {subject}
        </Link>
        <WaitingMark id={task.id} />
        {showLinks && (
          <span className="flex min-w-0 items-center gap-2 text-muted-foreground text-xs">
            <AboutLink task={task} />
            {shownOf(task).map(([name, object]) => {
              const id = task[name];
              return typeof id === 'string' ? (
                <RefLink key={name} object={object} id={id} title={task.refs[name] ?? null} className="max-w-48" />
              ) : null;
            })}
          </span>
        )}
      </div>
      <Signs task={task} done={done} />
      {task.priority === 'high' && !done && (
        <span className="shrink-0 font-medium text-destructive text-xs">
          {labels.choice('task', 'priority', 'high')}
        </span>
      )}
      {!done && can('task.write') && <SnoozeMenu ids={[task.id]} label={t('snooze.of', { subject })} />}
      <Due task={task} />
      {owner !== null && (
        <Hint label={owner}>
          <span className="shrink-0">
            <Avatar name={owner} seed={String(task.ownerId)} size="sm" />
            <span className="sr-only">{owner}</span>
          </span>
        </Hint>
      )}
    </div>
  );
}

/** The record of whichever other kind a task is about. */
function AboutLink({ task }: { task: RecordRow }) {
  const isObject = useIsObject();
  const { aboutId: id, aboutObject: object } = task;
  if (typeof id !== 'string' || typeof object !== 'string' || !isObject(object)) return null;
  return <RefLink object={object} id={id} title={task.refs.aboutId ?? null} className="max-w-48" />;
}

/** What a task is about in few words: a deal says of which company it is. */
const shownOf = (task: RecordRow) =>
  references.filter(([name]) => name !== 'companyId' || typeof task.dealId !== 'string' || !task.refs.dealId);

/** That it comes again, reminds somebody, or came from a queue. */
function Signs({ task, done }: { task: RecordRow; done: boolean }) {
  const t = useTranslations('tasks');
  const format = useFormat();
  const text = useRecurrenceText();
  if (done) return null;
  const signs = [
    typeof task.recurrence === 'string' && { key: 'repeat', Icon: Repeat, label: text(task.recurrence) },
    typeof task.remindAt === 'string' && {
      key: 'remind',
      Icon: Bell,
      label: t('remindAt', { time: format.dateTime(task.remindAt) }),
    },
    typeof task.queueId === 'string' && { key: 'queue', Icon: Layers, label: task.refs.queueId ?? t('queue.one') },
  ].filter((sign) => sign !== false);
  return signs.map(({ key, Icon, label }) => (
    <Hint key={key} label={label}>
      <span className="shrink-0 text-muted-foreground">
        <Icon aria-hidden className="size-3.5" />
        <span className="sr-only">{label}</span>
      </span>
    </Hint>
  ));
}

function Due({ task }: { task: RecordRow }) {
  const t = useTranslations('tasks');
  const format = useFormat();
  if (typeof task.dueOn !== 'string') return null;
  const days = format.daysFromToday(task.dueOn);
  const late = task.done !== true && days < 0;
  return (
    <time
      dateTime={task.dueOn}
      className={cn(
        'tabular shrink-0 text-xs',
        late ? 'font-medium text-destructive' : days === 0 ? 'text-foreground' : 'text-muted-foreground',
      )}
    >
      {late && <span className="sr-only">{t('overdue')} </span>}
      {format.relativeDay(task.dueOn)}
    </time>
  );
}

/** Ticks a task off or opens it again, with a way back. */
export function useTick(): (task: RecordRow, done: boolean) => void {
  const t = useTranslations('tasks');
  const update = useRecordUpdate('task');
  const undoToast = useUndoToast();
  return (task, done) =>
    update(
      task,
      { done },
      {
        onSaved: (changeSetId) =>
          undoToast(
            changeSetId,
            t(done ? 'completed' : 'reopened', { subject: typeof task.subject === 'string' ? task.subject : '' }),
          ),
      },
    );
}

function isTyped(type: unknown): type is keyof typeof typeIcons {
  return typeof type === 'string' && Object.hasOwn(typeIcons, type);
}
