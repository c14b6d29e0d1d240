import { randomUUID } from 'node:crypto';
import { tokenMake } from '@/db/global';
import type { ImportPlanInput } from '@/domain/imports/mapping';
import { hashSecret, newSecret } from '@/server/core/ids';
import { upload } from './imports';
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
const plan: ImportPlanInput = {
  object: 'company',
  source: 'test',
  encoding: 'utf-8',
  separator: ',',
  quote: '"',
  hasHeader: true,
  dateOrder: 'ymd',
  decimal: '.',
  currency: 'USD',
  timeZone: 'Etc/UTC',
  columns: [{ index: 0, header: 'Name', target: 'name' }],
  matchKey: null,
  policy: 'overwrite',
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
const invitation = async (t: TestTenant) =>
  (await t.api.members.invite({ email: `new-${unique()}@example.com`, role: 'member' })).id;

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
  'imports.start': own(async (t) => ({ fileId: await file(t), plan })),
  'imports.cancel': own(async (t) => ({ id: (await t.api.imports.start({ fileId: await file(t), plan })).id })),
  'imports.discard': own(async (t) => ({ fileId: await file(t) })),
  'samples.add': own(async (t) => void (await t.api.samples.remove())),
  'samples.remove': own(async (t) => void (await t.api.samples.add().catch(() => {}))),
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
  'preferences.set': "a person's own layout of their screens",
  'account.signUp': 'makes the tenant: its entries are the first of that tenant, and have a test of their own',
  'account.requestReset': 'asks for a mail and changes nothing; the use of its link is recorded',
  'account.requestMagicLink': 'asks for a mail and changes nothing; the sign-in by its link is recorded',
  'account.requestConfirmation': 'asks for a mail and changes nothing; the use of its link is recorded',
  'account.changeEmail': 'asks for a mail and changes nothing; the use of its link is recorded',
  'account.updateMe': "a person's own name, language and theme, which belong to no tenant",
  'imports.values': 'only reads: a plan does not fit into an address',
  'imports.preview': 'only reads: a plan does not fit into an address',
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
