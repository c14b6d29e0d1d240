/** A place on the board. */
export interface Place {
  stageId: string;
  index: number;
}

/** A column as the keyboard sees it: how many cards it has; a folded one is passed over. */
export interface KeyColumn {
  stageId: string;
  cards: number;
  folded: boolean;
}

/** Where the focus goes from a card; null when there is nothing that way. */
export function focusAfter(columns: readonly KeyColumn[], at: Place, key: string): Place | null {
  const here = columns.findIndex((column) => column.stageId === at.stageId);
  const cards = columns[here]?.cards ?? 0;
  const within = (index: number) => (index >= 0 && index < cards ? { ...at, index } : null);
  switch (key) {
    case 'ArrowDown':
      return within(at.index + 1);
    case 'ArrowUp':
      return within(at.index - 1);
    case 'Home':
      return within(0);
    case 'End':
      return within(cards - 1);
    case 'ArrowRight':
    case 'ArrowLeft': {
      const step = key === 'ArrowRight' ? 1 : -1;
      for (let i = here + step; i >= 0 && i < columns.length; i += step) {
        const column = columns[i];
        if (column && !column.folded && column.cards > 0) {
          return { stageId: column.stageId, index: Math.min(at.index, column.cards - 1) };
        }
      }
      return null;
    }
    default:
      return null;
  }
}

/** Where a card that is being carried goes: into any column, also an empty one, and behind its last card. */
export function carriedAfter(columns: readonly KeyColumn[], from: Place, at: Place, key: string): Place | null {
  const here = columns.findIndex((column) => column.stageId === at.stageId);
  // The carried card itself is no place to land beside.
  const last = (column: KeyColumn) => column.cards - (column.stageId === from.stageId ? 1 : 0);
  const column = columns[here];
  if (!column) return null;
  switch (key) {
    case 'ArrowDown':
      return at.index < last(column) ? { ...at, index: at.index + 1 } : null;
    case 'ArrowUp':
      return at.index > 0 ? { ...at, index: at.index - 1 } : null;
    case 'Home':
      return { ...at, index: 0 };
    case 'End':
      return { ...at, index: last(column) };
    case 'ArrowRight':
    case 'ArrowLeft': {
      const next = columns[here + (key === 'ArrowRight' ? 1 : -1)];
      return next ? { stageId: next.stageId, index: next.folded ? 0 : Math.min(at.index, last(next)) } : null;
    }
    default:
      return null;
  }
}
