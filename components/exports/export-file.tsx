'use client';

import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { fileSize } from '@/domain/attachments';
import { maxExportBytes } from '@/domain/exports';

export type ExportView = Outputs['exports']['get'];

export const isUnderWay = ({ status }: ExportView): boolean => status === 'queued' || status === 'running';

/** Why an export came to nothing, and what to do. */
export function useFailure(): (error: string | null) => string {
  const t = useTranslations('exports');
  const reasons = useTranslations('exports.failedFor');
  const { user } = useBoot();
  const max = fileSize(maxExportBytes, user.locale);
  return (error) => (error && reasons.has(error) ? reasons(error, { max }) : t('failedHelp'));
}

/** The link to a finished file. */
export function FileLink({ id, name, quiet }: Pick<ExportView, 'id' | 'name'> & { quiet?: boolean }) {
  const t = useTranslations('exports');
  const { tenant } = useBoot();
  return (
    <Button asChild {...(quiet && { variant: 'secondary', size: 'sm' })}>
      <a
        href={`/api/exports/${encodeURIComponent(tenant.slug)}/${id}/file`}
        download
        aria-label={quiet ? t('downloadFile', { name }) : undefined}
      >
        <Download />
        {t('download')}
      </a>
    </Button>
  );
}

/** Ends an export that nobody wants any more. */
export function StopButton({ found, quiet }: { found: ExportView; quiet?: boolean }) {
  const t = useTranslations('exports');
  const trpc = useTRPC();
  const stop = useMutation(trpc.exports.cancel.mutationOptions());
  return (
    <Button
      variant="ghost"
      {...(quiet && { size: 'sm', 'aria-label': t('stopFile', { name: found.name }) })}
      busy={stop.isPending}
      onClick={() => stop.mutate({ id: found.id })}
    >
      {t('stop')}
    </Button>
  );
}
