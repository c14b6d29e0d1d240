'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Check, MapPin, Phone, Users, Video } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { RefLink } from '@/components/records/chips';
import { safeHref } from '@/components/records/hrefs';
import { useIsObject } from '@/components/records/use-object';
import { useBoot, useCan } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { Link } from '@/components/shell/router';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Hint } from '@/components/ui/tooltip';
import { addDays, momentIn } from '@/domain/moments';

type AgendaItem = Outputs['activities']['agenda']['rows'][number];

/** One's own calls and meetings of a day, and of so many after it. */
export function useAgenda(days = 1) {
  const trpc = useTRPC();
  const format = useFormat();
  const { timeZone } = useBoot().tenant;
  const today = format.today();
  const from = momentIn(timeZone, `${today}T00:00`);
  const to = momentIn(timeZone, `${addDays(today, days)}T00:00`);
  return useQuery(trpc.activities.agenda.queryOptions({ from, to }, { refetchInterval: 5 * 60_000 }));
}

/** Calls and meetings in the order of their time; what is under way stands out, what is over steps back. */
export function AgendaList({ items }: { items: readonly AgendaItem[] }) {
  return (
    <ul className="divide-y overflow-hidden rounded-lg border bg-card">
      {items.map((item) => (
        <li key={item.id}>
          <AgendaRow item={item} />
        </li>
      ))}
    </ul>
  );
}

function AgendaRow({ item }: { item: AgendaItem }) {
  const t = useTranslations('activities');
  const format = useFormat();
  const now = Date.now();
  const over = Date.parse(item.endsAt ?? item.startsAt) < now;
  const underWay = !over && Date.parse(item.startsAt) <= now;
  const Icon = item.kind === 'call' ? Phone : Users;
  const href = item.link ? safeHref('link', item.link) : null;
  return (
    <div
      className={cn(
        'flex min-h-11 items-center gap-3 border-l-2 border-l-transparent px-3 py-1.5 text-sm hover:bg-subtle',
        underWay && 'border-l-primary bg-primary-soft/40',
      )}
    >
      <time
        dateTime={item.startsAt}
        className={cn('tabular w-22 shrink-0', over ? 'text-muted-foreground' : 'font-medium')}
      >
        {format.time(item.startsAt)}
        {item.endsAt && <span className="font-normal text-muted-foreground">–{format.time(item.endsAt)}</span>}
      </time>
      <Icon
        aria-label={t(`${item.kind === 'call' ? 'call' : 'meeting'}.name`)}
        className="size-3.5 shrink-0 text-muted-foreground"
      />
      <div className="min-w-0 flex-1">
        {item.open ? (
          <Link
            to={`/activities/${item.id}`}
            className={cn('block truncate rounded-xs hover:text-link hover:underline', over && 'text-muted-foreground')}
          >
            {item.subject}
          </Link>
        ) : (
          <span className={cn('block truncate', over && 'text-muted-foreground')}>{item.subject}</span>
        )}
        {(item.about || item.location || item.attendees > 1) && (
          <p className="flex min-w-0 flex-wrap items-center gap-x-3 text-muted-foreground text-xs">
            {item.about && <AboutName item={item} name={item.about} />}
            {item.location && (
              <span className="flex min-w-0 items-center gap-1">
                <MapPin aria-hidden className="size-3 shrink-0" />
                <span className="truncate">{item.location}</span>
              </span>
            )}
            {item.attendees > 1 && <span>{t('attendees.count', { count: item.attendees })}</span>}
          </p>
        )}
      </div>
      {underWay && <span className="shrink-0 font-medium text-link text-xs">{t('now')}</span>}
      {href && !over && (
        <Button asChild variant="secondary" size="sm">
          <a href={href} target="_blank" rel="noreferrer">
            <Video />
            {t('join')}
          </a>
        </Button>
      )}
      <Outcome item={item} due={over || underWay} />
    </div>
  );
}

/** Whom or what it is about, leading there where one may go. */
function AboutName({ item, name }: { item: AgendaItem; name: string }) {
  const isObject = useIsObject();
  const { leadsTo, open } = item;
  if (!open || !leadsTo || !isObject(leadsTo.object)) return <span className="truncate">{name}</span>;
  return <RefLink object={leadsTo.object} id={leadsTo.id} title={name} />;
}

/** Says in one touch that a meeting took place, or that a planned call was made. */
function Outcome({ item, due }: { item: AgendaItem; due: boolean }) {
  const t = useTranslations('activities');
  const f = useTranslations('fields.choices.activity.outcome');
  const can = useCan();
  const trpc = useTRPC();
  const undoToast = useUndoToast();
  const update = useMutation(trpc.activities.update.mutationOptions());
  if (item.outcome) {
    return (
      <span className="flex shrink-0 items-center gap-1 text-muted-foreground text-xs">
        <Check aria-hidden className="size-3.5" />
        {f.has(item.outcome as 'held') ? f(item.outcome as 'held') : item.outcome}
      </span>
    );
  }
  if (!due || !item.open || !can('activity.write')) return null;
  const outcome = item.kind === 'call' ? 'reached' : 'held';
  return (
    <Hint label={t('setOutcome', { outcome: f(outcome) })}>
      <Button
        variant="secondary"
        size="icon-sm"
        busy={update.isPending}
        aria-label={t('setOutcome', { outcome: f(outcome) })}
        onClick={() =>
          update.mutate(
            { id: item.id, values: { outcome } },
            {
              onSuccess: ({ changeSetId }) =>
                undoToast(changeSetId, t('outcomeSet', { subject: item.subject, outcome: f(outcome) })),
            },
          )
        }
      >
        <Check />
      </Button>
    </Hint>
  );
}
