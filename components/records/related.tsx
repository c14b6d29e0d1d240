'use client';

import { useTranslations } from 'use-intl';
import { useLabels } from '@/components/shell/labels';
import type { Filter } from '@/domain/filters';
import { isRecordObject } from '@/domain/objects';
import { RecordAvatar, RefLink } from './chips';
import { PointingHere } from './pointing';
import { type RecordRow, titleOf } from './record-data';
import { attachedBy } from './record-sections';
import { RelatedLinks } from './related-links';
import { RelatedList } from './related-list';
import { RelatedSection } from './related-section';
import { type ObjectKey, useIsObject, useObject } from './use-object';

const open: Filter = { field: 'done', op: 'is', value: false };

/** What belongs to a record: people with their roles, deals, subsidiaries, tasks, and what the tenant's own fields lead from. */
export function Related(props: { object: ObjectKey; row: RecordRow }) {
  return (
    <>
      {isRecordObject(props.object) && <Standard object={props.object} row={props.row} />}
      {attachedBy(props.object) === 'aboutId' && <AboutThis {...props} />}
      <PointsTo {...props} />
      <PointingHere {...props} />
    </>
  );
}

function Standard({ object, row }: { object: ObjectKey; row: RecordRow }) {
  const title = titleOf(object, row);
  const { id } = row;
  const companyId = typeof row.companyId === 'string' ? row.companyId : null;
  const company = companyId ? { companyId, refs: { companyId: row.refs.companyId ?? null } } : {};
  switch (object) {
    case 'company':
      return (
        <>
          <RelatedLinks kind="companyContacts" id={id} title={title} />
          <RelatedList
            title="deals"
            object="deal"
            field="companyId"
            id={id}
            begin={{ companyId: id, refs: { companyId: title } }}
          />
          <RelatedList
            title="tasks"
            object="task"
            field="companyId"
            id={id}
            also={open}
            begin={{ companyId: id, refs: { companyId: title } }}
          />
          <Above object="company" field="parentId" row={row} heading="parent" />
          <RelatedList
            title="subsidiaries"
            object="company"
            field="parentId"
            id={id}
            begin={{ parentId: id, refs: { parentId: title } }}
          />
        </>
      );
    case 'contact':
      return (
        <>
          <RelatedLinks kind="contactCompanies" id={id} title={title} />
          <RelatedLinks kind="contactDeals" id={id} title={title} />
          <RelatedList
            title="tasks"
            object="task"
            field="contactId"
            id={id}
            also={open}
            begin={{ ...company, contactId: id, refs: { ...company.refs, contactId: title } }}
          />
          <Above object="contact" field="reportsToId" row={row} heading="reportsTo" />
          <RelatedList title="reports" object="contact" field="reportsToId" id={id} />
        </>
      );
    case 'deal':
      return (
        <>
          <Above object="company" field="companyId" row={row} heading="company" />
          <RelatedLinks kind="dealContacts" id={id} title={title} />
          <Above object="product" field="productId" row={row} heading="product" />
          <RelatedList
            title="tasks"
            object="task"
            field="dealId"
            id={id}
            also={open}
            begin={{ ...company, dealId: id, refs: { ...company.refs, dealId: title } }}
          />
        </>
      );
    case 'product':
      return (
        <RelatedList
          title="deals"
          object="deal"
          field="productId"
          id={id}
          begin={{ productId: id, refs: { productId: title } }}
        />
      );
    default:
      return (
        <>
          <Topic row={row} />
          <Above object="deal" field="dealId" row={row} heading="deal" />
          <Above object="company" field="companyId" row={row} heading="company" />
          <Above object="contact" field="contactId" row={row} heading="contact" />
        </>
      );
  }
}

/** Tasks, calls and meetings about a record that they have no field of their own for. */
function AboutThis({ object, row }: { object: ObjectKey; row: RecordRow }) {
  const begin = { aboutId: row.id, refs: { aboutId: titleOf(object, row) } };
  return (
    <>
      <RelatedList title="tasks" object="task" field="aboutId" id={row.id} also={open} begin={begin} />
      <RelatedList title="activities" object="activity" field="aboutId" id={row.id} />
    </>
  );
}

/** The record of whichever other kind that a note, task, call or meeting is about. */
function Topic({ row }: { row: RecordRow }) {
  const isObject = useIsObject();
  const { aboutObject: object } = row;
  if (typeof object !== 'string' || !isObject(object)) return null;
  return <Above object={object} field="aboutId" row={row} heading="about" />;
}

/** The records that the tenant's own fields point to. */
function PointsTo({ object, row }: { object: ObjectKey; row: RecordRow }) {
  const labels = useLabels();
  const isObject = useIsObject();
  return useObject(object).own.map(({ key, type, settings: { to = '' } }) =>
    type === 'reference' && isObject(to) ? (
      <Above key={key} object={to} field={key} row={row} label={labels.field(object, key)} />
    ) : null,
  );
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
