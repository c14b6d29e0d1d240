import { describe, expect, it } from 'vitest';
import { mentionText } from '@/domain/rich-text';
import { refusalView } from '@/server/core/trpc';
import { createTestTenant, superuser, type TestPerson, type TestTenant } from '../support/tenants';

/** What a refused call tells, as either door would. */
const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error),
  );

const company = async ({ api }: TestPerson) => (await api.companies.create({ values: { name: 'Acme' } })).id;
const deal = async ({ api }: TestPerson, name = 'Big one') => {
  const [pipeline] = await api.pipelines.list();
  return (await api.deals.create({ values: { name, stageId: pipeline?.stages[0]?.id ?? '' } })).id;
};
const on = (object: string, recordId: string) => ({ object, recordId });
const bodies = async ({ api }: TestPerson, object: string, recordId: string) =>
  (await api.conversation.list(on(object, recordId))).items.map(({ body }) => body);

async function ownObject(tenant: TestTenant) {
  const made = await tenant.api.objects.create({
    label: { en: { one: 'Asset', other: 'Assets' } },
    icon: 'box',
    tone: 'slate',
  });
  const record = await tenant.api.records.create({ object: made.key, values: { name: 'Press' } });
  return { object: made.key, recordId: record.id };
}

describe('comments', () => {
  it('stand on any record, in the order they were written, with who wrote them', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member', { name: 'Ada' });
    const anchors = [on('company', await company(tenant)), await ownObject(tenant)];
    for (const anchor of anchors) {
      await tenant.api.conversation.add({ ...anchor, body: '  First **bold**  ' });
      await ada.api.conversation.add({ ...anchor, body: '第二条' });
      const { items } = await tenant.api.conversation.list(anchor);
      expect(items).toMatchObject([
        { body: 'First **bold**', by: { name: 'Olivia Owner' }, editedAt: null },
        { body: '第二条', by: { id: ada.memberId, name: 'Ada' } },
      ]);
    }
  });

  it('are changed by whoever wrote them only, and say that they were', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member');
    const anchor = on('company', await company(tenant));
    const { id } = await ada.api.conversation.add({ ...anchor, body: 'Frist' });
    expect(await refused(tenant.api.conversation.edit({ id, body: 'Mine now' }))).toMatchObject({ kind: 'notFound' });
    await ada.api.conversation.edit({ id, body: 'First', version: 1 });
    expect(await refused(ada.api.conversation.edit({ id, body: 'Late', version: 1 }))).toMatchObject({ code: 'stale' });
    const [comment] = (await tenant.api.conversation.list(anchor)).items;
    expect(comment).toMatchObject({ body: 'First', editedAt: expect.stringMatching(/^20/) });
  });

  it('are taken away by their writer or an admin, and come back by undo', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member');
    const bob = await tenant.person('member');
    const anchor = on('company', await company(tenant));
    const { id } = await ada.api.conversation.add({ ...anchor, body: 'Of Ada' });
    expect(await refused(bob.api.conversation.remove({ id }))).toMatchObject({ kind: 'notFound' });
    const { changeSetId } = await tenant.api.conversation.remove({ id });
    expect(await bodies(ada, anchor.object, anchor.recordId)).toEqual([]);
    expect(await refused(bob.api.changes.undo({ changeSetId }))).toMatchObject({ kind: 'notFound' });
    await tenant.api.changes.undo({ changeSetId });
    expect(await bodies(ada, anchor.object, anchor.recordId)).toEqual(['Of Ada']);
  });

  it('answer comments of the same record only', async () => {
    const tenant = await createTestTenant();
    const anchor = on('company', await company(tenant));
    const { id } = await tenant.api.conversation.add({ ...anchor, body: 'Question' });
    await tenant.api.conversation.add({ ...anchor, body: 'Answer', replyTo: id });
    const { items } = await tenant.api.conversation.list(anchor);
    expect(items[1]).toMatchObject({ body: 'Answer', replyTo: id });
    const elsewhere = on('company', await company(tenant));
    const call = tenant.api.conversation.add({ ...elsewhere, body: 'Answer', replyTo: id });
    expect(await refused(call)).toMatchObject({ code: 'noSuchRecord', field: 'replyTo' });
  });

  it('are hidden with the record: list, writing, history, timeline, reactions', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member');
    const bob = await tenant.person('member');
    const dealId = await deal(ada);
    const anchor = on('deal', dealId);
    const { id, changeSetId } = await ada.api.conversation.add({ ...anchor, body: 'Secret of Ada' });
    const calls = [
      () => bob.api.conversation.list(anchor),
      () => bob.api.conversation.add({ ...anchor, body: 'x' }),
      () => bob.api.conversation.followers(anchor),
      () => bob.api.conversation.follow({ ...anchor, on: true }),
      () => bob.api.conversation.mentionable({ ...anchor, q: '' }),
      () => bob.api.conversation.react({ target: 'comment', id, emoji: '👍' }),
      () => bob.api.conversation.remove({ id }),
      () => bob.api.changes.history({ object: 'comment', id, field: 'body' }),
      () => bob.api.changes.timeline({ object: 'deal', id: dealId }),
      () => bob.api.changes.undo({ changeSetId }),
    ];
    for (const call of calls) expect(await refused(call())).toMatchObject({ kind: 'notFound' });
    expect(await bodies(ada, 'deal', dealId)).toEqual(['Secret of Ada']);
  });

  it('are refused to viewers, blank, or of a length nobody reads, and on what has no page', async () => {
    const tenant = await createTestTenant();
    const viewer = await tenant.person('viewer');
    const anchor = on('company', await company(tenant));
    expect(await refused(viewer.api.conversation.add({ ...anchor, body: 'x' }))).toMatchObject({ kind: 'forbidden' });
    expect(await refused(tenant.api.conversation.add({ ...anchor, body: ' \n ' }))).toMatchObject({
      fields: [{ field: 'body', code: 'required' }],
    });
    expect(await refused(tenant.api.conversation.add({ ...anchor, body: 'x'.repeat(10_001) }))).toMatchObject({
      fields: [{ field: 'body', code: 'tooLong' }],
    });
    const [pipeline] = await tenant.api.pipelines.list();
    for (const [object, id] of [
      ['pipeline', pipeline?.id ?? ''],
      ['nothing', anchor.recordId],
      ['deal', anchor.recordId],
    ] as const) {
      expect(await refused(tenant.api.conversation.add({ ...on(object, id), body: 'x' }))).toMatchObject({
        kind: 'notFound',
      });
    }
  });

  it('show in the timeline of the record, with the kinds that were asked for', async () => {
    const tenant = await createTestTenant();
    const id = await company(tenant);
    await tenant.api.conversation.add({ ...on('company', id), body: 'Said' });
    await tenant.api.notes.create({ values: { body: 'Noted', companyId: id } });
    await tenant.api.companies.update({ id, values: { phone: '1' } });
    const kinds = async (...wanted: ('change' | 'comment' | 'note')[]) =>
      (await tenant.api.changes.timeline({ object: 'company', id, kinds: wanted })).items.flatMap((item) =>
        item.changes.map(({ object }) => object),
      );
    expect(await kinds()).toEqual(['company', 'note', 'comment', 'company']);
    expect(await kinds('comment')).toEqual(['comment']);
    expect(await kinds('note', 'comment')).toEqual(['note', 'comment']);
    expect(await kinds('change')).toEqual(['company', 'company']);
  });
});

