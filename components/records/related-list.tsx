'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useCan } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { useQuickCreate } from '@/components/shell/quick-create';
import { Link } from '@/components/shell/router';
import { Button } from '@/components/ui/button';
import type { Filter } from '@/domain/filters';
import { RecordAvatar, RefLink, StageBadge } from './chips';
import { FieldValue } from './field-value';
import { listSearch } from './list-search';
import { type RecordRow, titleOf, useRecordApi, type Values } from './record-data';
import { RelatedSection } from './related-section';
import { TaskRow } from './task-row';
import { listPath, type ObjectKey } from './use-object';

const shown = 6;

export interface RelatedListProps {
  /** Key under `records.related`. */
  title: string;
  object: ObjectKey;
  /** The reference that leads from them to the record. */
  field: string;
  id: string;
  /** Narrows besides the reference. */
  also?: Filter;
  /** What a new one begins with; without it none is made here. */
  begin?: Values;
}

/** Records that point to this one: the newest few, how many in all, the way to the whole list. */
export function RelatedList({ title, object, field, id, also, begin }: RelatedListProps) {
  const t = useTranslations('records.related');
  const c = useTranslations('common');
  const labels = useLabels();
  const format = useFormat();
  const can = useCan();
  const create = useQuickCreate();
  const api = useRecordApi(object);
  const pointing: Filter = { field, op: 'is', value: id };
  const filter: Filter = also ? { and: [pointing, also] } : pointing;
  const enabled = can(`${object}.read`);
  const list = useQuery(api.list.queryOptions({ filter, limit: shown }, { enabled }));
  const count = useQuery(api.count.queryOptions({ filter }, { enabled })).data;
  const rows = list.data?.rows;
  const total = count?.count ?? rows?.length;
  const label = t('add', { object: labels.object(object, 'one') });
  const heading = t(title);
  if (!enabled) return null;
  return (
    <RelatedSection
      title={heading}
      count={total === undefined || total === 0 ? total : format.number(total)}
      loading={list.isPending}
      empty={list.isError ? c('loadFailed') : t(`${title}None`)}
      action={
        begin &&
        can(`${object}.write`) && (
          <Button variant="quiet" size="icon-xs" aria-label={label} onClick={() => create(object, begin)}>
            <Plus />
          </Button>
        )
      }
    >
      {rows?.map((row) => (
        <li key={row.id}>{object === 'task' ? <TaskRow task={row} /> : <Line object={object} row={row} />}</li>
      ))}
      {total !== undefined && rows && total > rows.length && object !== 'task' && (
        <AllOf object={object} filter={filter} count={format.number(total)} />
      )}
    </RelatedSection>
  );
}

/** The way to the whole list that a filter finds. */
export function AllOf({ object, filter, count }: { object: ObjectKey; filter: Filter; count: string }) {
  const t = useTranslations('records.related');
  return (
    <li>
      <Link
        to={`${listPath(object)}${object === 'deal' ? '/table' : ''}${listSearch({ filter: { and: [filter] } })}`}
        className="flex h-8 items-center rounded-md px-2 text-link text-sm hover:bg-accent"
      >
        {t('all', { count })}
      </Link>
    </li>
  );
}

function Line({ object, row }: { object: ObjectKey; row: RecordRow }) {
  const title = titleOf(object, row);
  return (
    <div className="flex min-h-9 items-center gap-2 rounded-md px-2 py-1 text-sm hover:bg-accent">
      <RecordAvatar object={object} id={row.id} title={title} />
      <span className="min-w-0 flex-1">
        <RefLink object={object} id={row.id} title={title} className="block" />
        {object === 'contact' && typeof row.jobTitle === 'string' && (
          <span className="block truncate text-muted-foreground text-xs">{row.jobTitle}</span>
        )}
        {object === 'activity' && typeof row.startsAt === 'string' && (
          <span className="tabular block text-muted-foreground text-xs">
            <FieldValue object="activity" name="startsAt" row={row} />
          </span>
        )}
        {object === 'deal' && typeof row.amount === 'number' && (
          <span className="tabular block text-muted-foreground text-xs">
            <FieldValue object="deal" name="amount" row={row} />
          </span>
        )}
      </span>
      {object === 'deal' && typeof row.stageId === 'string' && <StageBadge id={row.stageId} name={row.refs.stageId} />}
    </div>
  );
}
