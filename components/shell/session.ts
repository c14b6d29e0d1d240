'use client';

import { useState } from 'react';
import type { Locale } from '@/domain/messages/load';
import { useLanguage } from './intl';
import { leaveOutbox } from './outbox';
import { purge } from './purge';
import { signOut } from './sign-out';
import { applyTheme, type Theme, useTheme } from './theme';
import { createClient } from './trpc';

/** The person's own settings, which hold in every tenant, and the way out. */
export function useSession() {
  const [account] = useState(() => createClient('-').account);
  const { locale, switchTo } = useLanguage();
  const theme = useTheme();
  return {
    locale,
    theme,
    setLocale: (next: Locale) => {
      void switchTo(next);
      // Shown already and kept in a cookie; the account follows when it can.
      account.updateMe.mutate({ locale: next }).catch(() => {});
    },
    setTheme: (next: Theme) => {
      applyTheme(next);
      account.updateMe.mutate({ theme: next }).catch(() => {});
    },
    signOut: () =>
      leaveOutbox(() => {
        // Whoever leaves takes along what this browser keeps, even where the server is not told.
        void signOut()
          .catch(() => {})
          .then(() => purge('signOut', ''))
          .then(() => window.location.assign('/sign-in'));
      }),
  };
}
