/**
 * How well a record is found by a kind of token: the smaller, the earlier in the list. The title goes before all other
 * texts; a beginning before what stands inside, characters before their sound.
 */
export const titleRanks = { start: 0, inner: 1, pinyin: 2, innerPinyin: 3, tail: 7 } as const;
export const textRanks = { start: 4, inner: 5, pinyin: 6, innerPinyin: 6, tail: 7 } as const;

/** Keys made before keys had ranks; the rebuild replaces them. */
export const oldRank = 9;

/** Every rank keys are stored with, in order. */
export const ranks: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, oldRank];

/** Ranks of words of titles: where misspellings are looked for. */
export const titleWordRanks: readonly number[] = [0, 1];

/** The last rank of a title; what comes after belongs to another text. */
export const lastTitleRank = 3;
