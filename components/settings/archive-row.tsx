'use client';

import { useMutation } from '@tanstack/react-query';
import { Archive, ArchiveRestore, Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useCodeText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Progress } from '@/components/ui/progress';
import { toast } from '@/components/ui/toaster';
import type { ArchiveSummary } from '@/domain/archives';
import { fileSize } from '@/domain/attachments';
import { type ArchiveView, isUnderWay } from './archive-page';

/** An archive: what it is, how far it is, and what can be done with it. */
export function ArchiveRow({ archive, children }: { archive: ArchiveView; children?: ReactNode }) {
  const t = useTranslations('archives');
  const code = useCodeText();
  const facts = useFacts();
  const said = useStatus()(archive);
  const { name, kind, error, errorIn, summary, mine } = archive;
  const Icon = kind === 'make' ? Archive : ArchiveRestore;
  const trpc = useTRPC();
  const remove = useMutation(
    trpc.archives.discard.mutationOptions({
      onSuccess: () => {
        toast(t('removed'));
      },
    }),
  );
  const removable = mine && !isUnderWay(archive) && !(kind === 'load' && archive.status === 'done');
  return (
    <li className="grid gap-3 px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
        <div className="grid min-w-0 flex-1 basis-64 gap-0.5 text-sm">
          <p className="break-words font-medium">{name}</p>
          <p className="tabular text-muted-foreground" aria-live="polite">
            {said}
          </p>
          {error && <p className="break-words text-destructive">{code(error, { what: errorIn ?? '' })}</p>}
          {summary && <p className="tabular text-muted-foreground">{facts(summary)}</p>}
        </div>
        <div className="flex gap-2 max-sm:w-full max-sm:pl-7">
          {kind === 'make' && archive.status === 'done' && mine && <DownloadButton id={archive.id} name={name} />}
          {removable && (
            <Button
              variant="ghost"
              size="sm"
              aria-label={`${t('remove')}: ${name}`}
              busy={remove.isPending}
              onClick={() => remove.mutate({ id: archive.id })}
            >
              {t('remove')}
            </Button>
          )}
        </div>
      </div>
      {isUnderWay(archive) && (
        <div className="grid gap-2 sm:pl-7">
          <Progress
            aria-label={said}
            value={archive.total > 0 ? Math.min(archive.done, archive.total) : null}
            max={Math.max(1, archive.total)}
          />
          <p className="text-muted-foreground text-sm">{t('background')}</p>
        </div>
      )}
      {children}
    </li>
  );
}

/** Asks who one is, where that was long ago, and then opens the link, which works for a minute. */
function DownloadButton({ id, name }: { id: string; name: string }) {
  const t = useTranslations('archives');
  const { tenant } = useBoot();
  const trpc = useTRPC();
  const open = useMutation(
    trpc.archives.fetch.mutationOptions({
      onSuccess: () => window.location.assign(`/api/archives/${encodeURIComponent(tenant.slug)}/${id}/file`),
    }),
  );
  return (
    <Button
      variant="secondary"
      size="sm"
      aria-label={`${t('download')}: ${name}`}
      busy={open.isPending}
      onClick={() => open.mutate({ id })}
    >
      <Download />
      {t('download')}
    </Button>
  );
}

function useStatus(): (archive: ArchiveView) => string {
  const t = useTranslations('archives.status');
  const format = useFormat();
  return ({ status, stage, kind, done, total, expiresAt, finishedAt }) => {
    if (status === 'done')
      return kind === 'load'
        ? t('loaded', { date: format.dateTime(finishedAt ?? '') })
        : t('done', { date: format.dateTime(expiresAt ?? '') });
    if (status === 'checked' || status === 'expired' || status === 'failed') return t(status);
    if (!stage) return t(status === 'checking' ? 'checking' : 'queued');
    return t(stage, { done, total: Math.max(done, total) });
  };
}

const records = ['company', 'contact', 'deal', 'product', 'task', 'note', 'activity', 'custom_record'];

/** What is in an archive, in a line. */
export function useFacts(): (summary: ArchiveSummary) => string {
  const t = useTranslations('archives.facts');
  const { user } = useBoot();
  return ({ rows, files }) => {
    const count = records.reduce((sum, name) => sum + (rows[name] ?? 0), 0);
    const facts = [
      t('records', { count }),
      t('files', { count: files.count, size: fileSize(files.bytes, user.locale) }),
      t('people', { count: rows.member ?? 0 }),
      t('history', { count: rows.change ?? 0 }),
    ];
    return [...facts, ...(files.missing > 0 ? [t('missing', { count: files.missing })] : [])].join(' · ');
  };
}