describe('above the timeline', () => {
  it('what is pinned, to be done and to come is asked for before all else', async () => {
    const tenant = await createTestTenant();
    const companyId = await company(tenant);
    const { notes, tasks, activities } = tenant.api;
    for (const body of ['pinned', 'later'])
      await notes.create({ values: { companyId, body, pinned: body === 'pinned' } });
    for (const subject of ['open', 'done'])
      await tasks.create({ values: { companyId, subject, done: subject === 'done' } });
    for (const [subject, startsAt] of [
      ['ahead', '2031-01-01T09:00:00Z'],
      ['over', '2021-01-01T09:00:00Z'],
    ] as const)
      await activities.create({ values: { companyId, kind: 'call', subject, startsAt } });
    const first = (field: string, dir: 'asc' | 'desc') => ({
      filter: { field: 'companyId', op: 'is' as const, value: companyId },
      sort: [
        { field, dir },
        { field: 'createdAt', dir: 'desc' as const },
      ],
      limit: 1,
    });
    expect((await notes.list(first('pinned', 'desc'))).rows).toMatchObject([{ body: 'pinned' }]);
    expect((await tasks.list(first('done', 'asc'))).rows).toMatchObject([{ subject: 'open' }]);
    expect((await activities.list(first('startsAt', 'desc'))).rows).toMatchObject([{ subject: 'ahead' }]);
  });
});

