import { randomUUID } from 'node:crypto';
import { tokenMake } from '@/db/global';
import { hashSecret, newSecret } from '@/server/core/ids';
import { upload, uploadTables, workOff } from './imports';
import { planInput } from './plans';
import {
  type Caller,
  callerOf,
  createTestTenant,
  password,
  signedIn,
  strangerContext,
  superuser,
  type TestPerson,
  type TestTenant,
} from './tenants';

/** A call that goes through: who makes it, with what, and how many audit entries it leaves (one, unless it says why). */
export interface ValidCall {
  input: unknown;
  /** Another than the tenant's owner. */
  by?: TestPerson;
  api?: Caller;
  /** Not a member before the call: the entry's member is made by it. */
  guest?: true;
}

const unique = () => randomUUID().slice(0, 8);
const company = async (t: TestTenant) => (await t.api.companies.create({ values: { name: `Acme ${unique()}` } })).id;
const contact = async (t: TestTenant) => (await t.api.contacts.create({ values: { name: `Ada ${unique()}` } })).id;
const product = async (t: TestTenant) => (await t.api.products.create({ values: { name: `Box ${unique()}` } })).id;
const task = async (t: TestTenant) => (await t.api.tasks.create({ values: { subject: 'Call' } })).id;
const queue = async (t: TestTenant) => (await t.api.tasks.createQueue({ name: `Queue ${unique()}`, memberIds: [] })).id;
const queuedTask = async (t: TestTenant) => {
  const queueId = await queue(t);
  return (await t.api.tasks.create({ values: { subject: 'Call', queueId, ownerId: t.memberId } })).id;
};
const activity = async (t: TestTenant) =>
  (await t.api.activities.create({ values: { subject: 'Demo', kind: 'meeting', startsAt: '2026-12-01T09:00:00Z' } }))
    .id;
const note = async (t: TestTenant) =>
  (await t.api.notes.create({ values: { body: 'Met at the fair', contactId: await contact(t) } })).id;
const deal = async (t: TestTenant) =>
  (await t.api.deals.create({ values: { name: `Deal ${unique()}`, stageId: await stage(t) } })).id;
const stages = async (t: TestTenant) => {
  const [first] = await t.api.pipelines.list();
  return { pipelineId: first?.id ?? '', ids: first?.stages.filter((s) => s.kind === 'open').map((s) => s.id) ?? [] };
};
const stage = async (t: TestTenant, nth = 0) => (await stages(t)).ids[nth] ?? '';
const pipeline = async (t: TestTenant) =>
  (
    await t.api.pipelines.create({
      name: `Partners ${unique()}`,
      stages: [
        { name: 'Open', kind: 'open', probability: 10, colour: 'blue' },
        { name: 'Late', kind: 'open', probability: 90, colour: 'blue' },
        { name: 'Won', kind: 'won', probability: 100, colour: 'green' },
        { name: 'Lost', kind: 'lost', probability: 0, colour: 'red' },
      ],
    })
  ).id;
const stageOfOwn = async (t: TestTenant) => {
  const id = await pipeline(t);
  const found = (await t.api.pipelines.list()).find((p) => p.id === id);
  return { id, stages: found?.stages.map((s) => s.id) ?? [] };
};
const team = async (t: TestTenant) => (await t.api.teams.create({ name: `Team ${unique()}` })).id;
const file = (t: TestTenant) => upload(t, `firms-${unique()}.csv`, 'Name\nAcme\nBolt\n');
/** An import that is over. */
const imported = async (t: TestTenant) => {
  const { id } = await t.api.imports.start({ fileId: await file(t), plan });
  await workOff(t);
  return id;
};
const importSet = async (t: TestTenant) => {
  const [one, other] = [await file(t), await file(t)];
  return t.api.imports.startSet({
    files: [
      { fileId: one, plan },
      { fileId: other, plan },
    ],
  });
};
const plan = planInput({ columns: [{ index: 0, header: 'Name', target: 'name' }] });
/** Two contacts that are likely the same. */
const pair = async (t: TestTenant) => {
  const email = `${unique()}@example.com`;
  const make = async (name: string) => (await t.api.contacts.create({ values: { name, email } })).id;
  return { object: 'contact', a: await make('Ada'), b: await make('Bea') };
};
const binned = async (t: TestTenant) => {
  const id = await company(t);
  await t.api.companies.remove({ ids: [id] });
  return { object: 'company', id };
};
const failedJob = (t: TestTenant): Promise<string> =>
  superuser(async (client) => {
    const id = randomUUID();
    await client.query(
      `insert into app.failed_job (tenant_id, id, queue, payload, error, attempts, created_at, failed_at)
        values ($1, $2, 'undo', $3, 'internal', 3, now(), now())`,
      [t.tenantId, id, JSON.stringify({ tenantId: t.tenantId, memberId: t.memberId })],
    );
    return id;
  });
