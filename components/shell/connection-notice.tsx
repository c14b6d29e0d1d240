'use client';

import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { CloudOff, WifiOff } from 'lucide-react';
import { type ReactNode, useCallback, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Empty } from '@/components/ui/empty';
import { connection, useConnection } from './connection';
import { useWaiting } from './outbox';
import { Page } from './page';
import { QueueNotice } from './queue-notice';

/** Says that the server does not answer, for as long as it does not. */
export function ConnectionNotice() {
  const t = useTranslations('shell.connection');
  const isDown = useConnection() === 'down';
  // What waits says so too.
  const isAlone = useWaiting().length === 0;
  return (
    <div role="status">
      {isDown && isAlone && (
        <p className="flex items-center justify-center gap-2 bg-warning-soft px-4 py-1.5 text-sm text-warning">
          <WifiOff aria-hidden className="size-4 shrink-0" />
          {t('lost')}
        </p>
      )}
      <QueueNotice />
    </div>
  );
}

/** A quiet line at the upper edge while what an earlier visit left is compared with the server, when that takes long. */
export function Checking() {
  const checked = useIsFetching({
    type: 'active',
    predicate: ({ state }) => state.data !== undefined && state.dataUpdatedAt < performance.timeOrigin,
  });
  if (checked === 0) return null;
  return (
    <div
      aria-hidden
      className="fade-in pointer-events-none absolute inset-x-0 top-0 z-10 h-0.5 animate-in bg-primary/40 fill-mode-both delay-700 duration-500"
    />
  );
}

/** A screen, or off line that nothing of it is on this device; it comes by itself with the connection. */
export function Here({ title, children }: { title: string; children: ReactNode }) {
  const t = useTranslations('shell.connection');
  const missing = useMissing();
  return (
    <div className="flex h-full flex-col">
      {missing === 'some' && (
        <p role="status" className="border-b bg-muted px-4 py-1 text-center text-muted-foreground text-xs">
          {t('partly')}
        </p>
      )}
      <div className={cn('min-h-0 flex-1', missing === 'all' && 'hidden')}>{children}</div>
      {missing === 'all' && (
        <Page title={title}>
          <Empty icon={<CloudOff />} title={t('notHere')} description={t('notHereHelp')}>
            <Button onClick={connection.check}>{t('checkNow')}</Button>
          </Empty>
        </Page>
      )}
    </div>
  );
}

/** What the frame asks for stands on every screen. */
const frames = new Set(['tenant', 'notifications', 'members', 'pipelines', 'views']);

/** How much of what the screen has asked for is not here while there is nobody to ask. */
function useMissing(): 'none' | 'some' | 'all' {
  const cache = useQueryClient().getQueryCache();
  const isDown = useConnection() === 'down';
  const subscribe = useCallback((listener: () => void) => cache.subscribe(listener), [cache]);
  return useSyncExternalStore(
    subscribe,
    () => {
      if (!isDown) return 'none';
      const asked = cache.findAll({ type: 'active', predicate: ({ queryKey }) => !isFrame(queryKey) });
      const missing = asked.filter(({ state }) => state.data === undefined && hasFailed(state));
      return missing.length === 0 ? 'none' : missing.length === asked.length ? 'all' : 'some';
    },
    () => 'none',
  );
}

const hasFailed = ({ fetchStatus, fetchFailureCount }: { fetchStatus: string; fetchFailureCount: number }) =>
  fetchStatus === 'paused' || fetchFailureCount > 0;

function isFrame([path]: readonly unknown[]): boolean {
  return Array.isArray(path) && frames.has(String(path[0]));
}
