'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { CommandDialog, CommandInput, CommandList } from '@/components/ui/command';
import { type Group, withAnswer } from './found-groups';
import { heldLocally, type LocalAnswer, searchLocally } from './local-search';
import { FoundGroups, type Hit, hitValue, RecentGroup } from './palette-records';
import { useRecentVisits } from './recent';
import { useTRPC } from './trpc';

/** What is typed into a dialog that finds records, and what is found. */
export interface Finder {
  open: boolean;
  setOpen: (open: boolean) => void;
  query: string;
  setQuery: (query: string) => void;
  /** An input method is at work on the query: what stands in the field is not yet what is meant. */
  composing: boolean;
  setComposing: (composing: boolean) => void;
  /** What is looked for; empty while nothing is. */
  typed: string;
  groups: readonly Group[];
  /** Records opened last, while nothing is typed. */
  recent: readonly Hit[];
  /** What Enter chooses of the records. */
  first: Hit | undefined;
  searching: boolean;
  failed: boolean;
  /** The answer is here, and it is empty. */
  nothing: boolean;
  /** Closes the dialog and does something. */
  run: (task: () => void) => void;
}

/** The state of a dialog that finds records; it forgets what was typed when it opens. */
export function useFinder(open: boolean, setOpen: (open: boolean) => void): Finder {
  const [query, setQuery] = useState('');
  const [composing, setComposing] = useState(false);
  useEffect(() => {
    if (!open) return;
    setQuery('');
    setComposing(false);
  }, [open]);
  const wanted = open ? query.trim() : '';
  const held = useHeld(wanted, composing);
  // What this browser found needs no hurry to be checked.
  const asked = useSettled(wanted, composing, held?.complete && held.groups.some(({ guess }) => !guess) ? 300 : 80);
  const typed = composing ? asked : query.trim();
  const found = useFound(asked);
  const recent = useRecent(open && !typed);
  const answer = asked === typed && !found.isPlaceholderData ? found.data : undefined;
  const here = held?.q === typed ? held : null;
  // Without anything of these words yet, what was found for the ones before stays.
  const groups = typed ? withAnswer(here, answer ?? (here ? null : (found.data ?? []))) : [];
  return {
    open,
    setOpen,
    query,
    setQuery,
    composing,
    setComposing,
    typed,
    groups,
    recent,
    first: typed ? groups[0]?.hits[0] : recent[0],
    searching: found.isFetching && groups.length === 0,
    failed: typed !== '' && found.isError && !here,
    nothing:
      typed !== '' &&
      groups.length === 0 &&
      (answer !== undefined || (found.fetchStatus === 'paused' && here !== null)),
    run: (task) => {
      setOpen(false);
      // After the dialog has given the focus back, so that what opens next keeps it.
      setTimeout(task);
    },
  };
}

/** A field, and the records that fit what is typed into it. */
export function FinderDialog({
  finder,
  title,
  description,
  placeholder,
  best = finder.first ? hitValue(finder.first) : '',
  nothing = finder.nothing,
  onChoose,
  above,
  children,
}: {
  finder: Finder;
  title: string;
  description: string;
  placeholder: string;
  /** The item that Enter chooses. */
  best?: string;
  /** Whether to say that nothing was found. */
  nothing?: boolean;
  /** Instead of opening the page of what is chosen. */
  onChoose?: (hit: Hit) => void;
  /** Above what is found. */
  above?: ReactNode;
  /** Below the records. */
  children: ReactNode;
}) {
  const t = useTranslations('shell.palette');
  // cmdk alone would keep the item that was chosen before the answer came.
  const [chosen, setChosen] = useState('');
  useEffect(() => setChosen(best), [best]);
  const { typed, run } = finder;
  return (
    <CommandDialog
      title={title}
      description={description}
      open={finder.open}
      onOpenChange={finder.setOpen}
      shouldFilter={false}
      label={title}
      value={chosen}
      onValueChange={setChosen}
    >
      <CommandInput
        value={finder.query}
        onValueChange={finder.setQuery}
        onCompositionStart={() => finder.setComposing(true)}
        onCompositionEnd={() => finder.setComposing(false)}
        placeholder={placeholder}
        busy={finder.searching}
        autoFocus
      />
      <CommandList className="max-h-[min(420px,60dvh)]">
        {!typed && <RecentGroup hits={finder.recent} run={run} onChoose={onChoose} />}
        {above}
        <FoundGroups groups={finder.groups} query={typed} run={run} onChoose={onChoose} />
        {finder.failed && (
          <p role="alert" className="px-3 py-2 text-destructive text-sm">
            {t('failed')}
          </p>
        )}
        {nothing && (
          <p role="status" className="px-3 py-4 text-center text-muted-foreground text-sm">
            {t('empty', { query: typed })}
          </p>
        )}
        {children}
      </CommandList>
    </CommandDialog>
  );
}

/** What a search finds, by kind. */
function useFound(q: string) {
  const trpc = useTRPC();
  return useQuery(
    trpc.search.groups.queryOptions(
      { q, limit: 5 },
      // What was found before stays until the new answer is here: nothing blinks between two letters.
      { enabled: q.length > 0, placeholderData: keepPreviousData, meta: { quiet: true } },
    ),
  );
}

/** What this browser holds of it, at once. */
function useHeld(q: string, composing: boolean): LocalAnswer | null {
  const [held, setHeld] = useState<LocalAnswer | null>(null);
  useEffect(() => {
    if (composing) return;
    let current = true;
    if (q === '') setHeld(null);
    else
      void searchLocally(q, 5).then((answer) => {
        if (current) setHeld(answer);
      });
    return () => {
      current = false;
    };
  }, [q, composing]);
  return held;
}

/** Records opened last as they are called now; as this browser holds them until the server has answered. */
function useRecent(wanted: boolean): readonly Hit[] {
  const trpc = useTRPC();
  const visits = useRecentVisits();
  const [held, setHeld] = useState<Hit[]>([]);
  const records = visits.slice(0, 8);
  const { data } = useQuery(
    trpc.search.recent.queryOptions(
      { records },
      { enabled: wanted && visits.length > 0, placeholderData: keepPreviousData, meta: { quiet: true } },
    ),
  );
  const ids = wanted && !data ? records.map(({ id }) => id).join(' ') : '';
  useEffect(() => {
    if (ids) void heldLocally(ids.split(' ')).then(setHeld);
  }, [ids]);
  return wanted && visits.length > 0 ? (data ?? held) : [];
}

/** What was typed, once it rests for a moment and no input method is at work on it. */
function useSettled(value: string, composing: boolean, rest: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (composing) return;
    const timer = setTimeout(() => setSettled(value), rest);
    return () => clearTimeout(timer);
  }, [value, composing, rest]);
  return useDeferredValue(settled);
}
