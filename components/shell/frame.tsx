'use client';

import { Compass, Lock, PanelLeft } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Bell } from '@/components/conversation/bell';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { later } from '@/components/ui/later';
import { preloadToasts } from '@/components/ui/toaster';
import { Hint } from '@/components/ui/tooltip';
import { useActions } from './actions';
import { useIdle } from './ahead';
import { useCan } from './boot';
import { Checking, ConnectionNotice, Here } from './connection-notice';
import { useKeysOf } from './desk';
import { ErrorBoundary } from './error-boundary';
import { useGlobalActions } from './global-actions';
import { useKeyboard } from './keyboard';
import { Page } from './page';
import { PhoneBar } from './phone-bar';
import { CreateDialog } from './quick-create';
import { Link, useRouter } from './router';
import { Sidebar, useSidebar } from './sidebar';
import { PageSkeleton } from './skeletons';
import { useIndex } from './use-index';

const Palette = later(async () => (await import('./palette')).Palette);
const ShortcutSheet = later(async () => (await import('./shortcut-sheet')).ShortcutSheet);

/** Sidebar, the current screen, phone bar, palette and keys. */
export function Frame() {
  const t = useTranslations('shell');
  const sidebar = useSidebar();
  const [palette, setPalette] = useState(false);
  const [shortcuts, setShortcuts] = useState(false);
  const keysOf = useKeysOf();
  const fold = () => sidebar.set({ folded: !sidebar.folded });
  useActions(useGlobalActions({ palette: () => setPalette(true), shortcuts: () => setShortcuts(true), sidebar: fold }));
  useKeyboard();
  useLikelyNext();
  useIndex();
  return (
    <div className="flex h-dvh overflow-hidden">
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-primary px-3 py-1.5 text-primary-foreground text-sm focus:translate-y-0"
      >
        {t('skip')}
      </a>
      {!sidebar.folded && (
        <Sidebar
          width={sidebar.width}
          onWidth={(width) => sidebar.set({ width })}
          onFold={fold}
          onSearch={() => setPalette(true)}
          onShortcuts={() => setShortcuts(true)}
        />
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <ConnectionNotice />
        <div className="flex min-h-0 flex-1">
          {sidebar.folded && (
            <div className="flex w-11 shrink-0 flex-col items-center border-r bg-sidebar pt-2 max-md:hidden">
              <Hint label={t('expand')} keys={keysOf('sidebar', '[')} side="right">
                <Button variant="quiet" size="icon-sm" aria-label={t('expand')} onClick={fold}>
                  <PanelLeft />
                </Button>
              </Hint>
              <Bell />
            </div>
          )}
          <main id="main" tabIndex={-1} className="relative min-h-0 min-w-0 flex-1 outline-none">
            <Checking />
            <CurrentScreen />
          </main>
        </div>
        <PhoneBar onSearch={() => setPalette(true)} />
      </div>
      <Palette open={palette} onOpenChange={setPalette} />
      <ShortcutSheet open={shortcuts} onOpenChange={setShortcuts} />
    </div>
  );
}

/** What most people open next, fetched while nothing else is to do. */
function useLikelyNext() {
  const { screens } = useRouter();
  const likely = screens.filter(({ nav, ahead }) => nav?.phone || ahead).map(({ preload }) => preload);
  useIdle([...likely, Palette.preload, CreateDialog.preload, preloadToasts, ShortcutSheet.preload]);
}

function CurrentScreen() {
  const t = useTranslations('shell');
  const { match, location } = useRouter();
  const can = useCan();
  if (!match) {
    return (
      <Page title={t('notFound.title')}>
        <Empty icon={<Compass />} title={t('notFound.title')} description={t('notFound.description')}>
          <Button asChild>
            <Link to="/">{t('notFound.home')}</Link>
          </Button>
        </Empty>
      </Page>
    );
  }
  const { screen, params } = match;
  if (screen.permission && !can(screen.permission)) {
    return (
      <Page title={t(`screens.${screen.title}`)}>
        <Empty icon={<Lock />} title={t('noAccess.title')} description={t('noAccess.description')} />
      </Page>
    );
  }
  return (
    <ErrorBoundary resetKey={location.path}>
      <Suspense fallback={<PageSkeleton />}>
        {/* Another record is another page: nothing typed for one may show up in the next. */}
        <Here title={t(`screens.${screen.title}`)}>
          <screen.component key={params.id} params={params} />
        </Here>
      </Suspense>
    </ErrorBoundary>
  );
}
