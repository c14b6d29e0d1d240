'use client';

import { Box, type LucideIcon, type LucideProps } from 'lucide-react';
import { forwardRef, lazy, Suspense } from 'react';

const made = new Map<string, LucideIcon>();

/** The icon of that name, a box for one that is no longer known; all of them come when the first is shown. */
export function iconOf(name: string): LucideIcon {
  const known = made.get(name);
  if (known) return known;
  const Drawn = lazy(async () => {
    // An icon that cannot be had now is not worth more than a box.
    const set = await import('./icons').catch(() => null);
    return { default: set?.objectIcons[name] ?? Box };
  });
  // biome-ignore lint/correctness/noComponentHookFactories: made once for a name, and kept
  const Icon = forwardRef<SVGSVGElement, LucideProps>((props, ref) => (
    <Suspense fallback={<svg aria-hidden className={props.className} />}>
      <Drawn ref={ref} {...props} />
    </Suspense>
  ));
  made.set(name, Icon);
  return Icon;
}
