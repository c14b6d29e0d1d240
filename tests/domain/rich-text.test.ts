import { describe, expect, it, vi } from 'vitest';
import { mentionsIn, mentionText, plainText, readRichText, safeLink } from '@/domain/rich-text';

const id = '01a208b2-04b7-7692-9305-4bf15aa6c27e';
const inline = (text: string) => {
  const [block] = readRichText(text);
  return block?.kind === 'paragraph' ? block.content : [];
};

describe('rich text', () => {
  it('reads what the editor writes', () => {
    const text =
      'a &lt; b &amp; \\*x\\*  \n**bold** ~~old~~ `c_1`\n\n# Title\n\n- one\n  - sub\n- two\n\n1. first\n2. second\n\n> said\n\n```\nlet x\n```\n\n---';
    expect(readRichText(text)).toMatchObject([
      {
        kind: 'paragraph',
        content: [
          { text: 'a < b & *x*' },
          { kind: 'break' },
          { kind: 'strong', content: [{ text: 'bold' }] },
          { text: ' ' },
          { kind: 'strike' },
          { text: ' ' },
          { kind: 'code', text: 'c_1' },
        ],
      },
      { kind: 'heading', level: 1 },
      { kind: 'list', ordered: false, items: [[{ kind: 'paragraph' }, { kind: 'list' }], [{ kind: 'paragraph' }]] },
      { kind: 'list', ordered: true, start: 1, items: [[{}], [{}]] },
      { kind: 'quote', content: [{ kind: 'paragraph' }] },
      { kind: 'code', text: 'let x' },
      { kind: 'rule' },
    ]);
  });

  it('knows no HTML and no links but to pages and mail', () => {
    expect(inline('<script>alert(1)</script>')).toEqual([{ kind: 'text', text: '<script>alert(1)</script>' }]);
    for (const bad of [
      'javascript:alert(1)',
      ' JaVaScRiPt:x',
      'data:text/html,x',
      'vbscript:x',
      '//evil',
      'https://a\nb',
    ])
      expect(safeLink(bad), bad).toBeNull();
    expect(inline('[x](javascript:alert(1))').every(({ kind }) => kind === 'text')).toBe(true);
    expect(inline('[x](https://example.com)')).toMatchObject([{ kind: 'link', href: 'https://example.com' }]);
    expect(inline('see https://example.com/a?b=1.')).toMatchObject([
      { text: 'see ' },
      { kind: 'link', href: 'https://example.com/a?b=1' },
      { text: '.' },
    ]);
  });

  it('keeps plain text as it was written', () => {
    expect(plainText('Called at 5 * 3, c_first_name, 2_000 * 4\nnext line')).toBe(
      'Called at 5 * 3, c_first_name, 2_000 * 4 next line',
    );
    expect(inline('a\nb')).toEqual([{ kind: 'text', text: 'a' }, { kind: 'break' }, { kind: 'text', text: 'b' }]);
  });

  it('names people, whatever they are called', () => {
    const text = `Ask ${mentionText(id, 'Ada [Lead] \\ Co')} and ${mentionText(id, '张伟')}`;
    expect(mentionsIn(text)).toEqual([id]);
    expect(inline(text).filter(({ kind }) => kind === 'mention')).toMatchObject([
      { name: 'Ada [Lead] \\ Co', id },
      { name: '张伟' },
    ]);
    expect(plainText(text)).toBe('Ask @Ada [Lead] \\ Co and @张伟');
  });

  it('ends a heading before the signs that close it, and a line before its spaces', () => {
    const heads = ['# A ##', '# A# ', '# A #b', '# ##', `# A${' '.repeat(20_000)}b`].map((text) => plainText(text, 50));
    expect(heads).toEqual(['A', 'A#', 'A #b', '##', 'A b']);
    for (const end of ['', '  ', '\\'])
      expect(inline(`a${' '.repeat(20_000)}b${end}\nc`).map((node) => node.kind)).toEqual(['text', 'break', 'text']);
    expect(inline('a\\\nb')[0]).toEqual({ kind: 'text', text: 'a' });
  });

  it('marks a text of any length', () => {
    expect(inline(`**${'long '.repeat(2000)}end** and on`)[0]).toMatchObject({ kind: 'strong' });
  });

  it('looks once for the end of marks that have none, however many there are', () => {
    for (const piece of ['*a ', '**a ', '_a ', '~~a ', '++a ']) {
      const text = piece.repeat(3000);
      const looked = vi.spyOn(String.prototype, 'indexOf');
      readRichText(text);
      const times = looked.mock.calls.length;
      looked.mockRestore();
      expect(times, piece).toBeLessThan(4 * text.length);
    }
  });

  it('reads anything, however it is nested', () => {
    for (const piece of ['*', '**a', '[', '[@', '> ', '- ', '`', '\\', '~~', '&', '_a'])
      expect(readRichText(piece.repeat(2000)).length).toBeGreaterThan(0);
  });
});
