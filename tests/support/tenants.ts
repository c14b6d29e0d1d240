import { randomBytes } from 'node:crypto';
import pg from 'pg';
import pino from 'pino';
import { inject } from 'vitest';
import { openPool } from '@/db/pool';
import type { Role } from '@/domain/permissions';
import type { RequestContext } from '@/server/core/context';
import type { AccountMail } from '@/server/core/mail/account-mail';
import { openSecrets } from '@/server/core/secrets';
import { readSession, startSession } from '@/server/core/session';
import { createCaller } from '@/server/core/trpc';
import { appRouter } from '@/server/router';

/** Encryption keys of the tests: 32 bytes each. */
export const testKeys = `test:${Buffer.alloc(32, 'key of the tests').toString('base64')}`;

/** Opens the application's pool, as crm_app, once per test file. */
let opened = false;
function database(): void {
  if (opened) return;
  opened = true;
  openSecrets(testKeys);
  openPool({ connectionString: inject('database').app, max: 8, waitMs: 20_000, onError: () => {} });
}

/** A connection that sees everything, for planting and for asserting what really is in the tables. */
export async function superuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: inject('database').superuser });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const makeCaller = createCaller(appRouter);
export type Caller = ReturnType<typeof makeCaller>;

export interface TestPerson {
  /** Calls procedures as this person in the tenant, as the browser would. */
  api: Caller;
  memberId: string;
  userId: string;
  email: string;
  sid: string;
  context: RequestContext;
}

export interface TestTenant extends TestPerson {
  tenantId: string;
  slug: string;
  /** Another person in the same tenant, invited and accepted. */
  person(role: Role, options?: { name?: string; teamId?: string; memberId?: string }): Promise<TestPerson>;
  /** Jobs that were enqueued in this test, with queue name and payload. */
  jobs: { queue: string; payload: Record<string, unknown> }[];
}

/** The clock of procedures; `clock.now` may be set. The database keeps its own. */
export const clock = { now: new Date() };

/** Everybody's password in tests. */
export const password = 'correct horse battery';
let counter = 0;
const unique = () => `${Date.now().toString(36)}${(counter++).toString(36)}${randomBytes(3).toString('hex')}`;

/** A request's context of nobody in particular: no session, a recording queue. */
export function strangerContext(
  overrides: Partial<RequestContext> = {},
): RequestContext & { jobs: TestTenant['jobs']; mails: AccountMail[] } {
  database();
  const jobs: TestTenant['jobs'] = [];
  const mails: AccountMail[] = [];
  return {
    requestId: unique(),
    ip: someAddress(),
    userAgent: 'test',
    tenantSlug: null,
    sid: undefined,
    session: undefined,
    apiKey: undefined,
    channel: 'screen',
    log: pino({ level: 'silent' }),
    now: () => clock.now,
    enqueue: async (_db, queue, payload) => {
      jobs.push({ queue, payload });
    },
    sendMail: async (job) => {
      mails.push(job);
    },
    publicUrl: 'http://localhost:3000',
    locale: 'en',
    jobs,
    mails,
    ...overrides,
  };
}

export const callerOf = (context: RequestContext): Caller => makeCaller(context);

/** A fresh tenant with its owner signed in: the isolation between tests. */
export async function createTestTenant(
  options: { locale?: 'en' | 'zh'; currency?: string; company?: string; timeZone?: string } = {},
): Promise<TestTenant> {
  const context = strangerContext();
  const email = `owner-${unique()}@example.com`;
  const { slug } = await callerOf(context).account.signUp({
    company: options.company ?? `Test ${unique()}`,
    name: 'Olivia Owner',
    email,
    password,
    locale: options.locale ?? 'en',
    timeZone: options.timeZone ?? 'Etc/UTC',
    currency: options.currency ?? 'USD',
  });
  // The mail that confirms the address has gone out; most tests begin after it was read.
  context.jobs.length = 0;
  await confirmed(email);
  const owner = await signedIn(slug, email, context.jobs);
  return {
    ...owner,
    slug,
    tenantId: membership(owner, slug).tenantId,
    jobs: context.jobs,
    async person(role, { name = `Person ${unique()}`, teamId, memberId } = {}) {
      const address = `${role}-${unique()}@example.com`;
      const { link } = await owner.api.members.invite({ email: address, role, teamId, memberId });
      const token = new URL(link).searchParams.get('token') ?? '';
      await callerOf(strangerContext()).account.acceptInvitation({ token, name, password });
      return signedIn(slug, address, context.jobs);
    },
  };
}

/** As if the person had opened the link that confirms their address. */
export async function confirmed(email: string): Promise<void> {
  await superuser((client) =>
    client.query('update app.user_account set email_confirmed_at = now() where email_norm = lower($1)', [email]),
  );
}

/** An address no other test calls from: attempts are counted by address, for all tests in one database. */
const someAddress = () => `10.${[...randomBytes(3)].join('.')}`;

/** A session for the person with this e-mail, and a caller in the tenant. */
export async function signedIn(slug: string, email: string, jobs: TestTenant['jobs'] = []): Promise<TestPerson> {
  const userId = await superuser(async (client) => {
    const { rows } = await client.query<{ id: string }>(
      'select id from app.user_account where email_norm = lower($1)',
      [email],
    );
    return rows[0]?.id ?? '';
  });
  const sid = await startSession(userId, ['password'], null, 'test');
  const base = strangerContext({ tenantSlug: slug, sid });
  base.enqueue = async (_db, queue, payload) => {
    jobs.push({ queue, payload });
  };
  const context: RequestContext = {
    ...base,
    session: await readSession(sid),
    // As a browser does with the cookie of an answer.
    setSession: (next) => {
      context.sid = next ?? undefined;
    },
  };
  // The session is read afresh for every call, as the doors do: role changes and revocations count at once.
  const api = liveCaller(context);
  return { api, userId, email, sid, context, memberId: membership({ context }, slug).memberId };
}

function membership({ context }: { context: RequestContext }, slug: string) {
  const found = context.session?.tenants.find((t) => t.slug === slug);
  if (!found) throw new Error(`No membership in ${slug}`);
  return found;
}

/** A caller whose every call carries the session as it is at that moment. */
function liveCaller(context: RequestContext): Caller {
  const proxy = (path: string[]): unknown =>
    new Proxy(() => {}, {
      get: (_, name) => (name === 'then' ? undefined : proxy([...path, String(name)])),
      apply: async (_, __, args: unknown[]) => {
        const fresh = callerOf({ ...context, session: await readSession(context.sid) });
        // biome-ignore lint/suspicious/noExplicitAny: a path of names is followed at run time
        const procedure = path.reduce<any>((node, name) => node[name], fresh);
        return procedure(...args);
      },
    });
  // The proxy has the caller's shape: it follows whatever path is asked for.
  return proxy([]) as Caller;
}
