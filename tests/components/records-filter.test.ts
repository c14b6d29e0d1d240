import { describe, expect, it } from 'vitest';
import {
  addMember,
  asFilter,
  asGroup,
  both,
  complete,
  conditionFor,
  filterField,
  filterFields,
  freshCondition,
  isComplete,
  replaceMember,
  valuesOf,
  withOperator,
  withPicked,
} from '@/components/records/filter-tree';
import { catalogueOf } from '@/domain/catalogue';
import type { Field } from '@/domain/fields';
import { type Filter, filterSchema, operatorsOf } from '@/domain/filters';
import { objects, type RecordObject } from '@/domain/objects';

const amount: Filter = { field: 'amount', op: 'gt', value: 100 };
const mine: Filter = { field: 'ownerId', op: 'me' };

describe('a filter as a sentence', () => {
  it('makes a group of a lone condition and nothing of an empty one', () => {
    expect(asGroup(amount)).toEqual({ and: [amount] });
    expect(asFilter({ and: [] })).toBeUndefined();
  });

  it('takes an emptied inner group away with its last condition', () => {
    const group = asGroup({ and: [amount, { or: [mine] }] });
    expect(replaceMember(group, 1, { or: [] })).toEqual({ and: [amount] });
    expect(replaceMember(group, 0, null)).toEqual({ and: [{ or: [mine] }] });
  });

  it('asks only for what is filled in', () => {
    const half: Filter = { field: 'name', op: 'contains' };
    expect(complete({ and: [half, amount, { or: [half] }] })).toEqual({ and: [amount] });
    expect(complete({ and: [half] })).toBeUndefined();
    expect(complete(addMember({ and: [] }, mine))).toEqual({ and: [mine] });
  });

  it('joins what is fixed with what was chosen', () => {
    expect(both(undefined, amount)).toBe(amount);
    expect(both(mine, amount)).toEqual({ and: [mine, amount] });
  });
});

describe('picking the values of a condition', () => {
  const kinds = { type: 'choices', choices: ['a', 'b'] } as unknown as Field;
  const stars = { type: 'rating', own: { settings: { max: 3 } } } as unknown as Field;

  it('takes several where several fit, each as the field holds it', () => {
    expect([valuesOf(kinds), valuesOf(stars), valuesOf(objects.company.fields.name as Field)]).toEqual([
      ['a', 'b'],
      [1, 2, 3],
      undefined,
    ]);
    const one = withPicked(freshCondition('c_kinds', kinds), kinds, 'b');
    expect([one, isComplete(one)]).toEqual([{ field: 'c_kinds', op: 'anyOf', value: ['b'] }, true]);
    expect(withPicked(withPicked(one, kinds, 'a'), kinds, 'b').value).toEqual(['a']);
    expect(withPicked({ field: 'c_stars', op: 'anyOf' }, stars, '2').value).toEqual([2]);
    expect(withPicked({ field: 'c_stars', op: 'gte', value: 1 }, stars, '3').value).toBe(3);
  });
});

describe('changing an operator', () => {
  it('keeps a value that still fits', () => {
    expect(withOperator({ field: 'type', op: 'anyOf', value: ['a'] }, 'noneOf').value).toEqual(['a']);
    expect(withOperator({ field: 'type', op: 'is', value: 'a' }, 'anyOf').value).toEqual(['a']);
    expect(withOperator({ field: 'type', op: 'anyOf', value: ['a', 'b'] }, 'is').value).toBe('a');
    expect(withOperator({ field: 'amount', op: 'gt', value: 5 }, 'lt').value).toBe(5);
  });

  it('drops one that does not', () => {
    expect(withOperator({ field: 'dueOn', op: 'before', value: '2026-01-01' }, 'inNext')).toEqual({
      field: 'dueOn',
      op: 'inNext',
    });
    expect(withOperator({ field: 'amount', op: 'gt', value: 5 }, 'isEmpty')).toEqual({
      field: 'amount',
      op: 'isEmpty',
    });
    expect(isComplete(withOperator({ field: 'amount', op: 'gt', value: 5 }, 'between'))).toBe(false);
  });
});

const catalogue = catalogueOf([], []);

describe('every field that can be filtered by', () => {
  it.each(Object.keys(objects) as RecordObject[])('has an operator and makes a filter of %s', (object) => {
    for (const { path, field } of filterFields(catalogue, object)) {
      const condition = freshCondition(path, field);
      expect(operatorsOf[field.type], path).toContain(condition.op);
      expect(filterSchema.safeParse(condition).success, path).toBe(true);
      expect(filterField(catalogue, object, path)?.path).toBe(path);
    }
  });

  it('compares with the value of a cell where it can be compared', () => {
    const { fields } = objects.deal;
    expect(fields.ownerId && conditionFor('ownerId', fields.ownerId, 'x')).toEqual({
      field: 'ownerId',
      op: 'anyOf',
      value: ['x'],
    });
    expect(fields.amount && conditionFor('amount', fields.amount, 500)).toEqual({
      field: 'amount',
      op: 'is',
      value: 500,
    });
    expect(fields.tags && conditionFor('tags', fields.tags, ['a'])).toBeNull();
  });
});
