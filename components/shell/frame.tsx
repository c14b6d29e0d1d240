'use client';

import { Compass, Lock, PanelLeft, WifiOff } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Bell } from '@/components/conversation/bell';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/empty';
import { Hint } from '@/components/ui/tooltip';
import { useActions } from './actions';
import { useCan } from './boot';
import { useConnection } from './connection';
import { useKeysOf } from './desk';
import { ErrorBoundary } from './error-boundary';
import { useGlobalActions } from './global-actions';
import { useKeyboard } from './keyboard';
import { Page } from './page';
import { Palette } from './palette';
import { PhoneBar } from './phone-bar';
import { Link, useRouter } from './router';
import { ShortcutSheet } from './shortcut-sheet';
import { Sidebar, useSidebar } from './sidebar';
import { PageSkeleton } from './skeletons';

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
          <main id="main" tabIndex={-1} className="min-h-0 min-w-0 flex-1 outline-none">
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
        <screen.component key={params.id} params={params} />
      </Suspense>
    </ErrorBoundary>
  );
}

function ConnectionNotice() {
  const t = useTranslations('shell.connection');
  const down = useConnection() === 'down';
  return (
    <div role="status">
      {down && (
        <p className="flex items-center justify-center gap-2 bg-warning-soft px-4 py-1.5 text-sm text-warning">
          <WifiOff aria-hidden className="size-4 shrink-0" />
          {t('lost')}
        </p>
      )}
    </div>
  );
}
