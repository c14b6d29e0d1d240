import type { LocalAnswer } from './local-search';
import type { Outputs } from './trpc';

export type Group = Outputs['search']['groups'][number];

/**
 * What this browser found at once, corrected by what the server answered later: nothing that stays changes its place.
 * Of a record both know the server's is shown; what the server would have told of and did not is gone; what it knows
 * besides comes after.
 * @param asked null while the server has not answered
 */
export function withAnswer(held: LocalAnswer | null, asked: readonly Group[] | null): readonly Group[] {
  if (!held) return asked ?? [];
  if (!asked) return held.groups;
  const answered = new Map(asked.map((group) => [group.object, group]));
  const known = new Set(held.groups.map(({ object }) => object));
  const corrected = held.groups.flatMap((group) => {
    const answer = answered.get(group.object);
    if (!answer) return [];
    const hits = new Map(answer.hits.map((hit) => [hit.id, hit]));
    // Where there are more than it tells of, silence says nothing.
    const cut = answer.more || answer.count > answer.hits.length;
    const kept = group.hits.flatMap((hit) => hits.get(hit.id) ?? (cut ? [hit] : []));
    const shown = new Set(kept.map(({ id }) => id));
    const more = answer.hits.filter(({ id }) => !shown.has(id));
    return [{ ...answer, hits: [...kept, ...more].slice(0, Math.max(group.hits.length, answer.hits.length)) }];
  });
  return [...corrected, ...asked.filter(({ object }) => !known.has(object))];
}
