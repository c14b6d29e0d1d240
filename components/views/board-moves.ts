import type { RecordRow } from '@/components/records/record-data';

/** A card that was put into another column. */
export interface Move {
  row: RecordRow;
  from: string | null;
  to: string | null;
  /** The server has not answered yet, or the columns have not been asked again since. */
  pending: boolean;
}

/** By the record's id. Those that are done say only that the card stays where it was dropped: at the top. */
export type Moves = ReadonlyMap<string, Move>;

/** The cards of a column with what was moved: gone at once from where they were, first where they went. */
export function shownRows(rows: readonly RecordRow[], key: string | null, moves: Moves): RecordRow[] {
  if (moves.size === 0) return [...rows];
  const here = rows.filter(({ id }) => {
    const move = moves.get(id);
    return !move?.pending || move.to === key;
  });
  const known = new Map(here.map((row) => [row.id, row]));
  // The last one moved stands first.
  const first = [...moves.values()].toReversed().flatMap((move) => {
    if (move.to !== key) return [];
    const row = known.get(move.row.id) ?? (move.pending ? move.row : undefined);
    return row ? [row] : [];
  });
  const moved = new Set(first.map(({ id }) => id));
  return [...first, ...here.filter(({ id }) => !moved.has(id))];
}

/** How many cards a column has while moves are on their way. */
export function shownCount(count: number, key: string | null, moves: Moves): number {
  let shown = count;
  for (const move of moves.values()) {
    if (!move.pending || move.from === move.to) continue;
    if (move.to === key) shown++;
    if (move.from === key) shown--;
  }
  return Math.max(0, shown);
}

/** The moves with one more, or one taken out. */
export function withMove(moves: Moves, id: string, move: Move | null): Moves {
  const next = new Map(moves);
  // Put in anew, so that it is the last.
  next.delete(id);
  if (move) next.set(id, move);
  return next;
}
