'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { type HomeFigures, useReportView } from '@/components/reports/report-view';
import { useBoot } from '@/components/shell/boot';
import { Page } from '@/components/shell/page';
import type { ScreenProps } from '@/components/shell/screen';
import { useTRPC } from '@/components/shell/trpc';
import { Checklist } from './checklist';
import { Today } from './today';

// Charts come after what is to be done.
const Standing = lazy(async () => ({ default: (await import('./standing')).Standing }));

/** Where the day begins: what to do next, and how things stand. */
export function HomePage(_: ScreenProps) {
  const shell = useTranslations('shell');
  const trpc = useTRPC();
  const view = useReportView();
  const home = useQuery(trpc.reports.home.queryOptions(view.scope, { placeholderData: keepPreviousData }));
  const report = home.data;
  const nothing = report !== undefined && isBlank(report) && view.scope.preset === 'auto';
  return (
    <Page title={shell('screens.home')}>
      <div className="mx-auto grid max-w-[1440px] grid-cols-[minmax(0,1fr)] gap-4 p-4 pb-16 md:p-6">
        <Greeting />
        <Checklist empty={nothing} />
        <Today />
        {!nothing && (
          <Suspense fallback={<div className="min-h-[640px]" />}>
            <Standing home={home} view={view} />
          </Suspense>
        )}
      </div>
    </Page>
  );
}

/** Nothing open and nothing ever closed. */
function isBlank({ open, closed, period }: HomeFigures): boolean {
  return open.count === 0 && closed.won + closed.lost === 0 && period.preset === 'all';
}

function Greeting() {
  const t = useTranslations('home.greeting');
  const { member, user } = useBoot();
  const hour = new Date().getHours();
  const time = hour < 5 ? 'night' : hour < 12 ? 'morning' : hour < 14 ? 'noon' : hour < 18 ? 'afternoon' : 'evening';
  return <p className="font-semibold text-lg">{t(time, { name: calledBy(member.name, user.locale) })}</p>;
}

/** The first of Western names; Chinese ones are not taken apart. */
function calledBy(name: string, locale: string): string {
  return locale === 'zh' || /\p{Script=Han}/u.test(name) ? name : (name.trim().split(/\s+/)[0] ?? name);
}
