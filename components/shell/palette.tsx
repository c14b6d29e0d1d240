'use client';

import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { CommandGroup, CommandItem } from '@/components/ui/command';
import { type Action, actionGroups, useAllActions } from './actions';
import { type Finder, FinderDialog, useFinder } from './finder';
import { controlsOf, usePlaceActions } from './palette-actions';
import { CreateGroup, hitValue } from './palette-records';

/** Finds records, runs every declared action, and makes a record of what was typed. */
export function Palette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('shell.palette');
  const finder = useFinder(open, onOpenChange);
  const { typed, first, run } = finder;
  const declared = useAllActions();
  const places = usePlaceActions(open);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page as it stands when the palette opens
  const controls = useMemo(
    () =>
      open ? controlsOf(document.getElementById('main') ?? document, new Set(declared.map(({ label }) => label))) : [],
    [open],
  );
  // Before anything is typed only what is declared: a choice of few.
  const offered = typed ? [...declared, ...places, ...controls] : declared;
  const actions = offered.filter((action) => !action.unlisted && fits(action, typed));
  // An action called so goes before records that are merely like it.
  const isNamed = first !== undefined && begins(first.title, typed);
  const named = typed.length > 1 && !isNamed ? actions.filter(({ label }) => begins(label, typed)) : [];
  const others = actions.filter((action) => !named.includes(action));
  const best = named[0]?.id ?? (first ? hitValue(first) : others[0]?.id);
  return (
    <FinderDialog
      finder={finder}
      title={t('title')}
      description={t('description')}
      placeholder={t('placeholder')}
      best={best ?? ''}
      nothing={finder.nothing && actions.length === 0}
      above={<ActionGroups actions={named} run={run} />}
    >
      <ActionGroups actions={others} run={run} />
      {typed && !finder.composing && <CreateGroup query={typed} run={run} />}
    </FinderDialog>
  );
}

function ActionGroups({ actions, run }: { actions: readonly Action[]; run: Finder['run'] }) {
  const t = useTranslations('shell.palette');
  return actionGroups.map((group) => {
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
  });
}

const begins = (text: string, typed: string) => text.toLowerCase().startsWith(typed.toLowerCase());

function fits(action: Action, typed: string): boolean {
  const label = action.label.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => label.includes(word));
}
