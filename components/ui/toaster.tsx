'use client';

import { type ComponentType, useEffect, useState } from 'react';
import type { toast as sonner, ToasterProps } from 'sonner';

const load = async () => {
  const [{ Toasts }, { toast: tell }] = await Promise.all([import('./toasts'), import('sonner')]);
  return { Toasts, tell };
};

let shown = () => {};
/** Fulfilled once notices have a place to appear in. */
const place = new Promise<void>((resolve) => {
  shown = resolve;
});
let wanted = false;
let want = () => {
  wanted = true;
};

type Say = (...given: Parameters<typeof sonner>) => void;

const say =
  (kind?: 'success' | 'error' | 'warning' | 'info'): Say =>
  (...given) => {
    want();
    Promise.all([load(), place]).then(
      ([{ tell }]) => (kind ? tell[kind] : tell)(...given),
      // Code that does not come leaves things unsaid; what they tell of happened all the same.
      () => {},
    );
  };

/** Tells of something at the edge of the page. The code that shows it comes with the first notice, or when all is quiet. */
export const toast = Object.assign(say(), {
  success: say('success'),
  error: say('error'),
  warning: say('warning'),
  info: say('info'),
  dismiss: (id: string | number): void => {
    load().then(
      ({ tell }) => tell.dismiss(id),
      () => {},
    );
  },
});

export const preloadToasts = (): void => void load().catch(() => {});

/** Where notices appear. */
export function Toaster(props: ToasterProps) {
  const [Toasts, setToasts] = useState<ComponentType<ToasterProps>>();
  useEffect(() => {
    want = () =>
      void load().then(
        (loaded) => setToasts(() => loaded.Toasts),
        () => {},
      );
    if (wanted) want();
  }, []);
  return Toasts ? (
    <>
      <Toasts {...props} />
      <Placed />
    </>
  ) : null;
}

/** Mounted after its neighbour: effects run in order, so that the place listens by then. */
function Placed() {
  useEffect(shown, []);
  return null;
}
