'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { RefLink, StageBadge, useStages } from '@/components/records/chips';
import type { RecordRow } from '@/components/records/record-data';
import { useBoot } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useTRPC } from '@/components/shell/trpc';
import { daysInStage } from '@/domain/deals';
import type { Filter } from '@/domain/filters';
import { addDays, momentIn } from '@/domain/moments';

const shown = 8;
/** Days in one stage after which a deal is looked at again. */
const longInStage = 30;

/** One's own open deals that wait: past their day, without a next step, or long in one stage; the most pressing first. */
export function DealsThatNeedMe() {
  const t = useTranslations('home.today');
  const trpc = useTRPC();
  const format = useFormat();
  const { timeZone } = useBoot().tenant;
  const today = format.today();
  const since = momentIn(timeZone, `${addDays(today, -longInStage)}T00:00`);
  const filter: Filter = {
    and: [
      { field: 'ownerId', op: 'me' },
      { field: 'status', op: 'is', value: 'open' },
      {
        or: [
          { field: 'expectedClose', op: 'before', value: today },
          { field: 'nextStep', op: 'isEmpty' },
          { field: 'stageEnteredAt', op: 'before', value: since },
        ],
      },
    ],
  };
  const deals = useQuery(
    trpc.deals.list.queryOptions({ filter, sort: [{ field: 'expectedClose', dir: 'asc' }], limit: shown }),
  );
  const rows = deals.data?.rows ?? [];
  if (rows.length === 0) return null;
  return (
    <section>
      <h2 className="flex min-h-8 items-center pb-1.5 font-medium text-sm">{t('deals')}</h2>
      <ul className="divide-y overflow-hidden rounded-lg border bg-card">
        {rows.map((deal) => (
          <li key={deal.id} className="hover:bg-subtle">
            <DealLine deal={deal} today={today} since={since} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function DealLine({ deal, today, since }: { deal: RecordRow; today: string; since: string }) {
  const t = useTranslations('home.today.why');
  const format = useFormat();
  const stages = useStages();
  const stage = stages.find(({ id }) => id === deal.stageId);
  const entered = typeof deal.stageEnteredAt === 'string' ? deal.stageEnteredAt : null;
  // Asked as the list asks, so that none stands there without its reason.
  const stuck = entered !== null && Date.parse(entered) < Date.parse(since);
  const late = typeof deal.expectedClose === 'string' && deal.expectedClose < today;
  return (
    <div className="grid min-h-11 gap-0.5 px-3 py-1.5 text-sm">
      <div className="flex min-w-0 items-center gap-2">
        <RefLink object="deal" id={deal.id} title={String(deal.name ?? '')} className="flex-1" />
        {typeof deal.amount === 'number' && (
          <span className="tabular shrink-0 text-muted-foreground text-xs">
            {format.money(deal.amount, typeof deal.currency === 'string' ? deal.currency : null, 'short')}
          </span>
        )}
        {stage && <StageBadge id={stage.id} />}
      </div>
      <p className="flex flex-wrap gap-x-3 text-muted-foreground text-xs">
        {late && (
          <span className="text-destructive">{t('late', { day: format.date(String(deal.expectedClose)) })}</span>
        )}
        {!deal.nextStep && <span>{t('noStep')}</span>}
        {stuck && stage && <span>{t('stuck', { stage: stage.name, count: daysInStage(entered, new Date()) })}</span>}
      </p>
    </div>
  );
}
