'use client';

import type { LucideIcon } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { iconOf } from '@/components/objects/icon-of';
import { listPath, type ObjectKey } from '@/components/records/use-object';
import { isOwnObject } from '@/domain/custom-fields';
import { useBoot, useCan, useCatalogue } from './boot';
import { useKeysOf } from './desk';
import { nounOf } from './labels';
import { useRouter } from './router';
import type { Screen } from './screen';

/** A place in the navigation: a screen, or the list of an object the tenant made. */
export interface Place {
  path: string;
  label: string;
  icon: LucideIcon;
  /** Colour of the icon. */
  tone?: string;
  keys?: string;
  section: NonNullable<Screen['nav']>['section'];
  phone?: boolean;
}

/** The places this person may go to, in order; the tenant's own objects stand after the standard ones. */
export function useNav(): Place[] {
  const t = useTranslations('shell');
  const { screens } = useRouter();
  const can = useCan();
  const own = useOwnObjects();
  const keysOf = useKeysOf();
  const places = screens.flatMap((screen): Place[] =>
    screen.nav && (!screen.permission || can(screen.permission))
      ? [
          {
            path: screen.path,
            label: t(`screens.${screen.title}`),
            keys: keysOf(`go.${screen.path}`, screen.keys),
            ...screen.nav,
          },
        ]
      : [],
  );
  return [
    ...places,
    ...own.map((object) => ({ ...object, keys: keysOf(`go.${object.path}`), section: 'records' as const })),
  ];
}

/** The tenant's own objects this person may read, with where their lists are. */
export function useOwnObjects(): { object: ObjectKey; path: string; label: string; icon: LucideIcon; tone: string }[] {
  const { objects, user } = useBoot();
  const can = useCan();
  return objects.flatMap((definition) => {
    const { key, icon, tone } = definition;
    if (!isOwnObject(key) || !can(`${key}.read`)) return [];
    const label = nounOf(definition, 'Other', user.locale);
    return [{ object: key, path: listPath(key), label, icon: iconOf(icon), tone }];
  });
}

/** The place that is lit now. */
export function useActivePlace(): string | undefined {
  const { match } = useRouter();
  const own = match?.params.object;
  if (match && own && match.screen.path.startsWith('/objects/')) return `/objects/${own}`;
  return match?.screen.under ?? match?.screen.path;
}

/** The object whose records the screen shows, if it does: what `c` creates here. */
export function useObjectHere(): ObjectKey | null {
  const { match } = useRouter();
  const catalogue = useCatalogue();
  const own = match?.params.object;
  if (match && own && match.screen.path.startsWith('/objects/'))
    return isOwnObject(own) && catalogue.has(own) ? own : null;
  return match?.screen.object ?? null;
}
