'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCodeText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { useWaiting } from '@/components/shell/outbox';
import { decide, withdraw } from '@/components/shell/outbox-replay';
import type { WaitingChange } from '@/components/shell/outbox-store';
import { useTRPC } from '@/components/shell/trpc';
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
import { isBlank } from '@/domain/blank';
import { isRecordObject } from '@/domain/objects';
import { queued } from '@/domain/queued';
import { plainText } from '@/domain/rich-text';
import { useStages } from './chips';
import { PlainValue } from './field-value';
import { type RecordRow, titleOf, useRecordApi } from './record-data';
import { type ObjectKey, useIsObject, useObject } from './use-object';

/** What waits to be sent and what could not be saved; a conflict is decided field by field. */
export function QueueDialog({
  open,
  onOpenChange,
  onLeave,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Signs out, which removes all of it; given while somebody is about to. */
  onLeave: (() => void) | null;
}) {
  const t = useTranslations('shell.queue');
  const c = useTranslations('common');
  const all = useWaiting();
  const refusedFirst = all.toSorted((a, b) => Number(Boolean(b.refusal)) - Number(Boolean(a.refusal)));
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open && (
        <DialogContent closeLabel={c('close')} className="sm:max-w-2xl">
          <DialogHeader>
            <DialogTitle>{t('title')}</DialogTitle>
            <DialogDescription>{t('help')}</DialogDescription>
          </DialogHeader>
          <DialogBody className="grid content-start gap-3 pb-4">
            {all.length === 0 && <p className="py-4 text-center text-muted-foreground text-sm">{t('none')}</p>}
            {refusedFirst.map((change) => (
              <Change key={change.order} change={change} />
            ))}
          </DialogBody>
          {onLeave && (
            <DialogFooter className="border-t">
              <p className="mr-auto text-sm">{t('leaveHelp')}</p>
              <Button variant="secondary" onClick={() => onOpenChange(false)}>
                {c('cancel')}
              </Button>
              <Button variant="destructive" onClick={onLeave}>
                {t('leave')}
              </Button>
            </DialogFooter>
          )}
        </DialogContent>
      )}
    </Dialog>
  );
}

function Change({ change }: { change: WaitingChange }) {
  const isObject = useIsObject();
  const about = queued(change.path, change.input);
  const [id] = about?.ids ?? [];
  return about?.object && isObject(about.object) && id && !change.path.endsWith('.create') ? (
    <OfRecord change={change} object={about.object} id={id} values={about.values} />
  ) : (
    <Plain change={change} title={plainText(about?.text ?? '', 120)} object={about?.object ?? null} />
  );
}

function OfRecord({
  change,
  object,
  id,
  values,
}: {
  change: WaitingChange;
  object: ObjectKey;
  id: string;
  values: Record<string, unknown> | undefined;
}) {
  const { data: row } = useQuery(useRecordApi(object).get.queryOptions({ id }));
  if (row && values && change.refusal?.code === 'changedMeanwhile')
    return <Conflict change={change} object={object} row={row} values={values} />;
  return <Plain change={change} title={row ? titleOf(object, row) : ''} object={object} values={values} row={row} />;
}

function Heading({ object, title, at }: { object: string | null; title: string; at: number }) {
  const labels = useLabels();
  const format = useFormat();
  const isObject = useIsObject();
  return (
    <header className="flex min-w-0 items-baseline gap-2 px-3 pt-2 text-sm">
      <h3 className="min-w-0 truncate font-medium" title={title}>
        {title || (object && isObject(object) ? labels.object(object, 'One') : '')}
      </h3>
      <span className="shrink-0 text-muted-foreground text-xs">
        {title && object && isObject(object) && `${labels.object(object, 'One')} · `}
        <time dateTime={new Date(at).toISOString()}>{format.dateTime(new Date(at).toISOString())}</time>
      </span>
    </header>
  );
}

/** A change that waits, or that was refused for a reason of its own. */
function Plain({
  change,
  title,
  object,
  values,
  row,
}: {
  change: WaitingChange;
  title: string;
  object: string | null;
  values?: Record<string, unknown>;
  row?: RecordRow;
}) {
  const t = useTranslations('shell.queue');
  const text = useCodeText();
  const isObject = useIsObject();
  const { refusal } = change;
  return (
    <section className="rounded-lg border pb-2">
      <Heading object={object} title={title} at={change.at} />
      {values && object && isObject(object) && (
        <dl className="grid grid-cols-[minmax(6rem,auto)_1fr] gap-x-4 gap-y-1 px-3 pt-1.5 text-sm">
          {Object.entries(values).map(([name, value]) => (
            <Line key={name} object={object} name={name} value={value} row={row} />
          ))}
        </dl>
      )}
      <div className="flex flex-wrap items-center gap-2 px-3 pt-2">
        <p
          role={refusal && 'alert'}
          className={refusal ? 'flex-1 text-destructive text-sm' : 'flex-1 text-muted-foreground text-sm'}
        >
          {refusal ? text(refusal.code, { requestId: refusal.requestId ?? '', ...refusal.params }) : t('waits')}
        </p>
        {refusal ? (
          <>
            <Button variant="secondary" size="sm" onClick={() => void decide(change, null)}>
              {t('discard')}
            </Button>
            <Button size="sm" onClick={() => void decide(change, 'again')}>
              {t('again')}
            </Button>
          </>
        ) : (
          <Button variant="secondary" size="sm" onClick={() => void withdraw(change.key)}>
            {t('withdraw')}
          </Button>
        )}
      </div>
    </section>
  );
}

