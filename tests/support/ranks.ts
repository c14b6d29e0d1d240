/**
 * Whether two samples of timings come from different things, by the Mann-Whitney U test: ranks, so that a machine's
 * hiccups count as one late value each and not by their length.
 * @returns true only where chance would give it once in a hundred thousand times and the difference is a real one: the
 *   one is larger in three of four pairs
 */
export function distinguishable(a: number[], b: number[]): boolean {
  const larger = a.reduce((sum, x) => sum + b.reduce((n, y) => n + (x > y ? 1 : x === y ? 0.5 : 0), 0), 0);
  const pairs = a.length * b.length;
  const deviation = Math.sqrt((pairs * (a.length + b.length + 1)) / 12);
  const z = Math.abs(larger - pairs / 2) / deviation;
  const share = Math.max(larger, pairs - larger) / pairs;
  return z > 4.4 && share > 0.75;
}
