'use client';

const load = async () => {
  const [{ combine }, adapter] = await Promise.all([
    import('@atlaskit/pragmatic-drag-and-drop/combine'),
    import('@atlaskit/pragmatic-drag-and-drop/element/adapter'),
  ]);
  return { combine, draggable: adapter.draggable, dropTargetForElements: adapter.dropTargetForElements };
};

/**
 * Makes elements draggable as soon as the code for it is here, which nobody waits for.
 * @param attach does it, and returns how to undo it
 * @returns how to undo it, also before it was done; for the end of an effect
 */
export function withDragging(attach: (drag: Awaited<ReturnType<typeof load>>) => () => void): () => void {
  let over = false;
  let detach = () => {};
  load()
    .then((drag) => {
      if (!over) detach = attach(drag);
    })
    // Off line and never loaded: rows still move by the arrow keys.
    .catch(() => {});
  return () => {
    over = true;
    detach();
  };
}
