'use client';

import { listSearch } from '@/components/records/list-search';
import { useSearch } from '@/components/shell/router';
import type { Inputs, Outputs } from '@/components/shell/trpc';
import type { Filter } from '@/domain/filters';
import { narrowed, type PeriodPreset, periodPresets } from '@/domain/reports';

export type HomeFigures = Outputs['reports']['home'];
export type RevenueFigures = Outputs['reports']['revenueBy'];
export type ScopeInput = NonNullable<Inputs['reports']['home']>;

/** What a report is about, as the address says it: a link shows the same figures. */
export interface ReportView {
  scope: ScopeInput;
  setPeriod: (preset: PeriodPreset, days?: { from: string | null; to: string | null }) => void;
  setPipeline: (id: string | null) => void;
  setTeam: (id: string | null) => void;
  setOwner: (id: string | null) => void;
}

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const idPattern = /^[0-9a-f-]{36}$/;

export function useReportView(): ReportView {
  const [search, setSearch] = useSearch();
  const preset = periodPresets.find((each) => each === search.get('period')) ?? 'auto';
  const day = (name: string) => (dayPattern.test(search.get(name) ?? '') ? search.get(name) : null);
  const id = (name: string) => (idPattern.test(search.get(name) ?? '') ? search.get(name) : null);
  const days = preset === 'custom' ? { from: day('from'), to: day('to') } : {};
  return {
    scope: { preset, ...days, pipelineId: id('pipeline'), teamId: id('team'), ownerId: id('owner') },
    setPeriod: (next, { from = null, to = null } = { from: null, to: null }) => setSearch({ period: next, from, to }),
    setPipeline: (pipeline) => setSearch({ pipeline }),
    setTeam: (team) => setSearch({ team }),
    setOwner: (owner) => setSearch({ owner }),
  };
}

/** The address of the deals behind a figure. */
export function dealsPath(filter: Filter, status?: 'won' | 'lost'): string {
  const wanted = status ? onlyStatus(filter, status) : filter;
  return `/deals/table${listSearch({ filter: wanted })}`;
}

/** The same deals, but only the won or the lost ones: in place of "won or lost", not beside it. */
export function onlyStatus(filter: Filter, status: 'won' | 'lost'): Filter {
  const only: Filter = { field: 'status', op: 'anyOf', value: [status] };
  if (!('and' in filter)) return narrowed(filter, only);
  const others = filter.and.filter((part) => !('field' in part && part.field === 'status'));
  return { and: [only, ...others] };
}
