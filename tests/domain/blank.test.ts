import { expect, it } from 'vitest';
import { isBlank } from '@/domain/blank';
import { missingForStage } from '@/domain/pipelines';

it('blank is what holds nothing, and nothing else', () => {
  for (const nothing of [null, undefined, '', []]) expect(isBlank(nothing)).toBe(true);
  for (const something of [0, false, ' ', [''], {}]) expect(isBlank(something)).toBe(false);
});

it('a stage that requires a field of several values lacks it while its list is empty', () => {
  const required = ['tags', 'amount', 'nextStep'];
  expect(missingForStage(required, { tags: [], amount: 0, nextStep: '' })).toEqual(['tags', 'nextStep']);
  expect(missingForStage(required, { tags: ['vip'], amount: 0, nextStep: 'call' })).toEqual([]);
});
