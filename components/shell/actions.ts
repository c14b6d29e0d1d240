'use client';

import type { LucideIcon } from 'lucide-react';
import { type RefObject, useEffect, useEffectEvent, useRef, useSyncExternalStore } from 'react';
import { type AnyPermission, useCan } from './boot';
import { useKeysOf } from './desk';

/** Groups of the palette and of the shortcut sheet, in this order. */
export const actionGroups = ['here', 'create', 'goTo', 'view', 'help'] as const;
export type ActionGroup = (typeof actionGroups)[number];

/** Something a person can do, said once: menus, palette, keys and the shortcut sheet are derived from it. */
export interface Action {
  id: string;
  /** In the person's words already. */
  label: string;
  group: ActionGroup;
  icon?: LucideIcon;
  /** `c`, `mod+k` (together), `g d` (one after the other). */
  keys?: string;
  permission?: AnyPermission;
  destructive?: boolean;
  /** Whoever uses it may give it other keys. */
  rebindable?: boolean;
  /** Only by key and menu, not in the palette. */
  unlisted?: boolean;
  run: () => void;
}

type Registered = readonly Action[];

// What is mounted later stands in front: a screen's `e` wins over a general one.
let registry: readonly Registered[] = [];
const listeners = new Set<() => void>();

function register(actions: Registered): () => void {
  registry = [actions, ...registry];
  notify();
  return () => {
    registry = registry.filter((known) => known !== actions);
    notify();
  };
}

function notify() {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Offers actions while the caller is mounted. */
export function useActions(actions: readonly Action[]): void {
  const run = useEffectEvent((id: string) => actions.find((action) => action.id === id)?.run());
  // Labels, keys and rights decide whether the registry changes; what they do is always the newest.
  const shape = JSON.stringify(
    actions.map(({ id, label, keys, permission, group }) => [id, label, keys, permission, group]),
  );
  const current = useEffectEvent(() => actions.map((action) => ({ ...action, run: () => run(action.id) })));
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the actions
  useEffect(() => register(current()), [shape]);
}

/**
 * An action that is a control of the page: the palette and its keys press it.
 * @returns to be given to the control, whose hint shows the same keys
 */
export function useControl(action: Omit<Action, 'run'>): RefObject<HTMLButtonElement | null> {
  const ref = useRef<HTMLButtonElement>(null);
  useActions([{ ...action, run: () => press(ref.current) }]);
  return ref;
}

/** As a person would: what opens a menu listens to keys and not to clicks. */
export function press(control: HTMLElement | null): void {
  if (!control) return;
  control.focus();
  if (control.ariaHasPopup === 'menu')
    control.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
  else control.click();
}

/** Every action this person may use now, the nearest first. */
export function useAllActions(): Action[] {
  const allowed = useCan();
  const registered = useSyncExternalStore(
    subscribe,
    () => registry,
    () => registry,
  );
  const keysOf = useKeysOf();
  // A part of a page may be there twice, for wide and narrow windows.
  const known = new Set<string>();
  return registered
    .flat()
    .filter(({ id }) => !known.has(id) && known.add(id))
    .filter((action) => !action.permission || allowed(action.permission))
    .map((action) => (action.rebindable ? { ...action, keys: keysOf(action.id, action.keys) } : action));
}
