'use client';

import { useTranslations } from 'use-intl';
import { useLabels } from '@/components/shell/labels';
import type { Filter } from '@/domain/filters';
import { readRelated } from '@/domain/related-lists';
import { RecordAvatar, RefLink } from './chips';
import { PointingList } from './pointing';
import { type RecordRow, titleOf } from './record-data';
import { attachedBy } from './record-sections';
import { RelatedLinks } from './related-links';
import { RelatedList } from './related-list';
import { RelatedSection } from './related-section';
import { type ObjectKey, useIsObject, useObject } from './use-object';
import { useRecordLayout } from './use-record-layout';

const open: Filter = { field: 'done', op: 'is', value: false };

/** What belongs to a record, as the page's layout has it: people with their roles, deals, subsidiaries, tasks, records of the tenant's own. */
export function Related({ object, row }: { object: ObjectKey; row: RecordRow }) {
  const { related, through } = useRecordLayout(useObject(object), row);
  return related.map((name) => <RelatedItem key={name} name={name} object={object} row={row} through={through} />);
}

interface RelatedProps {
  object: ObjectKey;
  row: RecordRow;
}

/** One of the lists of `relatedLists`, or the one record that stands in its place. */
export function RelatedItem({ name, through, ...props }: RelatedProps & { name: string; through: string[] }) {
  const labels = useLabels();
  const isObject = useIsObject();
  const field = useObject(props.object).fields[name];
  const read = readRelated(name);
  if (read.by === 'product') return <StandardList name={name} {...props} />;
  if (read.by === 'pointing') return <PointingList name={name} through={through} {...props} />;
  const to = field?.to ?? '';
  return isObject(to) ? (
    <Above object={to} field={name} row={props.row} label={labels.field(props.object, name)} />
  ) : null;
}

/** Where each of the records above one stands, and by which field. */
const above = {
  parent: ['company', 'parentId'],
  reportsTo: ['contact', 'reportsToId'],
  company: ['company', 'companyId'],
  contact: ['contact', 'contactId'],
  deal: ['deal', 'dealId'],
  product: ['product', 'productId'],
} as const;
const isAbove = (name: string): name is keyof typeof above => Object.hasOwn(above, name);

function StandardList({ name, object, row }: RelatedProps & { name: string }) {
  const title = titleOf(object, row);
  const { id } = row;
  /** A new record of a list begins with pointing here. */
  const begin = (field: string) => ({ [field]: id, refs: { [field]: title } });
  if (isAbove(name)) {
    const [to, field] = above[name];
    return <Above object={to} field={field} row={row} heading={name} />;
  }
  switch (name) {
    case 'companyContacts':
    case 'contactCompanies':
    case 'contactDeals':
    case 'dealContacts':
      return <RelatedLinks kind={name} id={id} title={title} />;
    case 'deals': {
      const field = object === 'product' ? 'productId' : 'companyId';
      return <RelatedList title="deals" object="deal" field={field} id={id} begin={begin(field)} />;
    }
    case 'tasks':
      return <Tasks object={object} row={row} />;
    case 'activities':
      return <RelatedList title="activities" object="activity" field="aboutId" id={id} />;
    case 'subsidiaries':
      return <RelatedList title="subsidiaries" object="company" field="parentId" id={id} begin={begin('parentId')} />;
    case 'reports':
      return <RelatedList title="reports" object="contact" field="reportsToId" id={id} />;
    case 'about':
      return <Topic row={row} />;
    default:
      return null;
  }
}

/** What is still to do about a record; a new task of a person or deal is about their company too. */
function Tasks({ object, row }: RelatedProps) {
  const field = attachedBy(object);
  if (!field) return null;
  const { companyId } = row;
  const company = typeof companyId === 'string' ? { companyId } : {};
  const refs = {
    ...(company.companyId ? { companyId: row.refs.companyId ?? null } : {}),
    [field]: titleOf(object, row),
  };
  return (
    <RelatedList
      title="tasks"
      object="task"
      field={field}
      id={row.id}
      also={open}
      begin={{ ...company, [field]: row.id, refs }}
    />
  );
}

/** The record of whichever other kind that a note, task, call or meeting is about. */
function Topic({ row }: { row: RecordRow }) {
  const isObject = useIsObject();
  const { aboutObject: object } = row;
  if (typeof object !== 'string' || !isObject(object)) return null;
  return <Above object={object} field="aboutId" row={row} heading="about" />;
}

/** The one record a field points to; nothing when it points nowhere. */
function Above({
  object,
  field,
  row,
  heading,
  label,
}: {
  object: ObjectKey;
  field: string;
  row: RecordRow;
  /** A word of ours, or what the tenant called it. */
  heading?: string;
  label?: string;
}) {
  const t = useTranslations('records.related');
  const id = row[field];
  if (typeof id !== 'string') return null;
  const title = row.refs[field] ?? null;
  return (
    <RelatedSection title={label ?? t(heading ?? field)} count="" empty="">
      <li className="flex min-h-9 items-center gap-2 rounded-md px-2 py-1 text-sm hover:bg-accent">
        <RecordAvatar object={object} id={id} title={title ?? '?'} />
        <RefLink object={object} id={id} title={title} />
      </li>
    </RelatedSection>
  );
}
