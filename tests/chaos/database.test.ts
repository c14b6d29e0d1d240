import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rename, symlink } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tenantBySlug } from '@/db/global';
import { closePool, openPool } from '@/db/pool';
import { inTenant } from '@/db/tenant';
import { createApiKey } from '@/server/api-keys/api-keys';
import { inJob } from '@/server/core/job-work';
import { openSecrets } from '@/server/core/secrets';
import { removeFolder } from '../support/folders';
import { program, type Running, signUp, until } from './processes';

let server: Awaited<ReturnType<typeof program>>;
let dataDir: string;
let site: Running;
let url: string;
let tenantId: string;
let key: string;
let ownerEmail: string;

beforeAll(async () => {
  server = await program();
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'guanxi-chaos-'));
  // Postgres runs as an account of its own when this is root's.
  await chmod(dataDir, 0o755);
  site = server.start({ DATA_DIR: dataDir, ROLE: 'all', RATE_LIMITS: 'off', LOG_LEVEL: 'warn' });
  url = await site.ready;
  const { crm_app: password } = JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8'));
  const database = new URL(`postgres://crm_app@127.0.0.1:${postmaster().port}/guanxi`);
  database.password = password;
  openPool({ connectionString: database.href, max: 2, waitMs: 5000, onError: () => {} });
  openSecrets(`chaos:${Buffer.alloc(32, 3).toString('base64')}`);
  const { slug, email } = await signUp();
  ownerEmail = email;
  tenantId = (await tenantBySlug(slug))?.id ?? '';
  const [member] = await ids('member');
  const owner = { tenantId, memberId: member ?? '', channel: 'screen' as const, requestId: 'chaos' };
  const nothing = async () => {};
  ({ secret: key } = await inJob(owner, nothing, 'write', (work) =>
    createApiKey(work, { name: 'chaos', access: 'write' }),
  ));
});
afterAll(async () => {
  await closePool();
  await server?.remove();
  await removeFolder(dataDir);
});

/** The process that Postgres's others hang on, as its own file tells. */
function postmaster(): { pid: number; port: number } {
  const [pid, , , port] = readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
  return { pid: Number(pid), port: Number(port) };
}

const ids = (table: 'company' | 'member') =>
  inTenant(tenantId, 'read', async (db) => {
    const { rows } = await db.client.query<{ id: string }>(`select id from app.${table} where tenant_id = $1`, [
      tenantId,
    ]);
    return rows.map(({ id }) => id);
  });

const post = (name: string) =>
  fetch(`${url}/api/v1/companies`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
    signal: AbortSignal.timeout(20_000),
  });

describe('a database whose process is killed under writes', () => {
  it('H2: keeps every write that was acknowledged, and the site comes back by itself; ready says how it stands', async () => {
    const acknowledged: string[] = [];
    const attempts = { made: 0, failed: 0 };
    const seen = { ready: new Set<number>(), live: new Set<number>() };
    let writing = true;
    const writer = async (nr: number) => {
      while (writing) {
        attempts.made++;
        try {
          const answer = await post(`W${nr} ${attempts.made}`);
          if (answer.status === 201) acknowledged.push(((await answer.json()) as { id: string }).id);
          else throw new Error(`${answer.status}`);
        } catch {
          attempts.failed++;
          await sleep(50);
        }
      }
    };
    const watcher = async () => {
      while (writing) {
        seen.ready.add((await fetch(`${url}/readyz`)).status);
        seen.live.add((await fetch(`${url}/livez`)).status);
        await sleep(100);
      }
    };
    const running = [0, 1, 2, 3].map(writer).concat(watcher());
    for (let kill = 1; kill <= 4; kill++) {
      const stood = acknowledged.length;
      await until('writes', () => acknowledged.length > stood + 40);
      const down = Date.now();
      let { pid } = postmaster();
      process.kill(pid, 'SIGKILL');
      // The last time it dies again whenever it comes up, for long enough to be noticed.
      while (kill === 4 && Date.now() - down < 4000) {
        await sleep(50);
        const next = currentPid();
        if (next && next !== pid) {
          pid = next;
          process.kill(pid, 'SIGKILL');
        }
      }
    }
    const stood = acknowledged.length;
    await until('writes after the last', () => acknowledged.length > stood + 40);
    await until('the site to be ready', async () => (await fetch(`${url}/readyz`)).status === 200);
    // Jobs go on as well.
    const asked = await fetch(`${url}/api/trpc/-/account.requestReset`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ email: ownerEmail }),
    });
    expect(asked.status).toBe(200);
    await until('a mail', async () =>
      (await readdir(path.join(dataDir, 'outbox')).catch((): string[] => [])).some((name) => name.startsWith('reset-')),
    );
    writing = false;
    await Promise.all(running);

    const there = new Set(await retried(() => ids('company')));
    expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
    expect(there.size).toBeLessThanOrEqual(attempts.made);
    expect([...seen.ready].sort()).toEqual([200, 503]);
    expect([...seen.live]).toEqual([200]);
    expect(attempts.failed).toBeGreaterThan(0);
  });
});

