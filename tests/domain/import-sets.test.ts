import { describe, expect, it } from 'vitest';
import type { ImportPlan } from '@/domain/imports/mapping';
import { inOrder, plansOfSet, statusOfSet } from '@/domain/imports/sets';
import { importPlan } from '@/tests/support/plans';

const plan = (object: ImportPlan['object'], source: string): ImportPlan =>
  importPlan({ object, source, columns: [{ index: 0, header: 'Name', target: 'name' }] });

describe('files that are loaded together', () => {
  it('come in the order of what names what, own objects after what they may name and unknown ones last', () => {
    const objects = [null, 'note', 'o_ticket', 'deal', 'contact', 'company', 'product', 'member', 'task'] as const;
    expect(inOrder(objects, (object) => object && { ...plan('company', 'file'), object })).toEqual([
      'member',
      'product',
      'company',
      'contact',
      'deal',
      'o_ticket',
      'task',
      'note',
      null,
    ]);
  });

  it('put an own object before what names it, however it is usually placed, and moves after the deals they are of', () => {
    const naming = (object: ImportPlan['object'], to: 'contact' | `o_${string}`): ImportPlan => {
      const { columns, ...rest } = plan(object, 'file');
      const own = [{ name: 'c_other', kind: 'reference' as const, type: 'reference' as const, to }];
      return { ...rest, columns: [...columns, { index: 1, header: 'Other', target: 'c_other' }], own };
    };
    const moves = { ...plan('deal', 'file') };
    moves.columns = [{ index: 0, header: 'CreatedDate', target: 'stageEntered' }];
    const plans = [
      moves,
      plan('deal', 'file'),
      naming('contact', 'o_order'),
      naming('o_order', 'o_site'),
      plan('o_site', 'file'),
    ];
    expect(inOrder(plans, (one) => one).map((one) => plans.indexOf(one))).toEqual([1, 0, 4, 3, 2]);
    // Each names the other: the usual order.
    const circle = [naming('o_order', 'contact'), naming('contact', 'o_order')];
    expect(inOrder(circle, (one) => one).map(({ object }) => object)).toEqual(['contact', 'o_order']);
  });

  it('share the ids of the one product among them', () => {
    const sources = (...list: string[]) =>
      plansOfSet(list.map((source) => plan('company', source))).map(({ source }) => source);
    expect(sources('hubspot', 'file')).toEqual(['hubspot', 'hubspot']);
    // Of two products nobody can say which one a file without a name comes from.
    expect(sources('hubspot', 'pipedrive', 'file')).toEqual(['hubspot', 'pipedrive', 'file']);
    expect(sources('file', 'file')).toEqual(['file', 'file']);
  });

  it('make of names what no file of them brings, and keep people who left', () => {
    const [deals] = plansOfSet([plan('deal', 'file'), plan('company', 'file')]);
    expect(deals?.missing).toMatchObject({
      company: 'leave',
      contact: 'create',
      product: 'create',
      owner: 'create',
      stage: 'create',
    });
  });

  it('stand as the one that needs most attention', () => {
    expect(statusOfSet(['done', 'done'])).toBe('done');
    expect(statusOfSet(['queued', 'queued'])).toBe('queued');
    expect(statusOfSet(['done', 'queued'])).toBe('running');
    expect(statusOfSet(['done', 'running', 'queued'])).toBe('running');
    expect(statusOfSet(['done', 'paused'])).toBe('paused');
    expect(statusOfSet(['failed', 'paused'])).toBe('failed');
    expect(statusOfSet(['done', 'cancelled'])).toBe('cancelled');
  });
});
