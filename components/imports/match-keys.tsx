'use client';

import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import type { ImportPlan } from '@/domain/imports/mapping';
import { isKey, keysInTurn, matchKeysOf } from '@/domain/imports/targets';
import { useOwnTargets, useTargetName } from './labels';
import type { DraftControls } from './use-draft';

/** By what rows find the records that are here, in which order. */
export function MatchKeys({ draft, plan }: { draft: DraftControls; plan: ImportPlan }) {
  const t = useTranslations('imports.check');
  const targetName = useTargetName();
  const own = useOwnTargets(plan.object);
  const taken = new Set(plan.columns.map(({ target }) => target));
  const unique = own.filter(isKey).map(({ name }) => name);
  const all = [...matchKeysOf(plan.object), ...unique].filter((key) => taken.has(key));
  const chosen = keysInTurn({ ...plan, own }).filter((key) => taken.has(key));
  const set = (matchKeys: string[]) => draft.setPlan({ matchKeys });
  const move = (at: number, by: number) => {
    const next = [...chosen];
    next.splice(at + by, 0, ...next.splice(at, 1));
    set(next);
  };
  return (
    <section aria-labelledby="match-keys" className="grid content-start gap-1.5">
      <h2 id="match-keys" className="font-medium text-sm">
        {t('recognise')}
      </h2>
      {chosen.length > 0 && (
        <ol className="divide-y rounded-md border text-sm">
          {chosen.map((key, i) => {
            const name = targetName(plan.object, key);
            return (
              <li key={key} className="flex h-9 items-center gap-2 pr-1 pl-3">
                <span className="tabular w-4 text-muted-foreground">{i + 1}</span>
                <span className="min-w-0 flex-1 truncate">{name}</span>
                <Button
                  variant="quiet"
                  size="icon-sm"
                  aria-label={t('keyEarlier', { name })}
                  disabled={i === 0}
                  onClick={() => move(i, -1)}
                >
                  <ArrowUp />
                </Button>
                <Button
                  variant="quiet"
                  size="icon-sm"
                  aria-label={t('keyLater', { name })}
                  disabled={i === chosen.length - 1}
                  onClick={() => move(i, 1)}
                >
                  <ArrowDown />
                </Button>
                <Button
                  variant="quiet"
                  size="icon-sm"
                  aria-label={t('keyRemove', { name })}
                  onClick={() => set(chosen.filter((other) => other !== key))}
                >
                  <X />
                </Button>
              </li>
            );
          })}
        </ol>
      )}
      {chosen.length === 0 && <p className="text-sm">{t('allNew')}</p>}
      <div className="flex flex-wrap gap-1.5">
        {all
          .filter((key) => !chosen.includes(key))
          .map((key) => (
            <Button key={key} variant="secondary" size="sm" onClick={() => set([...chosen, key])}>
              <Plus />
              {targetName(plan.object, key)}
            </Button>
          ))}
      </div>
      <p className="text-muted-foreground text-sm">{t('recogniseHelp')}</p>
    </section>
  );
}
