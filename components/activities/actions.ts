'use client';

import { useQueryClient } from '@tanstack/react-query';
import { CalendarPlus, Phone } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { RecordRow } from '@/components/records/record-data';
import type { Action } from '@/components/shell/actions';
import { useCatalogue } from '@/components/shell/boot';
import { useRouter } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import type { CatalogueObject } from '@/domain/catalogue';
import { isOwnObject } from '@/domain/custom-fields';
import { isRecordObject, objects } from '@/domain/objects';
import { type About, useActivityForms } from './forms';

const kinds = ['contact', 'company', 'deal', 'product'] as const;
const isKind = (name: unknown): name is About['object'] =>
  kinds.some((kind) => kind === name) || (typeof name === 'string' && isOwnObject(name));

/**
 * What a call or meeting from a record's page is about: the record itself, the first contact, company and deal it names, by
 * whichever field, and what it is about itself.
 */
export function aboutOf(kind: Pick<CatalogueObject, 'name' | 'title' | 'fields'>, row: RecordRow): About[] {
  const about = new Map<string, About>();
  if (isKind(kind.name)) about.set(kind.name, { object: kind.name, id: row.id, title: String(row[kind.title] ?? '') });
  for (const [name, { to, kindIn }] of Object.entries(kind.fields)) {
    const id = row[name];
    const title = row.refs[name];
    const object = kindIn ? row[kindIn] : to;
    // A product or a record of an own object that it merely names is not what the call is about.
    const named = kindIn !== undefined || (object !== 'product' && typeof object === 'string' && !isOwnObject(object));
    if (named && isKind(object) && !about.has(object) && typeof id === 'string' && title)
      about.set(object, { object, id, title });
  }
  return [...about.values()];
}

/** Log a call and plan a meeting from anywhere; on a record's page they are about it. */
export function useActivityActions(): Action[] {
  const t = useTranslations('activities');
  const open = useActivityForms();
  const about = useRecordHere();
  return [
    {
      id: 'activity.call',
      label: t('call.action'),
      group: 'create',
      icon: Phone,
      keys: 'l',
      permission: 'activity.write',
      run: () => open('call', about()),
    },
    {
      id: 'activity.meeting',
      label: t('meeting.action'),
      group: 'create',
      icon: CalendarPlus,
      keys: 'm',
      permission: 'activity.write',
      run: () => open('meeting', about()),
    },
  ];
}

/** The record whose page is open, as the page has it already. */
function useRecordHere(): () => About[] {
  const { match } = useRouter();
  const queries = useQueryClient();
  const trpc = useTRPC();
  const catalogue = useCatalogue();
  return () => {
    // Screens of own objects name theirs in the address.
    const kind = catalogue.get(match?.screen.object ?? match?.params.object ?? '');
    const id = match?.params.id;
    if (!kind || !id) return [];
    const key = isRecordObject(kind.name)
      ? trpc[objects[kind.name].plural].get.queryKey({ id })
      : trpc.records.get.queryKey({ id, object: kind.name });
    const row = queries.getQueryData<RecordRow>(key);
    return row ? aboutOf(kind, row) : [];
  };
}
