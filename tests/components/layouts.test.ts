import { describe, expect, it } from 'vitest';
import {
  aside,
  beginLayout,
  emptyLayout,
  hiddenItems,
  hiding,
  itemsIn,
  moved,
  showing,
  storedLayout,
  withItems,
  withoutSection,
  withSection,
} from '@/components/settings/layouts/draft';
import { catalogueOf } from '@/domain/catalogue';
import { relatedLists } from '@/domain/related-lists';

const catalogue = catalogueOf([], []);
const company = catalogue.get('company');
if (!company) throw new Error('No company');
const lists = relatedLists(company, catalogue);
const begin = beginLayout(company, 'all', [], lists);

describe('the arranging of a page', () => {
  it("begins with the page as it is, and stores nothing while it is the product's own", () => {
    expect(begin.sections.flatMap(({ fields }) => fields)).toEqual(expect.arrayContaining(['phone', 'city']));
    expect(begin.related).toEqual(['companyContacts', 'deals', 'tasks', 'parent', 'subsidiaries']);
    expect(storedLayout(company, begin).sections).toEqual([]);
    // Sections stay the product's own when only lists are arranged, or a field is hidden.
    const less = hiding(moved(begin, 'list:tasks', aside, 0), 'taxId');
    expect(storedLayout(company, less)).toMatchObject({ sections: [], hidden: ['taxId'] });
    const stored = [{ object: 'company', role: 'all' as const, config: storedLayout(company, less) }];
    expect(beginLayout(company, 'member', stored, lists)).toEqual(less);
  });

  it('moves lists into sections and out, fields between sections, and keeps what a removed section held', () => {
    const into = moved(begin, 'list:deals', 'contact');
    expect(itemsIn(into, 'contact').at(-1)).toBe('list:deals');
    expect(into.related).not.toContain('deals');
    expect(storedLayout(company, into).sections).not.toEqual([]);
    expect(moved(into, 'list:deals', aside, 1).related).toEqual(begin.related);
    expect(itemsIn(moved(into, 'city', 'contact', 0), 'contact')[0]).toBe('city');
    // Lists stand after fields, wherever among them they were let go.
    expect(moved(begin, 'list:tasks', 'contact', 0).sections.find(({ id }) => id === 'contact')?.lists).toEqual([
      'tasks',
    ]);
    const gone = withoutSection(into, 'contact');
    expect(itemsIn(gone, begin.sections[0]?.id ?? '')).toEqual(expect.arrayContaining(['phone', 'list:deals']));
    expect(withItems(begin, aside, ['list:tasks', 'phone']).related).toEqual(['tasks']);
  });

  it('hides fields and lists and shows them again', () => {
    const less = hiding(hiding(begin, 'phone'), 'list:tasks');
    expect(hiddenItems(less)).toEqual(['phone', 'list:tasks']);
    expect(less.sections.flatMap(({ fields }) => fields)).not.toContain('phone');
    expect(less.related).not.toContain('tasks');
    const more = showing(showing(less, 'list:tasks'), 'phone');
    expect(hiddenItems(more)).toEqual([]);
    expect(more.related.at(-1)).toBe('tasks');
    expect(more.sections.at(-1)?.fields.at(-1)).toBe('phone');
  });

  it('takes an emptied name away, so that it is not refused', () => {
    const unnamed = withSection(begin, 'contact', { label: { en: ' ' } });
    expect(storedLayout(company, unnamed).sections).toEqual([]);
    const half = withSection(begin, 'contact', { label: { en: '', zh: '联系' } });
    expect(storedLayout(company, half).sections.find(({ id }) => id === 'contact')?.label).toEqual({ zh: '联系' });
    expect(emptyLayout.sections).toEqual([]);
  });
});
