'use client';

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { IntlProvider } from 'use-intl';
import { isLocale, type Locale, loadMessages, type Messages } from '@/domain/messages/load';
import { writeCookie } from './cookies';

interface Language {
  locale: Locale;
  switchTo: (locale: Locale) => Promise<void>;
}

const LanguageContext = createContext<Language | null>(null);

/** The language the page was served in. */
export function servedLocale(): Locale {
  const { lang } = document.documentElement;
  return isLocale(lang) ? lang : 'en';
}

/** Words for everything inside, `fallback` until they are here. Switching needs no reload. */
export function LanguageProvider({ fallback, children }: { fallback: ReactNode; children: ReactNode }) {
  const [shown, setShown] = useState<{ locale: Locale; messages: Messages } | null>(null);
  const switchTo = useCallback(async (locale: Locale) => {
    const messages = await loadMessages(locale);
    document.documentElement.lang = locale;
    writeCookie('locale', locale);
    setShown((before) => (before?.locale === locale ? before : { locale, messages }));
  }, []);
  useEffect(() => {
    let current = true;
    const locale = servedLocale();
    void loadMessages(locale).then((messages) => {
      if (current) setShown((before) => before ?? { locale, messages });
    });
    return () => {
      current = false;
    };
  }, []);
  const language = useMemo(() => shown && { locale: shown.locale, switchTo }, [shown, switchTo]);
  if (!shown || !language) return fallback;
  return (
    <LanguageContext value={language}>
      <IntlProvider locale={shown.locale} messages={shown.messages} timeZone="UTC">
        {children}
      </IntlProvider>
    </LanguageContext>
  );
}

export function useLanguage(): Language {
  const language = useContext(LanguageContext);
  if (!language) throw new Error('useLanguage outside LanguageProvider');
  return language;
}