/** One whose file is there, and no other that is still made. */
const finishedArchive = (t: TestTenant): Promise<string> =>
  superuser(async (client) => {
    const id = randomUUID();
    await client.query(`update app.archive set status = 'failed' where tenant_id = $1`, [t.tenantId]);
    await client.query(
      `insert into app.archive (tenant_id, id, member_id, kind, status, name, file_id, bytes, expires_at)
        values ($1, $2, $3, 'make', 'done', 'all.zip', $2, 1, now() + interval '1 day')`,
      [t.tenantId, id, t.memberId],
    );
    return id;
  });
const invitation = async (t: TestTenant) =>
  (await t.api.members.invite({ email: `new-${unique()}@example.com`, role: 'member' })).id;

const object = async (t: TestTenant) => {
  const name = `Asset ${unique()}`;
  return t.api.objects.create({ label: { en: { one: name, other: `${name}s` } } });
};
const ownRecord = async (t: TestTenant) => {
  const { key } = await object(t);
  return { object: key, id: (await t.api.records.create({ object: key, values: { name: 'Press' } })).id };
};
const field = (t: TestTenant) =>
  t.api.fields.create({ object: 'company', type: 'text', label: { en: `Field ${unique()}` } });
/** Two records, a field that can link them, and whether it does. */
const relation = async (t: TestTenant, linked: boolean) => {
  const name = `Rivals ${unique()}`;
  const settings = { to: 'company', attributes: [{ key: 'since', label: { en: 'Since' }, type: 'date' as const }] };
  const { key } = await t.api.fields.create({ object: 'company', type: 'relation', label: { en: name }, settings });
  const input = { object: 'company', field: key, id: await company(t), to: await company(t) };
  if (linked) await t.api.relations.link(input);
  return input;
};

const view = async (t: TestTenant) => (await t.api.views.create({ object: 'company', name: `View ${unique()}` })).id;

const onCompany = async (t: TestTenant) => ({ object: 'company', recordId: await company(t) });
const comment = async (t: TestTenant) => (await t.api.conversation.add({ ...(await onCompany(t)), body: 'x' })).id;
const attachment = async (t: TestTenant): Promise<string> => {
  const recordId = await company(t);
  return superuser(async (client) => {
    const id = randomUUID();
    await client.query(
      `insert into app.attachment (tenant_id, id, object, record_id, file_id, name, media_type, bytes, sha256, owner_id)
        values ($1, $2, 'company', $3, $4, 'a.txt', 'text/plain', 1, 'x', $5)`,
      [t.tenantId, id, recordId, randomUUID(), t.memberId],
    );
    return id;
  });
};

type Make = (t: TestTenant) => Promise<ValidCall>;
const own = (input: (t: TestTenant) => Promise<unknown>): Make => {
  return async (t) => ({ input: await input(t) });
};

const recordCalls = (
  plural: string,
  make: (t: TestTenant) => Promise<string>,
  values: object,
): Record<string, Make> => ({
  [`${plural}.update`]: own(async (t) => ({ id: await make(t), values })),
  [`${plural}.updateMany`]: own(async (t) => ({ ids: [await make(t), await make(t)], values })),
  [`${plural}.remove`]: own(async (t) => ({ ids: [await make(t)] })),
});

/** A call of a person's own, in no tenant: its entry is in the tenants they are a member of. */
const person = (input: (by: TestPerson, t: TestTenant) => Promise<unknown>): Make => {
  return async (t) => {
    const by = await t.person('member');
    return { by, input: await input(by, t) };
  };
};
/** Somebody without a session, calling from where a person does. */
const stranger = ({ context: { ip, requestId } }: TestPerson) => callerOf(strangerContext({ ip, requestId }));
const token = async ({ userId, email }: TestPerson, kind: string) => {
  const secret = newSecret();
  await tokenMake(hashSecret(secret), kind, userId, email, 60, new Date());
  return secret;
};

