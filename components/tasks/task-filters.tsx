'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { SearchBox } from '@/components/records/filter-bar';
import { useBoot, usePreference } from '@/components/shell/boot';
import { DidYouMean } from '@/components/shell/did-you-mean';
import { useFormat } from '@/components/shell/format';
import { useSearch } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { Segmented } from '@/components/ui/segmented';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import type { Filter } from '@/domain/filters';
import { addDays } from '@/domain/moments';
import { type Role, scopeOf } from '@/domain/permissions';

const dues = ['any', 'overdue', 'today', 'week', 'noDate'] as const;
type Due = (typeof dues)[number];
type Whose = 'mine' | 'team' | 'all';
const anyQueue = 'any';

/** Whose tasks a person can choose to see. */
export function whoseFor({ role, teamIds }: { role: Role; teamIds: readonly string[] }): Whose[] {
  if (scopeOf(role, 'task', 'read') === 'own') return ['mine'];
  return teamIds.length > 0 ? ['mine', 'team', 'all'] : ['mine', 'all'];
}

/** Whose tasks, due when, from which queue: as a person left it, and as the filter it comes to. */
export function useTaskFilters() {
  const { member } = useBoot();
  const format = useFormat();
  const trpc = useTRPC();
  const [chosenWhose, setWhose] = usePreference<Whose>('tasks:whose', 'mine');
  const [due, setDue] = usePreference<Due>('tasks:due', 'any');
  const [chosenQueue, setQueue] = usePreference<string>('tasks:queue', anyQueue);
  const queues = useQuery(trpc.tasks.queues.queryOptions()).data;
  // What was chosen then may be gone by now: a team left, a queue removed.
  const whose = whoseFor(member).includes(chosenWhose) ? chosenWhose : 'mine';
  const queue = !queues || queues.some(({ id }) => id === chosenQueue) ? chosenQueue : anyQueue;
  const [search, setSearch] = useSearch();
  const q = search.get('q') ?? '';
  const setQ = (next: string) => setSearch({ q: next.trim() || null });
  const today = format.today();
  const when: Record<Due, Filter[]> = {
    any: [],
    overdue: [{ field: 'dueOn', op: 'before', value: today }],
    today: [{ field: 'dueOn', op: 'is', value: today }],
    week: [{ field: 'dueOn', op: 'between', value: [today, addDays(today, 6)] }],
    noDate: [{ field: 'dueOn', op: 'isEmpty' }],
  };
  const owner: Record<Whose, Filter[]> = {
    mine: [{ field: 'ownerId', op: 'is', value: member.id }],
    team: [
      {
        or: [
          { field: 'ownerId', op: 'is', value: member.id },
          { field: 'ownerId.teamId', op: 'anyOf', value: member.teamIds },
        ],
      },
    ],
    all: [],
  };
  return {
    whose,
    setWhose,
    due,
    setDue,
    queue,
    queues: queues ?? [],
    setQueue,
    q,
    setQ,
    narrowed: due !== 'any' || queue !== anyQueue || q !== '',
    reset: () => {
      setQ('');
      setDue('any');
      setQueue(anyQueue);
    },
    /** Without whether they are done. */
    filters: [
      ...owner[whose],
      ...when[due],
      ...(queue === anyQueue ? [] : [{ field: 'queueId', op: 'is' as const, value: queue }]),
    ],
  };
}

export type TaskFilterState = ReturnType<typeof useTaskFilters>;

export function WhoseTasks({ state }: { state: TaskFilterState }) {
  const t = useTranslations('tasks');
  const options = whoseFor(useBoot().member).map((value) => ({ value, label: t(value) }));
  if (options.length < 2) return null;
  return <Segmented aria-label={t('whose')} value={state.whose} onValueChange={state.setWhose} options={options} />;
}

export function TaskFilters({ state }: { state: TaskFilterState }) {
  const t = useTranslations('tasks.filter');
  const { queue, queues, setQueue } = state;
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <SearchBox object="task" state={state} />
      <DidYouMean object="task" q={state.q} onTake={state.setQ} />
      <Select value={state.due} onValueChange={(next: Due) => state.setDue(next)}>
        <SelectTrigger size="sm" aria-label={t('due')} className="w-fit min-w-28">
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          {dues.map((due) => (
            <SelectItem key={due} value={due}>
              {t(due)}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
      {queues.length > 0 && (
        <Select value={queue} onValueChange={setQueue}>
          <SelectTrigger size="sm" aria-label={t('queue')} className="w-fit min-w-28 max-w-56">
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            <SelectItem value={anyQueue}>{t('anyQueue')}</SelectItem>
            {queues.map(({ id, name }) => (
              <SelectItem key={id} value={id}>
                {name}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
      )}
    </div>
  );
}
