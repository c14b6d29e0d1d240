import { describe, expect, it } from 'vitest';
import { sectionsOf } from '@/components/records/record-sections';
import { type CatalogueObject, catalogueOf } from '@/domain/catalogue';
import { type LayoutConfig, layoutFor, sectionsShown } from '@/domain/layouts';
import { relatedLists } from '@/domain/related-lists';
import { refusalView } from '@/server/core/trpc';
import { createTestTenant, superuser } from '../support/tenants';

const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error),
  );
const section = (id: string, fields: string[], showIf: LayoutConfig['sections'][number]['showIf'] = null) => {
  return { id, label: { en: id }, fields, lists: [] as string[], showIf };
};
const nothing: LayoutConfig = { sections: [], hidden: [], related: [], hiddenLists: [] };

describe('layouts', () => {
  it('are arranged by admins, come with the first answer, and go back by undo', async () => {
    const tenant = await createTestTenant();
    const member = await tenant.person('member');
    const config = { ...nothing, sections: [section('main', ['phone', 'website'])], hidden: ['taxId'] };
    const input = { object: 'company', role: 'all' as const, config };
    expect(await refused(member.api.layouts.set(input))).toMatchObject({ kind: 'forbidden' });
    const first = await tenant.api.layouts.set(input);
    expect((await member.api.tenant.boot()).layouts).toEqual([input]);
    const second = await tenant.api.layouts.set({ ...input, config: { ...config, hidden: [] } });
    await tenant.api.changes.undo(second);
    expect(await member.api.layouts.list()).toEqual([input]);
    await tenant.api.changes.undo(first);
    expect(await member.api.layouts.list()).toEqual([]);
    const other = { ...input, config: { ...config, hidden: ['phone', 'website'], sections: [] } };
    const again = await tenant.api.layouts.set(other);
    expect(await member.api.layouts.list()).toEqual([other]);
    await tenant.api.changes.undo(again);
    expect(await member.api.layouts.list()).toEqual([]);
    await tenant.api.layouts.set(input);
    expect(await member.api.layouts.list()).toEqual([input]);
    await tenant.api.layouts.set({ ...input, config: nothing });
    expect(await member.api.layouts.list()).toEqual([]);
  });

  it('name only fields that are there, each once, on objects that have a page', async () => {
    const { api } = await createTestTenant();
    const set = (object: string, config: LayoutConfig) => refused(api.layouts.set({ object, role: 'all', config }));
    const config = (...sections: LayoutConfig['sections']): LayoutConfig => ({ ...nothing, sections });
    expect(await set('company', config(section('a', ['c_gone'])))).toMatchObject({
      code: 'unknownField',
      field: 'config.sections.0',
    });
    const condition = { field: 'nothing', op: 'is', value: 1 } as const;
    expect(await set('company', config(section('a', ['phone'], condition)))).toMatchObject({ code: 'unknownField' });
    expect(await set('company', config(section('a', ['phone']), section('b', ['phone'])))).toMatchObject({
      fields: [{ code: 'fieldTwice' }],
    });
    expect(await set('pipeline', config())).toMatchObject({ kind: 'notFound' });
  });

  it('arrange related lists, which stand where they are put, each once; one stored without them has them all', async () => {
    const { api, tenantId } = await createTestTenant();
    const { key } = await api.fields.create({
      object: 'deal',
      type: 'reference',
      label: { en: 'Partner' },
      settings: { to: 'company' },
    });
    const partner = `deal.${key}`;
    const set = (config: Partial<LayoutConfig>) =>
      api.layouts.set({ object: 'company', role: 'all', config: { ...nothing, ...config } });
    const people = { ...section('people', []), lists: ['companyContacts'] };
    await set({ sections: [people], related: ['tasks', partner], hiddenLists: ['deals'] });
    const arranged = async () => {
      const boot = await api.tenant.boot();
      const catalogue = catalogueOf(boot.objects, boot.fields);
      const company = kindOf(catalogue, 'company');
      return layoutFor(company, 'member', boot.layouts, relatedLists(company, catalogue));
    };
    expect(await arranged()).toMatchObject({
      sections: [{ lists: ['companyContacts'] }],
      related: ['tasks', partner, 'parent', 'subsidiaries'],
      hiddenLists: ['deals'],
    });
    const { key: owner } = await api.fields.create({
      object: 'product',
      type: 'relation',
      label: { en: 'Makers' },
      settings: { to: 'company' },
    });
    expect((await arranged())?.related.at(-1)).toBe(`product.${owner}`);
    // As it was stored before layouts arranged lists.
    const before = { sections: [{ id: 'a', label: null, fields: ['phone'], showIf: null }], hidden: [] };
    await superuser((db) =>
      db.query('update app.layout set config = $1 where tenant_id = $2', [JSON.stringify(before), tenantId]),
    );
    expect((await arranged())?.related).toEqual([
      ...['companyContacts', 'deals', 'tasks', 'parent', 'subsidiaries'],
      ...[partner, `product.${owner}`],
    ]);

    expect(await refused(set({ related: ['reports'] }))).toMatchObject({
      code: 'unknownList',
      field: 'config.related',
    });
    expect(await refused(set({ hiddenLists: ['contact.c_gone'] }))).toMatchObject({ field: 'config.hiddenLists' });
    expect(await refused(set({ sections: [{ ...people, lists: ['c_none'] }] }))).toMatchObject({
      field: 'config.sections.0',
    });
    expect(await refused(set({ related: ['tasks'], hiddenLists: ['tasks'] }))).toMatchObject({
      fields: [{ code: 'listTwice' }],
    });
  });

  it('are for a role, else for all; new fields come last, gone ones go, conditions decide', () => {
    const company = kindOf(catalogueOf([], []), 'company');
    const customer = { field: 'type', op: 'is', value: 'customer' } as const;
    const all = {
      ...nothing,
      sections: [section('a', ['phone', 'gone']), section('b', ['email'])],
      hidden: ['taxId'],
      related: ['deals', 'gone'],
    };
    const own = { ...nothing, sections: [section('c', ['website'], customer)] };
    const stored = [
      { object: 'company', role: 'all' as const, config: all },
      { object: 'company', role: 'member' as const, config: own },
      { object: 'contact', role: 'viewer' as const, config: own },
    ];
    const lists = ['deals', 'tasks'];
    const forAll = layoutFor(company, 'viewer', stored, lists);
    expect(forAll?.sections.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(forAll?.sections[0]?.fields).toEqual(['phone']);
    expect(forAll?.sections[1]?.fields).toEqual(expect.arrayContaining(['website', 'createdAt']));
    expect(forAll?.sections.flatMap(({ fields }) => fields)).not.toEqual(expect.arrayContaining(['taxId']));
    expect(forAll?.related).toEqual(lists);
    const mine = layoutFor(company, 'member', stored, lists);
    expect(mine?.sections[0]).toMatchObject({ id: 'c', fields: ['website'] });
    const about = { now: 0, memberId: 'm' };
    const shown = (type: string) => mine && sectionsShown(mine, { type }, about);
    expect(shown('customer')).toHaveLength(2);
    // Fields that only a section with a condition could take are always to be found.
    expect(shown('partner')).toMatchObject([{ showIf: null, fields: expect.arrayContaining(['phone', 'createdAt']) }]);
    expect(layoutFor(company, 'viewer', [], lists)).toBeNull();
    const gone = { ...nothing, sections: [section('d', ['phone'], { ...customer, field: 'c_gone' })] };
    const always = layoutFor(company, 'member', [{ object: 'company', role: 'all', config: gone }], lists);
    expect(always?.sections).toMatchObject([{ id: 'd', showIf: null }]);
  });

  it('may hide a field and leave the sections as the product has them', () => {
    const company = kindOf(catalogueOf([], []), 'company');
    const stored = [{ object: 'company', role: 'all' as const, config: { ...nothing, hidden: ['taxId'] } }];
    const layout = layoutFor(company, 'member', stored, []);
    expect(layout).toMatchObject({ sections: [], hidden: ['taxId'] });
    expect(sectionsOf(company).flatMap(({ fields }) => fields)).toContain('taxId');
    expect(sectionsOf(company, layout?.hidden).flatMap(({ fields }) => fields)).not.toContain('taxId');
  });
});

function kindOf(catalogue: Map<string, CatalogueObject>, name: string): CatalogueObject {
  const kind = catalogue.get(name);
  if (!kind) throw new Error(`No ${name}`);
  return kind;
}
