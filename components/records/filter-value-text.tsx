'use client';

import { useQueries, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useFormat } from '@/components/shell/format';
import { useLabels } from '@/components/shell/labels';
import { useTRPC } from '@/components/shell/trpc';
import { isReference } from '@/domain/fields';
import { type Condition, type Period, periodOf } from '@/domain/filters';
import type { FilterField } from './filter-tree';
import { titleOf, useRecordApi } from './record-data';
import { useIsObject } from './use-object';

/** The value of a condition in words; an ellipsis while there is none. */
export function FilterValueText({ found, condition }: { found: FilterField; condition: Condition }) {
  const { value, op } = condition;
  const t = useTranslations('records.filter');
  const one = useValueText(found);
  const isPicked = isReference(found.field);
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  if (list.length === 0) return '…';
  if (isPicked) return <Titles found={found} ids={list.map(String)} />;
  if (op === 'between' && list.length === 2) return t('range', { from: one(list[0]), to: one(list[1]) });
  if (op === 'during') return periodOf(list[0]) ? t(`period.${list[0] as Period}`) : '…';
  if (op === 'olderThan') return t('daysAgo', { count: Number(list[0]) });
  if (op === 'inLast' || op === 'inNext') return t('days', { count: Number(list[0]) });
  return list.map(one).join(t('comma'));
}

/** A single value as people read it. */
function useValueText({ object, name, field }: FilterField) {
  const format = useFormat();
  const labels = useLabels();
  const c = useTranslations('common');
  const { tenant } = useBoot();
  return (value: unknown): string => {
    if (typeof value === 'boolean') return c(value ? 'yes' : 'no');
    if (typeof value === 'number') {
      if (field.type === 'money') return format.money(value, tenant.currency);
      return field.type === 'percent' ? format.percent(value) : format.number(value);
    }
    if (typeof value !== 'string') return '…';
    if (field.type === 'date' || field.type === 'datetime') return format.date(value);
    return field.choices ? labels.choice(object, name, value) : value;
  };
}

/** Names of what is chosen: a link carries ids, so they may have to be asked for. */
function Titles({ found, ids }: { found: FilterField; ids: string[] }) {
  const t = useTranslations('records.filter');
  const titles = useTitles(found, ids);
  return ids.map((id) => titles.get(id) ?? '…').join(t('comma'));
}

export function useTitles({ field }: FilterField, ids: readonly string[]): Map<string, string> {
  const { pipelines, teams } = useBoot();
  const trpc = useTRPC();
  const to = field.to ?? 'member';
  const isObject = useIsObject();
  const object = !field.kindIn && isObject(to) ? to : null;
  // Of whichever kind: the server knows it by the id.
  const topics = useQuery(
    trpc.search.recent.queryOptions(
      { records: ids.slice(0, 20).map((id) => ({ object: 'about', id })) },
      { enabled: field.kindIn !== undefined && ids.length > 0, staleTime: 5 * 60_000 },
    ),
  );
  const api = useRecordApi(object ?? 'company');
  const records = useQueries({
    queries: object ? ids.map((id) => api.get.queryOptions({ id }, { staleTime: 5 * 60_000 })) : [],
  });
  const [members] = useQueries({
    queries: [trpc.members.list.queryOptions(undefined, { enabled: to === 'member', staleTime: 5 * 60_000 })],
  });
  if (object) {
    return new Map(records.flatMap(({ data }) => (data ? [[data.id, titleOf(object, data)] as const] : [])));
  }
  if (field.kindIn) return new Map((topics.data ?? []).map(({ id, title }) => [id, title]));
  const known =
    to === 'member'
      ? (members.data?.members ?? [])
      : to === 'team'
        ? teams
        : pipelines.flatMap((pipeline) => [pipeline, ...pipeline.stages]);
  return new Map(known.map(({ id, name }) => [id, name]));
}
