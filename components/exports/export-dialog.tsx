'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleX, Clock, Download, FileDown } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ObjectKey } from '@/components/records/use-object';
import { useBoot, usePreference } from '@/components/shell/boot';
import { useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { type Inputs, type Outputs, useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { Progress } from '@/components/ui/progress';
import { Segmented } from '@/components/ui/segmented';
import { Spinner } from '@/components/ui/spinner';
import { fileSize } from '@/domain/attachments';
import { type ExportEncoding, exportDays, exportEncodings } from '@/domain/exports';

/** The list as it stands, or what is chosen of it. */
export type ExportedList = Pick<Inputs['exports']['start'], 'filter' | 'q' | 'sort' | 'ids' | 'name'> & {
  /** As they are shown. */
  columns: string[];
};

interface ExportDialogProps {
  object: ObjectKey;
  list: ExportedList;
  /** An export that is under way or done: its state is shown first. */
  id?: string | null;
  onClose: () => void;
}

/** Asks how a list is to be written, shows how far that is, and has the file in the end. */
export function ExportDialog({ object, list, id = null, onClose }: ExportDialogProps) {
  const t = useTranslations('exports');
  const c = useTranslations('common');
  const labels = useLabels();
  const [shown, setShown] = useState(id);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent closeLabel={c('close')}>
        {shown ? (
          <Progressing id={shown} onAgain={() => setShown(null)} onClose={onClose} />
        ) : (
          <Choices
            object={object}
            list={list}
            title={t('title', { objects: labels.object(object, 'other') })}
            onStarted={setShown}
          />
        )}
      </DialogContent>
    </Dialog>
  );
}

function Choices({
  object,
  list,
  title,
  onStarted,
}: {
  object: ObjectKey;
  list: ExportedList;
  title: string;
  onStarted: (id: string) => void;
}) {
  const t = useTranslations('exports');
  const text = useRefusalText();
  const trpc = useTRPC();
  const [columns, setColumns] = useState<'shown' | 'all'>('shown');
  const [encoding, setEncoding] = usePreference<ExportEncoding>('exports.encoding', 'utf-8');
  const start = useMutation(
    trpc.exports.start.mutationOptions({ meta: { quiet: true }, onSuccess: ({ id }) => onStarted(id) }),
  );
  const { columns: names, q, ...rest } = list;
  const begin = () =>
    start.mutate({
      object,
      ...rest,
      q: q || undefined,
      encoding,
      columns: columns === 'shown' ? names : undefined,
    });
  return (
    <>
      <DialogHeader>
        <DialogTitle>{title}</DialogTitle>
        <DialogDescription>{list.ids ? t('chosen', { count: list.ids.length }) : t('list')}</DialogDescription>
      </DialogHeader>
      <DialogBody className="grid gap-4 pb-3">
        <Choice label={t('columns')}>
          <Segmented
            aria-label={t('columns')}
            value={columns}
            onValueChange={setColumns}
            options={[
              { value: 'shown', label: t('columnsShown') },
              { value: 'all', label: t('columnsAll') },
            ]}
          />
        </Choice>
        <Choice label={t('encoding')} help={t(`encodingHelp.${encoding}`)}>
          <Segmented
            aria-label={t('encoding')}
            value={encoding}
            onValueChange={setEncoding}
            options={exportEncodings.map((value) => ({ value, label: t(`encodings.${value}`) }))}
          />
        </Choice>
        {start.error && (
          <p role="alert" className="text-destructive text-sm">
            {text(start.error)}
          </p>
        )}
      </DialogBody>
      <DialogFooter>
        <Button onClick={begin} busy={start.isPending}>
          <FileDown />
          {t('start')}
        </Button>
      </DialogFooter>
    </>
  );
}

function Choice({ label, help, children }: { label: string; help?: string; children: ReactNode }) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <span id={id} className="font-medium text-sm">
        {label}
      </span>
      {children}
      {help && <p className="text-muted-foreground text-sm">{help}</p>}
    </div>
  );
}

type Export = Outputs['exports']['get'];
const isOver = (found: Export | undefined) => found !== undefined && !['queued', 'running'].includes(found.status);

function Progressing({ id, onAgain, onClose }: { id: string; onAgain: () => void; onClose: () => void }) {
  const t = useTranslations('exports');
  const c = useTranslations('common');
  const text = useRefusalText();
  const trpc = useTRPC();
  const found = useQuery(
    trpc.exports.get.queryOptions(
      { id },
      { staleTime: 0, refetchInterval: ({ state }) => (isOver(state.data) || state.error ? false : 1000) },
    ),
  );
  const { data } = found;
  return (
    <>
      <DialogHeader>
        <DialogTitle className="break-words">{data?.name ?? t('export')}</DialogTitle>
      </DialogHeader>
      <DialogBody aria-live="polite" className="pb-3">
        {found.error ? (
          <Said icon={<CircleX className="text-destructive" />} title={t('failed')} help={text(found.error)} />
        ) : data ? (
          <State found={data} />
        ) : (
          <Spinner />
        )}
      </DialogBody>
      <DialogFooter>
        {data?.status === 'done' ? (
          <FileLink id={id} />
        ) : found.error || data?.status === 'failed' || data?.status === 'expired' ? (
          <Button onClick={onAgain}>{t('again')}</Button>
        ) : (
          <Button variant="secondary" onClick={onClose}>
            {c('close')}
          </Button>
        )}
      </DialogFooter>
    </>
  );
}

function State({ found }: { found: Export }) {
  const t = useTranslations('exports');
  const format = useFormat();
  const { user } = useBoot();
  const { status, rows, total, bytes, expiresAt } = found;
  switch (status) {
    case 'done':
      return (
        <Said
          icon={<FileDown className="text-primary" />}
          title={t('ready', { rows, size: fileSize(bytes ?? 0, user.locale) })}
          help={expiresAt ? t('until', { date: format.dateTime(expiresAt) }) : ''}
        />
      );
    case 'failed':
      return <Said icon={<CircleX className="text-destructive" />} title={t('failed')} help={t('failedHelp')} />;
    case 'expired':
      return (
        <Said
          icon={<Clock className="text-muted-foreground" />}
          title={t('expired')}
          help={t('expiredHelp', { days: exportDays })}
        />
      );
    default: {
      const said = status === 'queued' ? t('waiting') : t('running', { rows, total: Math.max(rows, total) });
      return (
        <div className="grid gap-2">
          <p className="tabular text-sm">{said}</p>
          <Progress
            aria-label={said}
            value={status === 'queued' ? null : Math.min(rows, total)}
            max={Math.max(1, total)}
          />
          <p className="text-muted-foreground text-sm">{t('background')}</p>
        </div>
      );
    }
  }
}

function Said({ icon, title, help }: { icon: ReactNode; title: string; help: string }) {
  return (
    <div className="flex gap-3 [&_svg]:mt-0.5 [&_svg]:size-5 [&_svg]:shrink-0">
      {icon}
      <div className="min-w-0">
        <p className="font-medium text-sm">{title}</p>
        <p className="text-muted-foreground text-sm">{help}</p>
      </div>
    </div>
  );
}

function FileLink({ id }: { id: string }) {
  const t = useTranslations('exports');
  const { tenant } = useBoot();
  return (
    <Button asChild>
      <a href={`/api/exports/${encodeURIComponent(tenant.slug)}/${id}/file`} download>
        <Download />
        {t('download')}
      </a>
    </Button>
  );
}
