'use client';

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Empty } from '@/components/ui/empty';
import { AuditCard } from './audit-card';
import { type AuditFilter, AuditFilters, noFilter } from './audit-filters';
import { AuditTableRow } from './audit-row';
import { useVerification, VerifyButton, VerifyOutcome } from './audit-verify';
import { LoadFailed } from './load-failed';
import { MoreButton } from './more-button';
import { Section } from './section';
import { RowsSkeleton } from './skeletons';
import { nextDay, startOfDay } from './zoned-day';

/** Everything that was done here, newest first, and whether the record of it is whole. */
export function AuditPage() {
  const t = useTranslations('audit.page');
  const [filter, setFilter] = useState<AuditFilter>(noFilter);
  const entries = useEntries(filter);
  const verification = useVerification();
  const rows = entries.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <Section title={t('title')} description={t('description')} aside={<VerifyButton {...verification} />}>
      <VerifyOutcome {...verification} />
      <AuditFilters filter={filter} onChange={setFilter} />
      {entries.isPending ? (
        <RowsSkeleton count={8} />
      ) : entries.isError ? (
        <LoadFailed retry={() => void entries.refetch()} />
      ) : rows.length === 0 ? (
        <Empty icon={<ScrollText />} title={t('empty')} description={t('emptyHelp')} className="py-8">
          {filter !== noFilter && (
            <Button variant="secondary" onClick={() => setFilter(noFilter)}>
              {t('filter.clear')}
            </Button>
          )}
        </Empty>
      ) : (
        <div className={cn('grid min-w-0 gap-3 transition-opacity', entries.isPlaceholderData && 'opacity-60')}>
          <ul className="divide-y rounded-lg border bg-card md:hidden">
            {rows.map((row) => (
              <AuditCard key={row.id} row={row} />
            ))}
          </ul>
          <div className="overflow-hidden rounded-lg border bg-card max-md:hidden">
            <table aria-label={t('rows')} className="w-full table-fixed border-collapse text-sm">
              <thead>
                <tr className="border-b bg-subtle text-left text-muted-foreground">
                  <th scope="col" className="h-9 w-40 pr-3 pl-9 font-medium">
                    {t('when')}
                  </th>
                  <th scope="col" className="w-44 px-3 font-medium">
                    {t('who')}
                  </th>
                  <th scope="col" className="px-3 font-medium">
                    {t('what')}
                  </th>
                  <th scope="col" className="w-28 px-3 font-medium">
                    {t('about')}
                  </th>
                  <th scope="col" className="w-36 px-3 font-medium max-lg:hidden">
                    {t('from')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <AuditTableRow key={row.id} row={row} />
                ))}
              </tbody>
            </table>
          </div>
          <MoreButton list={entries} label={t('more')} />
        </div>
      )}
    </Section>
  );
}

function useEntries({ memberId, action, since, until }: AuditFilter) {
  const trpc = useTRPC();
  const { tenant } = useBoot();
  return useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(
      {
        memberId: memberId ?? undefined,
        action: action ?? undefined,
        from: since ? startOfDay(since, tenant.timeZone) : undefined,
        to: until ? startOfDay(nextDay(until), tenant.timeZone) : undefined,
      },
      {
        getNextPageParam: (page) => page.next,
        placeholderData: keepPreviousData,
        // Reading the log is no reason to see an old one.
        staleTime: 0,
      },
    ),
  );
}
