'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useMemo } from 'react';
import { useBoot, usePreference } from '@/components/shell/boot';
import { useDeskDensity } from '@/components/shell/desk';
import { useSearch } from '@/components/shell/router';
import { useTRPC, useTRPCClient } from '@/components/shell/trpc';
import { feasible } from '@/components/views/view-fields';
import type { CatalogueObject } from '@/domain/catalogue';
import type { Filter, Sort } from '@/domain/filters';
import {
  addressName,
  configParts,
  parsePart,
  type View,
  type ViewConfig,
  type ViewKind,
  viewKinds,
  writePart,
} from '@/domain/views';
import { asGroup, complete, membersOf } from './filter-tree';
import { defaultColumns } from './table-columns';
import { type ObjectKey, useObject } from './use-object';

/** What narrows, orders and shapes a list. It lives in the address, so that a link shows the same list. */
export interface ListState {
  /** What to ask of the server. */
  filter: Filter | undefined;
  /** What the filter bar shows: also conditions that are not filled in yet. */
  drawn: Filter | undefined;
  sort: Sort[];
  q: string;
  setFilter: (filter: Filter | undefined) => void;
  setSort: (sort: Sort[]) => void;
  setQ: (q: string) => void;
  /** Something hides records of this list. */
  narrowed: boolean;
  reset: () => void;

  views: readonly View[];
  /** The view that is shown; null for the whole list. */
  view: View | null;
  /** The view an object opens with for this person. */
  startId: string | null;
  kind: ViewKind;
  setKind: (kind: ViewKind) => void;
  /** The view as it is shown, with what was changed since. */
  config: ViewConfig;
  /** Whether the view is shown otherwise than it was saved. */
  dirty: boolean;
  change: (parts: Partial<ViewConfig>) => void;
  /** Shows the view as it was saved. */
  revert: () => void;
  /** Asks for the views anew: somebody else may have changed them. */
  reload: () => void;
  /** The address of a view, or of the whole list. */
  viewSearch: (id: string | null) => string;
  /** The search part of an address that shows just this, whoever opens it. */
  shareSearch: (also?: Partial<ViewConfig>) => string;
  /** The views are on their way, and one of them is wanted: nothing should be asked yet. */
  pending: boolean;
}

// A type alias, because what is kept must be plain JSON to the compiler, which an interface is not.
type TablePreference = {
  columns?: string[];
  /** What stands on the cards of a board, chosen there; else what the table shows. */
  cards?: string[];
  widths?: Record<string, number>;
  density?: string;
  frozen?: number;
};
const nothing: TablePreference = {};
/** What a person has as they like it in every list of an object, while no view says otherwise. */
const personal: readonly (keyof ViewConfig)[] = ['columns', 'density', 'frozen'];
/** What can be said of the whole list without its being worth a view: what each has as they like, and the pipeline looked at. */
const passing: readonly (keyof ViewConfig)[] = [...personal, 'pipeline'];
const none = '-';
const noViews: readonly View[] = [];

/**
 * @param fallback how the list is shown while neither a view nor the address says otherwise
 * @param key under what the person's own columns are kept
 */
export function useListState(object: ObjectKey, fallback: ViewKind = 'table', key = `table:${object}`): ListState {
  const [search, setSearch] = useSearch();
  const { preferences } = useBoot();
  const known = useObject(object);
  const [kept, setKept] = usePreference<TablePreference>(key, nothing);
  const [density] = useDeskDensity();
  const trpc = useTRPC();
  const saved = useQuery(trpc.views.list.queryOptions({ object }, { staleTime: 60_000 }));
  useAdoption(object);
  const views = saved.data?.views ?? noViews;
  const wanted = search.get('view');
  const startId = saved.data ? saved.data.start : ((preferences[`start:${object}`] as string | undefined) ?? null);
  const text = search.toString();
  // A bare address shows what the person begins with; `all` and everything else that is said is what it says.
  const bare = wanted === null && !namesAnything(search);
  const id = wanted ?? (bare ? startId : null);
  const view = views.find((each) => each.id === id) ?? null;
  const asked = search.get('kind');
  const usual = view?.kind ?? fallback;
  const kind = viewKinds.find((each) => each === asked) ?? usual;
  const base = useMemo(
    () => view?.config ?? personalConfig({ density, ...kept }, known, kind),
    [view, kept, known, density, kind],
  );
  const config = useMemo(() => feasible(overlaid(base, new URLSearchParams(text)), known), [base, text, known]);
  const drawn = config.filter;
  const filter = useMemo(() => complete(drawn), [drawn]);

  const address = (parts: Partial<ViewConfig>): Record<string, string | null> => {
    const next: Record<string, string | null> = {};
    const whole = { ...config, ...parts };
    for (const part of Object.keys(parts) as (keyof ViewConfig)[]) {
      const now = writePart(part, whole);
      next[addressName(part)] = now === writePart(part, base) ? null : (now ?? none);
    }
    return next;
  };
  const change = (parts: Partial<ViewConfig>) => {
    const mine = view
      ? []
      : (Object.keys(parts) as (keyof ViewConfig)[]).filter(
          (part) => personal.includes(part) && !search.has(addressName(part)),
        );
    if (mine.length > 0) setKept(withPersonal(kept, parts, mine, kind));
    const rest = Object.fromEntries(Object.entries(parts).filter(([part]) => !mine.some((name) => name === part)));
    // A view one begins with is named in the address as soon as something is changed about it.
    if (Object.keys(rest).length > 0) setSearch({ ...(view ? { view: view.id } : {}), ...address(rest) });
  };
  const cleared = Object.fromEntries([...configParts.map(addressName), 'kind'].map((name) => [name, null]));
  const shareSearch = (also?: Partial<ViewConfig>) =>
    sharedSearch({ view, kind, usual, base, config: { ...config, ...also } });
  const differs = (part: keyof ViewConfig) => writePart(part, config) !== writePart(part, feasible(base, known));
  const sort = config.sort ?? [];
  const q = config.q ?? '';
  return {
    filter,
    drawn,
    sort,
    q,
    setFilter: (next) => change({ filter: next && membersOf(asGroup(next)).length > 0 ? next : undefined }),
    setSort: (next) => change({ sort: next.length > 0 ? next : undefined }),
    setQ: (next) => change({ q: next.trim() || undefined }),
    narrowed: filter !== undefined || q !== '',
    reset: () => change({ filter: undefined, q: undefined }),
    views,
    view,
    startId,
    kind,
    setKind: (next) =>
      setSearch({
        ...(view ? { view: view.id } : {}),
        kind: next === usual ? null : next,
      }),
    config,
    dirty: view
      ? kind !== view.kind || configParts.some((part) => search.has(addressName(part)) && differs(part))
      : configParts.some((part) => !passing.includes(part) && search.has(addressName(part))) || kind !== fallback,
    change,
    reload: () => void saved.refetch(),
    revert: () => setSearch({ ...(view ? { view: view.id } : {}), ...cleared }),
    viewSearch: (next) => (next ? `?view=${next}` : startId ? '?view=all' : ''),
    shareSearch,
    pending: saved.isPending && id !== null && id !== 'all',
  };
}

