import type { LucideIcon } from 'lucide-react';
import { type ComponentType, createElement, type LazyExoticComponent, lazy } from 'react';
import type { RecordObject } from '@/domain/objects';
import type { Ahead } from './ahead';
import type { AnyPermission } from './boot';
import { MoreWords, moreWords, servedLocale } from './intl';

/** What every screen gets: the named parts of its address. */
export interface ScreenProps {
  params: Record<string, string>;
}

/** One line of the table of addresses. */
export interface Screen {
  /** Relative to the tenant; `:id` names a part. */
  path: string;
  /** Key in `messages/*\/shell.json` under `screens`. */
  title: string;
  component: LazyExoticComponent<ComponentType<ScreenProps>>;
  preload: () => void;
  /** Asks for what the screen will show, before it is opened. */
  ahead?: (params: Record<string, string>, ask: Ahead) => void;
  permission?: AnyPermission;
  /** Keys that lead here: `g d`. */
  keys?: string;
  /** What `c` creates here. */
  object?: RecordObject;
  /** Its place in the navigation, if it has one. */
  nav?: { section: 'top' | 'records' | 'tools'; icon: LucideIcon; phone?: boolean };
  /** Addresses below one that has a place light up that place. */
  under?: string;
}

export interface ScreenMatch {
  screen: Screen;
  params: Record<string, string>;
}

/** The component a module exports, loaded when first shown or when a link to it is hovered. */
export function lazyScreen<M>(load: () => Promise<M>, pick: (module: M) => ComponentType<ScreenProps>) {
  return {
    component: lazy(async () => ({ default: pick(await load()) })),
    preload: () => void load().catch(() => {}),
  };
}

/** The same for a screen of settings or imports, with the words only those need. */
export function lazyScreenWithMore<M>(load: () => Promise<M>, pick: (module: M) => ComponentType<ScreenProps>) {
  return lazyScreen(
    async () => (await Promise.all([load(), moreWords(servedLocale())]))[0],
    (module) => {
      const screen = pick(module);
      return (props) => createElement(MoreWords, null, createElement(screen, props));
    },
  );
}

/** The first screen whose path fits, and the parts of the address it names. */
export function matchScreen(screens: readonly Screen[], path: string): ScreenMatch | null {
  const parts = path.split('/').filter(Boolean);
  for (const screen of screens) {
    const params = matchPath(screen.path, parts);
    if (params) return { screen, params };
  }
  return null;
}

function matchPath(pattern: string, parts: string[]): Record<string, string> | null {
  const names = pattern.split('/').filter(Boolean);
  if (names.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [i, name] of names.entries()) {
    const part = parts[i] ?? '';
    if (name.startsWith(':')) params[name.slice(1)] = decoded(part);
    else if (name !== part) return null;
  }
  return params;
}

/** An address somebody mistyped is a wrong address, not an error. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A component some of whose props are the same at every address. */
export function given<P extends object>(
  component: ComponentType<ScreenProps & P>,
  props: P,
): ComponentType<ScreenProps> {
  return (own) => createElement(component, { ...own, ...props });
}
