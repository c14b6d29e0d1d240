import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { hashSecret, newId, newSecret } from '@/server/core/ids';
import { memory, percentile, processorSeconds } from './load';
import { type Account, ask, type Product, trpc } from './product';

/** People who see only their own deals, and the browsers each has open. */
const people = 500;
const browsersEach = 4;
const edits = 25;
const atOnce = 50;

interface FanoutRow {
  name: string;
  p50?: number;
  p95?: number;
  p99?: number;
  value?: number;
  unit?: string;
}

/**
 * How soon an edit is at 2,000 open streams of one tenant: milliseconds from sending the edit to its arrival at each
 * stream. `live.fanout` is of a record everybody sees, `live.fanout.own` of one that is one person's alone, where all the
 * others have to be asked about. Memory is of the server, for each stream.
 */
export async function fanout(product: Product, account: Account, superuser: string): Promise<FanoutRow[]> {
  const { url, pid } = product;
  const { slug, cookie } = account;
  const change = <T>(procedure: string, input: unknown) => trpc<T>(url, slug, procedure, input, cookie);
  const boot = await ask<{ tenant: { id: string } }>(url, slug, 'tenant.boot', undefined, cookie);
  const members = await signedInMembers(superuser, boot.tenant.id, cookie.split('=')[0] ?? '');
  const contact = await change<{ id: string }>('contacts.create', { values: { name: 'Fanout' } });
  const deal = await change<{ id: string }>('deals.create', { values: { name: 'Fanout', ownerId: members[0]?.id } });

  const before = memory(pid).now;
  const streams: Stream[] = [];
  const wanted = members.flatMap((member) => Array.from({ length: browsersEach }, () => member.cookie));
  for (let from = 0; from < wanted.length; from += atOnce)
    streams.push(...(await Promise.all(wanted.slice(from, from + atOnce).map((own) => open(url, slug, own)))));
  await sleep(1000);
  const held = memory(pid).now - before;

  const spread = async (name: string, router: string, id: string, hearing: readonly Stream[]): Promise<FanoutRow> => {
    const times: number[] = [];
    const cpu = processorSeconds(pid);
    for (let i = 0; i < edits; i++) {
      for (const stream of hearing) stream.heardAt = undefined;
      const began = performance.now();
      await change(`${router}.update`, { id, values: { name: `Fanout ${i}` } });
      while (hearing.some(({ heardAt }) => heardAt === undefined) && performance.now() - began < 5000) await sleep(1);
      for (const { heardAt } of hearing) times.push((heardAt ?? Number.POSITIVE_INFINITY) - began);
    }
    console.error(
      `${name}: ${Math.round(((processorSeconds(pid) - cpu) / edits) * 1000)} ms of processor for each edit`,
    );
    return { name, p50: percentile(times, 0.5), p95: percentile(times, 0.95), p99: percentile(times, 0.99) };
  };
  try {
    return [
      await spread('live.fanout', 'contacts', contact.id, streams),
      await spread('live.fanout.own', 'deals', deal.id, streams.slice(0, browsersEach)),
      { name: 'live.memory', value: Math.round((held * 1024) / streams.length), unit: 'kB a stream' },
    ];
  } finally {
    for (const { request } of streams) request.destroy();
  }
}

interface Stream {
  request: http.ClientRequest;
  heardAt: number | undefined;
}

function open(url: string, slug: string, cookie: string): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const request = http.get(`${url}/api/live/${slug}`, { headers, agent: false }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`A stream was answered ${answer.statusCode}`));
      const stream: Stream = { request, heardAt: undefined };
      answer.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes('event: news')) stream.heardAt ??= performance.now();
        else resolve(stream);
      });
      answer.on('error', () => {});
    });
    request.on('error', reject);
  });
}

/** Members who are signed in, written straight into the tables: signing in costs what passwords cost. */
async function signedInMembers(
  superuser: string,
  tenantId: string,
  cookieName: string,
): Promise<{ id: string; cookie: string }[]> {
  const made = Array.from({ length: people }, () => ({ id: newId(), user: newId(), sid: newSecret() }));
  const client = new pg.Client({ connectionString: superuser });
  await client.connect();
  try {
    const ids = [made.map(({ user }) => user), made.map(({ id }) => id)];
    await client.query(
      `insert into app.user_account (id, email, email_norm, name)
       select u, u || '@bench.example', u || '@bench.example', 'Person' from unnest($1::uuid[]) u`,
      [ids[0]],
    );
    await client.query(
      `insert into app.member (tenant_id, id, user_id, name, name_norm, role, status)
       select $1, m.id, m.u, 'Person', 'person', 'member', 'active' from unnest($2::uuid[], $3::uuid[]) m (u, id)`,
      [tenantId, ...ids],
    );
    await client.query(
      `insert into auth.session (sid_hash, user_id, expires_at, auth_methods)
       select s.hash, s.u, now() + interval '1 day', '{password}' from unnest($1::uuid[], $2::text[]) s (u, hash)`,
      [ids[0], made.map(({ sid }) => hashSecret(sid))],
    );
  } finally {
    await client.end();
  }
  return made.map(({ id, sid }) => ({ id, cookie: `${cookieName}=${sid}` }));
}
