import { describe, expect, it } from 'vitest';
import { refusalView } from '@/server/core/trpc';
import { clock, createTestTenant } from '../support/tenants';

const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'not refused',
    (error) => refusalView(error),
  );
const at = (hours: number) => new Date(clock.now.getTime() + hours * 3_600_000).toISOString();

describe('calls and meetings', () => {
  it('are logged now, with how they went and how long they took, and stand on the records they are about', async () => {
    const { api, memberId } = await createTestTenant();
    const company = await api.companies.create({ values: { name: 'Acme' } });
    const contact = await api.contacts.create({ values: { name: 'Wang Wei' } });
    const { id, changeSetId } = await api.activities.logCall({
      contactId: contact.id,
      companyId: company.id,
      outcome: 'noAnswer',
      minutes: 15,
    });
    const call = await api.activities.get({ id });
    expect(call).toMatchObject({
      kind: 'call',
      subject: 'Wang Wei',
      direction: 'out',
      outcome: 'noAnswer',
      ownerId: memberId,
    });
    expect(Date.parse(String(call.endsAt)) - Date.parse(String(call.startsAt))).toBe(15 * 60_000);
    for (const [object, on] of [
      ['company', company],
      ['contact', contact],
    ] as const) {
      const { items } = await api.changes.timeline({ object, id: on.id, limit: 10 });
      expect(items.map((item) => item.changeSetId)).toContain(changeSetId);
    }
    const { rows } = await api.activities.list({ q: 'wang' });
    expect(rows.map((row) => row.id)).toEqual([id]);
    await api.changes.undo({ changeSetId });
    expect(await refused(api.activities.get({ id }))).toMatchObject({ code: 'notFound' });
  });

  it('never end before they begin, however the change comes about', async () => {
    const { api } = await createTestTenant();
    const wrong = { subject: 'Demo', kind: 'meeting' as const, startsAt: at(2), endsAt: at(1) };
    const told = { code: 'endBeforeStart', field: 'endsAt' };
    expect(await refused(api.activities.create({ values: wrong }))).toMatchObject(told);
    expect(
      await refused(api.activities.planMeeting({ subject: 'Demo', startsAt: at(2), endsAt: at(1) })),
    ).toMatchObject(told);
    const { id } = await api.activities.create({ values: { ...wrong, endsAt: at(3) } });
    expect(await refused(api.activities.update({ id, values: { endsAt: at(1) } }))).toMatchObject(told);
    expect(await refused(api.activities.updateMany({ ids: [id], values: { startsAt: at(4) } }))).toMatchObject(told);
    const cells = { object: 'activity', changes: [{ id, values: { startsAt: at(4) } }] };
    expect(await refused(api.bulk.patch(cells))).toMatchObject(told);
    // Undoing a move that a later one depends on would turn it round.
    const earlier = await api.activities.update({ id, values: { startsAt: at(0) } });
    await api.activities.update({ id, values: { endsAt: at(1) } });
    expect(await refused(api.changes.undo({ changeSetId: earlier.changeSetId }))).toMatchObject(told);
    expect(await api.activities.get({ id })).toMatchObject({ startsAt: expect.anything(), version: 3 });
  });

  it('do not tell when they are by what is refused to people who may not see them', async () => {
    const tenant = await createTestTenant();
    const colleague = await tenant.person('member');
    const { id } = await tenant.api.activities.planMeeting({ subject: 'Demo', startsAt: at(2) });
    for (const endsAt of [at(1), at(5)])
      expect(await refused(colleague.api.activities.update({ id, values: { endsAt } }))).toMatchObject({
        code: 'notFound',
      });
  });

  it('are planned with contacts and members, who find them in their agenda', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const colleague = await tenant.person('member');
    const contact = await api.contacts.create({ values: { name: 'Ada' } });
    const { id } = await api.activities.planMeeting({
      subject: 'Demo',
      startsAt: at(1),
      attendeeIds: [contact.id, colleague.memberId, contact.id],
    });
    expect(await api.activities.attendees({ id })).toMatchObject([
      { id: contact.id, object: 'contact', name: 'Ada' },
      { id: colleague.memberId, object: 'member' },
    ]);
    const meeting = await api.activities.get({ id });
    expect(Date.parse(String(meeting.endsAt)) - Date.parse(String(meeting.startsAt))).toBe(3_600_000);
    const span = { from: at(-1), to: at(24) };
    expect((await colleague.api.activities.agenda(span)).rows).toMatchObject([
      { id, subject: 'Demo', open: false, attendees: 2 },
    ]);
    expect((await api.activities.agenda(span)).rows).toMatchObject([{ id, open: true }]);
    expect((await api.activities.agenda({ from: at(24), to: at(48) })).rows).toEqual([]);
    // What ends as a day begins is not that day's.
    expect((await api.activities.agenda({ from: at(2), to: at(24) })).rows).toEqual([]);
    expect((await api.activities.agenda({ from: at(1.5), to: at(24) })).rows).toMatchObject([{ id }]);
    // Somebody else's meeting is theirs to open, not the attendee's.
    expect(await refused(colleague.api.activities.get({ id }))).toMatchObject({ code: 'notFound' });
  });

  it('refuse attendees who are not there, and keep the others', async () => {
    const { api, memberId } = await createTestTenant();
    const stranger = await createTestTenant();
    const { id } = await api.activities.planMeeting({ subject: 'Demo', startsAt: at(1), attendeeIds: [memberId] });
    const nobody = { code: 'noSuchRecord', field: 'attendeeIds' };
    expect(await refused(api.activities.setAttendees({ id, attendeeIds: [stranger.memberId] }))).toMatchObject(nobody);
    expect(
      await refused(api.activities.planMeeting({ subject: 'x', startsAt: at(1), attendeeIds: [stranger.memberId] })),
    ).toMatchObject(nobody);
    expect(await api.activities.attendees({ id })).toHaveLength(1);
    const { changeSetId } = await api.activities.setAttendees({ id, attendeeIds: [] });
    expect(await api.activities.attendees({ id })).toEqual([]);
    await api.changes.undo({ changeSetId });
    expect(await api.activities.attendees({ id })).toHaveLength(1);
  });

  it('keep the attendees whom nobody is shown, who come back with their records', async () => {
    const { api, memberId } = await createTestTenant();
    const [ada, bob] = [
      await api.contacts.create({ values: { name: 'Ada' } }),
      await api.contacts.create({ values: { name: 'Bob' } }),
    ];
    const { id } = await api.activities.planMeeting({ subject: 'x', startsAt: at(1), attendeeIds: [ada.id, bob.id] });
    const { changeSetId } = await api.contacts.remove({ ids: [ada.id] });
    await api.activities.setAttendees({ id, attendeeIds: [bob.id, memberId] });
    expect(await api.activities.attendees({ id })).toMatchObject([{ name: 'Bob' }, { id: memberId }]);
    await api.changes.undo({ changeSetId });
    expect((await api.activities.attendees({ id })).map((person) => person.id).toSorted()).toEqual(
      [ada.id, bob.id, memberId].toSorted(),
    );
    expect(await refused(api.activities.setAttendees({ id: memberId, attendeeIds: [] }))).toMatchObject({
      code: 'notFound',
    });
  });

  it('are attended also by people known by their mail address only', async () => {
    const { api, memberId } = await createTestTenant();
    const { id } = await api.activities.planMeeting({
      subject: 'Demo',
      startsAt: at(1),
      attendeeIds: [memberId],
      attendeeEmails: ['Guest@Acme.example', 'guest@acme.example'],
    });
    const guests = async () => (await api.activities.attendees({ id })).filter(({ object }) => object === 'email');
    expect(await guests()).toEqual([{ id: 'guest@acme.example', object: 'email', name: 'guest@acme.example' }]);
    expect((await api.activities.agenda({ from: at(0), to: at(3) })).rows).toMatchObject([{ attendees: 2 }]);
    await api.activities.setAttendees({ id, attendeeIds: [] });
    expect(await guests()).toHaveLength(1);
    const { changeSetId } = await api.activities.setAttendees({
      id,
      attendeeIds: [],
      attendeeEmails: ['other@acme.example'],
    });
    expect((await guests()).map(({ name }) => name)).toEqual(['other@acme.example']);
    await api.changes.undo({ changeSetId });
    expect((await guests()).map(({ name }) => name)).toEqual(['guest@acme.example']);
    const wrong = await refused(api.activities.setAttendees({ id, attendeeIds: [], attendeeEmails: ['nobody'] }));
    expect(wrong).toMatchObject({ fields: [{ field: 'attendeeEmails.0', code: 'email' }] });
    const many = Array.from({ length: 100 }, (_, i) => `guest${i}@acme.example`);
    expect(
      await refused(api.activities.setAttendees({ id, attendeeIds: [memberId], attendeeEmails: many })),
    ).toMatchObject({ code: 'tooMany', field: 'attendeeIds' });
    expect(await guests()).toHaveLength(1);
  });

  it('are asked for a name when nobody was called', async () => {
    const { api } = await createTestTenant();
    expect(await refused(api.activities.logCall({ minutes: 5 }))).toMatchObject({ code: 'required', field: 'subject' });
    // A call is not "held".
    const held = api.activities.logCall({ subject: 'x', outcome: 'held' as 'reached' });
    expect(await refused(held)).toMatchObject({ fields: [{ field: 'outcome', code: 'choice' }] });
  });
});
