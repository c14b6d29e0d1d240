import { describe, expect, it } from 'vitest';
import { readPlaces } from '@/components/conversation/beside';

const [a, b, c] = ['1', '2', '3'].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`);

describe('records beside another', () => {
  it('are the first two an address names, of kinds there are', () => {
    const kinds = ['company', 'o_asset'] as const;
    expect(readPlaces(`company:${a},o_asset:${b},company:${c}`, kinds)).toEqual([
      { object: 'company', id: a },
      { object: 'o_asset', id: b },
    ]);
    expect(readPlaces(`o_gone:${a},company:../x,company,:${b},company:${c}`, kinds)).toEqual([
      { object: 'company', id: c },
    ]);
    expect(readPlaces(null, kinds)).toEqual([]);
  });
});
