'use client';

import { useMemo } from 'react';
import { useSearch } from '@/components/shell/router';
import { type Filter, filterSchema, type Sort } from '@/domain/filters';
import { complete } from './filter-tree';

/** What narrows and orders a list. It lives in the address, so that a link shows the same list. */
export interface ListState {
  /** What to ask of the server. */
  filter: Filter | undefined;
  /** What the filter bar shows: also conditions that are not filled in yet. */
  drawn: Filter | undefined;
  sort: Sort | undefined;
  q: string;
  setFilter: (filter: Filter | undefined) => void;
  setSort: (sort: Sort | undefined) => void;
  setQ: (q: string) => void;
  /** Shows another list altogether, such as a saved view. */
  setAll: (next: { filter?: Filter; sort?: Sort; q?: string }) => void;
  /** Something hides records of this list. */
  narrowed: boolean;
  reset: () => void;
}

export function useListState(): ListState {
  const [search, setSearch] = useSearch();
  const filterText = search.get('filter');
  const sortText = search.get('sort');
  const q = search.get('q') ?? '';
  const drawn = useMemo(() => readFilter(filterText), [filterText]);
  const filter = useMemo(() => complete(drawn), [drawn]);
  const sort = useMemo(() => readSort(sortText), [sortText]);
  return {
    filter,
    drawn,
    sort,
    q,
    setFilter: (next) => setSearch({ filter: writeFilter(next) }),
    setSort: (next) => setSearch({ sort: writeSort(next) }),
    setQ: (next) => setSearch({ q: next.trim() || null }),
    setAll: (next) => setSearch({ filter: writeFilter(next.filter), sort: writeSort(next.sort), q: next.q || null }),
    narrowed: filter !== undefined || q !== '',
    reset: () => setSearch({ filter: null, q: null }),
  };
}

/** The address part of a list: `?filter=…&sort=-amount`. */
export function listSearch({ filter, sort, q }: { filter?: Filter; sort?: Sort; q?: string }): string {
  const params = new URLSearchParams();
  if (q) params.set('q', q);
  const filterText = writeFilter(filter);
  if (filterText) params.set('filter', filterText);
  const sortText = writeSort(sort);
  if (sortText) params.set('sort', sortText);
  const text = params.toString();
  return text ? `?${text}` : '';
}

function readFilter(text: string | null): Filter | undefined {
  if (!text) return undefined;
  try {
    const parsed = filterSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // A link somebody cut short shows the list unfiltered rather than nothing.
    return undefined;
  }
}

function writeFilter(filter: Filter | undefined): string | null {
  if (!filter) return null;
  if (!('field' in filter) && ('and' in filter ? filter.and : filter.or).length === 0) return null;
  return JSON.stringify(filter);
}

function readSort(text: string | null): Sort | undefined {
  if (!text) return undefined;
  return text.startsWith('-') ? { field: text.slice(1), dir: 'desc' } : { field: text, dir: 'asc' };
}

function writeSort(sort: Sort | undefined): string | null {
  return sort ? (sort.dir === 'desc' ? '-' : '') + sort.field : null;
}
