import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, forgiven, nearStarts, oneEdit } from '@/domain/search-typos';

const word = fc.stringMatching(/^[a-d]{1,8}$/);

describe('misspelt words', () => {
  it.each([
    ['abc', 0],
    ['anna', 1],
    ['schmidt', 1],
    ['schmidts', 2],
    ['müll', 0],
    ['平安银行', 0],
    ['a1b2', 0],
  ])('%s is forgiven %i edits', (typed, edits) => {
    expect(forgiven(typed)).toBe(edits);
  });

  it.each([
    ['schmidt', 'schmidt', 0],
    ['schmdit', 'schmidt', 1],
    ['schmit', 'schmidt', 1],
    ['schmiddt', 'schmidt', 1],
    ['schmibt', 'schmidt', 1],
    ['andresonn', 'anderson', 2],
    ['abc', 'xyz', 3],
    ['abcdef', 'ab', 3],
  ])('%s is %s but for %i', (a, b, edits) => {
    expect(distance(a, b, 2)).toBe(edits);
  });

  it('within one edit are the words that one edit makes, no more and no less', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(oneEdit(a).includes(b)).toBe(distance(a, b, 1) <= 1);
      }),
    );
  });

  it('with two edits begin like one of the beginnings, unless both are in the first half', () => {
    const edited = ['papadopuolso', 'papdaopuolos', 'papadopolous'];
    for (const typed of edited) {
      expect({ typed, found: nearStarts(typed).some((start) => 'papadopoulos'.startsWith(start)) }).toEqual({
        typed,
        found: true,
      });
    }
  });
});
