'use client';

import { useQueryClient } from '@tanstack/react-query';
import { CalendarPlus, Phone } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { RecordRow } from '@/components/records/record-data';
import type { Action } from '@/components/shell/actions';
import { useRouter } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { objects } from '@/domain/objects';
import { type About, useActivityForms } from './forms';

const kinds = ['contact', 'company', 'deal'] as const;

/** What a record's call or meeting is about: itself, and the company and contact it names. */
export function aboutOf(object: About['object'], row: RecordRow): About[] {
  const own: About = { object, id: row.id, title: String(row[objects[object].title] ?? '') };
  const others = kinds.flatMap((other): About[] => {
    const id = row[`${other}Id`];
    const title = row.refs[`${other}Id`];
    return other !== object && typeof id === 'string' && title ? [{ object: other, id, title }] : [];
  });
  return [own, ...others];
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
  return () => {
    const object = kinds.find((kind) => kind === match?.screen.object);
    const id = match?.params.id;
    if (!object || !id) return [];
    const row = queries.getQueryData(trpc[objects[object].plural].get.queryKey({ id }));
    return row ? aboutOf(object, row) : [];
  };
}
