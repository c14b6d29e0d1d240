/** While an input method composes, Escape ends that and nothing else: what was typed must not go with what holds it. */
export function unlessComposing(escaped?: (event: KeyboardEvent) => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.isComposing) event.preventDefault();
    else escaped?.(event);
  };
}