describe('mentions', () => {
  it('name people who may read the record; others are refused by name', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member', { name: 'Ada [Lead]' });
    const bob = await tenant.person('member', { name: 'Bob' });
    const dealId = await deal(ada);
    const anchor = on('deal', dealId);
    const naming = (...who: { memberId: string; name: string }[]) =>
      who.map(({ memberId, name }) => mentionText(memberId, name)).join(' and ');
    const say = (text: string) => ada.api.conversation.add({ ...anchor, body: text });
    expect(await refused(say(naming({ ...bob, name: 'Bob' })))).toMatchObject({
      kind: 'invalid',
      code: 'mentionCannotSee',
      params: { name: 'Bob' },
      field: 'body',
    });
    const stranger = await createTestTenant();
    expect(await refused(say(naming({ ...stranger, name: 'Olivia' })))).toMatchObject({ code: 'mentionUnknown' });
    await say(naming({ ...ada, name: 'Ada [Lead]' }, { ...tenant, name: 'Olivia' }));
    const { rows } = await superuser((client) =>
      client.query('select mentions from app.comment where tenant_id = $1', [tenant.tenantId]),
    );
    expect(rows).toEqual([{ mentions: [ada.memberId, tenant.memberId] }]);
  });

  it('of people who have left or see the record no more do not keep a text from being corrected', async () => {
    const tenant = await createTestTenant();
    const bob = await tenant.person('member', { name: 'Bob' });
    const eve = await tenant.person('member', { name: 'Eve' });
    const dealId = await deal(tenant);
    await tenant.api.deals.update({ id: dealId, values: { ownerId: bob.memberId } });
    const body = `Ask ${mentionText(bob.memberId, 'Bob')}`;
    const comment = await tenant.api.conversation.add({ ...on('deal', dealId), body });
    const note = await tenant.api.notes.create({ values: { dealId, body } });
    await tenant.api.deals.update({ id: dealId, values: { ownerId: tenant.memberId } });
    await tenant.api.conversation.edit({ id: comment.id, body: `${body}!` });
    await tenant.api.notes.update({ id: note.id, values: { body: `${body}!` } });
    expect(await bodies(tenant, 'deal', dealId)).toEqual([`${body}!`]);
    const both = `${body} and ${mentionText(eve.memberId, 'Eve')}`;
    expect(await refused(tenant.api.conversation.edit({ id: comment.id, body: both }))).toMatchObject({
      code: 'mentionCannotSee',
      params: { name: 'Eve' },
    });
  });

  it('are offered among those who may read the record, best match first', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member', { name: 'Ada Lin' });
    await tenant.person('member', { name: 'Linus' });
    await tenant.person('viewer', { name: 'Olina' });
    const dealId = await deal(ada);
    const names = async (object: string, recordId: string, q: string) =>
      (await ada.api.conversation.mentionable({ ...on(object, recordId), q })).map(({ name }) => name);
    expect(await names('company', await company(tenant), 'lin')).toEqual(['Linus', 'Ada Lin', 'Olina']);
    expect(await names('deal', dealId, 'lin')).toEqual(['Ada Lin', 'Olina']);
  });

  it('are offered by the best name among many, and by how a name sounds', async () => {
    const tenant = await createTestTenant();
    const people = ['张伟', 'Zhan Li', ...Array.from({ length: 60 }, (_, i) => `Olina ${i}`), 'Lina'];
    for (const name of people) await tenant.person('viewer', { name });
    const anchor = on('company', await company(tenant));
    const names = async (q: string) =>
      (await tenant.api.conversation.mentionable({ ...anchor, q })).map(({ name }) => name);
    const offered = await names('lina');
    expect([offered[0], offered.length]).toEqual(['Lina', 10]);
    expect(await names('zhang')).toEqual(['张伟']);
    expect(await names('zh')).toEqual(['Zhan Li', '张伟']);
  });
});

