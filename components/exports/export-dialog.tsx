'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleX, Clock, FileDown } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ObjectKey } from '@/components/records/use-object';
import { useBoot } from '@/components/shell/boot';
import { useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { Link } from '@/components/shell/router';
import { type Inputs, useTRPC } from '@/components/shell/trpc';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
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
import { everything, exportDays } from '@/domain/exports';
import { type ExportView, FileLink, isUnderWay, StopButton, useFailure } from './export-file';
import { Choice, FormatChoices, useWritten, type Written } from './format-choices';

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
  const labels = useLabels();
  return (
    <Asking id={id} onClose={onClose}>
      {(onStarted) => (
        <Choices
          object={object}
          list={list}
          title={t('title', { objects: labels.object(object, 'other') })}
          onStarted={onStarted}
        />
      )}
    </Asking>
  );
}

/** The same of everything the person may read. */
export function EverythingDialog({ id = null, onClose }: Pick<ExportDialogProps, 'id' | 'onClose'>) {
  return (
    <Asking id={id} onClose={onClose}>
      {(onStarted) => <EverythingChoices onStarted={onStarted} />}
    </Asking>
  );
}

/** First the questions, then how far it is. */
function Asking({
  id,
  onClose,
  children,
}: {
  id: string | null;
  onClose: () => void;
  children: (onStarted: (id: string) => void) => ReactNode;
}) {
  const c = useTranslations('common');
  const [shown, setShown] = useState(id);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent closeLabel={c('close')}>
        {shown ? <Progressing id={shown} onAgain={() => setShown(null)} onClose={onClose} /> : children(setShown)}
      </DialogContent>
    </Dialog>
  );
}

function useStart(onStarted: (id: string) => void) {
  const trpc = useTRPC();
  return useMutation(
    trpc.exports.start.mutationOptions({ meta: { quiet: true }, onSuccess: ({ id }) => onStarted(id) }),
  );
}

interface ChoicesProps {
  object: ObjectKey;
  list: ExportedList;
  title: string;
  onStarted: (id: string) => void;
}

function Choices({ object, list, title, onStarted }: ChoicesProps) {
  const t = useTranslations('exports');
  const id = useId();
  const people = object === 'contact';
  const [columns, setColumns] = useState<'shown' | 'all'>('shown');
  // All fields are taken to be worked with elsewhere, and brought back.
  const [asked, setAsked] = useState<boolean>();
  const withIds = asked ?? columns === 'all';
  const [written, setWritten] = useWritten(people);
  const start = useStart(onStarted);
  const { columns: names, q, ...rest } = list;
  const card = written.format === 'vcard';
  const begin = () =>
    start.mutate({
      object,
      ...rest,
      ...written,
      q: q || undefined,
      columns: columns === 'shown' && !card ? names : undefined,
      withIds,
    });
  return (
    <>
      <DialogHeader>
        <DialogTitle>{title}</DialogTitle>
        <DialogDescription>{list.ids ? t('chosen', { count: list.ids.length }) : t('list')}</DialogDescription>
      </DialogHeader>
      <DialogBody className="grid gap-4 pb-3">
        <FormatChoices people={people} value={written} onChange={setWritten}>
          {!card && (
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
              <div className="mt-1 flex items-start gap-2 text-sm">
                <Checkbox
                  id={id}
                  aria-describedby={`${id}-help`}
                  className="mt-0.5"
                  checked={withIds}
                  onCheckedChange={(checked) => setAsked(checked === true)}
                />
                <div>
                  <label htmlFor={id}>{t('withIds')}</label>
                  <p id={`${id}-help`} className="text-muted-foreground">
                    {t('withIdsHelp')}
                  </p>
                </div>
              </div>
            </Choice>
          )}
        </FormatChoices>
        <Refused error={start.error} />
      </DialogBody>
      <Begin written={written} busy={start.isPending} onBegin={begin} />
    </>
  );
}

function EverythingChoices({ onStarted }: Pick<ChoicesProps, 'onStarted'>) {
  const t = useTranslations('exports');
  const [written, setWritten] = useWritten(false);
  const start = useStart(onStarted);
  return (
    <>
      <DialogHeader>
        <DialogTitle>{t('everything.title')}</DialogTitle>
        <DialogDescription>{t(written.format === 'xlsx' ? 'everything.xlsx' : 'everything.zip')}</DialogDescription>
      </DialogHeader>
      <DialogBody className="grid gap-4 pb-3">
        <FormatChoices people={false} value={written} onChange={setWritten} />
        <Refused error={start.error} />
      </DialogBody>
      <Begin
        written={written}
        busy={start.isPending}
        onBegin={() => start.mutate({ object: everything, ...written })}
      />
    </>
  );
}

function Begin({ written, busy, onBegin }: { written: Written; busy: boolean; onBegin: () => void }) {
  const t = useTranslations('exports');
  return (
    <DialogFooter>
      <Button onClick={onBegin} busy={busy}>
        <FileDown />
        {t('start', { format: t(`formats.${written.format}`) })}
      </Button>
    </DialogFooter>
  );
}

function Refused({ error }: { error: unknown }) {
  const text = useRefusalText();
  if (!error) return null;
  return (
    <p role="alert" className="text-destructive text-sm">
      {text(error)}
    </p>
  );
}

const isOver = (found: ExportView | undefined) => found !== undefined && !isUnderWay(found);

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
        <Button asChild variant="ghost" className="mr-auto max-sm:mr-0">
          <Link to="/exports" onClick={onClose}>
            {t('past.all')}
          </Link>
        </Button>
        {data?.status === 'done' ? (
          <FileLink id={id} name={data.name} />
        ) : found.error || (data && isOver(data)) ? (
          <Button onClick={onAgain}>{t('again')}</Button>
        ) : (
          <>
            {data && <StopButton found={data} />}
            <Button variant="secondary" onClick={onClose}>
              {c('close')}
            </Button>
          </>
        )}
      </DialogFooter>
    </>
  );
}

function State({ found }: { found: ExportView }) {
  const t = useTranslations('exports');
  const format = useFormat();
  const { user } = useBoot();
  const failure = useFailure();
  const { status, rows, total, bytes, expiresAt, error } = found;
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
      return <Said icon={<CircleX className="text-destructive" />} title={t('failed')} help={failure(error)} />;
    case 'cancelled':
      return (
        <Said icon={<CircleX className="text-muted-foreground" />} title={t('cancelled')} help={t('cancelledHelp')} />
      );
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
