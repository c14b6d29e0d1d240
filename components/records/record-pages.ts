'use client';

import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type Outputs, useTRPC } from '@/components/shell/trpc';
import type { Filter } from '@/domain/filters';
import { both } from './filter-tree';
import { type RecordRow, useRecordApi } from './record-data';
import { type RecordListInput, sortsOf } from './record-list';
import type { ObjectKey } from './use-object';

export type Group = Outputs['views']['groups']['groups'][number];

/** Records of a list that belong together: those of a group, or all of them. */
export interface Section {
  key: string;
  group: Group | null;
  filter: Filter | undefined;
  /** Rows shown: none while it is folded. */
  count: number;
  /** Place of its first row among all rows shown. */
  start: number;
}

export const pageSize = 100;
/** From the top of a list a place is reached by leaving out as many; farther down by a mark. */
const skippable = 1000;
/** Groups have no marks: so many rows of one are shown, its head counts them all. */
const mostOfGroup = 10_000;
/** The server leaves out no more. */
const maxSkip = 10_000;
/** Browsers draw nothing taller than some 30 million pixels. */
const mostRows = 400_000;

/**
 * A list of any length, of which the pages in sight are loaded, wherever they are. Its rows have their places from the
 * beginning; those not loaded yet are missing.
 */
export function useRecordPages(
  object: ObjectKey,
  input: RecordListInput,
  groups: Group[] | null,
  folded: ReadonlySet<string>,
) {
  const api = useRecordApi(object);
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { filter, q, columns } = input;
  const sort = sortsOf(input.sort);
  const base = { sort, q: q || undefined, columns };
  const [seen, see] = useState<[number, number]>([0, 60]);
  const counted = useQuery(
    api.count.queryOptions(
      { filter, q: q || undefined },
      { placeholderData: keepPreviousData, enabled: groups === null },
    ),
  );
  const capped = counted.data?.capped === true;
  const long = groups === null && (capped || (counted.data?.count ?? 0) > skippable);
  const marks = useQuery(
    trpc.views.marks.queryOptions(
      { object, filter, sort, q: q || undefined },
      { enabled: long, staleTime: 5 * 60_000, placeholderData: keepPreviousData },
    ),
  );
  const total = capped ? (marks.data?.count ?? counted.data?.count ?? 0) : (counted.data?.count ?? 0);
  const sections = useMemo(() => sectionsOf(groups, filter, total, folded), [groups, filter, total, folded]);
  const last = sections.at(-1);
  const count = last ? last.start + last.count : 0;

  const pageInput = (section: Section, page: number) => {
    const place = page * pageSize;
    const step = marks.data?.step ?? skippable;
    const mark = section.group === null && place >= skippable ? Math.floor(place / step) - 1 : -1;
    const cursor = marks.data?.marks[mark];
    // The list may have grown since its marks were set.
    const skip = Math.min(cursor ? place - (mark + 1) * step : place, maxSkip);
    return {
      ...base,
      filter: section.filter,
      cursor,
      skip: skip > 0 ? skip : undefined,
      limit: pageSize,
    };
  };
  const wanted = pagesIn(sections, Math.max(0, seen[0] - pageSize / 2), seen[1] + pageSize / 2);
  const loaded = useQueries({
    queries: wanted.map(({ section, page }) =>
      api.list.queryOptions(pageInput(section, page), {
        staleTime: 30_000,
        enabled: section.group !== null || page * pageSize < skippable || marks.data !== undefined,
      }),
    ),
  });
  // Pages out of sight stay where they were seen, so that a selection or a copy finds them.
  const of = JSON.stringify([object, filter, base, groups?.map(({ key }) => key), [...folded]]);
  const [memory] = useState<Memory>(() => ({ of: '', rows: new Map(), before: null }));
  const [fetched, setFetched] = useState(0);
  const fetching = loaded.some(({ isFetching }) => isFetching);
  const arrived = wanted.map(({ section, page }, i) => `${section.key}:${page}:${loaded[i]?.dataUpdatedAt}`).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has arrived says whether anything differs; a long list is not gone through for nothing
  const shown = useMemo(() => {
    const pages = wanted.flatMap(({ section, page }, i) => {
      const data = loaded[i]?.data;
      return data ? [{ section, page, rows: data.rows }] : [];
    });
    return placed(of, count, sections, pages, fetching, memory);
  }, [of, count, sections, arrived, fetching, fetched]);
  const failed = loaded.find(({ isError }) => isError);
  return {
    ...shown,
    count: shown.rows.length,
    total: groups ? groups.reduce((sum, group) => sum + group.count, 0) : total,
    see: (from: number, to: number) => {
      if (from !== seen[0] || to !== seen[1]) see([from, to]);
    },
    pending: groups === null && counted.isPending,
    error: failed?.error ?? counted.error,
    refetch: () => void queries.invalidateQueries({ queryKey: api.list.queryKey() }),
    /** The rows of some places as they are now, changed while out of sight or not; those that are not loaded are missing. */
    peek: (from: number, to: number): (RecordRow | undefined)[] => {
      const found: (RecordRow | undefined)[] = new Array(to - from + 1).fill(undefined);
      for (const { section, page } of pagesIn(sections, from, to)) {
        const { queryKey } = api.list.queryOptions(pageInput(section, page));
        for (const [i, row] of (queries.getQueryData(queryKey)?.rows ?? []).entries()) {
          const place = section.start + page * pageSize + i;
          if (place >= from && place <= to) found[place - from] = row;
        }
      }
      return found;
    },
    /** Loads the rows of some places, for what is done to rows out of sight; they are remembered as those seen are. */
    load: async (from: number, to: number): Promise<(RecordRow | undefined)[]> => {
      const pages = await Promise.all(
        pagesIn(sections, from, to).map(async ({ section, page }) => ({
          at: section.start + page * pageSize,
          rows: (await queries.fetchQuery(api.list.queryOptions(pageInput(section, page), { staleTime: 30_000 }))).rows,
        })),
      );
      const found: (RecordRow | undefined)[] = [];
      for (const page of pages) {
        for (const [i, row] of page.rows.entries()) {
          found[page.at + i] = row;
          if (memory.of === of) memory.rows.set(page.at + i, row);
        }
      }
      setFetched((times) => times + 1);
      return found.slice(from, to + 1);
    },
  };
}