function Line({ object, name, value, row }: { object: ObjectKey; name: string; value: unknown; row?: RecordRow }) {
  const labels = useLabels();
  return (
    <>
      <dt className="text-muted-foreground">{labels.field(object, name)}</dt>
      <dd className="min-w-0 break-words">
        <Value object={object} name={name} value={value} row={row} />
      </dd>
    </>
  );
}

/** A value beside its field's name; a reference by its title where it is known. */
function Value({ object, name, value, row }: { object: ObjectKey; name: string; value: unknown; row?: RecordRow }) {
  const t = useTranslations('shell.queue');
  const field = useObject(object).fields[name];
  const stages = useStages();
  if (isBlank(value) || !field) return <span className="text-muted-foreground">{t('empty')}</span>;
  const stage = stages.find(({ id }) => id === value);
  const title = stage?.name ?? (row && row[name] === value ? (row.refs[name] ?? null) : null);
  if (field.to && !title && typeof value === 'string') return <Title object={field.to} id={value} />;
  return (
    <PlainValue
      object={object}
      name={name}
      field={field}
      value={value}
      title={title}
      currency={typeof row?.currency === 'string' ? row.currency : null}
      link={false}
    />
  );
}

function Title({ object, id }: { object: string; id: string }) {
  const trpc = useTRPC();
  const api = useRecordApi(isRecordObject(object) ? object : 'company');
  const members = useQuery(trpc.members.list.queryOptions(undefined, { enabled: object === 'member' }));
  const record = useQuery(api.get.queryOptions({ id }, { enabled: isRecordObject(object) }));
  const member = members.data?.members.find((each) => each.id === id);
  return <>{member?.name ?? (record.data && isRecordObject(object) ? titleOf(object, record.data) : '…')}</>;
}

/** Field by field what is to hold: one's own value or the one somebody else has given it since. */
function Conflict({
  change,
  object,
  row,
  values,
}: {
  change: WaitingChange;
  object: ObjectKey;
  row: RecordRow;
  values: Record<string, unknown>;
}) {
  const t = useTranslations('shell.queue');
  const labels = useLabels();
  const contested = String(change.refusal?.params?.fields ?? '').split(',');
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set());
  const choose = (name: string, isTheirs: boolean) =>
    setTheirs((before) => {
      const next = new Set(before);
      if (isTheirs) next.add(name);
      else next.delete(name);
      return next;
    });
  const save = () => {
    const mine = Object.entries(values).filter(([name]) => !theirs.has(name));
    void decide(change, mine.length > 0 ? Object.fromEntries(mine) : null);
  };
  return (
    <section className="rounded-lg border pb-2">
      <Heading object={object} title={titleOf(object, row)} at={change.at} />
      <p className="px-3 pt-1 text-muted-foreground text-sm">{t('conflict')}</p>
      <div className="grid gap-2 px-3 pt-2">
        {contested.map((name) => (
          <fieldset key={name} className="min-w-0">
            <legend className="pb-1 text-muted-foreground text-xs">{labels.field(object, name)}</legend>
            <div className="grid gap-2 sm:grid-cols-2">
              <Choice name={`${change.key}.${name}`} checked={!theirs.has(name)} onChoose={() => choose(name, false)}>
                <span className="text-muted-foreground text-xs">{t('mine')}</span>
                <span>
                  <Value object={object} name={name} value={values[name]} row={row} />
                </span>
              </Choice>
              <Choice name={`${change.key}.${name}`} checked={theirs.has(name)} onChoose={() => choose(name, true)}>
                <Who object={object} id={row.id} name={name} />
                <span>
                  <Value object={object} name={name} value={row[name]} row={row} />
                </span>
              </Choice>
            </div>
          </fieldset>
        ))}
      </div>
      <div className="flex justify-end gap-2 px-3 pt-3">
        <Button variant="secondary" size="sm" onClick={() => void decide(change, null)}>
          {t('discard')}
        </Button>
        <Button size="sm" onClick={save}>
          {t('save')}
        </Button>
      </div>
    </section>
  );
}

function Choice({
  name,
  checked,
  onChoose,
  children,
}: {
  name: string;
  checked: boolean;
  onChoose: () => void;
  children: React.ReactNode;
}) {
  return (
    <label
      className={`flex min-w-0 cursor-pointer items-start gap-2 rounded-md border px-2.5 py-2 text-sm ${checked ? 'border-primary bg-primary-soft' : 'hover:bg-subtle'}`}
    >
      <input type="radio" name={name} checked={checked} onChange={onChoose} className="mt-1 accent-primary" />
      <span className="grid min-w-0 gap-0.5 break-words">{children}</span>
    </label>
  );
}

/** Who gave a field its value and when. */
function Who({ object, id, name }: { object: ObjectKey; id: string; name: string }) {
  const t = useTranslations('shell.queue');
  const c = useTranslations('common');
  const format = useFormat();
  const { data } = useQuery(useTRPC().changes.history.queryOptions({ object, id, field: name }));
  const [latest] = data ?? [];
  return (
    <span className="text-muted-foreground text-xs">
      {latest ? t('theirsBy', { name: latest.by ?? c('unknownPerson'), at: format.dateTime(latest.at) }) : t('theirs')}
    </span>
  );
}
