'use client';

import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { useTranslations } from 'use-intl';
import type { RecordRow } from '@/components/records/record-data';
import { ChangedValue } from '@/components/records/timeline-words';
import { useLabels } from '@/components/shell/labels';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import { Badge } from '@/components/ui/badge';
import { Skeleton } from '@/components/ui/skeleton';
import { isBlank } from '@/domain/blank';
import { isRecordObject, objects } from '@/domain/objects';
import { AboutLink, type AuditRow } from './audit-words';
import { LoadFailed } from './load-failed';

type Change = Outputs['audit']['changes']['changes'][number];

/** What an entry holds besides its line: the values before and after, where it came from, under which reference. */
export function AuditDetails({ row }: { row: AuditRow }) {
  const t = useTranslations('audit');
  /** Parts of what is more than one thing, each by its name where it has one. */
  const inWords = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(inWords).join(', ');
    if (typeof value === 'object' && value !== null)
      return Object.entries(value)
        .map(([name, part]) => `${t.has(`page.facts.${name}`) ? t(`page.facts.${name}`) : name} ${inWords(part)}`)
        .join(', ');
    if (value === null) return t('page.nothing');
    const key = `page.values.${value}`;
    return t.has(key) ? t(key) : String(value);
  };
  const facts: [string, string][] = [
    [t('page.channel'), t(`channels.${row.channel}`)],
    ...(row.ip ? [[t('page.from'), row.ip] as [string, string]] : []),
    ...(row.requestId ? [[t('page.reference'), row.requestId] as [string, string]] : []),
    // What has no name here is for whoever reads the table itself.
    ...Object.entries(row.detail ?? {}).flatMap(([name, value]): [string, string][] =>
      value !== null && t.has(`page.facts.${name}`) ? [[t(`page.facts.${name}`), inWords(value)]] : [],
    ),
  ];
  return (
    <div className="grid min-w-0 gap-3">
      {row.changeSetId && <Changes changeSetId={row.changeSetId} />}
      {(row.undoneBy || row.undoes) && (
        <p className="text-muted-foreground text-sm">{t(row.undoneBy ? 'page.undone' : 'page.undoes')}</p>
      )}
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        <div className="flex gap-2 empty:hidden md:hidden">
          <dt className="text-muted-foreground">{t('page.about')}</dt>
          <dd>
            <AboutLink row={row} />
          </dd>
        </div>
        {facts.map(([name, value]) => (
          <div key={name} className="flex min-w-0 gap-2">
            <dt className="shrink-0 text-muted-foreground">{name}</dt>
            <dd className="min-w-0 break-all">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** The records of a change set, field by field. */
function Changes({ changeSetId }: { changeSetId: string }) {
  const t = useTranslations('audit.page');
  const trpc = useTRPC();
  const found = useQuery(trpc.audit.changes.queryOptions({ changeSetId }, { staleTime: Number.POSITIVE_INFINITY }));
  if (found.isPending) {
    return (
      <div aria-busy className="grid gap-2 py-1">
        <Skeleton className="h-4 w-64 max-w-full" />
        <Skeleton className="h-4 w-80 max-w-full" />
      </div>
    );
  }
  if (found.isError) return <LoadFailed retry={() => void found.refetch()} />;
  return (
    <div className="grid gap-3">
      {found.data.changes.map((change) => (
        <RecordChange key={`${change.object} ${change.recordId}`} change={change} />
      ))}
      {found.data.more && <p className="text-muted-foreground text-sm">{t('moreRecords')}</p>}
    </div>
  );
}

/** Seldom worth a line: they follow from the rest. */
const silent = new Set([
  'id',
  'boardOrder',
  'nameNorm',
  'emailNorm',
  'tenantId',
  'version',
  'createdAt',
  'updatedAt',
  'createdBy',
  'updatedBy',
]);

function RecordChange({ change }: { change: Change }) {
  const t = useTranslations('audit.page');
  const fieldName = useFieldName();
  const names = [...new Set([...Object.keys(change.before ?? {}), ...Object.keys(change.after ?? {})])].filter(
    (name) => !silent.has(name),
  );
  const op = change.op === 'create' ? (change.after ? 'created' : 'restored') : `${change.op}d`;
  return (
    <div className="min-w-0 overflow-hidden rounded-md border bg-card">
      <p className="flex min-w-0 items-center gap-2 px-3 py-1.5 text-sm">
        <span className="min-w-0 truncate font-medium">{change.recordTitle ?? change.recordId}</span>
        <Badge variant="secondary">{t(op)}</Badge>
      </p>
      {names.length > 0 && (
        <div className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_minmax(0,3fr)] border-t text-sm">
          {(['field', 'before', 'after'] as const).map((head) => (
            <span key={head} className="bg-subtle px-3 py-1 text-muted-foreground text-xs">
              {t(head)}
            </span>
          ))}
          {names.map((name) => (
            <Fragment key={name}>
              <span className="break-words border-t px-3 py-1 text-muted-foreground">
                {fieldName(change.object, name)}
              </span>
              <Value change={change} name={name} side="before" />
              <Value change={change} name={name} side="after" />
            </Fragment>
          ))}
        </div>
      )}
    </div>
  );
}

/** A field by its label; what is no record's field has its own here. */
function useFieldName(): (object: string, name: string) => string {
  const t = useTranslations('audit.page.fields');
  const labels = useLabels();
  return (object, name) => {
    const label = labels.field(object, name);
    return label === name && t.has(name) ? t(name) : label;
  };
}

function Value({ change, name, side }: { change: Change; name: string; side: 'before' | 'after' }) {
  const t = useTranslations('audit.page');
  const value = change[side]?.[name];
  const known = isRecordObject(change.object) && Object.hasOwn(objects[change.object].fields, name);
  return (
    <span className="min-w-0 break-words border-t px-3 py-1">
      {isBlank(value) ? (
        <span className="text-muted-foreground">{t('nothing')}</span>
      ) : known ? (
        <ChangedValue object={change.object} name={name} value={value} row={rowOf(change)} />
      ) : (
        plain(value)
      )}
    </span>
  );
}

/** As much of a record as showing one of its values takes: its currency. */
const rowOf = ({ recordId, before, after }: Change): RecordRow => ({
  ...after,
  ...before,
  id: recordId,
  version: 0,
  refs: {},
});

/** A value nobody gave a form: as it is written. */
function plain(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
