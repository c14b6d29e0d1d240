'use client';

import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useLabels } from '@/components/shell/labels';
import { type Outputs, useTRPCClient } from '@/components/shell/trpc';
import type { ComboboxOption } from '@/components/ui/combobox';
import { isOwnObject } from '@/domain/custom-fields';
import type { Field, OwnObject } from '@/domain/fields';
import { currencies } from '@/domain/money';
import { useIsObject } from './use-object';

/** Records a picker offers. */
const limit = 20;

export type Load = (query: string) => Promise<ComboboxOption[]>;

/** `about`: products and records of the tenant's own objects, whichever fit. */
const searchable = ['company', 'contact', 'deal', 'product', 'task', 'member', 'team', 'about'] as const;
type Searchable = (typeof searchable)[number];

function isSearchable(to: string): to is Searchable {
  return searchable.some((name) => name === to);
}

/** Words of every picker. */
export function usePickWords() {
  const t = useTranslations('records.pick');
  const c = useTranslations('common');
  return { searchLabel: c('search'), emptyText: c('noResults'), errorText: t('failed') };
}

/** What a field can be set to, found by what is typed; undefined when it is not picked from a list. */
export function useOptions(object: string, name: string, field: Field, pipelineId?: unknown): Load | undefined {
  const { pipelines } = useBoot();
  const labels = useLabels();
  const { locale } = useBoot().user;
  const search = useReferenceSearch();
  const client = useTRPCClient();
  const queues = async (q: string) => {
    const rows = await client.tasks.queues.query();
    return among(rows.map(({ id, name: title }) => ({ id, title })))(q);
  };
  if (field.type === 'choice') {
    const retired = new Set(field.own?.settings.choices?.flatMap((each) => (each.retired ? [each.value] : [])));
    const open = (field.choices ?? []).filter((id) => !retired.has(id));
    return among(open.map((id) => ({ id, title: labels.choice(object, name, id) })));
  }
  if (field.type === 'currency') {
    const names = new Intl.DisplayNames(locale, { type: 'currency' });
    return among(currencies.map((id) => ({ id, title: id, subtitle: names.of(id) ?? null })));
  }
  if (field.to === 'pipeline') return among(pipelines.map(({ id, name: title }) => ({ id, title })));
  if (field.to === 'stage') {
    return among(
      pipelines
        .filter((pipeline) => !pipelineId || pipeline.id === pipelineId)
        .flatMap((pipeline) =>
          pipeline.stages.map((stage) => ({
            id: stage.id,
            title: stage.name,
            subtitle: pipelineId || pipelines.length === 1 ? null : pipeline.name,
          })),
        ),
    );
  }
  if (field.kindIn) return (query) => search('about', query);
  const { to } = field;
  if (to === 'queue') return queues;
  if (to && (isOwnObject(to) || isSearchable(to))) return (query) => search(to, query);
  return undefined;
}

/** Looks for records, members or teams by their name. */
export function useReferenceSearch(): (object: Searchable | OwnObject, query: string) => Promise<ComboboxOption[]> {
  const client = useTRPCClient();
  const labels = useLabels();
  const isObject = useIsObject();
  /** What this browser holds is taken where it is all there is, and where the server does not answer. */
  const pick = async (object: string, q: string): Promise<Outputs['search']['pick']> => {
    const { newestLocally, searchLocally } = await import('@/components/shell/local-search');
    const held = q ? await searchLocally(q, limit, [object]) : null;
    const [group] = held?.groups ?? [];
    const hits = group?.hits ?? [];
    if (held?.complete && group?.guess === false) return hits;
    try {
      return await client.search.pick.query({ object, q, limit });
    } catch (error) {
      const kept = q ? hits : await newestLocally(object, limit);
      if (kept.length === 0) throw error;
      return kept;
    }
  };
  return async (object, q) => {
    const found = await pick(object, q);
    if (object !== 'about') return found;
    // Among several kinds the kind tells most.
    return found.map((hit) => {
      const kind = hit.object && isObject(hit.object) ? labels.object(hit.object, 'One') : null;
      return { ...hit, subtitle: [kind, hit.subtitle].filter(Boolean).join(' · ') || null };
    });
  };
}

function among(options: ComboboxOption[]): Load {
  return async (query) => {
    const typed = query.toLowerCase();
    return options.filter(({ title, subtitle }) => `${title} ${subtitle ?? ''}`.toLowerCase().includes(typed));
  };
}
