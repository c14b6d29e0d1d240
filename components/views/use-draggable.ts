'use client';

import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { type RefObject, useEffect, useEffectEvent } from 'react';

/** Lets a card be dragged with a mouse or a pen; a finger scrolls and swipes, and moves cards by their menu. */
export function useDraggable(
  ref: RefObject<HTMLElement | null>,
  movable: boolean,
  /** What the place it is dropped on is told. */
  data: () => Record<string, unknown>,
): void {
  const dragged = useEffectEvent(data);
  useEffect(() => {
    const element = ref.current;
    if (!element || !movable) return;
    return draggable({
      element,
      canDrag: () => window.matchMedia('(pointer: fine)').matches,
      getInitialData: () => dragged(),
    });
  }, [ref, movable]);
}
