import { afterEach, describe, expect, it } from 'vitest';
import type { FieldInput } from '@/domain/custom-fields';
import { refusalView } from '@/server/core/trpc';
import { clock, createTestTenant, superuser, type TestTenant } from '../support/tenants';

const label = (en: string) => ({ en });
const choices = (...values: string[]) =>
  values.map((value) => ({ value, label: label(value), tone: 'slate' as const }));

type Settings = FieldInput['settings'];
const field = async (
  { api }: TestTenant,
  object: string,
  type: FieldInput['type'],
  name: string,
  settings: Settings = {},
  more: Partial<FieldInput> = {},
) => api.fields.create({ object, type, label: label(name), settings, ...more });

/** What a refused call tells, as either door would. */
const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error),
  );

const copies = (recordId: string) =>
  superuser(
    async (client) => (await client.query('select * from app.field_value where record_id = $1', [recordId])).rows,
  );

afterEach(() => {
  clock.now = new Date();
});

describe('own fields', () => {
  it('of every type keep their value, show it in lists, and take it back by undo', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const company = await api.companies.create({ values: { name: 'Supplier' } });
    const kinds: [FieldInput['type'], Settings, unknown, unknown?][] = [
      ['text', {}, ' Hello 世界 ', 'Hello 世界'],
      ['longText', {}, 'a\nb'],
      ['number', { decimals: 2 }, 12.345, 12.35],
      ['money', { currency: 'USD' }, 125_00],
      ['percent', { decimals: 1 }, 12.5],
      ['date', {}, '2026-03-31'],
      ['datetime', {}, '2026-03-31T14:30:00Z'],
      ['time', {}, '09:30:00', '09:30'],
      ['boolean', {}, true],
      ['choice', { choices: choices('red', 'green') }, 'green'],
      ['choices', { choices: choices('a', 'b', 'c') }, ['c', 'a'], ['a', 'c']],
      ['rating', { max: 5 }, 4],
      ['email', {}, 'a@example.com'],
      ['phone', {}, '+86 139 0000 0000'],
      ['link', {}, 'example.com/x', 'https://example.com/x'],
      ['address', {}, { city: '上海', street: ' 1 Main ' }, { city: '上海', street: '1 Main' }],
      ['member', {}, tenant.memberId],
      ['reference', { to: 'company' }, company.id],
    ];
    const made = [];
    for (const [type, settings] of kinds) made.push(await field(tenant, 'contact', type, `My ${type}`, settings));
    expect(made[0]).toMatchObject({ key: 'c_my_text' });
    const values = Object.fromEntries(made.map(({ key }, i) => [key, kinds[i]?.[2]]));
    const wanted = Object.fromEntries(made.map(({ key }, i) => [key, kinds[i]?.[3] ?? kinds[i]?.[2]]));
    const contact = await api.contacts.create({ values: { name: 'Ada', ...values } });
    const stored = await api.contacts.get({ id: contact.id });
    expect(stored).toMatchObject({ name: 'Ada', ...wanted });
    expect(stored.refs).toMatchObject({ c_my_reference: 'Supplier', c_my_member: 'Olivia Owner' });
    const page = await api.contacts.list({ columns: made.map(({ key }) => key) });
    expect(page.rows[0]).toMatchObject(wanted);

    const nothing = Object.fromEntries(made.map(({ key }) => [key, null]));
    const { changeSetId } = await api.contacts.update({ id: contact.id, values: nothing });
    expect(await api.contacts.get({ id: contact.id })).toMatchObject(nothing);
    expect(await copies(contact.id)).toEqual([]);
    await api.changes.undo({ changeSetId });
    expect(await api.contacts.get({ id: contact.id })).toMatchObject(wanted);
    expect((await copies(contact.id)).length).toBe(17);
    const history = await api.changes.history({ object: 'contact', id: contact.id, field: 'c_my_reference' });
    expect(history.map(({ before, after }) => [before, after])).toEqual([
      [null, 'Supplier'],
      ['Supplier', null],
      [null, 'Supplier'],
    ]);
  });

  it('refuse what does not fit, naming every field', async () => {
    const tenant = await createTestTenant();
    await field(tenant, 'company', 'number', 'Size', { min: 1, max: 10 });
    await field(tenant, 'company', 'choice', 'Colour', { choices: choices('red') });
    await field(tenant, 'company', 'text', 'Code', {}, { required: true });
    expect(
      await refused(
        tenant.api.companies.create({ values: { name: 'A', c_size: 11, c_colour: 'blue', c_none: 1 } as never }),
      ),
    ).toMatchObject({
      kind: 'invalid',
      status: 400,
      fields: [
        { field: 'values.c_size', code: 'numberTooBig', params: { max: 10 } },
        { field: 'values.c_colour', code: 'choice' },
        { field: 'values.c_none', code: 'unknownField' },
      ],
    });
    expect(await refused(tenant.api.companies.create({ values: { name: 'A' } }))).toMatchObject({
      fields: [{ field: 'values.c_code', code: 'required' }],
    });
    const other = await createTestTenant();
    expect(await refused(other.api.companies.create({ values: { name: 'A', c_size: 5 } as never }))).toMatchObject({
      fields: [{ field: 'values.c_size', code: 'unknownField' }],
    });
  });

  it('are filtered by what they hold', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const names = ['number', 'date', 'text', 'boolean'] as const;
    for (const type of names) await field(tenant, 'company', type, type);
    await field(tenant, 'company', 'choices', 'tags', { choices: choices('x', 'y', 'z') });
    await field(tenant, 'company', 'reference', 'partner', { to: 'company' });
    const big = await api.companies.create({ values: { name: 'Big', industry: 'Steel' } });
    const rows: Record<string, unknown>[] = [
      { name: 'One', c_number: 1, c_date: '2026-01-01', c_text: 'Alpha', c_boolean: true, c_tags: ['x'] },
      { name: 'Two', c_number: 2.5, c_date: '2026-02-01', c_text: 'beta', c_tags: ['x', 'y'], c_partner: big.id },
      { name: 'Three', c_number: -3, c_text: 'ALPHABET', c_boolean: false },
    ];
    for (const values of rows) await api.companies.create({ values: values as never });
    const found = async (filter: unknown) =>
      (await api.companies.list({ filter: filter as never, columns: ['name'] })).rows.map(({ name }) => name).sort();
    expect(await found({ field: 'c_number', op: 'gt', value: 0 })).toEqual(['One', 'Two']);
    expect(await found({ field: 'c_number', op: 'between', value: [-5, 1] })).toEqual(['One', 'Three']);
    expect(await found({ field: 'c_number', op: 'isEmpty' })).toEqual(['Big']);
    expect(await found({ field: 'c_number', op: 'isNot', value: 1 })).toEqual(['Big', 'Three', 'Two']);
    expect(await found({ field: 'c_date', op: 'before', value: '2026-01-15' })).toEqual(['One']);
    expect(await found({ field: 'c_date', op: 'is', value: '2026-02-01' })).toEqual(['Two']);
    expect(await found({ field: 'c_text', op: 'startsWith', value: 'alpha' })).toEqual(['One', 'Three']);
    expect(await found({ field: 'c_text', op: 'is', value: 'Beta' })).toEqual(['Two']);
    expect(await found({ field: 'c_text', op: 'contains', value: 'BET' })).toEqual(['Three', 'Two']);
    expect(await found({ field: 'c_boolean', op: 'is', value: true })).toEqual(['One']);
    expect(await found({ field: 'c_boolean', op: 'is', value: false })).toEqual(['Big', 'Three', 'Two']);
    expect(await found({ field: 'c_tags', op: 'anyOf', value: ['y', 'z'] })).toEqual(['Two']);
    expect(await found({ field: 'c_tags', op: 'noneOf', value: ['y'] })).toEqual(['Big', 'One', 'Three']);
    expect(await found({ field: 'c_partner', op: 'is', value: big.id })).toEqual(['Two']);
    expect(await found({ field: 'c_partner.industry', op: 'is', value: 'Steel' })).toEqual(['Two']);
    expect(
      await found({
        or: [
          { field: 'c_partner.name', op: 'is', value: 'Big' },
          { field: 'name', op: 'is', value: 'Big' },
        ],
      }),
    ).toEqual(['Big', 'Two']);
    for (const wrong of [
      { field: 'c_number', op: 'is', value: 'x' },
      { field: 'c_text', op: 'isNot', value: null },
    ])
      await expect(found(wrong)).rejects.toMatchObject({ message: 'filterValue' });
    await expect(found({ field: 'c_gone', op: 'isEmpty' })).rejects.toMatchObject({ message: 'unknownField' });
  });

  it('of days are counted from today as standard ones are, in the zone of the workspace', async () => {
    const tenant = await createTestTenant({ timeZone: 'Asia/Shanghai' });
    const { api } = tenant;
    await field(tenant, 'deal', 'date', 'day');
    // In Shanghai the eleventh has begun.
    clock.now = new Date('2026-03-10T22:00:00Z');
    for (const day of ['2026-03-04', '2026-03-10', '2026-03-11', '2026-03-18', '2026-03-19'])
      await api.deals.create({ values: { name: day, expectedClose: day, c_day: day } as never });
    const found = async (name: string, op: 'inLast' | 'inNext', value: unknown) => {
      const filter = { field: name, op, value } as never;
      return (await api.deals.list({ filter, columns: ['name'] })).rows.map((row) => row.name).sort();
    };
    for (const name of ['expectedClose', 'c_day']) {
      expect(await found(name, 'inLast', 7), name).toEqual(['2026-03-04', '2026-03-10', '2026-03-11']);
      expect(await found(name, 'inNext', 7), name).toEqual(['2026-03-11', '2026-03-18']);
      expect(await found(name, 'inNext', 0), name).toEqual(['2026-03-11']);
      await expect(found(name, 'inLast', -1)).rejects.toThrow('filterValue');
    }
  });

  it('of files hold what is on that record in that field, are asked for afterwards, and are empty when all went', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const made = { object: 'company', type: 'file', label: { en: 'Papers' }, required: true } as const;
    await api.fields.create(made);
    const [acme, bolt] = [
      await api.companies.create({ values: { name: 'Acme' } }),
      await api.companies.create({ values: { name: 'Bolt' } }),
    ];
    const [id = '', other = ''] = await superuser(async (client) => {
      const add = (record: string, on: string | null) =>
        client.query<{ id: string }>(
          `insert into app.attachment (tenant_id, id, object, record_id, field, file_id, name, media_type, bytes, sha256)
            values ($1, gen_random_uuid(), 'company', $2, $3, gen_random_uuid(), 'a.txt', 'text/plain', 1, 'x') returning id`,
          [tenant.tenantId, record, on],
        );
      const added = [await add(acme.id, 'c_papers'), await add(acme.id, null)];
      return added.flatMap(({ rows }) => rows.map((row) => row.id));
    });
    const papers = (record: { id: string }, ids: string[]) =>
      refused(api.companies.update({ id: record.id, values: { c_papers: ids } as never }));
    const gone = { fields: [{ field: 'values.c_papers', code: 'noSuchRecord' }] };
    expect(await papers(acme, [id, other])).toMatchObject(gone);
    expect(await papers(bolt, [id])).toMatchObject(gone);
    expect(await refused(api.companies.create({ values: { name: 'C', c_papers: [id] } as never }))).toMatchObject(gone);
    expect(await papers(acme, [id])).toBe('not refused');
    expect(await papers(acme, [])).toMatchObject({ fields: [{ field: 'values.c_papers', code: 'required' }] });

    const filled = async () => {
      const filter = { field: 'c_papers', op: 'isNotEmpty' as const };
      return (await api.companies.list({ filter })).rows.map(({ name }) => name);
    };
    expect(await filled()).toEqual(['Acme']);
    await api.attachments.remove({ id });
    expect(await filled()).toEqual([]);
  });

  it('tell nothing of what a record lacks that is not theirs to change', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const rep = await tenant.person('member');
    const requireIf = { field: 'name', op: 'is' as const, value: 'Secret' };
    await field(tenant, 'deal', 'text', 'Why', { requireIf });
    const { id } = await api.deals.create({ values: { name: 'Secret', c_why: 'so' } as never });
    const emptied = (by: Pick<TestTenant, 'api'>) =>
      refused(by.api.deals.update({ id, values: { c_why: null } as never }));
    expect(await emptied(tenant)).toMatchObject({ fields: [{ field: 'values.c_why', code: 'required' }] });
    expect(await emptied(rep)).toMatchObject({ code: 'notFound' });
  });

  it('sort lists, page by page, those without a value last', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    await field(tenant, 'contact', 'number', 'score');
    await field(tenant, 'contact', 'text', 'nick');
    await field(tenant, 'contact', 'choice', 'level', { choices: choices('low', 'high', 'best') });
    const levels = ['best', 'low', 'high'];
    for (let i = 0; i < 25; i++) {
      const own =
        i % 5 === 4
          ? {}
          : { c_score: (i * 7) % 13, c_nick: ['张三', '李四', 'zoe', 'Adam'][i % 4], c_level: levels[i % 3] };
      await api.contacts.create({ values: { name: `P${String(i).padStart(2, '0')}`, ...own } as never });
    }
    for (const key of ['c_score', 'c_nick', 'c_level']) {
      for (const dir of ['asc', 'desc'] as const) {
        const sort = [{ field: key, dir }];
        const whole = (await api.contacts.list({ sort, columns: [key], limit: 100 })).rows;
        expect(whole).toHaveLength(25);
        expect(whole.slice(20).every((row) => row[key] === null || row[key] === undefined)).toBe(true);
        const paged = [];
        for (let cursor: string | null | undefined; ; ) {
          const page = await api.contacts.list({ sort, columns: [key], limit: 4, cursor });
          paged.push(...page.rows);
          cursor = page.next;
          if (!cursor) break;
        }
        expect(paged.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
        const values = whole.slice(0, 20).map((row) => row[key]);
        const ordered = key === 'c_score' ? values.map(Number) : values.map(String);
        const rank = (v: number | string) =>
          key === 'c_level'
            ? ['low', 'high', 'best'].indexOf(String(v))
            : key === 'c_nick'
              ? ['Adam', '李四', '张三', 'zoe'].indexOf(String(v))
              : Number(v);
        const ranks = ordered.map(rank);
        expect(ranks).toEqual([...ranks].sort((a, b) => (dir === 'asc' ? a - b : b - a)));
      }
    }
  });

  it('allow a value once where they are told to, and again when the other record is in the bin', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const made = await field(tenant, 'company', 'text', 'Code', { unique: true, maxLength: 50 });
    const first = await api.companies.create({ values: { name: 'A', c_code: 'X-1' } as never });
    const taken = { kind: 'conflict', code: 'taken', field: 'values.c_code' };
    expect(await refused(api.companies.create({ values: { name: 'B', c_code: 'x-1' } as never }))).toMatchObject(taken);
    const { changeSetId } = await api.companies.remove({ ids: [first.id] });
    const second = await api.companies.create({ values: { name: 'B', c_code: 'x-1' } as never });
    await expect(api.changes.undo({ changeSetId })).rejects.toMatchObject({ message: 'taken' });
    await api.companies.update({ id: second.id, values: { c_code: 'x-2' } as never });
    await api.changes.undo({ changeSetId });
    expect(
      await refused(api.companies.updateMany({ ids: [first.id, second.id], values: { c_code: 'same' } as never })),
    ).toMatchObject(taken);
    // Two at the same moment: one is made, the other is told.
    const both = await Promise.allSettled(
      ['C', 'D'].map((name) => api.companies.create({ values: { name, c_code: 'race' } as never })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const loser = both.find((r) => r.status === 'rejected');
    expect(loser).toMatchObject({ reason: { message: 'taken' } });

    await api.fields.update({ id: made.id, values: { settings: {} } });
    await api.companies.create({ values: { name: 'E', c_code: 'race' } as never });
    await expect(
      api.fields.update({ id: made.id, values: { settings: { unique: true, maxLength: 50 } } }),
    ).rejects.toMatchObject({ message: 'valuesNotUnique' });
  });

  it('ask and require under conditions, and start with their default', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    await field(tenant, 'company', 'choice', 'Kind', { choices: choices('shop', 'plant'), default: 'shop' });
    await field(tenant, 'company', 'number', 'Lines', {
      requireIf: { field: 'c_kind', op: 'is', value: 'plant' },
      showIf: { field: 'c_kind', op: 'is', value: 'plant' },
    });
    const { id } = await api.companies.create({ values: { name: 'A' } });
    expect(await api.companies.get({ id })).toMatchObject({ c_kind: 'shop' });
    const required = { fields: [{ field: 'values.c_lines', code: 'required' }] };
    expect(await refused(api.companies.update({ id, values: { c_kind: 'plant' } as never }))).toMatchObject(required);
    await api.companies.update({ id, values: { c_kind: 'plant', c_lines: 3 } as never });
    expect(await refused(api.companies.update({ id, values: { c_lines: null } as never }))).toMatchObject(required);
    expect(
      await refused(field(tenant, 'company', 'text', 'Odd', { showIf: { field: 'c_gone', op: 'isEmpty' } })),
    ).toMatchObject({ code: 'unknownField', field: 'settings.showIf' });
  });

  it('say what removing them affects; removing and changing are undone like anything else', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const kind = await field(tenant, 'deal', 'choice', 'Kind', { choices: choices('a', 'b') });
    await field(tenant, 'deal', 'text', 'Why', { requireIf: { field: 'c_kind', op: 'is', value: 'b' } });
    const deal = await api.deals.create({ values: { name: 'D', c_kind: 'a' } as never });
    expect(await api.fields.affected({ id: kind.id })).toMatchObject({ records: 1, fields: [{ key: 'c_why' }] });
    await expect(
      api.fields.update({ id: kind.id, values: { settings: { choices: choices('b') } } }),
    ).rejects.toMatchObject({ message: 'choiceGone' });
    const renamed = await api.fields.update({ id: kind.id, values: { label: { en: 'Sort', zh: '种类' } } });
    expect((await api.fields.list()).rows.map(({ label }) => label.en)).toContain('Sort');
    await api.changes.undo({ changeSetId: renamed.changeSetId });
    expect((await api.fields.list()).rows.map(({ label }) => label.en)).toContain('Kind');

    const { changeSetId } = await api.fields.remove({ id: kind.id });
    expect(await api.deals.get({ id: deal.id })).not.toHaveProperty('c_kind');
    await expect(field(tenant, 'deal', 'text', 'Kind', {}, { key: 'c_kind' })).rejects.toMatchObject({
      message: 'nameTaken',
    });
    await api.changes.undo({ changeSetId });
    expect(await api.deals.get({ id: deal.id })).toMatchObject({ c_kind: 'a' });
    expect((await api.deals.list({ filter: { field: 'c_kind', op: 'is', value: 'a' } })).rows).toHaveLength(1);
  });

  it('that were removed come back as they went: undo leaves their values, and says so', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { id: fieldId } = await field(tenant, 'company', 'text', 'Note');
    const made = await api.companies.create({ values: { name: 'A', c_note: 'old' } as never });
    const { id } = made;
    const values = { c_note: 'new', industry: 'Steel' } as never;
    const edited = await api.companies.update({ id, values });
    const gone = await api.fields.remove({ id: fieldId });
    const kept = [{ recordId: id, field: 'c_note' }];
    expect(await api.changes.undo({ changeSetId: edited.changeSetId })).toMatchObject({ undone: 1, kept });
    expect(await api.changes.undo({ changeSetId: made.changeSetId })).toMatchObject({ undone: 0, kept });
    await api.changes.undo({ changeSetId: gone.changeSetId });
    const found = await api.companies.list({ filter: { field: 'c_note', op: 'is', value: 'new' } });
    expect(found.rows).toMatchObject([{ id, c_note: 'new', industry: null }]);
  });

  it('are an admin’s to make', async () => {
    const tenant = await createTestTenant();
    const member = await tenant.person('member');
    await expect(member.api.fields.create({ object: 'deal', type: 'text', label: label('X') })).rejects.toMatchObject({
      message: 'forbidden',
    });
    expect(await member.api.fields.list()).toEqual({ rows: [] });
  });
});

