'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Avatar } from '@/components/ui/avatar';
import { CommandDialog, CommandGroup, CommandInput, CommandItem, CommandList } from '@/components/ui/command';
import { isRecordObject, objects } from '@/domain/objects';
import { type Action, actionGroups, useAllActions } from './actions';
import { useLabels } from './labels';
import { navigate } from './router';
import { useTRPC } from './trpc';

/** Finds records and runs every declared action. */
export function Palette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('shell.palette');
  const [query, setQuery] = useState('');
  const typed = query.trim();
  const found = useFound(open ? typed : '');
  const actions = useAllActions().filter((action) => !action.unlisted && fits(action, typed));
  const labels = useLabels();
  // The first record found is what Enter opens; cmdk alone would keep the action chosen before the answer came.
  const [chosen, setChosen] = useState('');
  const first = typed ? found.data?.[0] : undefined;
  const best = first ? `${first.object} ${first.id}` : (actions[0]?.id ?? '');
  useEffect(() => setChosen(best), [best]);
  const run = (task: () => void) => {
    onOpenChange(false);
    // After the dialog has given the focus back, so that what opens next keeps it.
    setTimeout(task);
  };
  useEffect(() => {
    if (open) setQuery('');
  }, [open]);
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
        placeholder={t('placeholder')}
        busy={found.isFetching}
        autoFocus
      />
      <CommandList className="max-h-[min(420px,60dvh)]">
        {typed && (found.data?.length ?? 0) > 0 && (
          <CommandGroup heading={t('records')}>
            {found.data?.map((record) => (
              <CommandItem
                key={`${record.object} ${record.id}`}
                value={`${record.object} ${record.id}`}
                onSelect={() => run(() => openRecord(record))}
              >
                <Avatar name={record.title || '?'} seed={record.id} size="sm" square={record.object !== 'contact'} />
                <span className="min-w-0 truncate">{record.title}</span>
                {record.subtitle && <span className="min-w-0 truncate text-muted-foreground">{record.subtitle}</span>}
                {isRecordObject(record.object) && (
                  <span className="ml-auto shrink-0 pl-4 text-muted-foreground text-xs">
                    {labels.object(record.object, 'One')}
                  </span>
                )}
              </CommandItem>
            ))}
          </CommandGroup>
        )}
        {typed && found.isError && (
          <p role="alert" className="px-3 py-2 text-destructive text-sm">
            {t('failed')}
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
        {typed && actions.length === 0 && found.isFetched && found.data?.length === 0 && (
          <p className="px-3 py-8 text-center text-muted-foreground text-sm">{t('empty', { query: typed })}</p>
        )}
      </CommandList>
    </CommandDialog>
  );
}

function useFound(typed: string) {
  const trpc = useTRPC();
  const q = useDebounced(typed);
  return useQuery(
    trpc.search.global.queryOptions(
      { q, limit: 8 },
      { enabled: q.length > 0, placeholderData: keepPreviousData, meta: { quiet: true } },
    ),
  );
}

function useDebounced(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 80);
    return () => clearTimeout(timer);
  }, [value]);
  return useDeferredValue(settled);
}

function fits(action: Action, typed: string): boolean {
  const label = action.label.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => label.includes(word));
}

function openRecord({ object, id }: { object: string; id: string }) {
  if (isRecordObject(object)) navigate(`/${objects[object].plural}/${id}`);
}
