import { describe, expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import { mentionText } from '@/domain/rich-text';
import { renderMail } from '@/server/core/mail/templates';
import { crons } from '@/server/crons';
import { mailUnread } from '@/server/notifications/digest';
import { pruneNotifications } from '@/server/notifications/notifications';
import { remind } from '@/server/notifications/write';
import { clock, createTestTenant, superuser, type TestPerson, type TestTenant } from '../support/tenants';

const stages = async ({ api }: TestPerson) => (await api.pipelines.list())[0]?.stages.map(({ id }) => id) ?? [];
const deal = async (person: TestPerson, values: { name?: string; ownerId?: string } = {}) =>
  (await person.api.deals.create({ values: { name: 'Big one', stageId: (await stages(person))[0] ?? '', ...values } }))
    .id;
const company = async ({ api }: TestPerson) => (await api.companies.create({ values: { name: 'Acme' } })).id;
const told = async ({ api }: TestPerson) => (await api.notifications.list({})).items;
const kinds = async (person: TestPerson) => (await told(person)).map(({ kind, title }) => `${kind} ${title}`);
const name = (person: TestPerson, as: string) => mentionText(person.memberId, as);

describe('notifications', () => {
  it('tell of a mention, an answer and a comment, each person once and of the weightiest', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member', { name: 'Ada' });
    const bob = await tenant.person('member', { name: 'Bob' });
    const anchor = { object: 'company', recordId: await company(tenant) };
    const { id } = await ada.api.conversation.add({ ...anchor, body: `Look, ${name(bob, 'Bob')}: **ready**` });
    expect(await told(bob)).toMatchObject([
      {
        kind: 'mention',
        title: 'Acme',
        by: { name: 'Ada' },
        commentId: id,
        excerpt: 'Look, @Bob: ready',
        readAt: null,
      },
    ]);
    expect(await kinds(tenant)).toEqual(['comment Acme']);
    expect(await kinds(ada)).toEqual([]);
    await bob.api.conversation.add({ ...anchor, body: 'Thanks', replyTo: id });
    expect(await kinds(ada)).toEqual(['reply Acme']);
    await tenant.api.conversation.add({ ...anchor, body: `${name(ada, 'Ada')} and ${name(bob, 'Bob')}`, replyTo: id });
    expect(await kinds(ada)).toEqual(['mention Acme', 'reply Acme']);
  });

  it('tell somebody named by an edit once, and of mentions in notes', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member');
    const recordId = await company(tenant);
    const { id } = await tenant.api.conversation.add({ object: 'company', recordId, body: 'Draft' });
    for (const end of ['.', '!']) await tenant.api.conversation.edit({ id, body: `Ask ${name(ada, 'Ada')}${end}` });
    expect(await kinds(ada)).toEqual(['mention Acme']);
    const note = await tenant.api.notes.create({ values: { companyId: recordId, body: `Met ${name(ada, 'Ada')}` } });
    await tenant.api.notes.update({ id: note.id, values: { body: `Met **${name(ada, 'Ada')}** again` } });
    // As the note reads now, and gone with it.
    expect(await told(ada)).toMatchObject([{ kind: 'mention', excerpt: 'Met @Ada again' }, { kind: 'mention' }]);
    const { changeSetId } = await tenant.api.notes.remove({ ids: [note.id] });
    expect([await kinds(ada), (await ada.api.notifications.count()).count]).toEqual([['mention Acme'], 1]);
    await tenant.api.changes.undo({ changeSetId });
    expect((await ada.api.notifications.count()).count).toBe(2);
    const secret = await deal(tenant);
    const call = tenant.api.notes.create({ values: { dealId: secret, body: name(ada, 'Ada') } });
    await expect(call).rejects.toMatchObject({ message: 'mentionCannotSee' });
  });

  it('tell who is given a record or a task, and who followed it that it went or moved', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member', { name: 'Ada' });
    const boss = await tenant.person('admin');
    const [, second = ''] = await stages(tenant);
    const id = await deal(tenant);
    await boss.api.conversation.follow({ object: 'deal', recordId: id, on: true });
    await tenant.api.deals.move({ id, stageId: second });
    await tenant.api.deals.update({ id, values: { ownerId: ada.memberId } });
    expect(await told(boss)).toMatchObject([
      { kind: 'owner', title: 'Big one', from: 'Olivia Owner', to: 'Ada' },
      { kind: 'stage', title: 'Big one', to: expect.any(String) },
    ]);
    expect(await kinds(ada)).toEqual(['assigned Big one']);
    expect(await kinds(tenant)).toEqual([]);
    await boss.api.deals.update({ id, values: { ownerId: boss.memberId } });
    // It is not theirs to see any more, so nothing of it stands in their list.
    expect(await kinds(ada)).toEqual([]);
    await tenant.api.tasks.create({ values: { subject: 'Call', ownerId: ada.memberId } });
    expect(await kinds(ada)).toEqual(['assigned Call']);
  });

  it('tell of many as of one', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member');
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await deal(tenant, { name: `Deal ${i}` }));
    await tenant.api.deals.updateMany({ ids, values: { ownerId: ada.memberId } });
    expect(await told(ada)).toMatchObject([{ kind: 'assigned', object: 'deal', recordId: null, count: 5 }]);
  });

  it('tell of many only those a person may read', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member');
    const [, second = ''] = await stages(tenant);
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push(await deal(tenant, { name: `Deal ${i}`, ownerId: ada.memberId }));
    for (const recordId of ids) await ada.api.conversation.follow({ object: 'deal', recordId, on: true });
    await tenant.api.deals.updateMany({ ids: ids.slice(1), values: { ownerId: tenant.memberId } });
    await ada.api.notifications.markAllRead();
    await tenant.api.deals.updateMany({ ids, values: { stageId: second } });
    expect((await told(ada)).filter(({ kind }) => kind === 'stage')).toMatchObject([{ title: 'Deal 0', count: null }]);
  });

  it('tell nobody of undo, of what they did themselves or asked not to hear', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member');
    const id = await deal(ada);
    const [, second = '', third = ''] = await stages(tenant);
    const { changeSetId } = await tenant.api.deals.move({ id, stageId: second });
    expect(await kinds(ada)).toEqual(['stage Big one']);
    await tenant.api.changes.undo({ changeSetId });
    await ada.api.conversation.follow({ object: 'deal', recordId: id, on: false });
    await tenant.api.deals.move({ id, stageId: third });
    await ada.api.preferences.set({ key: 'notifications', value: { comment: { product: false, mail: false } } });
    await ada.api.conversation.follow({ object: 'deal', recordId: id, on: true });
    await tenant.api.conversation.add({ object: 'deal', recordId: id, body: 'Quiet' });
    expect(await kinds(ada)).toEqual(['stage Big one']);
  });

  it('go with the comment or record they tell of, and come back with it', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member');
    const recordId = await company(tenant);
    const { id } = await tenant.api.conversation.add({ object: 'company', recordId, body: name(ada, 'Ada') });
    const removed = await tenant.api.conversation.remove({ id });
    expect([await kinds(ada), (await ada.api.notifications.count()).count]).toEqual([[], 0]);
    await tenant.api.changes.undo(removed);
    expect([await kinds(ada), (await ada.api.notifications.count()).count]).toEqual([['mention Acme'], 1]);
    await tenant.api.companies.remove({ ids: [recordId] });
    expect([await kinds(ada), (await ada.api.notifications.count()).count]).toEqual([[], 0]);
  });

  it('stand unread first, page by page, until they are read', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member');
    const recordId = await company(tenant);
    for (let i = 0; i < 5; i++)
      await tenant.api.conversation.add({ object: 'company', recordId, body: `${i} ${name(ada, 'Ada')}` });
    const all = await told(ada);
    await ada.api.notifications.markRead({ ids: all.slice(0, 2).map(({ id }) => id) });
    expect(await ada.api.notifications.count()).toEqual({ count: 3 });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof ada.api.notifications.list>> = await ada.api.notifications.list({
        cursor,
        limit: 2,
      });
      seen.push(...page.items.map(({ excerpt, readAt }) => `${excerpt?.[0]}${readAt ? ' read' : ''}`));
      cursor = page.next;
    } while (cursor);
    expect(seen).toEqual(['2', '1', '0', '4 read', '3 read']);
    expect(await tenant.api.notifications.markAllRead()).toEqual({ count: 0 });
    expect(await ada.api.notifications.markAllRead()).toEqual({ count: 3 });
    expect(await ada.api.notifications.count()).toEqual({ count: 0 });
    await expect(ada.api.notifications.list({ cursor: 'bm8' })).rejects.toMatchObject({ message: 'badCursor' });
  });

  it('are written with their cause or not at all', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member');
    const recordId = await company(tenant);
    const body = `${name(ada, 'Ada')} ${mentionText('00000000-0000-4000-8000-000000000000', 'Nobody')}`;
    await expect(tenant.api.conversation.add({ object: 'company', recordId, body })).rejects.toThrow('mentionUnknown');
    expect(await kinds(ada)).toEqual([]);
  });

  it('are forgotten after 180 days, each tenant’s by themselves', async () => {
    const [tenant, other] = [await createTestTenant(), await createTestTenant()];
    const days = (count: number) => new Date(clock.now.getTime() - count * 86_400_000);
    const { id } = await tenant.api.tasks.create({ values: { subject: 'Call back' } });
    for (const age of [1, 179, 181, 400])
      await inTenant(tenant.tenantId, 'write', (db) => remind(db, days(age), [{ id, ownerId: tenant.memberId }]));
    await pruneNotifications(other.tenantId, clock.now);
    expect(await told(tenant)).toHaveLength(4);
    expect(crons.map(({ name }) => name)).toContain('pruneNotifications');
    await pruneNotifications(tenant.tenantId, clock.now);
    expect((await told(tenant)).map(({ at }) => new Date(at).getTime())).toEqual([days(1), days(179)].map(Number));
  });

  it('remind of a task', async () => {
    const tenant = await createTestTenant();
    const { id } = await tenant.api.tasks.create({ values: { subject: 'Call back' } });
    await inTenant(tenant.tenantId, 'write', (db) => remind(db, clock.now, [{ id, ownerId: tenant.memberId }]));
    expect(await told(tenant)).toMatchObject([{ kind: 'reminder', title: 'Call back', by: null }]);
  });
});

