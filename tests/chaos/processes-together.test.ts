import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Caller, forCaller } from '@/db/caller';
import { closePool, openPool } from '@/db/pool';
import { inTenant } from '@/db/tenant';
import { type Balancer, startBalancer } from '../support/balancer';
import { LiveStream } from '../support/live';
import { signIn, Visitor } from '../support/server-process';
import { smtpServer } from '../support/smtp';
import { pgbouncer, startPooler } from './pooler';
import { type Installation, install, program, signUp, until } from './processes';

let site: Installation;
let server: Awaited<ReturnType<typeof program>>;
let smtp: Awaited<ReturnType<typeof smtpServer>>;
let balancer: Balancer | undefined;
beforeAll(async () => {
  [server, smtp] = await Promise.all([program(), smtpServer()]);
  site = await install();
});
afterEach(async () => {
  balancer?.close();
  await server.clear();
});
afterAll(async () => {
  await server?.remove();
  smtp?.close();
  await site?.close();
});

const count = async (text: string, values: unknown[]) =>
  (await site.rows<{ n: number }>(`select count(*)::int as n from ${text}`, values))[0]?.n;

/** A company whose owner is signed in, and whose address is confirmed. */
async function company(url: string) {
  const { slug, email } = await signUp();
  await site.rows('update app.user_account set email_confirmed_at = now() where email = $1', [email]);
  const [tenant] = await site.rows<{ id: string }>('select id from app.tenant where slug = $1', [slug]);
  const sid = await signIn(site.env.DATABASE_URL ?? '', email);
  return { slug, id: tenant?.id ?? '', sid, visitor: new Visitor(url, sid) };
}

/** What people and programs do, through a balancer that hands every request to another of two web processes. */
async function journey(env: Record<string, string>): Promise<void> {
  const run = (role: string) => server.start({ ...site.env, ...env, ROLE: role, SMTP_URL: smtp.url });
  const webs = [run('web'), run('web')];
  const urls = await Promise.all(webs.map(({ ready }) => ready));
  const workers = [run('worker'), run('worker')];
  balancer = await startBalancer(urls);
  const { url, answered } = balancer;
  const [a, b] = [await company(url), await company(url)];

  // Two tenants at once: whoever has written finds it at the next request, and nobody finds what is another's.
  const names = async ({ visitor, slug }: typeof a) => {
    const { rows } = await visitor.query(slug, 'companies.list', { limit: 100 });
    return (rows as { name: string }[]).map(({ name }) => name);
  };
  const hands = [a, b, a, b, a, b].map(async (who, nr) => {
    for (let i = 0; i < 5; i++) {
      const name = `${who.slug} ${nr} ${i}`;
      await who.visitor.mutate(who.slug, 'companies.create', { values: { name } });
      const seen = await names(who);
      expect(seen).toContain(name);
      expect(seen.filter((each) => !each.startsWith(who.slug))).toEqual([]);
    }
  });
  await Promise.all(hands);
  expect([...answered.keys()].sort()).toEqual([...urls].sort());

  // A change made at one process is told by the streams of both, and to nobody else.
  const streams = await Promise.all([a, a, b, b].map(({ slug, sid }) => LiveStream.open(url, slug, sid)));
  const tell = async ({ visitor, slug }: typeof a) =>
    `company ${(await visitor.mutate(slug, 'companies.create', { values: { name: `${slug} told` } })).id} create`;
  const news = [await tell(a), await tell(b)];
  const heard = () => streams.map((stream) => stream.records());
  await until('news', () => heard().every((records) => records.length > 0));
  expect(heard()).toEqual([[news[0]], [news[0]], [news[1]], [news[1]]]);
  for (const stream of streams) stream.close();

  // Mails that either process asks for, once each.
  const mailed = smtp.mails.length;
  const guests = Array.from({ length: 8 }, (_, i) => `guest-${i}@example.com`);
  for (const email of guests) await a.visitor.mutate(a.slug, 'members.invite', { email, role: 'member' });
  await until('the mails', () => smtp.mails.length >= mailed + guests.length);

  // A file that one process takes, and a worker elsewhere reads, while processes of both kinds die.
  const rows = 4_000;
  const lines = Array.from({ length: rows }, (_, i) => `Imported ${i},Glass`);
  const { fileId } = await a.visitor.upload(a.slug, 'companies.csv', `Company Name,Industry\n${lines.join('\n')}\n`);
  const { plan } = await a.visitor.query(a.slug, 'imports.analyse', { fileId });
  const { id } = await a.visitor.mutate(a.slug, 'imports.start', { fileId, plan });
  const state = () => a.visitor.query(a.slug, 'imports.get', { id });
  await until('the import to be begun', async () => (await state()).status !== 'queued');
  webs[0]?.child.kill('SIGKILL');
  workers[0]?.child.kill('SIGKILL');
  await Promise.all([webs[0]?.ended, workers[0]?.ended]);
  // What a heartbeat would notice within the minute is noticed now, and wrongly of the living worker, too.
  await site.rows(
    `update pgboss.job_common set state = 'retry', start_after = now(), retry_limit = retry_limit + 1 where state = 'active'`,
  );
  await until('the import', async () => (await state()).status === 'done');
  expect(await state()).toMatchObject({ created: rows, refused: 0 });
  expect(await count('app.company where tenant_id = $1', [a.id])).toBe(rows + 16);
  const to = smtp.mails.slice(mailed).map((text) => /^To: (\S+)/im.exec(text)?.[1]);
  expect(to.sort()).toEqual(guests);

  // The balancer finds who is left, and a session that ends has ended everywhere.
  webs[0] = run('web');
  const again = await startBalancer([urls[1] ?? '', await webs[0].ready]);
  try {
    const everywhere = new Visitor(again.url, b.sid);
    for (let i = 0; i < 4; i++) expect(await everywhere.query('-', 'account.me')).not.toBeNull();
    await everywhere.mutate('-', 'account.signOut', undefined);
    const isNobody = async () => (await everywhere.query('-', 'account.me')) === null;
    await until('the end of the session', async () => (await isNobody()) && (await isNobody()), 10);
  } finally {
    again.close();
  }
}

