'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { type ReactNode, useSyncExternalStore } from 'react';
import { IntlProvider, useLocale, useTranslations } from 'use-intl';
import { writeCookie } from '@/components/shell/cookies';
import { applyTheme, themes, useTheme } from '@/components/shell/theme';
import { Button } from '@/components/ui/button';
import type { Messages } from '@/domain/messages/load';
import { Logo } from './logo';
import { reloadPage } from './use-token';

const icons = { system: Monitor, light: Sun, dark: Moon };

/** Head of every page before sign-in, with the switches for language and theme. */
export function SiteFrame({
  locale,
  messages,
  children,
}: {
  locale: string;
  messages: Pick<Messages, 'site' | 'errors' | 'common'>;
  children: ReactNode;
}) {
  return (
    <IntlProvider locale={locale} messages={messages} timeZone="UTC">
      <div className="flex min-h-dvh flex-col">
        <SiteHeader />
        {children}
      </div>
    </IntlProvider>
  );
}

function SiteHeader() {
  const t = useTranslations('site.nav');
  const offersSignIn = !['/sign-in', '/tenants'].includes(usePathname() ?? '');
  return (
    <header className="mx-auto flex h-14 w-full max-w-6xl shrink-0 items-center gap-1 px-4 sm:px-6">
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-primary px-3 py-1.5 text-primary-foreground text-sm focus:translate-y-0"
      >
        {t('skip')}
      </a>
      <a href="/" aria-label={t('home')} className="mr-auto flex items-center gap-2 rounded-md text-link">
        <Logo />
        <span className="font-semibold text-base text-foreground">Guanxi</span>
      </a>
      <LanguageSwitch />
      <ThemeSwitch />
      {offersSignIn && (
        <Button asChild variant="ghost" size="sm" className="ml-1">
          <a href="/sign-in">{t('signIn')}</a>
        </Button>
      )}
    </header>
  );
}

/** Keeps what is typed: the cookie is set and the page's words are asked for anew by a plain reload of the address. */
function LanguageSwitch() {
  const t = useTranslations('site.nav');
  const other = useLocale() === 'zh' ? 'en' : 'zh';
  return (
    <Button
      variant="quiet"
      size="sm"
      lang={other}
      onClick={() => {
        writeCookie('locale', other);
        reloadPage();
      }}
    >
      {t('language')}
    </Button>
  );
}

function ThemeSwitch() {
  const t = useTranslations('site.nav');
  const theme = useTheme();
  const inBrowser = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  const Icon = icons[theme];
  return (
    <Button
      variant="quiet"
      size="icon-sm"
      aria-label={t(`themes.${theme}`)}
      title={t(`themes.${theme}`)}
      disabled={!inBrowser}
      className="disabled:opacity-100"
      onClick={() => applyTheme(next)}
    >
      <Icon />
    </Button>
  );
}