/** For every mutation a call that succeeds. A new mutation without one fails the audit's test. */
export const validCalls: Record<string, Make> = {
  ...recordCalls('companies', company, { phone: '1' }),
  ...recordCalls('contacts', contact, { phone: '1' }),
  ...recordCalls('deals', deal, { nextStep: 'Call' }),
  ...recordCalls('products', product, { code: 'X' }),
  ...recordCalls('tasks', task, { subject: 'Write' }),
  ...recordCalls('notes', note, { body: 'Met again' }),
  ...recordCalls('activities', activity, { location: 'Room 2' }),
  'tasks.updateThis': own(async (t) => ({ id: await task(t), values: { subject: 'Write' } })),
  'tasks.reschedule': own(async (t) => ({ ids: [await task(t)], dueOn: '2026-12-24' })),
  'tasks.putBack': own(async (t) => ({ id: await queuedTask(t) })),
  'tasks.takeNext': own(async (t) => {
    const id = await queue(t);
    await t.api.tasks.create({ values: { subject: 'Call', queueId: id } });
    return { id };
  }),
  'tasks.createQueue': own(async () => ({ name: `Queue ${unique()}`, memberIds: [] })),
  'tasks.updateQueue': own(async (t) => ({ id: await queue(t), name: `Queue ${unique()}` })),
  'tasks.removeQueue': own(async (t) => ({ id: await queue(t) })),
  'activities.create': own(async () => ({
    values: { subject: 'Demo', kind: 'meeting', startsAt: '2026-12-01T09:00:00Z' },
  })),
  'activities.logCall': own(async () => ({ subject: 'Lin' })),
  'activities.planMeeting': own(async () => ({ subject: 'Demo', startsAt: '2026-12-01T09:00:00Z' })),
  'activities.setAttendees': own(async (t) => ({ id: await activity(t), attendeeIds: [t.memberId] })),
  'fields.create': own(async () => ({ object: 'deal', type: 'number', label: { en: `Field ${unique()}` } })),
  'fields.update': own(async (t) => ({ id: (await field(t)).id, values: { help: { en: 'Why' } } })),
  'fields.remove': own(async (t) => ({ id: (await field(t)).id })),
  'fields.reorder': own(async (t) => {
    await field(t);
    await field(t);
    const { rows } = await t.api.fields.list();
    const ids = rows.filter((one) => one.object === 'company').map(({ id }) => id);
    return { object: 'company', ids: ids.reverse() };
  }),
  'fields.convert': own(async (t) => ({ id: (await field(t)).id, type: 'longText' })),
  'objects.create': own(async () => ({ label: { en: { one: `O ${unique()}`, other: `Os ${unique()}` } } })),
  'objects.update': own(async (t) => ({ id: (await object(t)).id, values: { icon: 'truck' } })),
  'objects.remove': own(async (t) => ({ id: (await object(t)).id })),
  'records.create': own(async (t) => ({ object: (await object(t)).key, values: { name: 'Press' } })),
  'records.update': own(async (t) => ({ ...(await ownRecord(t)), values: { name: 'Saw' } })),
  'records.updateMany': own(async (t) => {
    const { object, id } = await ownRecord(t);
    return { object, ids: [id], values: { name: 'Saw' } };
  }),
  'records.remove': own(async (t) => {
    const { object, id } = await ownRecord(t);
    return { object, ids: [id] };
  }),
  'relations.link': own((t) => relation(t, false)),
  'relations.setAttributes': own(async (t) => ({
    ...(await relation(t, true)),
    attributes: { since: '2026-01-01' },
  })),
  'relations.unlink': own((t) => relation(t, true)),
  'views.create': own(async () => ({ object: 'company', name: 'North' })),
  'views.update': own(async (t) => ({ id: await view(t), values: { name: 'South' } })),
  'views.remove': own(async (t) => ({ id: await view(t) })),
  'views.duplicate': own(async (t) => ({ id: await view(t), name: 'Again' })),
  'views.reorder': own(async (t) => {
    const ids = [await view(t), await view(t)];
    return { object: 'company', ids: ids.reverse() };
  }),
  'views.adopt': own(async (t) => {
    await t.api.preferences.set({ key: 'views:company', value: [{ name: 'Old', search: '?q=x' }] });
    return { object: 'company' };
  }),
  'bulk.patch': own(async (t) => ({
    object: 'company',
    changes: [{ id: await company(t), values: { industry: 'Steel' } }],
  })),
  'bulk.update': own(async (t) => {
    const name = `Bulk ${unique()}`;
    await t.api.companies.create({ values: { name } });
    const filter = { field: 'name', op: 'is' as const, value: name };
    return { object: 'company', filter, count: 1, values: { industry: 'Steel' } };
  }),
  'bulk.remove': own(async (t) => {
    const name = `Bulk ${unique()}`;
    await t.api.companies.create({ values: { name } });
    return { object: 'company', filter: { field: 'name', op: 'is' as const, value: name }, count: 1 };
  }),
  'companies.create': own(async () => ({ values: { name: 'Acme' } })),
  'contacts.create': own(async () => ({ values: { name: 'Ada' } })),
  'deals.create': own(async (t) => ({ values: { name: 'Deal', stageId: await stage(t) } })),
  'products.create': own(async () => ({ values: { name: `Box ${unique()}` } })),
  'tasks.create': own(async () => ({ values: { subject: 'Call' } })),
  'notes.create': own(async (t) => ({ values: { body: 'x', companyId: await company(t) } })),
  'contacts.linkCompany': own(async (t) => ({ contactId: await contact(t), companyId: await company(t) })),
  'contacts.unlinkCompany': own(async (t) => {
    const link = { contactId: await contact(t), companyId: await company(t) };
    await t.api.contacts.linkCompany(link);
    return link;
  }),
  'deals.move': own(async (t) => ({ id: await deal(t), stageId: await stage(t, 1) })),
  'deals.linkContact': own(async (t) => ({ dealId: await deal(t), contactId: await contact(t) })),
  'deals.unlinkContact': own(async (t) => {
    const link = { dealId: await deal(t), contactId: await contact(t) };
    await t.api.deals.linkContact(link);
    return link;
  }),
  'conversation.add': own(async (t) => ({ ...(await onCompany(t)), body: 'Hello' })),
  'conversation.edit': own(async (t) => ({ id: await comment(t), body: 'Hello again' })),
  'conversation.remove': own(async (t) => ({ id: await comment(t) })),
  'attachments.rename': own(async (t) => ({ id: await attachment(t), name: 'b.txt' })),
  'attachments.remove': own(async (t) => ({ id: await attachment(t) })),
  'layouts.set': own(async () => ({
    object: 'company',
    role: 'all',
    config: { sections: [{ id: unique(), label: null, fields: ['phone'], showIf: null }], hidden: [] },
  })),
  'changes.undo': own(async (t) => {
    const { changeSetId } = await t.api.companies.create({ values: { name: 'Undone' } });
    return { changeSetId };
  }),
  'members.invite': own(async () => ({ email: `inv-${unique()}@example.com`, role: 'member' })),
  'members.revokeInvitation': own(async (t) => ({ id: await invitation(t) })),
  'members.setRole': own(async (t) => ({ id: (await t.person('member')).memberId, role: 'manager' })),
  'members.setTeam': own(async (t) => ({ id: (await t.person('member')).memberId, teamId: await team(t) })),
  'members.renameSelf': own(async () => ({ name: `Olivia ${unique()}` })),
  'members.deactivate': own(async (t) => ({ id: (await t.person('member')).memberId })),
  'members.reactivate': own(async (t) => {
    const { memberId: id } = await t.person('member');
    await t.api.members.deactivate({ id });
    return { id };
  }),
  'pipelines.create': own(async () => ({ name: `Sales ${unique()}` })),
  'pipelines.rename': own(async (t) => ({ id: await pipeline(t), name: `Other ${unique()}` })),
  'pipelines.reorder': own(async (t) => {
    await pipeline(t);
    return { ids: (await t.api.pipelines.list()).map((p) => p.id).reverse() };
  }),
  'pipelines.remove': own(async (t) => ({ id: await pipeline(t) })),
  'pipelines.addStage': own(async (t) => ({
    pipelineId: await pipeline(t),
    name: 'More',
    kind: 'open',
    probability: 50,
    colour: 'blue',
  })),
  'pipelines.updateStage': own(async (t) => ({ id: (await stageOfOwn(t)).stages[0], name: 'First' })),
  'pipelines.reorderStages': own(async (t) => {
    const { id, stages } = await stageOfOwn(t);
    const [first, second, ...rest] = stages;
    return { pipelineId: id, ids: [second, first, ...rest] };
  }),
  'pipelines.removeStage': own(async (t) => ({ id: (await stageOfOwn(t)).stages[0] })),
  'teams.create': own(async () => ({ name: `Team ${unique()}` })),
  'teams.update': own(async (t) => ({ id: await team(t), name: `Team ${unique()}` })),
  'teams.remove': own(async (t) => ({ id: await team(t) })),
  'tenant.update': own(async () => ({ name: `Renamed ${unique()}` })),
  'exports.start': own(async (t) => ({ object: 'company', ids: [await company(t)] })),
  'exports.cancel': own(async (t) => t.api.exports.start({ object: 'company' })),
  'archives.make': own(async (t) => void (await finishedArchive(t))),
  'archives.fetch': own(async (t) => ({ id: await finishedArchive(t) })),
  'archives.discard': own(async (t) => ({ id: await finishedArchive(t) })),
  'imports.start': own(async (t) => ({ fileId: await file(t), plan })),
  'imports.saveMapping': own(async () => ({ name: `Mapping ${unique()}`, plan })),
  'imports.removeMapping': own(async (t) => t.api.imports.saveMapping({ name: `Mapping ${unique()}`, plan })),
  'imports.cancel': own(async (t) => ({ id: (await t.api.imports.start({ fileId: await file(t), plan })).id })),
  'imports.pause': own(async (t) => ({ id: (await t.api.imports.start({ fileId: await file(t), plan })).id })),
  'imports.resume': own(async (t) => {
    const { id } = await t.api.imports.start({ fileId: await file(t), plan });
    await t.api.imports.pause({ id });
    return { id };
  }),
  'imports.undo': own(async (t) => ({ id: await imported(t) })),
  'imports.decide': own(async (t) => {
    const name = `Twin ${unique()}`;
    for (let i = 0; i < 2; i++) await t.api.companies.create({ values: { name } });
    const fileId = await upload(t, `${name}.csv`, `Name\n${name}\n`);
    const { id } = await t.api.imports.start({ fileId, plan: { ...plan, matchKey: 'name' } });
    await workOff(t);
    return { id, row: 2, target: null, choice: { create: true } };
  }),
  'imports.startSet': own(async (t) => ({
    files: [
      { fileId: await file(t), plan },
      { fileId: await file(t), plan },
    ],
  })),
  'imports.cancelSet': own(async (t) => importSet(t)),
  'imports.undoSet': own(async (t) => {
    const set = await importSet(t);
    await workOff(t);
    const [first] = (await t.api.imports.getSet(set)).imports;
    await t.api.imports.undo({ id: first?.id ?? '' });
    return set;
  }),
  'imports.discard': own(async (t) => ({ fileId: await file(t) })),
  'imports.readAs': own(async (t) => {
    const { tables } = await uploadTables(t, 'people.vcf', `BEGIN:VCARD\nFN:Ann ${unique()}\nEND:VCARD\n`);
    return { fileId: tables[0]?.id ?? '', encoding: 'big5' };
  }),
  'samples.add': own(async (t) => void (await t.api.samples.remove())),
  'samples.remove': own(async (t) => void (await t.api.samples.add().catch(() => {}))),
  'duplicates.dismiss': own(async (t) => pair(t)),
  'duplicates.reopen': own(async (t) => {
    const given = await pair(t);
    await t.api.duplicates.dismiss(given);
    return given;
  }),
  'duplicates.setRules': own(async (t) => {
    const rule = (await t.api.duplicates.rules()).find(({ object }) => object === 'product');
    return { object: 'product', weights: { name: 65 }, threshold: 60, version: rule?.version ?? 0 };
  }),
  'merges.merge': own(async (t) => ({
    object: 'company',
    survivorId: await company(t),
    mergedIds: [await company(t)],
  })),
  'merges.mergeCertain': own(async (t) => {
    const certain = async () =>
      (await t.api.duplicates.summary()).objects.find(({ object }) => object === 'contact')?.certain ?? 0;
    // One group is one entry: those of the calls before go first.
    const left = await certain();
    if (left > 0) await t.api.merges.mergeCertain({ object: 'contact', count: left });
    await pair(t);
    return { object: 'contact', count: await certain() };
  }),
  'merges.unmerge': own(async (t) => {
    const ids = { survivorId: await company(t), mergedIds: [await company(t)] };
    return { id: (await t.api.merges.merge({ object: 'company', ...ids })).mergeId };
  }),
  'bin.restore': own(async (t) => ({ items: [await binned(t)] })),
  'bin.erase': own(async (t) => ({ items: [await binned(t)], count: 1 })),
  'jobs.replay': own(async (t) => ({ id: await failedJob(t) })),
  'jobs.dismiss': own(async (t) => ({ id: await failedJob(t) })),
  'audit.verify': own(async () => ({})),
  'apiKeys.create': own(async () => ({ name: 'Export', access: 'read' })),
  'apiKeys.revoke': own(async (t) => ({ id: (await t.api.apiKeys.create({ name: 'Export', access: 'read' })).id })),
  'members.revokeSessions': own(async (t) => ({ id: (await t.person('member')).memberId })),
  'tenant.setSessionPolicy': own(async () => ({ idleMinutes: 60, days: 7 })),
  'account.resetPassword': async (t) => {
    const by = await t.person('member');
    return { by, api: stranger(by), input: { token: await token(by, 'reset'), password: 'another battery staple' } };
  },
  'account.confirmEmail': async (t) => {
    const by = await t.person('member');
    await superuser((client) =>
      client.query('update app.user_account set email_confirmed_at = null where id = $1', [by.userId]),
    );
    return { by, api: stranger(by), input: { token: await token(by, 'confirm') } };
  },
  'account.changePassword': person(async () => ({ current: password, next: 'another battery staple' })),
  'account.stepUp': person(async () => ({ password })),
  'account.revokeSession': person(async (by) => ({ id: (await by.api.account.sessions())[0]?.id })),
  'account.revokeOtherSessions': person(async (by, t) => void (await signedIn(t.slug, by.email))),
  'account.signOut': person(async () => undefined),
  'account.acceptInvitation': async (t) => {
    const by = await (await createTestTenant()).person('member');
    const { link } = await t.api.members.invite({ email: by.email, role: 'member' });
    return { by, guest: true, input: { token: new URL(link).searchParams.get('token') } };
  },
};