describe.skipIf(!pgbouncer)('a caller who goes away', () => {
  it('has what runs for them ended behind a pooler, and what has not begun not begun', async () => {
    const { DATABASE_URL = '' } = site.env;
    const { tenantId } = await site.tenant();
    const pooler = await startPooler([DATABASE_URL], 2);
    await closePool();
    try {
      const connectionString = pooler.through(DATABASE_URL);
      openPool({ connectionString, max: 1, waitMs: 20_000, pooler: true, onError: () => {} });
      const callers = [new Caller(), new Caller()];
      const runs = callers.map((caller) =>
        forCaller(caller, () => inTenant(tenantId, 'read', ({ client }) => client.query('select pg_sleep(4.9)'))).then(
          () => 'done',
          () => 'ended',
        ),
      );
      const sleeping = () => count(`pg_stat_activity where query ~ '^select pg_sleep' and state = 'active'`, []);
      await until('the first to run', async () => (await sleeping()) === 1);
      // The second waits for the one connection.
      for (const caller of callers.toReversed()) caller.leave();
      expect(await Promise.all(runs)).toEqual(['ended', 'ended']);
      await until('nothing to run', async () => (await sleeping()) === 0, 3);
    } finally {
      await closePool();
      await pooler.stop();
      openPool({ connectionString: DATABASE_URL, max: 6, waitMs: 20_000, onError: () => {} });
    }
  });
});

describe('two web and two worker processes behind a balancer', () => {
  it('are one site: sessions, live events, uploads, imports and mails exactly once, also when one of each dies', () =>
    journey({}));

  it.skipIf(!pgbouncer)(
    'are one site through pgbouncer in transaction mode, with four connections a role',
    async () => {
      const { DATABASE_URL = '', WORKER_DATABASE_URL = '' } = site.env;
      const pooler = await startPooler([DATABASE_URL, WORKER_DATABASE_URL], 4);
      try {
        await journey({
          DATABASE_URL: pooler.through(DATABASE_URL),
          WORKER_DATABASE_URL: pooler.through(WORKER_DATABASE_URL),
          DATABASE_DIRECT_URL: DATABASE_URL,
        });
      } finally {
        await pooler.stop();
      }
    },
  );
});
