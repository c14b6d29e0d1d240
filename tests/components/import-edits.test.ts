import { expect, it } from 'vitest';
import { edited, editsOf } from '@/components/imports/use-draft';
import type { ImportPlan, ImportPlanInput } from '@/domain/imports/mapping';
import { importPlan } from '@/tests/support/plans';

function plan(more: Partial<ImportPlanInput> = {}): ImportPlan {
  return importPlan({
    object: 'deal',
    columns: ['externalId', 'name', 'amount'].map((target, index) => ({ index, header: `H${index}`, target })),
    matchKey: 'externalId',
    ...more,
  });
}

const plain = (value: ImportPlan) => JSON.parse(JSON.stringify(value));

it('a plan that was checked is found again whole, whatever the file seems to be', () => {
  const checked = plan({
    columns: [
      { index: 0, header: 'H0', target: null },
      { index: 1, header: 'H1', target: 'name', policy: 'keep' },
      { index: 2, header: 'H2', target: 'amount', scale: 1000 },
    ],
    matchKey: 'name',
    matchKeys: ['name'],
    policy: 'fillBlanks',
    currency: 'CNY',
    decimal: ',',
    missing: { company: 'create' },
    values: { stage: { '': { Won: { skip: true } } } },
    make: { label: { en: { one: 'Ticket', other: 'Tickets' } }, icon: 'ticket', tone: 'orange' },
  });
  const again = edited(plan(), editsOf(checked));
  expect(plain({ ...again, missing: { ...again.missing, others: undefined } })).toMatchObject(plain(checked));
});

it('keys whose columns are all gone leave the choice to the offer; none at all is a choice', () => {
  const chosen = (matchKeys: string[], column: string | null) => {
    const edits = editsOf(plan({ matchKeys }));
    return edited(plan(), { ...edits, columns: { ...edits.columns, 0: column } }).matchKeys;
  };
  expect(chosen(['externalId', 'name'], 'externalId')).toEqual(['externalId', 'name']);
  expect(chosen(['externalId', 'name'], null)).toEqual(['name']);
  expect(chosen(['externalId'], null)).toBeUndefined();
  expect(chosen([], null)).toEqual([]);
});
