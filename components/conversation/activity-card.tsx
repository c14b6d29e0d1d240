'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarClock, MapPin, PhoneIncoming, PhoneOutgoing, Users, Video } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { safeHref } from '@/components/records/hrefs';
import { type RecordRow, recordPath } from '@/components/records/record-data';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { Link } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { Avatar } from '@/components/ui/avatar';
import { Badge } from '@/components/ui/badge';
import { Hint } from '@/components/ui/tooltip';

/** How an outcome looks: what came of it, what is to be tried again, what came to nothing. */
const looks: Record<string, 'success' | 'warning'> = {
  reached: 'success',
  held: 'success',
  leftMessage: 'warning',
  callBack: 'warning',
};

/** Whether a call or meeting is still to come. */
export function isAhead(activity: RecordRow, now = Date.now()): boolean {
  const end = activity.endsAt ?? activity.startsAt;
  return activity.outcome === null && typeof end === 'string' && Date.parse(end) > now;
}

/** A call or a meeting: when, how long, how it went, where, who took part, what was said. */
export function ActivityCard({ activity }: { activity: RecordRow }) {
  const t = useTranslations('activities');
  const labels = useLabels();
  const format = useFormat();
  const { subject, startsAt, endsAt, direction, outcome, location, description } = activity;
  const call = activity.kind === 'call';
  const Icon = call ? (direction === 'in' ? PhoneIncoming : PhoneOutgoing) : CalendarClock;
  const href = typeof activity.link === 'string' ? safeHref('link', activity.link) : null;
  const kind = call ? labels.choice('activity', 'direction', direction === 'in' ? 'in' : 'out') : t('meeting.name');
  return (
    <article className="my-1.5 grid gap-1 rounded-md border bg-card px-3 py-2 text-sm">
      <div className="flex min-w-0 items-center gap-2">
        <Hint label={kind}>
          <span className="shrink-0">
            <Icon aria-hidden className="size-4 text-muted-foreground" />
            <span className="sr-only">{kind}</span>
          </span>
        </Hint>
        <Link
          to={recordPath('activity', activity.id)}
          className="min-w-0 flex-1 truncate rounded-xs font-medium hover:text-link hover:underline"
        >
          {typeof subject === 'string' ? subject : ''}
        </Link>
        {typeof outcome === 'string' && (
          <Badge variant={looks[outcome] ?? 'secondary'}>{labels.choice('activity', 'outcome', outcome)}</Badge>
        )}
      </div>
      <p className="tabular flex min-w-0 flex-wrap items-center gap-x-3 gap-y-0.5 text-muted-foreground text-xs">
        {typeof startsAt === 'string' && (
          <time dateTime={startsAt}>
            {format.dateTime(startsAt)}
            {typeof endsAt === 'string' &&
              lengthOf(startsAt, endsAt) > 0 &&
              ` · ${spoken(lengthOf(startsAt, endsAt), t)}`}
          </time>
        )}
        {typeof location === 'string' && location && (
          <span className="flex min-w-0 items-center gap-1">
            <MapPin aria-hidden className="size-3 shrink-0" />
            <span className="truncate">{location}</span>
          </span>
        )}
        {href && isAhead(activity) && (
          <a
            href={href}
            target="_blank"
            rel="noopener noreferrer"
            className="flex items-center gap-1 rounded-xs font-medium text-link hover:underline"
          >
            <Video aria-hidden className="size-3" />
            {t('join')}
          </a>
        )}
        {!call && <Attendees id={activity.id} />}
      </p>
      {typeof description === 'string' && description && (
        <p className="line-clamp-6 whitespace-pre-wrap break-words">{description}</p>
      )}
    </article>
  );
}

function Attendees({ id }: { id: string }) {
  const t = useTranslations('activities.attendees');
  const format = useFormat();
  const trpc = useTRPC();
  const people = useQuery(trpc.activities.attendees.queryOptions({ id })).data ?? [];
  if (people.length === 0) return null;
  const names = format.list(people.map(({ name }) => name));
  return (
    <Hint label={names}>
      <span
        className="flex items-center gap-1"
        role="img"
        aria-label={`${t('count', { count: people.length })}: ${names}`}
      >
        <Users aria-hidden className="size-3 shrink-0" />
        <span className="flex -space-x-1">
          {people.slice(0, 5).map((person) => (
            <Avatar key={person.id} name={person.name} seed={person.id} size="sm" className="ring-2 ring-card" />
          ))}
        </span>
        {people.length > 5 && <span>+{people.length - 5}</span>}
      </span>
    </Hint>
  );
}

/** Whole minutes between two moments. */
const lengthOf = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 60_000);

function spoken(minutes: number, t: ReturnType<typeof useTranslations<'activities'>>): string {
  const parts = [
    minutes >= 60 && t('duration.hours', { count: Math.floor(minutes / 60) }),
    minutes % 60 > 0 && t('duration.minutes', { count: minutes % 60 }),
  ];
  return parts.filter(Boolean).join(' ');
}