/**
 * Mutations whose write and entry are one statement, a definer function of schema auth (db/secure.sql): there is no
 * commit between them that could fail.
 */
export const oneStatement = [
  'account.resetPassword',
  'account.confirmEmail',
  'account.changePassword',
  'account.stepUp',
  'account.revokeSession',
  'account.revokeOtherSessions',
  'account.signOut',
];

/** Mutations that leave no audit entry, and why. */
export const unaudited: Record<string, string> = {
  'archives.load': 'asks for a workspace with nothing in it: its entry has a test of its own',
  'conversation.react': 'a small sign a person leaves on a comment and takes back as they like',
  'conversation.follow': 'what a person wants to hear of, theirs alone',
  'notifications.markRead': 'what a person has seen, theirs alone',
  'notifications.markAllRead': 'what a person has seen, theirs alone',
  'views.setStart': 'the view a person begins with, theirs alone',
  'preferences.set': "a person's own layout of their screens",
  'account.signUp': 'makes the tenant: its entries are the first of that tenant, and have a test of their own',
  'account.requestReset': 'asks for a mail and changes nothing; the use of its link is recorded',
  'account.requestMagicLink': 'asks for a mail and changes nothing; the sign-in by its link is recorded',
  'account.requestConfirmation': 'asks for a mail and changes nothing; the use of its link is recorded',
  'account.changeEmail': 'asks for a mail and changes nothing; the use of its link is recorded',
  'account.updateMe': "a person's own name, language and theme, which belong to no tenant",
  'imports.values': 'only reads: a plan does not fit into an address',
  'imports.check': 'a dry run: changes no record, and is gone once its file is imported',
  'imports.checkSet': 'dry runs: change no record, and are gone once their files are imported',
};

export interface AuditEntry {
  id: string;
  kind: 'change' | 'event';
  action: string;
  memberId: string | null;
  channel: string;
  requestId: string | null;
  ip: string | null;
}

/** The audit entries of a tenant, change sets and events, as they really are in the tables. */
export const entriesOf = (tenantId: string): Promise<AuditEntry[]> =>
  superuser(async (client) => {
    const { rows } = await client.query<AuditEntry>(
      `select 'change' as kind, id, verb as action, member_id as "memberId", channel, request_id as "requestId", ip
        from app.change_set where tenant_id = $1
      union all select 'event', id, action, member_id, channel, request_id, ip from app.audit_event where tenant_id = $1
      order by id`,
      [tenantId],
    );
    return rows;
  });