interface Shown {
  rows: (RecordRow | undefined)[];
  sections: Section[];
  /** It belongs to the filter or sort before; the new one is on its way. */
  stale: boolean;
}

interface Memory {
  of: string;
  rows: Map<number, RecordRow>;
  before: Shown | null;
}

/** Rows that are remembered besides those in sight. */
const remembered = 5000;

/** What was shown before stays, faded, until the first page of a new sort or filter is here. */
function placed(
  of: string,
  count: number,
  sections: Section[],
  pages: { section: Section; page: number; rows: RecordRow[] }[],
  fetching: boolean,
  memory: Memory,
): Shown {
  if (memory.of !== of) {
    if (pages.length === 0 && fetching && memory.before) return { ...memory.before, stale: true };
    memory.of = of;
    memory.rows = new Map();
  }
  const { rows: kept } = memory;
  for (const { section, page, rows } of pages) {
    for (let n = 0; n < pageSize; n++) {
      const place = page * pageSize + n;
      if (place >= section.count) break;
      const row = rows[n];
      // A page that is shorter than it was has lost rows; what was seen there before is gone.
      kept.delete(section.start + place);
      if (row) kept.set(section.start + place, row);
    }
  }
  for (const place of kept.keys()) {
    if (kept.size > remembered || place >= count) kept.delete(place);
  }
  const rows: (RecordRow | undefined)[] = new Array(count);
  for (const [place, row] of kept) rows[place] = row;
  const shown = { rows, sections, stale: false };
  if (pages.length > 0) memory.before = shown;
  return shown;
}

function sectionsOf(
  groups: Group[] | null,
  filter: Filter | undefined,
  total: number,
  folded: ReadonlySet<string>,
): Section[] {
  if (!groups) return [{ key: '', group: null, filter, count: Math.min(total, mostRows), start: 0 }];
  let start = 0;
  return groups.map((group) => {
    const key = String(group.key);
    const count = folded.has(key) ? 0 : Math.min(group.count, mostOfGroup);
    const section = { key, group, filter: both(filter, group.filter ?? undefined), count, start };
    start += count;
    return section;
  });
}

function pagesIn(sections: Section[], from: number, to: number): { section: Section; page: number }[] {
  return sections.flatMap((section) => {
    const first = Math.max(0, from - section.start);
    const last = Math.min(section.count - 1, to - section.start);
    if (last < first) return [];
    const pages = [];
    for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page++)
      pages.push({ section, page });
    return pages;
  });
}
