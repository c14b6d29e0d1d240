'use client';

import './no-eval';
import '@/components/ui/nonce';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useSyncExternalStore } from 'react';
import { IntlProvider, useMessages, useTranslations } from 'use-intl';
import { ActivityFormsProvider } from '@/components/activities/forms';
import { later } from '@/components/ui/later';
import { Toaster, toast } from '@/components/ui/toaster';
import { TooltipProvider } from '@/components/ui/tooltip';
import { BootProvider } from './boot';
import { BootFailure } from './boot-failure';
import { connection, useConnection } from './connection';
import { useStartPath } from './desk';
import { isSignedOut, refusalOf, useRefusalText } from './errors';
import { Frame } from './frame';
import { LanguageProvider, useLanguage } from './intl';
import { QuickCreateProvider } from './quick-create';
import { RouterProvider, splitAddress } from './router';
import type { Screen } from './screen';
import { FrameSkeleton } from './skeletons';
import { useStepUpOpen } from './step-up';
import { openKept } from './store-queries';
import { applyTheme, isTheme } from './theme';
import { DataProvider, isShutOut, useTRPC, useTRPCClient } from './trpc';
import { updates } from './updates';

/** The signed-in product: one page that loads once; the server renders only its outline. */
export function Shell({ screens }: { screens: readonly Screen[] }) {
  const inBrowser = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
  if (!inBrowser) return <FrameSkeleton />;
  const { slug } = splitAddress(window.location.pathname);
  // Opened while the words are on their way.
  void openKept(slug);
  return (
    <LanguageProvider fallback={<FrameSkeleton />}>
      <TooltipProvider>
        <Data slug={slug}>
          <Booted screens={screens} />
        </Data>
        <StepUp />
        <Toasts />
      </TooltipProvider>
    </LanguageProvider>
  );
}

function Data({ slug, children }: { slug: string; children: ReactNode }) {
  const text = useRefusalText();
  return (
    <DataProvider slug={slug} onFailure={(error) => toast.error(text(error))} fallback={<FrameSkeleton />}>
      {children}
    </DataProvider>
  );
}

/** Asks once who, where and what there is; then the frame. */
function Booted({ screens }: { screens: readonly Screen[] }) {
  const trpc = useTRPC();
  const boot = useQuery(
    trpc.tenant.boot.queryOptions(undefined, {
      staleTime: 5 * 60_000,
      // No answer is not an answer: ask again by itself until there is one.
      refetchInterval: (query) => (query.state.status === 'error' && !refusalOf(query.state.error) ? 5000 : false),
    }),
  );
  const { locale, switchTo } = useLanguage();
  const messages = useMessages();
  const user = boot.data?.user;
  const known = useMemo(() => boot.data && user && { ...boot.data, user }, [boot.data, user]);
  useEffect(() => {
    if (!user) return;
    void switchTo(user.locale === 'zh' ? 'zh' : 'en');
    if (isTheme(user.theme)) applyTheme(user.theme);
  }, [user, switchTo]);
  const slug = known ? known.tenant.slug : undefined;
  useEffect(() => {
    if (!slug) return;
    // When the first screen is there: what makes the next visit quicker must not make this one slower.
    const timer = setTimeout(() => void import('./offline').then(({ keepFiles }) => keepFiles(slug, locale)), 3000);
    return () => clearTimeout(timer);
  }, [slug, locale]);
  const isDown = useConnection() === 'down';
  // What was here before is no answer once the server has said no.
  const isShut = boot.isError && isShutOut(boot.error);
  if (known && !isShut) {
    return (
      <IntlProvider locale={locale} messages={messages} timeZone={known.tenant.timeZone}>
        <BootProvider boot={known}>
          <Routed screens={screens}>
            <QuickCreateProvider>
              <ActivityFormsProvider>
                <Frame />
                <Live slug={known.tenant.slug} />
              </ActivityFormsProvider>
            </QuickCreateProvider>
          </Routed>
        </BootProvider>
      </IntlProvider>
    );
  }
  // Somebody signed out is on the way to the sign-in page; the outline stays until then.
  if (boot.isError && !isSignedOut(boot.error)) {
    return <BootFailure error={boot.error} retry={() => void boot.refetch()} busy={boot.isFetching} />;
  }
  // Off line, and this browser keeps nothing of this workspace that may be shown.
  if (boot.isPending && isDown && boot.failureCount > 0) {
    return <BootFailure error={null} retry={connection.check} busy={false} />;
  }
  return <FrameSkeleton />;
}

function Routed({ screens, children }: { screens: readonly Screen[]; children: ReactNode }) {
  return (
    <RouterProvider screens={screens} start={useStartPath()}>
      {children}
    </RouterProvider>
  );
}

/** Listens for what colleagues do; its code comes after the first screen. */
function Live({ slug }: { slug: string }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  useEffect(() => {
    let end: (() => void) | undefined;
    let isOver = false;
    void import('@/components/records/live').then(
      ({ listen }) => {
        if (!isOver) end = listen({ slug, queries, trpc, client });
      },
      // Off line: there is nothing to hear.
      () => {},
    );
    return () => {
      isOver = true;
      end?.();
    };
  }, [slug, queries, trpc, client]);
  return null;
}

const StepUpDialog = later(async () => (await import('./step-up-dialog')).StepUpDialog);

function StepUp() {
  return <StepUpDialog open={useStepUpOpen()} />;
}

function Toasts() {
  const t = useTranslations('shell');
  useEffect(
    () =>
      updates.subscribe(() => {
        if (!updates.isReady()) return;
        const action = { label: t('update.reload'), onClick: updates.reload };
        toast(t('update.ready'), { description: t('update.help'), duration: 20_000, action });
      }),
    [t],
  );
  return <Toaster containerAriaLabel={t('notices')} />;
}
