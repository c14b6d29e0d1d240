'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ArchiveRestore, CircleCheck, ShieldAlert } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { refusalOf, useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { postFile } from '@/components/shell/post-file';
import { useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription, AlertTitle } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Progress } from '@/components/ui/progress';
import { fileSize } from '@/domain/attachments';
import type { ArchiveView } from './archive-page';
import { ArchiveRow } from './archive-row';
import { rowsClasses, Section } from './section';

/** Puts an archive in place of this empty workspace: brought, checked, confirmed, loaded. */
export function LoadSection({
  rows,
  empty,
  maxBytes,
  busy,
  replaced,
}: {
  rows: readonly ArchiveView[];
  empty: boolean;
  /** Of the largest archive that can be sent. */
  maxBytes: number;
  /** An archive is made, checked or loaded. */
  busy: boolean;
  /** This address leads to the loaded workspace by now. */
  replaced: boolean;
}) {
  const t = useTranslations('archives.load');
  const { sending, error, send } = useBring(maxBytes);
  const input = useRef<HTMLInputElement>(null);
  return (
    <Section
      title={t('title')}
      description={empty || replaced ? t('description') : t('used')}
      aside={
        empty && (
          <Button variant="secondary" disabled={busy || sending !== null} onClick={() => input.current?.click()}>
            <ArchiveRestore />
            {t('choose')}
          </Button>
        )
      }
    >
      <input
        ref={input}
        type="file"
        accept=".zip,application/zip"
        className="sr-only"
        tabIndex={-1}
        aria-label={t('choose')}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file) void send(file);
        }}
      />
      {replaced && <Replaced />}
      {sending && (
        <div className="grid gap-2" aria-live="polite">
          <p className="break-words text-sm">{t('sending', { name: sending.name })}</p>
          <Progress aria-label={t('sending', { name: sending.name })} value={sending.done} max={1} />
        </div>
      )}
      {error !== null && (
        <p role="alert" className="text-destructive text-sm">
          {error}
        </p>
      )}
      {rows.length > 0 && (
        <ul aria-label={t('title')} className={rowsClasses}>
          {rows.map((archive) => (
            <ArchiveRow key={archive.id} archive={archive}>
              {archive.status === 'checked' && archive.mine && <Confirm archive={archive} />}
            </ArchiveRow>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Replaced() {
  const t = useTranslations('archives.load');
  const { tenant } = useBoot();
  return (
    <Alert variant="success" className="flex-wrap items-center">
      <CircleCheck aria-hidden />
      <AlertDescription className="basis-60 text-foreground">
        <AlertTitle>{t('done')}</AlertTitle>
        {t('doneHelp')}
      </AlertDescription>
      {/* A whole new page: everything that is remembered is of the workspace that was here. */}
      <Button asChild size="sm">
        <a href={`/t/${encodeURIComponent(tenant.slug)}`}>{t('open')}</a>
      </Button>
    </Alert>
  );
}

/** What is in a checked archive and who signed it, and the button that loads it. */
function Confirm({ archive }: { archive: ArchiveView }) {
  const t = useTranslations('archives.load');
  const format = useFormat();
  const text = useRefusalText();
  const trpc = useTRPC();
  const id = useId();
  const [same, setSame] = useState(false);
  const load = useMutation(trpc.archives.load.mutationOptions({ meta: { quiet: true } }));
  const { summary } = archive;
  if (!summary) return null;
  const { tenant, at, by, address, ours, fingerprint } = summary;
  return (
    <div className="grid gap-3 text-sm sm:pl-7">
      <div className="grid gap-0.5">
        <p className="break-words font-medium">{t('from', { tenant, date: format.dateTime(at) })}</p>
        <p className="break-words text-muted-foreground">
          {by ? t('by', { name: by.name, address }) : t('at', { address })}
        </p>
      </div>
      {!ours && (
        <Alert variant="warning">
          <ShieldAlert aria-hidden />
          <AlertDescription className="grid gap-2 text-foreground">
            <AlertTitle>{t('stranger')}</AlertTitle>
            <code className="break-all font-mono">{fingerprint}</code>
            <p>{t('strangerHelp')}</p>
            <span className="flex items-center gap-2">
              <Checkbox id={id} checked={same} onCheckedChange={(checked) => setSame(checked === true)} />
              <label htmlFor={id}>{t('confirm')}</label>
            </span>
          </AlertDescription>
        </Alert>
      )}
      <p className="max-w-prose text-muted-foreground">{t('members')}</p>
      {load.error && (
        <p role="alert" className="text-destructive">
          {text(load.error)}
        </p>
      )}
      <Button
        className="w-fit"
        disabled={!ours && !same}
        busy={load.isPending}
        onClick={() => load.mutate({ id: archive.id, ...(ours ? {} : { fingerprint }) })}
      >
        <ArchiveRestore />
        {t('button')}
      </Button>
    </div>
  );
}

/** The server ends an upload that takes longer. */
const uploadMs = 600_000;

/** Sends an archive and knows how far it is; one that is too large is not sent. */
function useBring(maxBytes: number) {
  const t = useTranslations('archives.load');
  const text = useRefusalText();
  const { tenant, user } = useBoot();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [sending, setSending] = useState<{ name: string; done: number } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const send = async (file: File) => {
    const size = (bytes: number) => fileSize(bytes, user.locale);
    setError(file.size > maxBytes ? t('tooLarge', { size: size(file.size), max: size(maxBytes) }) : null);
    if (file.size > maxBytes) return;
    const began = Date.now();
    setSending({ name: file.name, done: 0 });
    try {
      await postFile(`/api/archives/${encodeURIComponent(tenant.slug)}`, file, (done) =>
        setSending({ name: file.name, done }),
      );
    } catch (refused) {
      const isSlow = !refusalOf(refused) && Date.now() - began >= uploadMs;
      setError(isSlow ? t('tooSlow') : text(refused));
    } finally {
      setSending(null);
      await queries.invalidateQueries({ queryKey: trpc.archives.pathKey() });
    }
  };
  return { sending, error, send };
}
