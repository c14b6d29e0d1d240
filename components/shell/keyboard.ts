'use client';

import { useEffect, useEffectEvent } from 'react';
import { useAllActions } from './actions';
import { chordOf } from './chords';

/** Milliseconds in which the second of two chords must come. */
export const patience = 1200;

/** Runs actions by their keys. Letters rest while somebody types or a dialog is open; `mod+…` always works. */
export function useKeyboard(): void {
  const actions = useAllActions();
  const press = useEffectEvent((chord: string, before: string, resting: boolean): string => {
    const pressed = before ? `${before} ${chord}` : chord;
    const usable = actions.filter((action) => action.keys && (!resting || action.keys.startsWith('mod+')));
    const found = usable.find((action) => action.keys === pressed);
    if (found) {
      found.run();
      return 'ran';
    }
    if (usable.some((action) => action.keys?.startsWith(`${pressed} `))) return pressed;
    return before ? press(chord, '', resting) : '';
  });
  useEffect(() => {
    let before = '';
    let at = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const chord = chordOf(event);
      if (!chord) return;
      const typing = isTyping(event.target);
      if (typing && (!chord.startsWith('mod+') || chord === 'mod+z')) return;
      const outcome = press(chord, event.timeStamp - at < patience ? before : '', typing || isBlocked(event.target));
      before = outcome === 'ran' ? '' : outcome;
      at = event.timeStamp;
      if (outcome) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
}

/** A modal dialog or an open menu has the keys to itself; not any more while what lay under it fades away. */
function isBlocked(target: EventTarget | null): boolean {
  if (document.body.style.pointerEvents === 'none') return true;
  return target instanceof Element && target.closest('[role="menu"],[role="listbox"],[role="dialog"]') !== null;
}
