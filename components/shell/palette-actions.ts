'use client';

import { Building2, FileText, MousePointerClick } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { settingsPages } from '@/components/settings/pages';
import { type Action, press } from './actions';
import { useBoot, useCan } from './boot';
import { usePins } from './desk';
import { moreWords } from './intl';
import { navigate } from './router';
import { useSession } from './session';

/** Where one may go besides the screens: pages of settings, one's own pages, other workspaces. Found by typing only. */
export function usePlaceActions(open: boolean): Action[] {
  const t = useTranslations('shell');
  const can = useCan();
  const { tenant, tenants } = useBoot();
  const { pins } = usePins();
  const { locale } = useSession();
  const [names, setNames] = useState<Record<string, string>>({});
  useEffect(() => {
    if (!open) return;
    // Off line before they were ever here: then they are found by their list only.
    moreWords(locale).then(
      ({ settings }) => setNames(settings.pages),
      () => {},
    );
  }, [open, locale]);
  const goTo = (screen: string) => t('actions.goTo', { screen });
  return [
    ...settingsPages.flatMap(({ key, icon, permission }): Action[] => {
      const name = names[key];
      if (!name || (permission && !can(permission))) return [];
      return [
        { id: `settings.${key}`, label: goTo(name), group: 'goTo', icon, run: () => navigate(`/settings/${key}`) },
      ];
    }),
    ...pins.map(
      ({ path, label }): Action => ({
        id: `pin.${path}`,
        label: goTo(label),
        group: 'goTo',
        icon: FileText,
        run: () => navigate(path),
      }),
    ),
    ...tenants
      .filter(({ slug }) => slug !== tenant.slug)
      .map(
        ({ slug, name }): Action => ({
          id: `tenant.${slug}`,
          label: goTo(name),
          group: 'goTo',
          icon: Building2,
          run: () => window.location.assign(`/t/${encodeURIComponent(slug)}`),
        }),
      ),
  ];
}

/** What stands a hundred times on a page, or belongs to the value it stands at, is no action of the page. */
const repeated = 'table,[role="grid"],[role="row"],[role="listitem"],li,article,[role="dialog"],form,label';
/** More than a page has; beyond them nobody looks. */
const most = 60;

/**
 * The buttons, menus and tabs of the page as it stands, by what they are called: whatever can be clicked there can be
 * found by typing too, without being declared a second time.
 * @param declared labels of actions that stand in the palette already
 */
export function controlsOf(page: ParentNode, declared: ReadonlySet<string>): Action[] {
  const known = new Set(declared);
  const found: Action[] = [];
  for (const control of page.querySelectorAll<HTMLElement>('button,a[href],[role="tab"]')) {
    if (found.length === most) break;
    const label = (control.ariaLabel ?? control.textContent ?? '').replace(/\s+/g, ' ').trim();
    if (label === '' || label.length > 60 || known.has(label)) continue;
    if (control.closest(repeated) || control.matches(':disabled,[aria-disabled="true"]') || !isShown(control)) continue;
    known.add(label);
    found.push({
      id: `control.${label}`,
      label,
      group: 'here',
      icon: MousePointerClick,
      run: () => press(control),
    });
  }
  return found;
}

function isShown(control: HTMLElement): boolean {
  return control.getClientRects().length > 0;
}
