'use client';

import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import {
  Archive,
  Calculator,
  CircleCheck,
  CopyCheck,
  FileDown,
  FileUp,
  ListChecks,
  type LucideIcon,
  Mail,
  RotateCcw,
  Search,
  Timer,
  Undo2,
} from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useCodeText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { Link } from '@/components/shell/router';
import { type Outputs, useTRPC, useTRPCClient } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { toast } from '@/components/ui/toaster';
import { LoadFailed } from './load-failed';
import { MoreButton } from './more-button';
import { rowsClasses, Section } from './section';
import { RowsSkeleton } from './skeletons';

type FailedJob = Outputs['jobs']['failed']['rows'][number];

const icons: Record<string, LucideIcon> = {
  mail: Mail,
  accountMail: Mail,
  import: FileUp,
  importCheck: FileUp,
  unpack: FileUp,
  export: FileDown,
  archive: Archive,
  undo: Undo2,
  bulk: ListChecks,
  compute: Calculator,
  duplicates: CopyCheck,
  searchKeys: Search,
};

/** Work in the background that was given up: what, why, and the way to try it again. */
export function JobsPage() {
  const t = useTranslations('settings.jobs');
  const trpc = useTRPC();
  const client = useTRPCClient();
  const jobs = useInfiniteQuery({
    queryKey: trpc.jobs.failed.infiniteQueryKey({}),
    queryFn: ({ pageParam, signal }) => client.jobs.failed.query({ cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
  });
  const rows = jobs.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <Section title={t('title')} description={t('description')}>
      {jobs.isPending ? (
        <RowsSkeleton count={3} />
      ) : jobs.isError ? (
        <LoadFailed retry={() => void jobs.refetch()} />
      ) : rows.length === 0 ? (
        <Empty icon={<CircleCheck />} title={t('empty')} description={t('emptyHelp')} className="py-8" />
      ) : (
        <>
          <ul aria-label={t('rows')} className={rowsClasses}>
            {rows.map((job) => (
              <JobRow key={job.id} job={job} />
            ))}
          </ul>
          <MoreButton list={jobs} label={t('more')} />
        </>
      )}
    </Section>
  );
}

function JobRow({ job }: { job: FailedJob }) {
  const t = useTranslations('settings.jobs');
  const format = useFormat();
  const code = useCodeText();
  const what = useWhat()(job);
  const trpc = useTRPC();
  const told = (message: string) => ({
    onSuccess: () => {
      toast.success(message);
    },
  });
  const replay = useMutation(trpc.jobs.replay.mutationOptions(told(t('replayed'))));
  const dismiss = useMutation(trpc.jobs.dismiss.mutationOptions(told(t('dismissed'))));
  const Icon = icons[job.queue] ?? Timer;
  const facts = [
    t('failed', { when: format.relative(job.failedAt) }),
    t('tries', { count: job.attempts }),
    job.requestId && t('reference', { id: job.requestId }),
  ];
  const { importId } = job.subject;
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
      <div className="grid min-w-0 flex-1 basis-64 gap-0.5 text-sm">
        <p className="break-words font-medium">{what}</p>
        <p className="break-words">{code(job.error, { requestId: job.requestId ?? '' })}</p>
        <p className="break-words text-muted-foreground">{facts.filter(Boolean).join(' · ')}</p>
        {importId && (
          <Link
            to={`/imports/${importId}`}
            className="w-fit rounded-xs font-medium text-link underline-offset-4 hover:underline"
          >
            {t('openImport')}
          </Link>
        )}
      </div>
      <div className="flex gap-2 max-sm:w-full max-sm:pl-7">
        <Button
          variant="secondary"
          size="sm"
          aria-label={t('runOf', { what })}
          busy={replay.isPending}
          onClick={() => replay.mutate({ id: job.id })}
        >
          <RotateCcw />
          {t('run')}
        </Button>
        <Button
          variant="ghost"
          size="sm"
          aria-label={t('dismissOf', { what })}
          busy={dismiss.isPending}
          onClick={() => dismiss.mutate({ id: job.id })}
        >
          {t('dismiss')}
        </Button>
      </div>
    </li>
  );
}

/** What a job was to do, in words. */
function useWhat(): (job: FailedJob) => string {
  const t = useTranslations('settings.jobs.kinds');
  return ({ queue, subject }) => {
    const { template, to } = subject;
    if (to) return t(template && t.has(template) ? template : 'mailTo', { to });
    return t.has(queue) ? t(queue) : t('other', { queue });
  };
}
