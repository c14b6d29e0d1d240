'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { Archive } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { toast } from '@/components/ui/toaster';
import { LoadSection } from './archive-load';
import { ArchiveRow } from './archive-row';
import { ConfirmNotice } from './confirm-notice';
import { CopyField } from './copy-field';
import { LoadFailed } from './load-failed';
import { rowsClasses, Section } from './section';
import { RowsSkeleton } from './skeletons';

export type ArchiveView = Outputs['archives']['list']['rows'][number];

export const isUnderWay = ({ status }: ArchiveView): boolean =>
  ['queued', 'running', 'checking', 'loading'].includes(status);

/** The workspace as one file, and one file as the workspace. */
export function ArchivePage() {
  const t = useTranslations('archives');
  const trpc = useTRPC();
  const list = useQuery(
    trpc.archives.list.queryOptions(undefined, {
      staleTime: 0,
      refetchInterval: ({ state }) => (state.data?.rows.some(isUnderWay) ? 1000 : false),
    }),
  );
  const make = useMutation(
    trpc.archives.make.mutationOptions({
      onSuccess: () => {
        toast(t('make.started'));
      },
    }),
  );
  const { tenant } = useBoot();
  if (list.isPending) return <RowsSkeleton count={4} />;
  if (list.isError) return <LoadFailed retry={() => void list.refetch()} />;
  const { rows, fingerprint, empty, maxBytes, tenantId } = list.data;
  const made = rows.filter(({ kind }) => kind === 'make');
  return (
    <>
      <ConfirmNotice />
      <Section
        title={t('make.title')}
        description={t('make.description')}
        aside={
          <Button busy={make.isPending} disabled={rows.some(isUnderWay)} onClick={() => make.mutate()}>
            <Archive />
            {t('make.button')}
          </Button>
        }
      >
        {made.length === 0 ? (
          <Empty icon={<Archive />} title={t('empty')} description={t('emptyHelp')} className="py-8" />
        ) : (
          <ul aria-label={t('rows')} className={rowsClasses}>
            {made.map((archive) => (
              <ArchiveRow key={archive.id} archive={archive} />
            ))}
          </ul>
        )}
      </Section>
      <LoadSection
        rows={rows.filter(({ kind }) => kind === 'load')}
        empty={empty}
        maxBytes={maxBytes}
        busy={rows.some(isUnderWay)}
        // The loaded workspace has an id of its own; what this page was opened with is not here any more.
        replaced={tenantId !== tenant.id}
      />
      <Section title={t('key.title')} description={t('key.description')}>
        <CopyField label={t('key.label')} value={fingerprint} />
      </Section>
    </>
  );
}
