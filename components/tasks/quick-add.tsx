'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarDays, Clock, Flag, Plus } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRecordCreate } from '@/components/records/record-data';
import { useActions } from '@/components/shell/actions';
import { useBoot } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { DateInput } from '@/components/ui/date-input';
import { Input } from '@/components/ui/input';
import { toast } from '@/components/ui/toaster';
import { clip } from '@/domain/clip';
import { clockIn, momentIn } from '@/domain/moments';
import { scopeOf } from '@/domain/permissions';
import { parseQuickTask } from '@/domain/quick-task';

const RecurrencePicker = lazy(async () => ({ default: (await import('./recurrence-picker')).RecurrencePicker }));
const QueueChoice = lazy(async () => ({ default: (await import('./queue-choice')).QueueChoice }));

const nobody = 'me';
const maxSubject = 300;

/**
 * One line for a new task. Days, times and repetition written in it are understood and shown before it is added; what was
 * typed comes back when the server refuses.
 */
export function QuickAdd({ today }: { /** Due today unless another day is said. */ today?: boolean }) {
  const t = useTranslations('tasks');
  const format = useFormat();
  const labels = useLabels();
  const trpc = useTRPC();
  const { tenant, member } = useBoot();
  const { timeZone } = tenant;
  // What waits in a queue is out of reach of everybody else, whoever put it there.
  const reachesAll = scopeOf(member.role, 'task', 'write') === 'all';
  const undoToast = useUndoToast();
  const input = useRef<HTMLInputElement>(null);
  const [line, setLine] = useState('');
  const [focused, setFocused] = useState(false);
  const [day, setDay] = useState<string | null>(null);
  const [rule, setRule] = useState<string | null>(null);
  const [queue, setQueue] = useState(nobody);
  const queues = useQuery(trpc.tasks.queues.queryOptions()).data ?? [];
  const create = useRecordCreate('task');
  useActions([{ id: 'tasks.add', label: t('add'), group: 'here', keys: 'n', run: () => input.current?.focus() }]);
  const parsed = parseQuickTask(line, clockIn(timeZone, Date.now()));
  // What is picked below counts more than what is written.
  const due = day ?? parsed.dueOn ?? (today || rule ? format.today() : null);
  const recurrence = rule ?? parsed.recurrence ?? null;
  const typed = line.trim() !== '';
  const add = () => {
    if (!typed) return;
    const kept = { line, day, rule };
    const subject = clip(parsed.subject, maxSubject);
    setLine('');
    setDay(null);
    setRule(null);
    // By its promise: callbacks given to a mutation are forgotten when the next task is added before the answer.
    create({
      subject,
      // What is too long for a subject is not lost.
      ...(subject === parsed.subject ? {} : { description: parsed.subject }),
      type: parsed.type,
      dueOn: due,
      ...(parsed.priority ? { priority: parsed.priority } : {}),
      ...(parsed.time && due ? { remindAt: momentIn(timeZone, `${due}T${parsed.time}`) } : {}),
      ...(recurrence ? { recurrence } : {}),
      ...(queue === nobody ? {} : { queueId: queue, ownerId: null }),
    }).then(
      ({ changeSetId }) => {
        const added = t('added', { subject: parsed.subject });
        if (queue === nobody || reachesAll) undoToast(changeSetId, added);
        else toast(added);
      },
      () => {
        // Beside what was written meanwhile.
        setLine((now) => [kept.line, now].filter((each) => each.trim() !== '').join(' '));
        setDay(kept.day);
        setRule(kept.rule);
      },
    );
  };
  return (
    <form
      className="rounded-lg border bg-card focus-within:border-ring"
      onFocus={() => setFocused(true)}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <div className="flex items-center gap-2 p-1.5">
        <Plus aria-hidden className="ml-1.5 size-4 shrink-0 text-muted-foreground" />
        <Input
          ref={input}
          aria-label={t('add')}
          placeholder={t('quick.placeholder')}
          value={line}
          maxLength={400}
          onChange={(event) => setLine(event.target.value)}
          className="border-0 bg-transparent px-1 focus-visible:outline-0"
        />
        <Button type="submit" variant={typed ? 'default' : 'secondary'} disabled={!typed}>
          {t('addButton')}
        </Button>
      </div>
      {(focused || typed) && (
        <div className="flex flex-wrap items-center gap-x-1 gap-y-1.5 border-t px-2 py-1.5 text-sm">
          <span className="flex items-center gap-1 text-muted-foreground">
            <CalendarDays aria-hidden className="size-4" />
            <DateInput
              aria-label={t('due')}
              value={due}
              onChange={setDay}
              className="h-7 w-36 border-0 bg-transparent px-1"
            />
          </span>
          {parsed.time && <Said icon={<Clock aria-hidden />} text={t('quick.remind', { time: parsed.time })} />}
          <Suspense fallback={null}>
            <RecurrencePicker value={recurrence} day={due ?? format.today()} onChange={setRule} />
          </Suspense>
          {parsed.priority && (
            <Said icon={<Flag aria-hidden />} text={labels.choice('task', 'priority', parsed.priority)} />
          )}
          {queues.length > 0 && (
            <Suspense fallback={null}>
              <QueueChoice queues={queues} value={queue} nobody={nobody} onChange={setQueue} />
            </Suspense>
          )}
        </div>
      )}
    </form>
  );
}

function Said({ icon, text }: { icon: ReactNode; text: string }) {
  return (
    <span className="inline-flex h-7 items-center gap-1.5 rounded-md bg-primary-soft px-2 text-link text-sm [&_svg]:size-4">
      {icon}
      {text}
    </span>
  );
}
