import { describe, expect, it } from 'vitest';
import { refusalView } from '@/server/core/trpc';
import { createTestTenant, type TestTenant } from '../support/tenants';

const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error),
  );

/** Assets that are at several companies, each since a day and in a number. */
async function assets(tenant: TestTenant) {
  const { api } = tenant;
  const { key: object } = await api.objects.create({ label: { en: { one: 'Asset', other: 'Assets' } } });
  const { key: field } = await api.fields.create({
    object,
    type: 'relation',
    label: { en: 'Sites' },
    settings: {
      to: 'company',
      inverse: { en: 'Assets here' },
      attributes: [
        { key: 'since', label: { en: 'Since' }, type: 'date' },
        { key: 'pieces', label: { en: 'Pieces' }, type: 'number' },
      ],
    },
  });
  const { id } = await api.records.create({ object, values: { name: 'Press' } });
  const company = async (name: string) => (await api.companies.create({ values: { name } })).id;
  return { object, field, id, acme: await company('Acme'), bolt: await company('Bolt') };
}

describe('relations', () => {
  it('link records both ways, with attributes, and come back by undo', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { object, field, id, acme, bolt } = await assets(tenant);
    const at = { object, field, id };
    await api.relations.link({ ...at, to: acme, attributes: { since: '2026-01-02', pieces: 3 } });
    await api.relations.link({ ...at, to: bolt });
    expect((await api.relations.of(at)).rows).toMatchObject([
      { id: acme, title: 'Acme', attributes: { since: '2026-01-02', pieces: 3 } },
      { id: bolt, title: 'Bolt', attributes: {} },
    ]);
    const first = await api.relations.of({ ...at, limit: 1 });
    expect((await api.relations.of({ ...at, limit: 1, cursor: first.next })).rows).toMatchObject([{ id: bolt }]);
    expect((await api.relations.of({ ...at, id: acme, side: 'to' })).rows).toMatchObject([{ id, title: 'Press' }]);
    expect(await api.records.get({ object, id })).toMatchObject({ [field]: [{ id: acme }, { id: bolt }] });

    const changed = await api.relations.setAttributes({ ...at, to: acme, attributes: { since: null, pieces: 4 } });
    expect((await api.relations.of(at)).rows[0]?.attributes).toEqual({ pieces: 4 });
    await api.changes.undo({ changeSetId: changed.changeSetId });
    expect((await api.relations.of(at)).rows[0]?.attributes).toEqual({ since: '2026-01-02', pieces: 3 });

    const { changeSetId } = await api.relations.unlink({ ...at, to: acme });
    expect((await api.relations.of(at)).rows).toMatchObject([{ id: bolt }]);
    for (const about of [
      { object, id },
      { object: 'company', id: acme },
    ]) {
      const { items } = await api.changes.timeline({ ...about, limit: 20 });
      expect(items[0]).toMatchObject({ verb: 'unlink', changes: [{ before: { fromId: 'Press', toId: 'Acme' } }] });
      expect(items.filter(({ verb }) => verb === 'link')[0]).toMatchObject({
        changes: [{ object: 'relationLink', after: { fromId: 'Press' } }],
      });
    }
    const again = await api.relations.link({ ...at, to: acme });
    expect(await refused(api.changes.undo({ changeSetId }))).toMatchObject({ code: 'linkThere' });
    await api.changes.undo({ changeSetId: again.changeSetId });
    await api.changes.undo({ changeSetId });
    expect((await api.relations.of(at)).rows).toHaveLength(2);
    expect(
      (await api.records.list({ object, filter: { field: `${field}.name`, op: 'is', value: 'Acme' } })).rows,
    ).toHaveLength(1);
  });

  it('say what is wrong with an end or an attribute', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { object, field, id, acme } = await assets(tenant);
    const at = { object, field, id };
    expect(
      await refused(api.relations.link({ ...at, to: acme, attributes: { since: 'soon', pieces: 'x', colour: 1 } })),
    ).toMatchObject({
      fields: expect.arrayContaining([
        expect.objectContaining({ field: 'attributes.since', code: 'date' }),
        expect.objectContaining({ field: 'attributes.pieces', code: 'number' }),
        expect.objectContaining({ field: 'attributes.colour', code: 'unknownField' }),
      ]),
    });
    // A record of another kind is none of these.
    expect(await refused(api.relations.link({ ...at, to: id }))).toMatchObject({ code: 'noSuchRecord', field: 'to' });
    expect(await refused(api.relations.link({ ...at, id: acme, to: acme }))).toMatchObject({ code: 'notFound' });
    expect(await refused(api.relations.link({ ...at, field: 'c_none', to: acme }))).toMatchObject({ code: 'notFound' });
    expect(await refused(api.relations.unlink({ ...at, to: acme }))).toMatchObject({ code: 'notFound' });
    const other = await createTestTenant();
    const theirs = await other.api.companies.create({ values: { name: 'Theirs' } });
    expect(await refused(api.relations.link({ ...at, to: theirs.id }))).toMatchObject({ code: 'noSuchRecord' });
  });

  it('are written by whoever may write the record that has the field, and show only what one may see', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { key } = await api.fields.create({
      object: 'deal',
      type: 'relation',
      label: { en: 'Rivals' },
      settings: { to: 'deal' },
    });
    const mine = await api.deals.create({ values: { name: 'Mine' } });
    const member = await tenant.person('member');
    const theirs = await member.api.deals.create({ values: { name: 'Theirs' } });
    const at = { object: 'deal', field: key };
    expect(await refused(member.api.relations.link({ ...at, id: mine.id, to: theirs.id }))).toMatchObject({
      code: 'notFound',
    });
    expect(await refused(member.api.relations.link({ ...at, id: theirs.id, to: mine.id }))).toMatchObject({
      code: 'noSuchRecord',
    });
    const { changeSetId } = await api.relations.link({ ...at, id: theirs.id, to: mine.id });
    expect((await member.api.relations.of({ ...at, id: theirs.id })).rows).toEqual([]);
    expect((await api.relations.of({ ...at, id: theirs.id })).rows).toHaveLength(1);
    const viewer = await tenant.person('viewer');
    expect(await refused(viewer.api.relations.unlink({ ...at, id: theirs.id, to: mine.id }))).toMatchObject({
      code: 'forbidden',
    });
    const back = await api.relations.link({ ...at, id: mine.id, to: theirs.id });
    expect(await refused(member.api.changes.undo({ changeSetId: back.changeSetId }))).toMatchObject({
      code: 'notFound',
    });
    await api.changes.undo({ changeSetId });
  });

  it('list all that points to a record, with how many and the newest', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { object, field, id, acme } = await assets(tenant);
    const { key: maker } = await api.fields.create({
      object,
      type: 'reference',
      label: { en: 'Maker' },
      settings: { to: 'company' },
    });
    await api.relations.link({ object, field, id, to: acme });
    await api.records.create({ object, values: { name: 'Saw', [maker]: acme } });
    await api.deals.create({ values: { name: 'D', companyId: acme } });
    const { rows } = await api.relations.pointing({ object: 'company', id: acme });
    expect(rows.filter(({ count }) => count > 0)).toMatchObject([
      { object: 'deal', field: 'companyId', kind: 'reference', count: 1, rows: [{ title: 'D' }] },
      { object, field, kind: 'relation', count: 1, rows: [{ title: 'Press' }] },
      { object, field: maker, kind: 'reference', count: 1, rows: [{ title: 'Saw' }] },
    ]);
    expect(rows.some(({ object: o, field: k }) => o === 'company' && k === 'parentId')).toBe(true);
    const through = [`${object}.${maker}`, 'deal.c_gone'];
    const some = await api.relations.pointing({ object: 'company', id: acme, through });
    expect(some.rows).toMatchObject([{ object, field: maker, count: 1 }]);
  });
});
