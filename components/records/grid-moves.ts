/** Where the cursor of a table is and how far it can go. */
export interface GridPlace {
  row: number;
  column: number;
  rows: number;
  columns: number;
  /** Rows that fit on the screen. */
  page: number;
}

interface Keys {
  key: string;
  metaKey: boolean;
  ctrlKey: boolean;
}

/** Where a key leads; without a column the row changes and the column stays. Null for keys that do not move. */
export function moveOf({ key, metaKey, ctrlKey }: Keys, at: GridPlace): { row: number; column?: number } | null {
  const mod = metaKey || ctrlKey;
  const last = at.rows - 1;
  switch (key) {
    case 'ArrowDown':
      return { row: mod ? last : at.row + 1 };
    case 'ArrowUp':
      return { row: mod || at.row < 0 ? 0 : at.row - 1 };
    case 'PageDown':
      return { row: at.row + at.page };
    case 'PageUp':
      return { row: at.row - at.page };
    case 'ArrowRight':
      return { row: at.row, column: mod ? at.columns - 1 : at.column + 1 };
    case 'ArrowLeft':
      return { row: at.row, column: mod ? 0 : at.column - 1 };
    case 'Home':
      return mod ? { row: 0 } : { row: at.row, column: 0 };
    case 'End':
      return mod ? { row: last } : { row: at.row, column: at.columns - 1 };
    default:
      return null;
  }
}
