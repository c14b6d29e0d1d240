'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { CommandDialog, CommandGroup, CommandInput, CommandItem, CommandList } from '@/components/ui/command';
import { type Action, actionGroups, useAllActions } from './actions';
import { CreateGroup, FoundGroups, type Hit, hitValue, RecentGroup } from './palette-records';
import { useRecentVisits, type Visit } from './recent';
import { useTRPC } from './trpc';

/** Finds records, runs every declared action, and makes a record of what was typed. */
export function Palette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('shell.palette');
  const [query, setQuery] = useState('');
  // While an input method is composing, what stands in the field is not yet what is meant.
  const [composing, setComposing] = useState(false);
  const asked = useSettled(open ? query.trim() : '', composing);
  const typed = composing ? asked : query.trim();
  const found = useFound(asked);
  const visits = useRecentVisits();
  const recent = useRecent(open && !typed, visits);
  const actions = useAllActions().filter((action) => !action.unlisted && fits(action, typed));
  const groups = typed ? (found.data ?? []) : [];
  // The first record found is what Enter opens; cmdk alone would keep the action chosen before the answer came.
  const [chosen, setChosen] = useState('');
  const first = typed ? groups[0]?.hits[0] : recent[0];
  const best = first ? hitValue(first) : (actions[0]?.id ?? '');
  useEffect(() => setChosen(best), [best]);
  const run = (task: () => void) => {
    onOpenChange(false);
    // After the dialog has given the focus back, so that what opens next keeps it.
    setTimeout(task);
  };
  useEffect(() => {
    if (!open) return;
    setQuery('');
    setComposing(false);
  }, [open]);
  const nothing = typed && asked === typed && found.isSuccess && !found.isPlaceholderData && groups.length === 0;
  return (
    <CommandDialog
      title={t('title')}
      description={t('description')}
      open={open}
      onOpenChange={onOpenChange}
      shouldFilter={false}
      label={t('title')}
      value={chosen}
      onValueChange={setChosen}
    >
      <CommandInput
        value={query}
        onValueChange={setQuery}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        placeholder={t('placeholder')}
        busy={found.isFetching}
        autoFocus
      />
      <CommandList className="max-h-[min(420px,60dvh)]">
        {!typed && <RecentGroup hits={recent} run={run} />}
        <FoundGroups groups={groups} query={typed} run={run} />
        {typed && found.isError && (
          <p role="alert" className="px-3 py-2 text-destructive text-sm">
            {t('failed')}
          </p>
        )}
        {nothing && actions.length === 0 && (
          <p role="status" className="px-3 py-4 text-center text-muted-foreground text-sm">
            {t('empty', { query: typed })}
          </p>
        )}
        {actionGroups.map((group) => {
          const members = actions.filter((action) => action.group === group);
          if (members.length === 0) return null;
          return (
            <CommandGroup key={group} heading={t(group)}>
              {members.map((action) => (
                <CommandItem key={action.id} value={action.id} keys={action.keys} onSelect={() => run(action.run)}>
                  {action.icon && <action.icon />}
                  <span className="truncate">{action.label}</span>
                </CommandItem>
              ))}
            </CommandGroup>
          );
        })}
        {typed && !composing && <CreateGroup query={typed} run={run} />}
      </CommandList>
    </CommandDialog>
  );
}

/** What a search finds, by kind; what was found before stays until the answer is here. */
export function useFound(q: string) {
  const trpc = useTRPC();
  return useQuery(
    trpc.search.groups.queryOptions(
      { q, limit: 5 },
      // What was found before stays until the new answer is here: nothing blinks between two letters.
      { enabled: q.length > 0, placeholderData: keepPreviousData, meta: { quiet: true } },
    ),
  );
}

/** Records opened last as they are called now; nothing where the server does not answer. */
export function useRecent(wanted: boolean, visits: Visit[]): Hit[] {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.search.recent.queryOptions(
      { records: visits.slice(0, 8) },
      { enabled: wanted && visits.length > 0, placeholderData: keepPreviousData, meta: { quiet: true } },
    ),
  );
  return wanted && visits.length > 0 ? (data ?? []) : [];
}

/** What was typed, once it rests for a moment and no input method is at work on it. */
export function useSettled(value: string, composing: boolean): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (composing) return;
    const timer = setTimeout(() => setSettled(value), 80);
    return () => clearTimeout(timer);
  }, [value, composing]);
  return useDeferredValue(settled);
}

function fits(action: Action, typed: string): boolean {
  const label = action.label.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => label.includes(word));
}
