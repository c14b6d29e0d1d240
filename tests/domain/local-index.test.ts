import { describe, expect, it } from 'vitest';
import { LocalIndex, type MirrorRow, makeSegment, segmentRows } from '@/domain/local-index';

// That it finds what the server finds, in the same order, is held in tests/server/search-mirror.test.ts.

const row = (n: number, title: string, more: Partial<MirrorRow> = {}): MirrorRow => {
  return { object: 'company', id: `id-${String(n).padStart(6, '0')}`, title, at: n, ...more };
};
const titles = (index: LocalIndex, q: string, limit = 5) =>
  index.search(q, limit).flatMap(({ hits }) => hits.map(({ title }) => title));

describe('the index of records in a browser', () => {
  it('keeps every token once, and finds the ends of runs and numbers within them', () => {
    const { text, places } = makeSegment([
      row(1, '阿里巴巴', {
        texts: [['phone', '13812345678']],
        spelt: [
          ['alibaba', 2],
          ['albb', 2],
        ],
      }),
    ]);
    expect(text.split('\n').filter(Boolean).toSorted()).toEqual(['13812345678', 'albb', 'alibaba', '阿里巴巴']);
    expect(places.length).toBeGreaterThan(4);
  });

  it('takes what changed, crosses out what it was, and leaves large segments as they are', () => {
    const index = new LocalIndex();
    index.put(Array.from({ length: segmentRows + 10 }, (_, n) => row(n, `Old ${n}`)));
    expect(index.segments).toHaveLength(2);
    const [first, last] = index.segments;
    const text = first?.text;
    const touched = index.put([row(3, 'New three'), row(99_999, 'New four')]);
    expect(touched).toEqual(new Set([first, last]));
    expect(first?.text).toBe(text);
    expect(titles(index, 'new')).toEqual(['New four', 'New three']);
    expect(titles(index, 'old 3', 1)).not.toContain('Old 3');
    expect(index.size).toBe(segmentRows + 11);
    index.remove('id-000003');
    expect(titles(index, 'new')).toEqual(['New four']);
    expect(index.byId(['id-000003', 'id-099999']).map(({ title }) => title)).toEqual(['New four']);
    // A segment as it was kept holds no more than it did.
    const again = new LocalIndex();
    for (const segment of structuredClone(index.segments)) again.add(segment);
    expect(again.size).toBe(index.size);
    expect(titles(again, 'new')).toEqual(['New four']);
  });

  it('finds a record by all that is typed, wherever it stands, and of kinds that are asked for', () => {
    const index = new LocalIndex();
    index.put([
      row(1, 'Anna Schmidt', { object: 'contact', mine: true }),
      row(2, 'Anna Schmidt', { object: 'contact' }),
      row(3, 'Schmidt & Co'),
      row(4, 'Call', { object: 'task', done: true, texts: [['notes', 'Anna']] }),
      row(5, '!!!'),
    ]);
    expect(index.search('anna', 5, ['contact'])[0]?.hits.map(({ id }) => id)).toEqual(['id-000001', 'id-000002']);
    expect(titles(index, 'schm an')).toEqual(['Anna Schmidt', 'Anna Schmidt']);
    expect(titles(index, 'shcmidt')).toEqual(['Schmidt & Co', 'Anna Schmidt', 'Anna Schmidt']);
    expect(['schmidt', 'shcmidt'].map((q) => index.search(q, 5)[0]?.guess)).toEqual([false, true]);
    expect(titles(index, '!')).toEqual(['!!!']);
    expect(titles(index, ' ')).toEqual([]);
    expect(index.newest('contact', 1).map(({ id }) => id)).toEqual(['id-000002']);
  });
});
