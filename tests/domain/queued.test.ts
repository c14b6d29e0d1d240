import { describe, expect, it } from 'vitest';
import { isQueuedAnswer, queued, queuedAnswer, queuedKey } from '@/domain/queued';

describe('changes that may wait', () => {
  it('say which records they concern and how these look until they are carried out', () => {
    expect(queued('companies.update', { id: 'a', values: { name: 'N' } })).toEqual({
      object: 'company',
      ids: ['a'],
      values: { name: 'N' },
    });
    expect(queued('deals.move', { id: 'a', stageId: 's', values: { lossReason: 'price' } })).toMatchObject({
      object: 'deal',
      values: { lossReason: 'price', stageId: 's' },
    });
    expect(queued('records.updateMany', { object: 'o_boat', ids: ['a', 'b'], values: {} })).toMatchObject({
      object: 'o_boat',
      ids: ['a', 'b'],
    });
    expect(queued('notes.create', { id: 'n', values: { body: 'Hello', companyId: 'a' } })).toMatchObject({
      ids: ['n', 'a'],
      on: ['a'],
      text: 'Hello',
    });
  });

  it('are none that need the server, and no record whose id is not known', () => {
    for (const path of [
      'exports.start',
      'imports.start',
      'bulk.update',
      'members.setRole',
      'bin.erase',
      'changes.undo',
    ])
      expect(queued(path, { id: 'a', ids: ['a'], values: {} }), path).toBeNull();
    expect(queued('companies.create', { values: { name: 'N' } })).toBeNull();
    expect(queued('companies.constructor', {})).toBeNull();
  });

  it('are answered with what stands for a change set', () => {
    const answer = queuedAnswer('k', { ids: ['a', 'b'] });
    expect(answer).toMatchObject({ count: 2, version: null });
    expect(isQueuedAnswer(answer)).toBe(true);
    expect(queuedKey(String(answer.changeSetId))).toBe('k');
    expect(isQueuedAnswer({ changeSetId: '0197d000-0000-7000-8000-000000000001' })).toBe(false);
    expect(isQueuedAnswer(undefined)).toBe(false);
  });
});
