'use client';

import { Check, Paperclip } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { z } from 'zod';
import { useBoot } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { useRecurrenceText } from '@/components/tasks/recurrence-text';
import { Badge } from '@/components/ui/badge';
import type { Tone } from '@/components/ui/tone';
import { addressText, asAddress } from '@/domain/address-text';
import { isBlank } from '@/domain/blank';
import type { Field } from '@/domain/fields';
import { Reference } from './chips';
import { asList, ChoiceBadge } from './choices-input';
import { currencyOf } from './field-text';
import { safeHref, shortLink } from './hrefs';
import { Stars } from './rating';
import type { RecordRow } from './record-data';
import { type ObjectKey, useIsObject, useObject } from './use-object';

/** Years are numbers nobody groups. */
const ungrouped = new Set(['yearFounded']);

/** Choices whose meaning a colour carries; the word always stands beside it. */
const tones: Record<string, Tone> = {
  won: 'green',
  lost: 'red',
  open: 'blue',
  high: 'red',
  medium: 'amber',
  low: 'slate',
  hot: 'red',
  warm: 'amber',
  cold: 'blue',
  customer: 'green',
  prospect: 'blue',
  partner: 'violet',
  qualified: 'teal',
  opportunity: 'amber',
};

export interface FieldValueProps {
  object: ObjectKey;
  name: string;
  row: RecordRow;
  /** Whether mail addresses, phones, links and references can be followed. */
  link?: boolean;
}

/** Shows one field of a record in the person's language; nothing when it is empty. */
export function FieldValue({ object, name, row, link = true }: FieldValueProps) {
  const field = useObject(object).fields[name];
  const value = row[name];
  if (!field || isBlank(value)) return null;
  return (
    <PlainValue
      object={object}
      name={name}
      field={field}
      value={value}
      title={row.refs[name] ?? null}
      to={field.kindIn ? row[field.kindIn] : field.to}
      currency={typeof row.currency === 'string' ? row.currency : null}
      link={link}
    />
  );
}

/** A value of a field by itself, as history and timeline show it. */
export function PlainValue({
  object,
  name,
  field,
  value,
  title,
  to,
  currency,
  link,
}: {
  object: string;
  name: string;
  field: Field;
  value: unknown;
  title: string | null;
  /** The kind of record it leads to, where the field alone does not say. */
  to?: unknown;
  currency: string | null;
  link: boolean;
}): ReactNode {
  const format = useFormat();
  const labels = useLabels();
  const c = useTranslations('common');
  const t = useTranslations('records');
  const { tenant, user } = useBoot();
  switch (field.type) {
    case 'money':
      return typeof value === 'number' ? format.money(value, currencyOf(field, currency, tenant.currency)) : null;
    case 'percent':
      return typeof value === 'number' ? format.percent(value, field.own?.settings.decimals) : null;
    case 'number':
    case 'integer':
      return typeof value === 'number' && !ungrouped.has(name)
        ? format.number(value, field.own?.settings.decimals)
        : String(value);
    case 'date':
      return typeof value === 'string' ? <time dateTime={value}>{format.date(value)}</time> : null;
    case 'datetime':
      return typeof value === 'string' ? (
        <time dateTime={value} title={format.dateTime(value)}>
          {/* When a record was made is known by its day; a moment somebody chose has its hour. */}
          {field.readOnly && !field.own ? format.day(value) : format.dateTime(value)}
        </time>
      ) : null;
    case 'boolean':
      return value ? (
        <span className="inline-flex items-center gap-1.5">
          <Check aria-hidden className="size-4 text-success" />
          {c('yes')}
        </span>
      ) : (
        <span className="text-muted-foreground">{c('no')}</span>
      );
    case 'rating':
      return typeof value === 'number' ? <Stars value={value} max={field.own?.settings.max ?? 5} /> : null;
    case 'choices':
      return (
        // One line in a table, as many as it takes where the field stands by itself.
        <span className="in-[.whitespace-pre-wrap]:flex-wrap inline-flex min-w-0 max-w-full gap-1 overflow-hidden align-middle">
          {asList(value).map((each) => (
            <ChoiceBadge key={each} field={field} value={each} />
          ))}
        </span>
      );
    case 'address':
      return addressText(asAddress(value), user.locale);
    case 'relation':
      return <Relation to={field.to ?? ''} value={value} link={link} />;
    case 'file':
      return (
        <span className="inline-flex items-center gap-1.5">
          <Paperclip aria-hidden className="size-3.5 text-muted-foreground" />
          {t('files', { count: asList(value).length })}
        </span>
      );
    case 'choice':
      if (field.own) return <ChoiceBadge field={field} value={String(value)} />;
      return (
        <Badge tone={tones[String(value)]} variant={tones[String(value)] ? undefined : 'secondary'}>
          {labels.choice(object, name, String(value))}
        </Badge>
      );
    case 'tags':
      return (
        <span className="inline-flex min-w-0 max-w-full flex-wrap gap-1">
          {Array.isArray(value) && value.map((tag) => <Badge key={String(tag)}>{String(tag)}</Badge>)}
        </span>
      );
    case 'email':
    case 'phone':
    case 'link':
      return <Address type={field.type} value={String(value)} link={link} />;
    case 'member':
    case 'team':
    case 'reference':
      return <Reference to={kindOf(field, to)} id={String(value)} title={title} link={link} />;
    default:
      if (object === 'task' && name === 'recurrence') return <RecurrenceSentence rule={String(value)} />;
      return String(value);
  }
}

/** What a reference leads to; nothing known for one to whichever kind that was picked a moment ago. */
const kindOf = (field: Field, to: unknown): string => (field.kindIn ? String(to ?? '') : (field.to ?? 'member'));

function RecurrenceSentence({ rule }: { rule: string }) {
  return useRecurrenceText()(rule);
}

const linkSchema = z.array(z.object({ id: z.string(), title: z.string().nullable() }));

/** The records a relation leads to, as a list has them: by name, in one line. */
function Relation({ to, value, link }: { to: string; value: unknown; link: boolean }) {
  const isObject = useIsObject();
  const read = linkSchema.safeParse(value);
  if (!isObject(to) || !read.success) return null;
  return (
    <span className="inline-flex min-w-0 max-w-full gap-1 overflow-hidden align-middle">
      {read.data.map(({ id, title }) => (
        <Badge key={id} variant="secondary" title={title ?? undefined} className="min-w-10 max-w-48 shrink font-normal">
          <Reference to={to} id={id} title={title} link={link} />
        </Badge>
      ))}
    </span>
  );
}

function Address({ type, value, link }: { type: 'email' | 'phone' | 'link'; value: string; link: boolean }) {
  const shown = type === 'link' ? shortLink(value) : value;
  const href = link ? safeHref(type, value) : null;
  if (!href) return shown;
  return (
    <a
      href={href}
      {...(type === 'link' ? { target: '_blank', rel: 'noopener noreferrer' } : {})}
      onClick={(event) => event.stopPropagation()}
      className="rounded-xs hover:text-link hover:underline"
    >
      {shown}
    </a>
  );
}
