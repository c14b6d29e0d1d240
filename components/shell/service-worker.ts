/**
 * Keeps the product's own files (page, scripts, styles, fonts, icons) of one build in this browser, so that it opens at
 * once and off line at any address below `/t/`. What the server answers about records never comes by here: that is kept
 * by components/shell/store.ts. server/shell.ts serves this file with the build's name and its files in front; another
 * build is another file, which is what browsers look for.
 */
declare const BUILD: string;
declare const FILES: readonly string[];

/** The parts of a service worker's surroundings used here: the compiler's own names clash with those of a page. */
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asking extends Extendable {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  location: Location;
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', run: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', run: (event: Asking) => void): void;
  addEventListener(type: 'message', run: (event: MessageEvent) => void): void;
}
const worker = globalThis as unknown as Worker;

const prefix = 'guanxi.files.';
const own = prefix + BUILD;
/** Any address of the product is this one page; `-` is no workspace. */
const page = '/t/-';
/** A page of the build before may still be open, and load more of its scripts. */
const buildsKept = 2;
const atOnce = 6;

worker.addEventListener('install', (event) => event.waitUntil(fill()));
worker.addEventListener('activate', (event) => event.waitUntil(takeOver()));
// A page that is about to be loaded anew asks for it; until then the build before goes on.
worker.addEventListener('message', ({ data }) => {
  if (data === 'takeOver') void worker.skipWaiting();
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin) return;
  if (request.mode === 'navigate') {
    if (/^\/t\/[^/]/.test(pathname)) event.respondWith(answer(page, request));
  } else if (FILES.includes(pathname) || pathname.startsWith('/_next/static/'))
    event.respondWith(answer(pathname, request));
});

async function answer(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(own);
  // A script of the build before, for a page of it.
  return (await cache.match(path)) ?? (await caches.match(path, { ignoreVary: true })) ?? fetch(request);
}

/** All of a build or nothing: half of one, or of two, would be a page that breaks. */
async function fill(): Promise<void> {
  const cache = await caches.open(own);
  const shell = await fetch(page, { cache: 'no-store' });
  if (!shell.ok || shell.headers.get('x-guanxi-build') !== BUILD) throw new Error('Another build answers');
  await cache.put(page, shell);
  const left = [...FILES];
  const fetchOn = async () => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      const known = (await cache.match(path)) ?? (path.startsWith('/_next/static/') && (await caches.match(path)));
      if (known) await cache.put(path, known);
      else await cache.add(path);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, fetchOn));
}

async function takeOver(): Promise<void> {
  // In the order in which they were made.
  const builds = (await caches.keys()).filter((name) => name.startsWith(prefix));
  const kept = [...builds.filter((name) => name !== own).slice(1 - buildsKept), own];
  await Promise.all(builds.filter((name) => !kept.includes(name)).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

export {};
