import { describe, expect, it } from 'vitest';
import { chordOf, chordProblem } from '@/components/shell/chords';

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
  chordOf({ key, code: '', metaKey: false, ctrlKey: false, altKey: false, shiftKey: false, ...more });

describe('chords', () => {
  it('are named by what was pressed, also under a Chinese input method', () => {
    expect(press('g')).toBe('g');
    expect(press('K', { ctrlKey: true })).toBe('mod+k');
    expect(press('k', { metaKey: true })).toBe('mod+k');
    expect(press('E', { shiftKey: true })).toBe('shift+e');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press('？')).toBe('?');
    expect(press('Process', { code: 'KeyJ' })).toBe('j');
    expect(press('ArrowDown', { altKey: true })).toBe('alt+down');
    expect(press(' ')).toBe('space');
    expect(press('Shift', { shiftKey: true })).toBeNull();
  });

  it('are given only when the browser does not need them and no other action has them or begins with them', () => {
    const used = [{ label: 'Go to deals', keys: 'g d' }, { label: 'Create', keys: 'c' }, { label: 'Dark' }];
    expect(chordProblem('g x', used)).toBeUndefined();
    expect(chordProblem('alt+d', used)).toBeUndefined();
    expect(chordProblem('c', used)).toEqual({ code: 'used', by: 'Create' });
    expect(chordProblem('g', used)).toEqual({ code: 'used', by: 'Go to deals' });
    expect(chordProblem('c x', used)).toEqual({ code: 'used', by: 'Create' });
    for (const keys of ['mod+t', 'mod+c', 'escape', 'tab', 'f5', 'x enter'])
      expect(chordProblem(keys, used)).toEqual({ code: 'reserved' });
  });
});
