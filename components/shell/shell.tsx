'use client';

import './no-eval';
import '@/components/ui/nonce';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useSyncExternalStore } from 'react';
import { IntlProvider, useMessages, useTranslations } from 'use-intl';
import { ActivityFormsProvider } from '@/components/activities/forms';
import { Toaster, toast } from '@/components/ui/toaster';
import { TooltipProvider } from '@/components/ui/tooltip';
import { BootProvider } from './boot';
import { BootFailure } from './boot-failure';
import { useStartPath } from './desk';
import { isSignedOut, refusalOf, useRefusalText } from './errors';
import { Frame } from './frame';
import { LanguageProvider, useLanguage } from './intl';
import { QuickCreateProvider } from './quick-create';
import { RouterProvider, splitAddress } from './router';
import type { Screen } from './screen';
import { FrameSkeleton } from './skeletons';
import { StepUpDialog } from './step-up-dialog';
import { applyTheme, isTheme } from './theme';
import { DataProvider, useTRPC } from './trpc';

/** The signed-in product: one page that loads once; the server renders only its outline. */
export function Shell({ screens }: { screens: readonly Screen[] }) {
  const inBrowser = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
  if (!inBrowser) return <FrameSkeleton />;
  const { slug } = splitAddress(window.location.pathname);
  return (
    <LanguageProvider fallback={<FrameSkeleton />}>
      <TooltipProvider>
        <Data slug={slug}>
          <Booted screens={screens} />
        </Data>
        <StepUpDialog />
        <Toasts />
      </TooltipProvider>
    </LanguageProvider>
  );
}

function Data({ slug, children }: { slug: string; children: ReactNode }) {
  const text = useRefusalText();
  return (
    <DataProvider slug={slug} onFailure={(error) => toast.error(text(error))}>
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
  if (known) {
    return (
      <IntlProvider locale={locale} messages={messages} timeZone={known.tenant.timeZone}>
        <BootProvider boot={known}>
          <Routed screens={screens}>
            <QuickCreateProvider>
              <ActivityFormsProvider>
                <Frame />
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
  return <FrameSkeleton />;
}

function Routed({ screens, children }: { screens: readonly Screen[]; children: ReactNode }) {
  return (
    <RouterProvider screens={screens} start={useStartPath()}>
      {children}
    </RouterProvider>
  );
}

function Toasts() {
  const t = useTranslations('shell');
  return <Toaster containerAriaLabel={t('notices')} />;
}
