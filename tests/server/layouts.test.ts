import { describe, expect, it } from 'vitest';
import { catalogueOf } from '@/domain/catalogue';
import { type LayoutConfig, layoutFor, sectionsShown } from '@/domain/layouts';
import { refusalView } from '@/server/core/trpc';
import { createTestTenant } from '../support/tenants';

const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error),
  );
const section = (id: string, fields: string[], showIf: LayoutConfig['sections'][number]['showIf'] = null) => {
  return { id, label: { en: id }, fields, showIf };
};

describe('layouts', () => {
  it('are arranged by admins, come with the first answer, and go back by undo', async () => {
    const tenant = await createTestTenant();
    const member = await tenant.person('member');
    const config = { sections: [section('main', ['phone', 'website'])], hidden: ['taxId'] };
    const input = { object: 'company', role: 'all' as const, config };
    expect(await refused(member.api.layouts.set(input))).toMatchObject({ kind: 'forbidden' });
    const first = await tenant.api.layouts.set(input);
    expect((await member.api.tenant.boot()).layouts).toEqual([input]);
    const second = await tenant.api.layouts.set({ ...input, config: { ...config, hidden: [] } });
    await tenant.api.changes.undo(second);
    expect(await member.api.layouts.list()).toEqual([input]);
    await tenant.api.changes.undo(first);
    expect(await member.api.layouts.list()).toEqual([]);
    await tenant.api.layouts.set(input);
    expect(await member.api.layouts.list()).toEqual([input]);
    await tenant.api.layouts.set({ ...input, config: { sections: [], hidden: [] } });
    expect(await member.api.layouts.list()).toEqual([]);
  });

  it('name only fields that are there, each once, on objects that have a page', async () => {
    const { api } = await createTestTenant();
    const set = (object: string, config: LayoutConfig) => refused(api.layouts.set({ object, role: 'all', config }));
    const config = (...sections: LayoutConfig['sections']): LayoutConfig => ({ sections, hidden: [] });
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

  it('are for a role, else for all; new fields come last, gone ones go, conditions decide', () => {
    const company = catalogueOf([], []).get('company');
    if (!company) throw new Error('No company');
    const open = { field: 'status', op: 'is', value: 'open' } as const;
    const all = { sections: [section('a', ['phone', 'gone']), section('b', ['email'])], hidden: ['taxId'] };
    const own = { sections: [section('c', ['website'], open)], hidden: [] };
    const stored = [
      { object: 'company', role: 'all' as const, config: all },
      { object: 'company', role: 'member' as const, config: own },
      { object: 'contact', role: 'viewer' as const, config: own },
    ];
    const forAll = layoutFor(company, 'viewer', stored);
    expect(forAll?.sections.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(forAll?.sections[0]?.fields).toEqual(['phone']);
    expect(forAll?.sections[1]?.fields).toEqual(expect.arrayContaining(['website', 'createdAt']));
    expect(forAll?.sections.flatMap(({ fields }) => fields)).not.toEqual(expect.arrayContaining(['taxId']));
    const mine = layoutFor(company, 'member', stored);
    expect(mine?.sections.map(({ id }) => id)).toEqual(['c']);
    const about = { now: 0, memberId: 'm' };
    expect(mine && sectionsShown(mine, { status: 'open' }, about)).toHaveLength(1);
    expect(mine && sectionsShown(mine, { status: 'shut' }, about)).toHaveLength(0);
    expect(layoutFor(company, 'viewer', [])).toBeNull();
  });
});
