'use client';

import { useTranslations } from 'use-intl';
import { Link } from '@/components/shell/router';
import { Skeleton } from '@/components/ui/skeleton';
import { Tooltip, TooltipContent, TooltipTrigger } from '@/components/ui/tooltip';
import type { ReportBucket } from '@/domain/reports';
import { NoFigures } from './no-figures';
import { dealsPath, type HomeFigures } from './report-view';
import { useReportWords } from './report-words';

export type Bucket = HomeFigures['months'][number];

/** At most this many columns are readable; of more the latest are drawn, the table has them all. */
const most = 36;
/** Above each column as long as the numbers fit. */
const labelled = 13;

/** Won revenue over time as columns; each opens its deals. */
export function WonChart({
  rows,
  bucket,
  height = 180,
}: {
  rows: readonly Bucket[] | undefined;
  bucket: ReportBucket;
  height?: number;
}) {
  const t = useTranslations('reports.won');
  const words = useReportWords();
  if (!rows) return <ChartSkeleton height={height} />;
  if (rows.length === 0) return <NoFigures text={t('empty')} />;
  const shown = rows.slice(-most);
  const top = Math.max(...shown.map((row) => row.revenue), 1);
  return (
    <div>
      <ol aria-label={t(`by.${bucket}`)} className="flex items-end">
        {shown.map((row, i) => (
          <Column
            key={row.start}
            row={row}
            bucket={bucket}
            share={row.revenue / top}
            height={height}
            label={shown.length <= labelled ? words.compact(row.revenue) : null}
            // Thirty names of months do not fit side by side.
            named={shown.length <= 18 || i % Math.ceil(shown.length / 12) === 0}
            yearShown={bucket !== 'year' && (i === 0 || row.start.slice(0, 4) !== shown[i - 1]?.start.slice(0, 4))}
          />
        ))}
      </ol>
      {rows.length > shown.length && (
        <p className="pt-1 text-muted-foreground text-sm">{t('latest', { count: shown.length, all: rows.length })}</p>
      )}
    </div>
  );
}

interface ColumnProps {
  row: Bucket;
  bucket: ReportBucket;
  share: number;
  height: number;
  label: string | null;
  named: boolean;
  yearShown: boolean;
}

function Column({ row, bucket, share, height, label, named, yearShown }: ColumnProps) {
  const t = useTranslations('reports.won');
  const words = useReportWords();
  const title = words.bucketTitle(row.start, bucket);
  const counts = t('counts', { won: row.won, lost: row.lost });
  return (
    <li className="min-w-0 flex-1 self-end">
      <Tooltip delayDuration={0}>
        <TooltipTrigger asChild>
          <Link to={dealsPath(row.filter)} className="group focus-inset block rounded-xs">
            <span className="sr-only">
              {t('column', { period: title, amount: words.exact(row.revenue) ?? '', counts })}
            </span>
            <span
              className="flex flex-col items-center justify-end border-b px-0.5 sm:px-1"
              style={{ height: height + 20 }}
            >
              {label && row.revenue > 0 && (
                <span
                  aria-hidden
                  className="tabular max-w-full truncate pb-1 text-muted-foreground text-xs max-sm:hidden"
                >
                  {label}
                </span>
              )}
              <span
                className="block w-full max-w-14 shrink-0 rounded-t-xs bg-[var(--chart-1)] opacity-90 transition-opacity group-hover:opacity-100"
                style={{ height: row.revenue > 0 ? Math.max(share * height, 2) : 0 }}
              />
            </span>
            <span
              aria-hidden
              className="block h-5 truncate pt-1 text-center text-muted-foreground text-xs group-hover:text-foreground"
            >
              {named ? words.bucket(row.start, bucket) : ' '}
            </span>
            <span aria-hidden className="block h-4 whitespace-nowrap text-center text-muted-foreground text-xs">
              {yearShown && named ? row.start.slice(0, 4) : ' '}
            </span>
          </Link>
        </TooltipTrigger>
        <TooltipContent className="block">
          <p className="font-medium">{title}</p>
          <p className="tabular">{words.exact(row.revenue)}</p>
          <p className="tabular text-muted-foreground">{counts}</p>
        </TooltipContent>
      </Tooltip>
    </li>
  );
}

function ChartSkeleton({ height }: { height: number }) {
  return (
    <div aria-hidden className="flex items-end gap-2" style={{ height: height + 44, paddingBottom: 24 }}>
      {[35, 60, 48, 80, 66, 92, 58, 74].map((share) => (
        <Skeleton key={share} className="flex-1 rounded-b-none" style={{ height: `${share}%` }} />
      ))}
    </div>
  );
}
