'use client';

import { useSyncExternalStore } from 'react';

// Time zones say more about where a company works than the browser's language does.
const byZone: [RegExp, string][] = [
  [/^Asia\/(Shanghai|Chongqing|Urumqi|Harbin)$/, 'CNY'],
  [/^Asia\/Hong_Kong$/, 'HKD'],
  [/^Asia\/Taipei$/, 'TWD'],
  [/^Asia\/Singapore$/, 'SGD'],
  [/^Asia\/Tokyo$/, 'JPY'],
  [/^Asia\/Seoul$/, 'KRW'],
  [/^Asia\/(Kolkata|Calcutta)$/, 'INR'],
  [/^Asia\/Bangkok$/, 'THB'],
  [/^Asia\/Kuala_Lumpur$/, 'MYR'],
  [/^Asia\/Jakarta$/, 'IDR'],
  [/^Asia\/Manila$/, 'PHP'],
  [/^Asia\/(Ho_Chi_Minh|Saigon)$/, 'VND'],
  [/^Asia\/Dubai$/, 'AED'],
  [/^Europe\/London$/, 'GBP'],
  [/^Europe\/Zurich$/, 'CHF'],
  [/^Europe\/Stockholm$/, 'SEK'],
  [/^Europe\/Oslo$/, 'NOK'],
  [/^Europe\/Copenhagen$/, 'DKK'],
  [/^Europe\/Warsaw$/, 'PLN'],
  [/^Europe\/Prague$/, 'CZK'],
  [/^Europe\/Budapest$/, 'HUF'],
  [/^Europe\/Istanbul$/, 'TRY'],
  [/^Europe\//, 'EUR'],
  [/^America\/(Toronto|Vancouver|Montreal|Edmonton|Winnipeg|Halifax|St_Johns|Regina)$/, 'CAD'],
  [/^America\/(Mexico_City|Monterrey|Tijuana|Cancun)$/, 'MXN'],
  [/^America\/(Sao_Paulo|Bahia|Fortaleza|Recife|Manaus)$/, 'BRL'],
  [/^Australia\//, 'AUD'],
  [/^Pacific\/Auckland$/, 'NZD'],
  [/^Africa\/Johannesburg$/, 'ZAR'],
];

export interface Region {
  timeZone: string;
  currency: string;
}

/** Zone and currency a company at this browser's place most likely uses. */
export function guessRegion(timeZone: string): Region {
  return { timeZone, currency: byZone.find(([zone]) => zone.test(timeZone))?.[1] ?? 'USD' };
}

let guessed: Region | undefined;

/** Null on the server, which cannot know. */
export function useGuessedRegion(): Region | null {
  return useSyncExternalStore(
    () => () => {},
    () => {
      guessed ??= guessRegion(Intl.DateTimeFormat().resolvedOptions().timeZone);
      return guessed;
    },
    () => null,
  );
}
