'use client';

import { signOut } from 'next-auth/react';
import { useState } from 'react';
import type { Locale } from '@/domain/messages/load';
import { useLanguage } from './intl';
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
    signOut: () => {
      void signOut({ redirect: false }).finally(() => window.location.assign('/sign-in'));
    },
  };
}