describe('reactions', () => {
  it('are left and taken back, counted with their names, on comments and notes', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member', { name: 'Ada' });
    const id = await company(tenant);
    const comment = await tenant.api.conversation.add({ ...on('company', id), body: 'Won!' });
    const note = await tenant.api.notes.create({ values: { body: 'Noted', companyId: id } });
    const react = (person: TestPerson, emoji: '🎉' | '👀') =>
      person.api.conversation.react({ target: 'comment', id: comment.id, emoji });
    expect(await react(tenant, '🎉')).toEqual({ on: true });
    expect(await react(ada, '🎉')).toEqual({ on: true });
    expect(await react(ada, '👀')).toEqual({ on: true });
    expect(await react(ada, '👀')).toEqual({ on: false });
    expect(await ada.api.conversation.react({ target: 'note', id: note.id, emoji: '👍' })).toEqual({ on: true });
    const [shown] = (await tenant.api.conversation.list(on('company', id))).items;
    expect(shown?.reactions).toEqual([{ emoji: '🎉', count: 2, mine: true, names: ['Olivia Owner', 'Ada'] }]);
  });
});

describe('reactions to notes', () => {
  it('come with the comments of every record the note is on, for those who may read the note', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member', { name: 'Ada' });
    const companyId = await company(tenant);
    const dealId = await deal(ada);
    const { id } = await tenant.api.notes.create({ values: { body: 'Signed', companyId, dealId } });
    const bare = await tenant.api.notes.create({ values: { body: 'Nothing said', companyId } });
    await tenant.api.conversation.react({ target: 'note', id, emoji: '🎉' });
    await ada.api.conversation.react({ target: 'note', id, emoji: '🎉' });
    const notes = async (person: TestPerson, object: string, recordId: string) =>
      (await person.api.conversation.list(on(object, recordId))).notes;
    const shown = { id, reactions: [{ emoji: '🎉', count: 2, mine: true, names: ['Olivia Owner', 'Ada'] }] };
    expect(await notes(tenant, 'company', companyId)).toEqual([shown]);
    expect(await notes(ada, 'deal', dealId)).toEqual([shown]);
    expect(bare.id).not.toBe(id);
    await ada.api.conversation.react({ target: 'note', id, emoji: '🎉' });
    expect((await notes(ada, 'company', companyId))[0]?.reactions).toMatchObject([{ count: 1, mine: false }]);
    await tenant.api.notes.remove({ ids: [id] });
    expect(await notes(tenant, 'company', companyId)).toEqual([]);
    const own = await ownObject(tenant);
    expect(await notes(tenant, own.object, own.recordId)).toEqual([]);
  });
});

describe('followers', () => {
  it('are the owner, whoever asked to and whoever took part, but nobody who wants silence', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member', { name: 'Ada' });
    const bob = await tenant.person('member', { name: 'Bob' });
    const anchor = on('company', await company(tenant));
    const names = async () =>
      (await tenant.api.conversation.followers(anchor)).people.map(({ name, owner }) =>
        owner ? `${name} (owner)` : name,
      );
    expect(await names()).toEqual(['Olivia Owner (owner)']);
    await ada.api.conversation.follow({ ...anchor, on: true });
    await bob.api.conversation.add({ ...anchor, body: 'Hello' });
    expect(await names()).toEqual(['Ada', 'Bob', 'Olivia Owner (owner)']);
    await tenant.api.conversation.follow({ ...anchor, on: false });
    await bob.api.conversation.follow({ ...anchor, on: false });
    await bob.api.conversation.add({ ...anchor, body: 'Silence stays' });
    expect(await names()).toEqual(['Ada']);
    expect(await ada.api.conversation.followers(anchor)).toMatchObject({ following: true });
    expect(await bob.api.conversation.followers(anchor)).toMatchObject({ following: false });
  });
});
