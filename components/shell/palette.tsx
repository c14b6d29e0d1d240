'use client';

import { useTranslations } from 'use-intl';
import { CommandGroup, CommandItem } from '@/components/ui/command';
import { type Action, actionGroups, useAllActions } from './actions';
import { FinderDialog, useFinder } from './finder';
import { CreateGroup, hitValue } from './palette-records';

/** Finds records, runs every declared action, and makes a record of what was typed. */
export function Palette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('shell.palette');
  const finder = useFinder(open, onOpenChange);
  const { typed, first, run } = finder;
  const actions = useAllActions().filter((action) => !action.unlisted && fits(action, typed));
  return (
    <FinderDialog
      finder={finder}
      title={t('title')}
      description={t('description')}
      placeholder={t('placeholder')}
      best={first ? hitValue(first) : (actions[0]?.id ?? '')}
      nothing={finder.nothing && actions.length === 0}
    >
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
      {typed && !finder.composing && <CreateGroup query={typed} run={run} />}
    </FinderDialog>
  );
}

function fits(action: Action, typed: string): boolean {
  const label = action.label.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => label.includes(word));
}
