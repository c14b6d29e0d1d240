'use client';

import {
  type ComponentProps,
  createContext,
  type ReactNode,
  startTransition,
  useContext,
  useEffect,
  useMemo,
  useState,
} from 'react';
import { useAheadOf } from './ahead';
import { matchScreen, type Screen, type ScreenMatch } from './screen';
import { takeUpdate } from './updates';

/**
 * Moving between screens changes the address and renders; nothing is asked of the server. Addresses are relative to
 * the tenant: `/deals` is `/t/<slug>/deals`.
 */
interface Location {
  path: string;
  search: string;
  /** Names this entry of the browser's history, for the scroll position kept with it. */
  entry: string;
}

interface Router {
  slug: string;
  location: Location;
  match: ScreenMatch | null;
  screens: readonly Screen[];
}

const RouterContext = createContext<Router | null>(null);
const changed = 'guanxi:address';

/** `acme` and `/deals` of `/t/acme/deals`. */
export function splitAddress(pathname: string): { slug: string; path: string } {
  const [, , slug = '', ...rest] = pathname.split('/');
  return { slug: decodeURIComponent(slug), path: `/${rest.filter(Boolean).join('/')}` };
}

function readLocation(): Location {
  const state: unknown = window.history.state;
  const entry = state && typeof state === 'object' && 'gx' in state ? String(state.gx) : 'first';
  return { path: splitAddress(window.location.pathname).path, search: window.location.search, entry };
}

export function RouterProvider({
  screens,
  start,
  children,
}: {
  screens: readonly Screen[];
  /** Where this person begins: an address that names no page leads there. */
  start?: string;
  children: ReactNode;
}) {
  const [location, setLocation] = useState(() => {
    const first = readLocation();
    if (!start || first.path !== '/' || first.search || first.entry !== 'first') return first;
    const { slug } = splitAddress(window.location.pathname);
    window.history.replaceState({ gx: crypto.randomUUID() }, '', addressOf(slug, start));
    return readLocation();
  });
  const { slug } = splitAddress(window.location.pathname);
  useEffect(() => {
    // In a transition the old screen stays until the new one's code is here: nothing blinks.
    const follow = () => startTransition(() => setLocation(readLocation()));
    window.addEventListener('popstate', follow);
    window.addEventListener(changed, follow);
    return () => {
      window.removeEventListener('popstate', follow);
      window.removeEventListener(changed, follow);
    };
  }, []);
  const router = useMemo(
    () => ({ slug, location, screens, match: matchScreen(screens, location.path) }),
    [slug, location, screens],
  );
  return <RouterContext value={router}>{children}</RouterContext>;
}

export function useRouter(): Router {
  const router = useContext(RouterContext);
  if (!router) throw new Error('useRouter outside RouterProvider');
  return router;
}

export interface NavigateOptions {
  /** Takes the place of this entry in the browser's history. */
  replace?: boolean;
}

/** Goes to an address of this tenant, such as `/deals/table?q=acme`. */
export function navigate(to: string, { replace = false }: NavigateOptions = {}): void {
  const { slug } = splitAddress(window.location.pathname);
  const url = addressOf(slug, to);
  if (url === window.location.pathname + window.location.search) return;
  // A step within a screen keeps the page.
  if (splitAddress(url.split('?')[0] ?? '').path !== readLocation().path && takeUpdate(url)) return;
  const state = { gx: replace ? readLocation().entry : crypto.randomUUID() };
  if (replace) window.history.replaceState(state, '', url);
  else window.history.pushState(state, '', url);
  window.dispatchEvent(new Event(changed));
}

export function useNavigate(): typeof navigate {
  return navigate;
}

function addressOf(slug: string, to: string): string {
  const base = `/t/${encodeURIComponent(slug)}`;
  return to === '/' ? base : to.startsWith('/?') ? base + to.slice(1) : base + to;
}

/** The whole address of something in this tenant, for copying and for `href`. */
export function useHref(to: string): string {
  return addressOf(useRouter().slug, to);
}

/** Where we are, without tenant and search part: `/deals/123`. */
export function usePath(): string {
  return useRouter().location.path;
}

/** The search part of the address; setting null removes a key. */
export function useSearch(): [URLSearchParams, (next: Record<string, string | null>, o?: NavigateOptions) => void] {
  const { location } = useRouter();
  const params = useMemo(() => new URLSearchParams(location.search), [location.search]);
  return [params, setSearch];
}

function setSearch(next: Record<string, string | null>, options: NavigateOptions = { replace: true }): void {
  const params = new URLSearchParams(window.location.search);
  for (const [key, value] of Object.entries(next)) {
    if (value === null || value === '') params.delete(key);
    else params.set(key, value);
  }
  const search = params.toString();
  navigate(splitAddress(window.location.pathname).path + (search ? `?${search}` : ''), options);
}

export interface LinkProps extends Omit<ComponentProps<'a'>, 'href'> {
  to: string;
  replace?: boolean;
}

/** A link inside the tenant; opens in a new tab with the usual keys, fetches what it leads to before it is followed. */
export function Link({ to, replace, onClick, onPointerEnter, onPointerLeave, onFocus, ...props }: LinkProps) {
  const ahead = useAheadOf(to);
  return (
    <a
      {...ahead}
      href={useHref(to)}
      onPointerEnter={(event) => {
        ahead.onPointerEnter(event);
        onPointerEnter?.(event);
      }}
      onPointerLeave={(event) => {
        ahead.onPointerLeave();
        onPointerLeave?.(event);
      }}
      onFocus={(event) => {
        ahead.onFocus(event);
        onFocus?.(event);
      }}
      onClick={(event) => {
        onClick?.(event);
        const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
        if (event.defaultPrevented || !plain || props.target) return;
        event.preventDefault();
        navigate(to, { replace });
      }}
      {...props}
    />
  );
}