describe('own objects', () => {
  it('that were removed leave changes of their records that nobody can take back, until they are there again', async () => {
    const { api } = await createTestTenant();
    const { id, key: object } = await api.objects.create({ label: { en: { one: 'Asset', other: 'Assets' } } });
    const { changeSetId } = await api.records.create({ object, values: { name: 'Press' } });
    const removed = await api.objects.remove({ id });
    expect(await refused(api.changes.undo({ changeSetId }))).toMatchObject({ code: 'notFound' });
    await api.changes.undo({ changeSetId: removed.changeSetId });
    expect(await refused(api.changes.undo({ changeSetId }))).toBe('not refused');
  });

  it('have lists, pages, history, search, rights and a bin as others do', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const asset = await api.objects.create({
      label: { en: { one: 'Asset', other: 'Assets' }, zh: { one: '资产', other: '资产' } },
      icon: 'truck',
      tone: 'teal',
    });
    expect(asset.key).toBe('o_asset');
    const object = asset.key;
    await field(tenant, object, 'text', 'Serial', { unique: true, maxLength: 40 });
    await field(tenant, object, 'reference', 'Customer', { to: 'company' });
    await field(tenant, 'company', 'reference', 'Main asset', { to: object });
    const company = await api.companies.create({ values: { name: 'Acme' } });
    const { id } = await api.records.create({
      object,
      values: { name: 'Press 7', c_serial: 'SN-1', c_customer: company.id },
    });
    await api.companies.update({ id: company.id, values: { c_main_asset: id } as never });
    expect(await api.records.get({ object, id })).toMatchObject({
      name: 'Press 7',
      c_serial: 'SN-1',
      refs: { c_customer: 'Acme', ownerId: 'Olivia Owner' },
    });
    expect((await api.companies.get({ id: company.id })).refs).toMatchObject({ c_main_asset: 'Press 7' });
    expect(
      (await api.companies.list({ filter: { field: 'c_main_asset.c_serial', op: 'is', value: 'sn-1' } })).rows,
    ).toHaveLength(1);
    expect((await api.records.list({ object, q: 'sn-1' })).rows).toHaveLength(1);
    expect(await api.records.count({ object })).toEqual({ count: 1, capped: false });
    const { changeSetId } = await api.records.update({ object, id, values: { name: 'Press 8' } });
    expect((await api.changes.timeline({ object, id, limit: 10 })).items).toHaveLength(2);
    await api.changes.undo({ changeSetId });
    expect(await api.records.get({ object, id })).toMatchObject({ name: 'Press 7' });
    const removed = await api.records.remove({ object, ids: [id] });
    expect((await api.records.list({ object })).rows).toEqual([]);
    await api.changes.undo({ changeSetId: removed.changeSetId });

    const viewer = await tenant.person('viewer');
    expect((await viewer.api.records.list({ object })).rows).toHaveLength(1);
    await expect(viewer.api.records.create({ object, values: { name: 'X' } })).rejects.toMatchObject({
      message: 'forbidden',
    });
    const member = await tenant.person('member');
    await expect(member.api.records.remove({ object, ids: [id] })).rejects.toMatchObject({ message: 'notFound' });

    const second = await api.objects.create({ label: { en: { one: 'Site', other: 'Sites' } } });
    await expect(api.records.get({ object: second.key, id })).rejects.toMatchObject({ message: 'notFound' });
    await expect(api.records.update({ object: second.key, id, values: { name: 'X' } })).rejects.toMatchObject({
      message: 'notFound',
    });
    await expect(api.records.remove({ object: second.key, ids: [id] })).rejects.toMatchObject({ message: 'notFound' });
    expect(await refused(api.records.create({ object, values: { name: 'X', nonsense: 1 } }))).toMatchObject({
      fields: [{ field: 'values.nonsense', code: 'unknownField' }],
    });

    const gone = await api.objects.remove({ id: asset.id });
    await expect(api.records.list({ object })).rejects.toMatchObject({ message: 'notFound' });
    expect(await api.companies.get({ id: company.id })).toMatchObject({ name: 'Acme' });
    await api.changes.undo({ changeSetId: gone.changeSetId });
    expect((await api.records.list({ object })).rows).toHaveLength(1);
  });
});
