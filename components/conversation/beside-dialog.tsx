'use client';

import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFound, useRecent, useSettled } from '@/components/shell/palette';
import { FoundGroups, type Hit, hitValue, RecentGroup } from '@/components/shell/palette-records';
import { useRecentVisits } from '@/components/shell/recent';
import { CommandDialog, CommandInput, CommandList } from '@/components/ui/command';

/** Finds a record to stand beside the one on the screen, as the palette finds it; mounted while it is open. */
export function BesideDialog({ onClose, onChoose }: { onClose: () => void; onChoose: (hit: Hit) => void }) {
  const t = useTranslations('conversation.beside');
  const p = useTranslations('shell.palette');
  const [query, setQuery] = useState('');
  const [composing, setComposing] = useState(false);
  const asked = useSettled(query.trim(), composing);
  const found = useFound(asked);
  const recent = useRecent(!asked, useRecentVisits());
  const groups = asked ? (found.data ?? []) : [];
  const first = asked ? groups[0]?.hits[0] : recent[0];
  const best = first ? hitValue(first) : '';
  const [chosen, setChosen] = useState('');
  useEffect(() => setChosen(best), [best]);
  const run = (task: () => void) => {
    onClose();
    // After the dialog has given the focus back.
    setTimeout(task);
  };
  const nothing = asked && found.isSuccess && !found.isPlaceholderData && groups.length === 0;
  return (
    <CommandDialog
      title={t('open')}
      description={t('help')}
      open
      onOpenChange={(open) => !open && onClose()}
      shouldFilter={false}
      label={t('open')}
      value={chosen}
      onValueChange={setChosen}
    >
      <CommandInput
        value={query}
        onValueChange={setQuery}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        placeholder={t('find')}
        busy={found.isFetching}
        autoFocus
      />
      <CommandList className="max-h-[min(420px,60dvh)]">
        {!asked && <RecentGroup hits={recent} run={run} onChoose={onChoose} />}
        <FoundGroups groups={groups} query={asked} run={run} onChoose={onChoose} />
        {asked && found.isError && (
          <p role="alert" className="px-3 py-2 text-destructive text-sm">
            {p('failed')}
          </p>
        )}
        {nothing && (
          <p role="status" className="px-3 py-4 text-center text-muted-foreground text-sm">
            {p('empty', { query: asked })}
          </p>
        )}
        <p className="px-3 py-2 text-muted-foreground text-xs">{t('help')}</p>
      </CommandList>
    </CommandDialog>
  );
}
