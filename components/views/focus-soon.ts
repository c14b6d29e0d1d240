/** Focuses what is about to be drawn anew. */
export function focusSoon(find: () => HTMLElement | null | undefined, tries = 10): void {
  requestAnimationFrame(() => {
    const element = find();
    if (element) element.focus({ preventScroll: true });
    else if (tries > 0) focusSoon(find, tries - 1);
  });
}
