import { describe, expect, it } from 'vitest';
import { type ImportPlan, type ImportPlanInput, importPlanSchema } from '@/domain/imports/mapping';
import { applied, fitOf, goodFit, settingsFrom } from '@/domain/imports/saved';
import { importPlan } from '@/tests/support/plans';

function plan(columns: [header: string, target: string | null][], more: Partial<ImportPlanInput> = {}): ImportPlan {
  return importPlan({ columns: columns.map(([header, target], index) => ({ index, header, target })), ...more });
}

describe('a saved mapping', () => {
  const made = plan(
    [
      ['Firm', 'name'],
      ['Web', 'domain'],
      ['Note', 'description'],
      ['Note', null],
    ],
    { matchKeys: ['domain', 'name'], policy: 'fillBlanks', decimal: ',', separator: ';', encoding: 'gb18030' },
  );
  made.columns[1] = { index: 1, header: 'Web', target: 'domain', policy: 'keep' };
  const settings = settingsFrom(made);

  it('puts its columns, formats and rules on a file whose columns stand in another order', () => {
    const other = plan([
      ['note', 'name'],
      ['WEB', null],
      ['Town', 'city'],
      ['Firm', 'legalName'],
    ]);
    const result = applied(other, settings);
    expect(result.columns.map(({ header, target, policy }) => [header, target, policy])).toEqual([
      ['note', 'description', undefined],
      ['WEB', 'domain', 'keep'],
      ['Town', 'city', undefined],
      ['Firm', 'name', undefined],
    ]);
    expect(result).toMatchObject({ matchKeys: ['domain', 'name'], policy: 'fillBlanks', decimal: ',' });
    // How this very file is written stays as it was found out.
    expect(result).toMatchObject({ separator: ',', encoding: 'utf-8' });
    expect(importPlanSchema.safeParse(result).success).toBe(true);
  });

  it('tells the second column of a header from the first', () => {
    const twice = plan([
      ['Note', null],
      ['Note', 'description'],
    ]);
    expect(applied(twice, settings).columns.map(({ target }) => target)).toEqual(['description', null]);
  });

  it('takes a target away from a column it does not know, and keys from columns that are not there', () => {
    const result = applied(
      plan([
        ['Firm', null],
        ['Company', 'name'],
      ]),
      settings,
    );
    expect(result.columns.map(({ target }) => target)).toEqual(['name', null]);
    expect(result.matchKeys).toEqual(['name']);
  });

  it('fits by the columns it maps and those it knows', () => {
    expect(fitOf(settings, ['Firm', 'Web', 'Note', 'Note'])).toBe(1);
    expect(fitOf(settings, ['Firm', 'Web', 'Note'])).toBeGreaterThan(goodFit);
    expect(fitOf(settings, ['Firm', 'a', 'b', 'c', 'd'])).toBeLessThan(goodFit);
    expect(fitOf(settings, [])).toBe(0);
  });
});
