const edge = 56;
const fastest = 18;

/**
 * Scrolls what lies under the pointer while something is dragged near its edges, the faster the nearer.
 * `at` is read on every frame; call what is returned to stop.
 */
export function scrollWhileDragging(
  at: () => { x: number; y: number },
  scrollers: () => { down?: Element | null; across?: Element | null },
): () => void {
  let frame = 0;
  const step = () => {
    const { x, y } = at();
    const { down, across } = scrollers();
    if (down) {
      const { top, bottom } = down.getBoundingClientRect();
      down.scrollTop += speed(y, top, bottom);
    }
    if (across) {
      const { left, right } = across.getBoundingClientRect();
      across.scrollLeft += speed(x, left, right);
    }
    frame = requestAnimationFrame(step);
  };
  frame = requestAnimationFrame(step);
  return () => cancelAnimationFrame(frame);
}

/** Pixels per frame: negative near the start, positive near the end, nothing between. */
export function speed(at: number, start: number, end: number): number {
  const before = at - start;
  const after = end - at;
  if (before < 0 || after < 0) return 0;
  if (before < edge) return -Math.ceil(fastest * (1 - before / edge));
  return after < edge ? Math.ceil(fastest * (1 - after / edge)) : 0;
}