describe('mail of what is unread', () => {
  const later = (minutes: number) => new Date(clock.now.getTime() + minutes * 60_000);
  const mailed = async (tenant: TestTenant, minutes: number) => {
    const mails: Record<string, unknown>[] = [];
    const enqueue = async (_db: unknown, _queue: string, payload: Record<string, unknown>) => void mails.push(payload);
    await mailUnread(tenant.tenantId, { now: later(minutes), enqueue });
    return mails;
  };

  it('goes out once after ten minutes, with all that waits, in the language of its reader', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member', { name: '艾达' });
    const recordId = await company(tenant);
    await ada.api.account.updateMe({ locale: 'zh' });
    for (const text of ['eins', 'zwei'])
      await tenant.api.conversation.add({ object: 'company', recordId, body: `${text} ${name(ada, '艾达')}` });
    expect(await mailed(tenant, 9)).toEqual([]);
    const [mail, ...more] = await mailed(tenant, 11);
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ to: ada.email, locale: 'zh', template: 'news', params: { count: 2 } });
    const { subject, text, html } = renderMail(mail as never);
    expect(subject).toContain('2');
    expect(text).toContain('Olivia Owner 在“Acme”中提到了您\nzwei @艾达');
    expect(html).toContain('eins @艾达');
    expect(await mailed(tenant, 12)).toEqual([]);
  });

  it('goes out where nothing but a reminder happened, and is looked for nowhere else', async () => {
    const [tenant, quiet] = [await createTestTenant(), await createTestTenant()];
    const { id } = await tenant.api.tasks.create({ values: { subject: 'Call back' } });
    const wanted = { reminder: { product: true, mail: true } };
    await tenant.api.preferences.set({ key: 'notifications', value: wanted });
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    // Written long ago; the reminder that falls due leaves no other trace.
    await superuser(async (client) => {
      for (const table of ['change_set', 'change', 'audit_event'])
        await client.query(`update app.${table} set written_at = now() - interval '9 days' where tenant_id = $1`, [
          tenant.tenantId,
        ]);
    });
    const cron = crons.find(({ name }) => name === 'mailUnread');
    const due = async () => (await cron?.tenants?.(null, 100_000)) ?? [];
    expect(await due()).not.toContain(tenant.tenantId);
    await inTenant(tenant.tenantId, 'write', (db) => remind(db, ago(20), [{ id, ownerId: tenant.memberId }]));
    expect(await due()).toContain(tenant.tenantId);
    expect(await due()).not.toContain(quiet.tenantId);
    const mails: Record<string, unknown>[] = [];
    const enqueue = async (_db: unknown, _queue: string, payload: Record<string, unknown>) => void mails.push(payload);
    expect(await mailUnread(tenant.tenantId, { now: new Date(), enqueue })).toBe(1);
    expect(mails).toMatchObject([{ to: tenant.email, params: { count: 1 } }]);
    expect(await due()).not.toContain(tenant.tenantId);
    // Neither what is too fresh nor what is too old to be told.
    for (const minutes of [3, 3 * 24 * 60])
      await inTenant(tenant.tenantId, 'write', (db) => remind(db, ago(minutes), [{ id, ownerId: tenant.memberId }]));
    expect(await due()).not.toContain(tenant.tenantId);
  });

  it('lists twenty and says how many more wait', async () => {
    const tenant = await createTestTenant();
    const ada = await tenant.person('member', { name: 'Ada' });
    const recordId = await company(tenant);
    for (let i = 0; i < 23; i++)
      await tenant.api.conversation.add({ object: 'company', recordId, body: `${i} ${name(ada, 'Ada')}` });
    const [mail] = await mailed(tenant, 11);
    expect(mail).toMatchObject({
      params: { count: 23, items: expect.stringMatching(/And 3 more behind the bell\.$/) },
    });
  });

  it('leaves out what was read, what may not be read any more, and kinds nobody wants by mail', async () => {
    const tenant = await createTestTenant();
    const [ada, bob, eve] = [
      await tenant.person('member'),
      await tenant.person('manager'),
      await tenant.person('member'),
    ];
    const recordId = await company(tenant);
    await eve.api.preferences.set({ key: 'notifications', value: { mention: { product: true, mail: false } } });
    await tenant.api.conversation.add({
      object: 'company',
      recordId,
      body: [ada, bob, eve].map((person, i) => name(person, `Person ${i}`)).join(' '),
    });
    await ada.api.notifications.markAllRead();
    expect((await mailed(tenant, 11)).map(({ to }) => to)).toEqual([bob.email]);
    await tenant.api.conversation.add({ object: 'company', recordId, body: name(bob, 'Bob') });
    await superuser((client) => client.query('update app.company set deleted_at = now() where id = $1', [recordId]));
    expect(await mailed(tenant, 11)).toEqual([]);
  });
});
