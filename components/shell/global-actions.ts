'use client';

import { Command, Keyboard, Languages, LogOut, Monitor, Moon, PanelLeft, Plus, Search, Sun, Undo2 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useActivityActions } from '@/components/activities/actions';
import type { Action } from './actions';
import { useLabels } from './labels';
import { useObjectHere, useOwnObjects } from './nav';
import { creatable, useQuickCreate } from './quick-create';
import { navigate, useRouter } from './router';
import { useSession } from './session';
import { useUndoLast } from './undo';

/** What can be done from everywhere. */
export function useGlobalActions(open: { palette: () => void; shortcuts: () => void; sidebar: () => void }): Action[] {
  const t = useTranslations('shell');
  const labels = useLabels();
  const create = useQuickCreate();
  const undoLast = useUndoLast();
  const session = useSession();
  const { screens } = useRouter();
  const here = useObjectHere();
  const own = useOwnObjects();
  const activityActions = useActivityActions();

  const actions: Action[] = [
    {
      id: 'create',
      label: t('actions.create'),
      group: 'create',
      icon: Plus,
      keys: 'c',
      unlisted: true,
      run: () => create(here),
    },
    ...creatable.map(
      (object): Action => ({
        id: `create.${object}`,
        label: t('actions.createObject', { object: labels.object(object, 'one') }),
        group: 'create',
        icon: Plus,
        permission: `${object}.write`,
        run: () => create(object),
      }),
    ),
    ...activityActions,
    ...own.map(
      ({ object, icon }): Action => ({
        id: `create.${object}`,
        label: t('actions.createObject', { object: labels.object(object, 'one') }),
        group: 'create',
        icon,
        permission: `${object}.write`,
        run: () => create(object),
      }),
    ),
    ...own.map(
      ({ path, label, icon }): Action => ({
        id: `go.${path}`,
        label: t('actions.goTo', { screen: label }),
        group: 'goTo',
        icon,
        run: () => navigate(path),
      }),
    ),
    ...screens
      .filter((screen) => screen.nav)
      .map(
        (screen): Action => ({
          id: `go.${screen.path}`,
          label: t('actions.goTo', { screen: t(`screens.${screen.title}`) }),
          group: 'goTo',
          icon: screen.nav?.icon,
          keys: screen.keys,
          permission: screen.permission,
          run: () => navigate(screen.path),
        }),
      ),
    {
      id: 'palette',
      label: t('actions.palette'),
      group: 'help',
      icon: Command,
      keys: 'mod+k',
      unlisted: true,
      run: open.palette,
    },
    {
      id: 'search',
      label: t('actions.search'),
      group: 'help',
      icon: Search,
      keys: '/',
      unlisted: true,
      run: open.palette,
    },
    {
      id: 'undo',
      label: t('actions.undo'),
      group: 'view',
      icon: Undo2,
      keys: 'mod+z',
      permission: 'changes.undo',
      run: () => void undoLast(),
    },
    { id: 'sidebar', label: t('actions.toggleSidebar'), group: 'view', icon: PanelLeft, keys: '[', run: open.sidebar },
    {
      id: 'theme.light',
      label: t('actions.theme.light'),
      group: 'view',
      icon: Sun,
      run: () => session.setTheme('light'),
    },
    {
      id: 'theme.dark',
      label: t('actions.theme.dark'),
      group: 'view',
      icon: Moon,
      run: () => session.setTheme('dark'),
    },
    {
      id: 'theme.system',
      label: t('actions.theme.system'),
      group: 'view',
      icon: Monitor,
      run: () => session.setTheme('system'),
    },
    {
      id: 'language',
      label: t('actions.switchLanguage'),
      group: 'view',
      icon: Languages,
      run: () => session.setLocale(session.locale === 'zh' ? 'en' : 'zh'),
    },
    { id: 'shortcuts', label: t('actions.shortcuts'), group: 'help', icon: Keyboard, keys: '?', run: open.shortcuts },
    { id: 'signOut', label: t('actions.signOut'), group: 'help', icon: LogOut, run: session.signOut },
  ];
  return actions.map((action) => ({ ...action, rebindable: true }));
}
