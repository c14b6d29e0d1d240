'use client';

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useMemo } from 'react';
import type { Filter, Sort } from '@/domain/filters';
import { type RecordRow, useRecordApi } from './record-data';
import type { ObjectKey } from './use-object';

/** Which records of an object, in what order, with which fields. */
export interface RecordListInput {
  filter?: Filter;
  sort?: Sort | Sort[];
  q?: string;
  columns?: string[];
}

const pageSize = 100;

/** A sort as the procedures take it; none is said by nothing. */
export function sortsOf(sort: Sort | Sort[] | undefined): Sort[] | undefined {
  const list = sort ? [sort].flat() : [];
  return list.length > 0 ? list : undefined;
}

/** A list page by page; what was shown stays while another filter or sort is on its way. */
export function useRecordList(object: ObjectKey, input: RecordListInput, enabled = true) {
  const api = useRecordApi(object);
  const query = useInfiniteQuery(
    api.list.infiniteQueryOptions(
      {
        filter: input.filter,
        sort: sortsOf(input.sort),
        q: input.q || undefined,
        columns: input.columns,
        limit: pageSize,
      },
      { getNextPageParam: (last) => last.next, placeholderData: keepPreviousData, enabled },
    ),
  );
  const rows = useMemo<RecordRow[]>(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  return { rows, query };
}

/** How many records a list has in all. */
export function useRecordCount(object: ObjectKey, input: RecordListInput, enabled = true) {
  const api = useRecordApi(object);
  return useQuery(
    api.count.queryOptions(
      { filter: input.filter, q: input.q || undefined },
      { placeholderData: keepPreviousData, enabled },
    ),
  ).data;
}

/** The list a person came from, by object: next and previous on a record's page go along it. */
const trails = new Map<ObjectKey, RecordListInput>();

export function leaveTrail(object: ObjectKey, input: RecordListInput): void {
  trails.set(object, input);
}

export interface Neighbours {
  previous: string | null;
  next: string | null;
  /** From 1. */
  position: number;
}

/** The records before and after one in the list it was opened from; null when it was not opened from a list. */
export function useNeighbours(object: ObjectKey, id: string): Neighbours | null {
  const trail = trails.get(object);
  // Not asked again: the list as it was left, further pages only when its end is reached.
  const { rows, query } = useRecordList(object, trail ?? {}, false);
  const at = trail ? rows.findIndex((row) => row.id === id) : -1;
  const nearEnd = at >= 0 && at >= rows.length - 2 && query.hasNextPage && !query.isFetching;
  const fetchMore = useEffectEvent(() => void query.fetchNextPage());
  useEffect(() => {
    if (nearEnd) fetchMore();
  }, [nearEnd]);
  if (at < 0) return null;
  return { previous: rows[at - 1]?.id ?? null, next: rows[at + 1]?.id ?? null, position: at + 1 };
}
