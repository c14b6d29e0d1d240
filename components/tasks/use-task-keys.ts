'use client';

import type { RefObject } from 'react';
import { useTranslations } from 'use-intl';
import { useActions } from '@/components/shell/actions';

const rowsOf = (area: HTMLElement | null): HTMLElement[] => [
  ...(area?.querySelectorAll<HTMLElement>('[data-task]') ?? []),
];

/** Tasks by keyboard: `j` and `k` walk along them, `d` completes, `s` puts off, `x` chooses the one that is lit. */
export function useTaskKeys(area: RefObject<HTMLElement | null>): void {
  const t = useTranslations('tasks.keys');
  const lit = () => document.activeElement?.closest<HTMLElement>('[data-task]') ?? null;
  const step = (by: 1 | -1) => {
    const rows = rowsOf(area.current);
    const at = rows.indexOf(lit() as HTMLElement);
    const next = at < 0 ? rows[by > 0 ? 0 : rows.length - 1] : rows[at + by];
    next?.querySelector<HTMLElement>('a')?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  const press = (part: string) => lit()?.querySelector<HTMLElement>(part)?.click();
  useActions([
    { id: 'tasks.next', label: t('next'), group: 'here', keys: 'j', unlisted: true, run: () => step(1) },
    { id: 'tasks.previous', label: t('previous'), group: 'here', keys: 'k', unlisted: true, run: () => step(-1) },
    {
      id: 'tasks.done',
      label: t('done'),
      group: 'here',
      keys: 'd',
      unlisted: true,
      permission: 'task.write',
      run: () => {
        const row = lit();
        // The row goes: the next one is lit before it does.
        step(1);
        row?.querySelector<HTMLElement>('[data-tick]')?.click();
      },
    },
    {
      id: 'tasks.snooze',
      label: t('snooze'),
      group: 'here',
      keys: 's',
      unlisted: true,
      permission: 'task.write',
      run: () => press('[data-snooze]'),
    },
    {
      id: 'tasks.select',
      label: t('select'),
      group: 'here',
      keys: 'x',
      unlisted: true,
      run: () => press('[data-select]'),
    },
  ]);
}
