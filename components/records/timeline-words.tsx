'use client';

import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useCatalogue } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import type { Outputs } from '@/components/shell/trpc';
import { isBlank } from '@/domain/blank';
import type { CatalogueObject } from '@/domain/catalogue';
import { clip } from '@/domain/clip';
import { isReference } from '@/domain/fields';
import { RefLink } from './chips';
import { PlainValue } from './field-value';
import type { RecordRow } from './record-data';
import { type ObjectKey, useIsObject } from './use-object';

export type TimelineItem = Outputs['changes']['timeline']['items'][number];
export type TimelineChange = TimelineItem['changes'][number];

/** Follows from the stage by itself; saying it again would only be noise. */
const derived = new Set([
  'stageId',
  'pipelineId',
  'status',
  'probability',
  'stageEnteredAt',
  'boardOrder',
  'closedOn',
  'doneAt',
]);

export interface FieldChange {
  name: string;
  before: unknown;
  after: unknown;
}

/** The fields of a change people know, without what merely follows from others. */
export function fieldChanges(
  kinds: ReadonlyMap<string, CatalogueObject>,
  { object, before, after }: TimelineChange,
): FieldChange[] {
  const fields = kinds.get(object)?.fields ?? {};
  const moved = after !== null && 'stageId' in after;
  return Object.keys(after ?? {})
    .filter((name) => Object.hasOwn(fields, name) && !(moved && derived.has(name)) && name !== 'doneAt')
    .map((name) => ({ name, before: before?.[name], after: after?.[name] }));
}

/** A value in a sentence or a line of a change. References arrive as titles. */
export function ChangedValue({
  object,
  name,
  value,
  row,
}: {
  object: string;
  name: string;
  value: unknown;
  row: RecordRow;
}) {
  const t = useTranslations('records.history');
  const field = useCatalogue().get(object)?.fields[name];
  if (!field || isBlank(value)) return <span className="text-muted-foreground">{t('empty')}</span>;
  if (isReference(field) || field.type === 'longText')
    return <span className="break-words font-medium">{clipped(String(value))}</span>;
  return (
    <span className="break-words font-medium">
      <PlainValue
        object={object}
        name={name}
        field={field}
        value={value}
        title={null}
        currency={typeof row.currency === 'string' ? row.currency : null}
        link={false}
      />
    </span>
  );
}

function clipped(text: string): string {
  return text.length > 160 ? `${clip(text, 160)}…` : text;
}

/** What a change says in one sentence, in the reader's language. */
export function ChangeSentence({
  object,
  row,
  item,
  change,
}: {
  object: ObjectKey;
  row: RecordRow;
  item: TimelineItem;
  change: TimelineChange;
}): ReactNode {
  const t = useTranslations('records.timeline');
  const talk = useTranslations('conversation.sentence');
  const c = useTranslations('common');
  const labels = useLabels();
  const who = item.by?.name ?? c('unknownPerson');
  const own = change.object === object && change.recordId === row.id;
  const changed = fieldChanges(useCatalogue(), change);
  const isObject = useIsObject();
  const known = isObject(change.object) ? change.object : null;
  const rich = {
    who: () => <span className="font-medium">{who}</span>,
    what: () =>
      known && known !== 'note' && known !== 'task' ? (
        <RefLink object={known} id={change.recordId} title={change.recordTitle ?? ''} className="font-medium" />
      ) : (
        <span className="font-medium">{clipped(change.recordTitle ?? '')}</span>
      ),
    from: () => <ChangedValue object={change.object} name={first?.name ?? ''} value={first?.before} row={row} />,
    to: () => <ChangedValue object={change.object} name={first?.name ?? ''} value={first?.after} row={row} />,
    b: (chunks: ReactNode) => <span className="font-medium">{chunks}</span>,
  };
  const stage =
    change.after && 'stageId' in change.after
      ? { name: 'stageId', before: change.before?.stageId, after: change.after.stageId }
      : null;
  const first: FieldChange | null = stage ?? changed[0] ?? null;
  const object_ = known ? labels.object(known, 'one') : change.object;
  const scope = own ? 'own' : 'other';

  if (change.object === 'comment' || change.object === 'attachment') {
    const op = change.op === 'create' && change.after === null ? 'restore' : change.op;
    return talk.rich(`${change.object}.${op}`, { ...rich, name: clipped(change.recordTitle ?? '') });
  }
  if (change.object === 'relationLink') return <RelationSentence item={item} change={change} />;
  if (!known) return <LinkSentence item={item} change={change} />;
  if (known === 'activity' && !own && change.op === 'create' && change.after !== null && item.verb !== 'import') {
    const planned = typeof change.after.startsAt === 'string' && change.after.startsAt > item.at;
    const kind = change.after.kind === 'call' ? 'call' : 'meeting';
    return talk.rich(`activity.${kind}${planned ? 'Planned' : ''}`, rich);
  }
  // Their text stands below or is theirs alone to show; the sentence only says what was done.
  if (known === 'note' && !own)
    return t.rich(`note.${change.op === 'create' && change.after === null ? 'restore' : change.op}`, rich);
  if (known === 'task' && !own && change.op === 'create' && change.after !== null && item.verb !== 'import')
    return t.rich('other.task', rich);
  if (change.op === 'delete') return t.rich(`${scope}.deleted`, { ...rich, object: object_ });
  if (change.op === 'create') {
    if (change.after === null) return t.rich(`${scope}.restored`, { ...rich, object: object_ });
    return t.rich(`${scope}.${item.verb === 'import' ? 'imported' : 'created'}`, { ...rich, object: object_ });
  }
  if (known === 'task' && change.after?.done === true && !own) return t.rich('other.completed', rich);
  if (stage) {
    const verb = item.verb === 'win' || item.verb === 'lose' || item.verb === 'reopen' ? item.verb : 'move';
    return t.rich(`${scope}.${verb}`, { ...rich, object: object_ });
  }
  if (changed.length === 1 && first) {
    const field = labels.field(known, first.name);
    const kind = isBlank(first.after) ? 'cleared' : isBlank(first.before) ? 'set' : 'changed';
    return t.rich(`${scope}.${kind}`, { ...rich, object: object_, field });
  }
  return t.rich(`${scope}.several`, { ...rich, object: object_, count: changed.length });
}