describe('a database whose disk is full', () => {
  const call = async (path: string, body?: object) => {
    const answer = await fetch(`${url}/api/v1/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    return { status: answer.status, later: answer.headers.get('retry-after'), body: await answer.json() };
  };
  const statement = <T extends object>(text: string) =>
    retried(() => inTenant(tenantId, 'read', async (db) => (await db.client.query<T>(text)).rows));

  it('H5: answers 503 and says why, keeps what it has, goes on reading and writing elsewhere, and recovers by itself', async () => {
    // The kernel's own word for it: whatever is written to this device finds no space left.
    const [found] = await statement<{ file: string }>(`select pg_relation_filepath('app.product') as file`);
    const file = path.join(dataDir, 'postgres', found?.file ?? '');
    // Files that are open stay what they are.
    const reopen = () =>
      statement(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'crm_app' and pid <> pg_backend_pid()`,
      );
    await rename(file, `${file}.kept`);
    await symlink('/dev/full', file);
    try {
      await reopen();
      const refused = await until503(() => call('products', { name: 'No room' }));
      expect(refused).toMatchObject({ status: 503, body: { code: 'diskFull' } });
      expect(Number(refused.later)).toBeGreaterThan(0);
      expect((await call('companies', { name: 'Room elsewhere' })).status).toBe(201);
      expect((await call('products')).status).toBe(200);
    } finally {
      await rename(`${file}.kept`, file);
    }
    await reopen();
    await until('products to be written again', async () => (await call('products', { name: 'Room' })).status === 201);
    const listed = JSON.stringify((await call('products')).body);
    expect([listed.includes('"Room"'), listed.includes('No room')]).toEqual([true, false]);
  });

  /** Past the answers of calls whose connections were just ended. */
  async function until503<T extends { status: number; body: unknown }>(run: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const answer = await run();
      if (attempt === 5 || (answer.body as { code?: string }).code === 'diskFull') return answer;
      await sleep(200);
    }
  }
});

describe('a site that is told to stop', () => {
  it('H6: takes no new calls, answers the one it has begun, and ends', async () => {
    const { hostname, port } = new URL(url);
    const socket = net.connect(Number(port), hostname);
    await once(socket, 'connect');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    const body = JSON.stringify({ name: 'Begun before' });
    const head = `POST /api/v1/companies HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n`;
    socket.write(`${head}content-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`);
    await sleep(200);
    site.child.kill('SIGTERM');
    await until('the door to be shut', () =>
      fetch(`${url}/livez`).then(
        () => false,
        () => true,
      ),
    );
    socket.write(body.slice(5));
    await until('the answer', () => /"id"/.test(answer));
    expect(answer).toMatch(/^HTTP\/1\.1 201/);
    socket.destroy();
    expect(await site.ended, site.output()).toBe(0);
  });
});

function currentPid(): number | undefined {
  try {
    return postmaster().pid || undefined;
  } catch {
    return undefined; // not there yet, or half written
  }
}

/** This process's own connections died with the database, too. */
async function retried<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === 5) throw error;
      await sleep(200);
    }
  }
}
