'use client';

import { useCan } from './boot';
import { useRouter } from './router';
import type { Screen } from './screen';

/** The screens with a place in the navigation that this person may see. */
export function useNav(): (Screen & { nav: NonNullable<Screen['nav']> })[] {
  const { screens } = useRouter();
  const can = useCan();
  return screens.flatMap((screen) =>
    screen.nav && (!screen.permission || can(screen.permission)) ? [{ ...screen, nav: screen.nav }] : [],
  );
}

/** The place that is lit now. */
export function useActivePlace(): string | undefined {
  const { match } = useRouter();
  return match?.screen.under ?? match?.screen.path;
}
