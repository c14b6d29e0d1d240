'use client';

import { ownBuild } from './store-queries';

/** Whether this page may be kept for being off line: not while developing, where files change with every save. */
const canKeep = () => 'serviceWorker' in navigator && ownBuild() !== 'development';

/**
 * Has the browser keep the product's files, so that it opens off line, and offers to install it. Called once, when the
 * first screen is there: nothing of it is waited for.
 */
export function keepFiles(slug: string, locale: string): void {
  offerToInstall(slug, locale);
  if (!canKeep()) return;
  // Somebody on a dear or slow line has not asked for a megabyte and a half.
  if ('connection' in navigator && (navigator.connection as { saveData?: boolean }).saveData) return;
  // Without it the product works as before, only not off line.
  navigator.serviceWorker.register('/t/sw.js', { scope: '/t/', updateViaCache: 'none' }).catch(() => {});
}

/**
 * Has the files of the newest build fetched and, when they are here, given to the next page that is loaded. Where no
 * files are kept there is nothing to wait for.
 * @returns whether loading the page now brings the newest build
 */
export async function fetchNewest(): Promise<boolean> {
  if (!canKeep()) return true;
  const registration = await navigator.serviceWorker.getRegistration('/t/');
  if (!registration) return true;
  await registration.update();
  const next = registration.installing ?? registration.waiting;
  // What serves is already the newest: another tab was quicker, or the build that answered is not everywhere yet.
  if (!next) return true;
  await reached(next, 'installed');
  next.postMessage('takeOver');
  await reached(next, 'activated');
  return next.state === 'activated';
}

const order = ['parsed', 'installing', 'installed', 'activating', 'activated', 'redundant'];

function reached(next: ServiceWorker, state: ServiceWorkerState): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (order.indexOf(next.state) < order.indexOf(state)) return;
      next.removeEventListener('statechange', look);
      resolve();
    };
    next.addEventListener('statechange', look);
    look();
  });
}

/** The manifest is the workspace's: an installed product begins where one works. */
function offerToInstall(slug: string, locale: string): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel=manifest]') ?? document.createElement('link');
  link.rel = 'manifest';
  link.href = `/t/${encodeURIComponent(slug)}/app.webmanifest?lang=${locale}`;
  if (!link.isConnected) document.head.append(link);
}