/** The search part of an address that shows a list as somebody has it before them, whoever opens it. */
export function sharedSearch({
  view,
  kind,
  usual,
  base,
  config,
}: {
  view: View | null;
  kind: ViewKind;
  /** How it is shown while the address does not say. */
  usual: ViewKind;
  /** The view as it was saved. */
  base: ViewConfig;
  config: ViewConfig;
}): string {
  // A view of one's own or of a team is not there for everybody: the link says all that is in it.
  const shared = view?.audience === 'everyone';
  const params = new URLSearchParams({ view: view?.id ?? 'all' });
  if (kind !== usual || (view && !shared)) params.set('kind', kind);
  for (const part of configParts) {
    const now = writePart(part, config);
    const before = view && writePart(part, base);
    if (shared ? now !== before : now !== null || before !== null) params.set(addressName(part), now ?? none);
  }
  return `?${params}`;
}

const namesAnything = (search: URLSearchParams) =>
  search.has('kind') || configParts.some((part) => search.has(addressName(part)));

/** A view with what the address says otherwise. */
function overlaid(base: ViewConfig, search: URLSearchParams): ViewConfig {
  let config = base;
  for (const part of configParts) {
    const text = search.get(addressName(part));
    if (text === null) continue;
    const { [part]: _, ...rest } = config;
    config = text === none ? rest : { ...rest, ...parsePart(part, text) };
  }
  return config;
}

function personalConfig(kept: TablePreference, object: CatalogueObject, kind: ViewKind): ViewConfig {
  const { widths, density, frozen } = kept;
  const table = kind !== 'board';
  // When a record was made stands in every table and says little on a card.
  const columns = table ? kept.columns : (kept.cards ?? kept.columns?.filter((name) => name !== 'createdAt'));
  const names = [object.title, ...(columns ?? defaultColumns(object)).filter((name) => name !== object.title)];
  const wide = (field: string) => widths?.[field] && Math.min(2000, Math.max(40, Math.round(widths[field])));
  const known = columns || (table && widths) ? names.map((field) => ({ field, width: wide(field) })) : undefined;
  return {
    ...(known ? { columns: known.map(({ field, width }) => (width ? { field, width } : { field })) } : {}),
    ...(density ? parsePart('density', density) : {}),
    ...(frozen ? parsePart('frozen', String(frozen)) : {}),
  };
}

function withPersonal(
  kept: TablePreference,
  parts: Partial<ViewConfig>,
  mine: readonly (keyof ViewConfig)[],
  kind: ViewKind,
): TablePreference {
  const next = { ...kept };
  for (const part of mine) {
    if (part === 'columns' && kind === 'board') {
      next.cards = parts.columns?.map(({ field }) => field);
    } else if (part === 'columns') {
      if (parts.columns) {
        next.columns = parts.columns.map(({ field }) => field);
        next.widths = Object.fromEntries(parts.columns.flatMap(({ field, width }) => (width ? [[field, width]] : [])));
      } else {
        delete next.columns;
        delete next.widths;
      }
    } else if (part === 'density') next.density = parts.density ?? 'normal';
    else if (part === 'frozen') next.frozen = parts.frozen ?? 1;
  }
  return next;
}

const adopting = new Set<string>();

/** Views a person kept before views were records become records the first time the list is opened. */
function useAdoption(object: ObjectKey): void {
  const { preferences } = useBoot();
  const queries = useQueryClient();
  const trpc = useTRPC();
  const client = useTRPCClient();
  const kept = preferences[`views:${object}`];
  const some = Array.isArray(kept) && kept.length > 0;
  const adopt = useEffectEvent(() => {
    if (adopting.has(object)) return;
    adopting.add(object);
    client.views.adopt
      .mutate({ object })
      .then(() => {
        void queries.invalidateQueries({ queryKey: trpc.views.list.queryKey({ object }) });
        void queries.invalidateQueries({ queryKey: trpc.tenant.boot.queryKey() });
      })
      // Tried again at the next visit; what is kept stays where it is.
      .catch(() => adopting.delete(object));
  });
  useEffect(() => {
    if (some) adopt();
  }, [some]);
}