/** A link through one of the tenant's relations, named by the relation. */
function RelationSentence({ item, change }: { item: TimelineItem; change: TimelineChange }) {
  const t = useTranslations('conversation.sentence.relation');
  const c = useTranslations('common');
  const labels = useLabels();
  const kinds = useCatalogue();
  const sides = { ...change.before, ...change.after };
  const owner = [...kinds.values()].find(({ own }) => own.some(({ id }) => id === sides.fieldId));
  const field = owner?.own.find(({ id }) => id === sides.fieldId);
  const name = (value: unknown) => (typeof value === 'string' && value ? clipped(value) : t('hidden'));
  const made = change.op === 'create' && change.after !== null;
  return t.rich(change.op === 'create' && !made ? 'restore' : change.op, {
    who: () => <span className="font-medium">{item.by?.name ?? c('unknownPerson')}</span>,
    b: (chunks) => <span className="font-medium">{chunks}</span>,
    from: name(sides.fromId),
    to: name(sides.toId),
    relation: owner && field ? labels.field(owner.name, field.key) : t('gone'),
  });
}

/** Links between people, companies and deals have no page of their own. */
function LinkSentence({ item, change }: { item: TimelineItem; change: TimelineChange }) {
  const t = useTranslations('records.timeline.link');
  const c = useTranslations('common');
  const f = useTranslations('fields');
  const who = item.by?.name ?? c('unknownPerson');
  const isDeal = change.object === 'dealContact';
  const sides = { ...change.before, ...change.after };
  const contact = typeof sides.contactId === 'string' ? sides.contactId : '';
  const other = String((isDeal ? sides.dealId : sides.companyId) ?? '');
  const role = typeof sides.role === 'string' ? sides.role : null;
  const key = `${isDeal ? 'dealContactRoles' : 'contactCompanyRoles'}.${role}`;
  const roleText = role && f.has(key) ? f(key) : (role ?? '');
  const rich = {
    who: () => <span className="font-medium">{who}</span>,
    b: (chunks: ReactNode) => <span className="font-medium">{chunks}</span>,
  };
  if (change.op === 'delete' && contact) return t.rich('removed', { ...rich, contact, other });
  if (change.op === 'delete') return t.rich(isDeal ? 'removedDeal' : 'removedCompany', rich);
  if (change.op === 'create' && contact)
    return t.rich(role ? 'addedAs' : 'added', { ...rich, contact, other, role: roleText });
  return t.rich(role ? 'role' : 'changed', { ...rich, role: roleText });
}
