'use client';

import { type ComponentProps, useSyncExternalStore } from 'react';
import { cn } from './cn';

const never = () => () => {};

/** Whether the modifier is Command; the server says no. */
export function useApple(): boolean {
  return useSyncExternalStore(
    never,
    () => /mac|iphone|ipad/i.test(navigator.platform),
    () => false,
  );
}

function face(key: string, apple: boolean): string {
  switch (key) {
    case 'mod':
      return apple ? '⌘' : 'Ctrl';
    case 'shift':
      return apple ? '⇧' : 'Shift';
    case 'alt':
      return apple ? '⌥' : 'Alt';
    case 'enter':
      return '↵';
    case 'escape':
      return 'Esc';
    case 'up':
      return '↑';
    case 'down':
      return '↓';
    case 'left':
      return '←';
    case 'right':
      return '→';
    case 'space':
      return '␣';
    default:
      return key.length === 1 ? key.toUpperCase() : key;
  }
}

/** Keys of a shortcut: `mod+k` together, `g d` one after the other. */
export function Kbd({ keys, className, ...props }: ComponentProps<'span'> & { keys: string }) {
  const apple = useApple();
  const faces = keys.split(' ').flatMap((chord) => chord.split('+').map((key) => face(key, apple)));
  return (
    <span className={cn('inline-flex items-center gap-0.5 pointer-coarse:hidden', className)} {...props}>
      {faces.map((text, i) => (
        <kbd
          // biome-ignore lint/suspicious/noArrayIndexKey: the same key may stand twice and the order never changes
          key={i}
          className="inline-grid h-[18px] min-w-[18px] place-items-center rounded-xs border bg-muted px-1 font-sans text-muted-foreground text-xs leading-none"
        >
          {text}
        </kbd>
      ))}
    </span>
  );
}
