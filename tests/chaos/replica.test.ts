import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { query } from '../support/databases';
import { signIn } from '../support/server-process';
import { type Installation, install, program, type Running, signUp, until } from './processes';
import { startLine, startStandby } from './standby';

let site: Installation;
let server: Awaited<ReturnType<typeof program>>;
let standby: Awaited<ReturnType<typeof startStandby>>;
let line: Awaited<ReturnType<typeof startLine>>;
let webs: Running[];
let urls: string[];
beforeAll(async () => {
  server = await program();
  site = await install();
  standby = await startStandby({ superuserUrl: site.superuserUrl, data: path.join(site.dataDir, 'database/postgres') });
  line = await startLine(standby.port);
  const replica = new URL(site.env.DATABASE_URL ?? '');
  replica.port = line.port;
  const env = { ...site.env, DATABASE_REPLICA_URL: replica.href, ROLE: 'web', DB_POOL: '5' };
  webs = [server.start(env), server.start(env)];
  urls = await Promise.all(webs.map(({ ready }) => ready));
});
afterAll(async () => {
  await server?.remove();
  line?.close();
  await standby?.stop();
  await site?.close();
});

interface Company {
  slug: string;
  tenantId: string;
  sid: string;
  id: string;
}

/** Asks one of the two processes, as a browser that keeps `cookies` of answers. */
async function ask(web: number, { slug, sid }: Omit<Company, 'id'>, name: string, input: object, more: object = {}) {
  const isQuery = /\.(get|list)$/.test(name);
  const asked = isQuery ? `?input=${encodeURIComponent(JSON.stringify(input))}` : '';
  const answer = await fetch(`${urls[web]}/api/trpc/${slug}/${name}${asked}`, {
    method: isQuery ? 'GET' : 'POST',
    headers: {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      cookie: `guanxi.session=${sid}`,
      ...more,
    },
    body: isQuery ? undefined : JSON.stringify(input),
    signal: AbortSignal.timeout(8_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${text}`);
  const place = answer.headers.get('guanxi-place');
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  return { data: JSON.parse(text).result.data, place, cookie: [`guanxi.session=${sid}`, ...cookies].join('; ') };
}

async function company(): Promise<Company> {
  const { slug, email } = await signUp();
  const [tenant] = await site.rows<{ id: string }>('select id from app.tenant where slug = $1', [slug]);
  const sid = await signIn(site.env.DATABASE_URL ?? '', email);
  const who = { slug, sid, tenantId: tenant?.id ?? '' };
  const { data } = await ask(0, who, 'companies.create', { values: { name: 'Seen' } });
  return { ...who, id: data.id };
}

const nameAt = async (web: number, who: Company, more?: object): Promise<string> =>
  (await ask(web, who, 'companies.get', { id: who.id }, more)).data.name;

/** Changes a name past the product: no process hears of it. */
const rename = ({ tenantId, id }: Company, name: string) =>
  site.rows('update app.company set name = $3 where tenant_id = $1 and id = $2', [tenantId, id, name]);

const onStandby = (text: string) => query(standby.superuserUrl, text);

/** Whether a process answers this tenant's reads from the standby: it does not know what the standby has not replayed. */
async function readsThere(web: number, who: Company): Promise<boolean> {
  const before = `before ${Math.random()}`;
  await rename(who, before);
  const replayed = async () =>
    (await onStandby(`select 1 from app.company where id = '${who.id}' and name = '${before}'`)).length > 0;
  await until('the standby to replay', replayed);
  // Both know that it has.
  await sleep(400);
  await onStandby('select pg_wal_replay_pause()');
  await rename(who, 'after');
  const name = await nameAt(web, who);
  await onStandby('select pg_wal_replay_resume()');
  return name === before;
}

describe('a standby that streams from the database', () => {
  it('answers reads, never older than what the reader has written, whichever process is asked', async () => {
    const [a, b] = [await company(), await company()];
    await until('reads from the standby', () => readsThere(0, a));
    await until('reads from the standby', () => readsThere(1, b));

    await onStandby('select pg_wal_replay_pause()');
    await rename(b, 'Behind');
    const written = await ask(0, a, 'companies.update', { id: a.id, values: { name: 'Written' } });
    expect(await nameAt(0, a)).toBe('Written');
    expect(await nameAt(1, a, { cookie: written.cookie })).toBe('Written');
    expect(await nameAt(1, a, { 'guanxi-place': written.place })).toBe('Written');
    // Who brings nothing along finds it as soon as that process has heard of it, long before the standby is given up.
    await until('news of the change', async () => (await nameAt(1, a)) === 'Written', 3);
    // Another tenant is not kept from the standby by that.
    expect(await nameAt(0, b)).not.toBe('Behind');
    // Too far behind to be asked for anything.
    for (const web of [0, 1])
      await until('everything from the primary', async () => (await nameAt(web, b)) === 'Behind', 20);
    await onStandby('select pg_wal_replay_resume()');
    await until('reads from the standby again', () => readsThere(0, b));
  });

  it('may die, come back and stand still: no read fails, none is old, and none waits for it for long', async () => {
    const [who, quiet] = [await company(), await company()];
    let working = true;
    const done = { writes: 0, reads: 0 };
    const problems: string[] = [];
    const again = async (work: (i: number) => Promise<void>) => {
      for (let i = 0; working; i++) await work(i).catch((error) => problems.push(String(error)));
    };
    const hands = [0, 1, 0, 1].flatMap((web, nr) => [
      again(async (i) => {
        const name = `${nr} ${i}`;
        const { data, cookie } = await ask(web, who, 'companies.create', { values: { name } });
        const found = await ask(1 - web, who, 'companies.get', { id: data.id }, { cookie });
        if (found.data.name !== name) problems.push(`${name} is ${found.data.name}`);
        done.writes++;
        await sleep(50);
      }),
      // Nobody writes here: it is the standby that is asked, all the time.
      again(async () => {
        expect(await nameAt(web, quiet)).toBe('Seen');
        done.reads++;
        await sleep(20);
      }),
    ]);
    const said = (what: string) => webs.map(({ output }) => output().split(what).length - 1);
    const away = 'the replica is not asked';
    const back = 'reads go to the replica';
    const more = async (what: string, than: number[]) =>
      until(what, () => said(what).every((count, web) => count > (than[web] ?? 0)));
    const some = async () => {
      const { writes, reads } = done;
      await until('work', () => done.writes > writes + 20 && done.reads > reads + 100);
    };
    await some();
    let [wasAway, wasBack] = [said(away), said(back)];
    await standby.kill(500);
    await more(away, wasAway);
    await more(back, wasBack);
    await some();
    [wasAway, wasBack] = [said(away), said(back)];
    line.hold();
    await some();
    await more(away, wasAway);
    line.release();
    await more(back, wasBack);
    await some();
    working = false;
    await Promise.all(hands);
    expect(problems).toEqual([]);
    await until('reads from the standby', () => readsThere(0, who));
  });

  it('is not asked when it is none, nor as a role that row policies do not hold', async () => {
    const start = (replica: string) => server.start({ ...site.env, DATABASE_REPLICA_URL: replica, ROLE: 'web' });
    const wrong = [start(site.env.DATABASE_URL ?? ''), start(standby.superuserUrl)];
    await Promise.all(wrong.map(({ ready }) => ready));
    const [primary, superuser] = wrong.map(({ output }) => output());
    expect(primary).toContain('a server that is no standby');
    expect(superuser).toContain('could bypass row policies');
    for (const output of [primary, superuser]) expect(output).not.toContain('reads go to the replica');
  });
});
