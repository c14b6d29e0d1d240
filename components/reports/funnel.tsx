'use client';

import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { Dot } from '@/components/ui/badge';
import { BarList, BarListSkeleton } from './bar-list';
import { NoFigures } from './no-figures';
import { dealsPath, type HomeFigures } from './report-view';
import { useReportWords } from './report-words';

/** Open deals by stage, pipeline by pipeline, with what they add up to. */
export function Funnel({ report }: { report: HomeFigures | undefined }) {
  const t = useTranslations('reports.funnel');
  const words = useReportWords();
  const { pipelines } = useBoot();
  if (!report) return <BarListSkeleton />;
  if (report.open.count === 0) return <NoFigures text={t('empty')} />;
  const shown = pipelines.filter((pipeline) =>
    report.funnel.some((stage) => stage.pipelineId === pipeline.id && stage.count > 0),
  );
  const listed = report.open.listTotal > 0 ? t('listTotal', { amount: words.money(report.open.listTotal) }) : null;
  return (
    <div className="grid gap-4">
      {shown.map((pipeline) => (
        <div key={pipeline.id}>
          {shown.length > 1 && <h3 className="px-2 pb-1 text-muted-foreground text-sm">{pipeline.name}</h3>}
          <BarList
            label={t('label', { pipeline: pipeline.name })}
            items={report.funnel
              .filter((stage) => stage.pipelineId === pipeline.id)
              .map((sum) => {
                const stage = pipeline.stages.find((each) => each.id === sum.stageId);
                return {
                  key: sum.stageId,
                  label: (
                    <span className="inline-flex max-w-full items-center gap-2">
                      <Dot tone={stage?.colour} />
                      <span className="truncate">{stage?.name}</span>
                      <span className="tabular text-muted-foreground">{words.number(sum.count)}</span>
                    </span>
                  ),
                  value: sum.count,
                  shown:
                    sum.total === 0 && sum.listTotal > 0
                      ? t('list', { amount: words.money(sum.listTotal) })
                      : words.money(sum.total),
                  title: [
                    words.exact(sum.total),
                    sum.listTotal > 0 && t('listTotal', { amount: words.money(sum.listTotal) }),
                  ]
                    .filter(Boolean)
                    .join(' · '),
                  note: sum.total > 0 ? t('weighted', { amount: words.compact(sum.weighted) }) : undefined,
                  to: sum.count > 0 ? dealsPath(sum.filter) : null,
                  colour: `var(--stage-${stage?.colour ?? 'slate'})`,
                };
              })}
          />
        </div>
      ))}
      <p className="tabular px-2 text-muted-foreground text-sm">
        {[
          t('total', { count: report.open.count, amount: words.money(report.open.total) }),
          listed,
          words.others(report.open.other),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </div>
  );
}
