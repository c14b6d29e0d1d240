import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

let folder: string;
let bundle: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'guanxi-start-'));
  // Beside the packages it imports.
  bundle = path.resolve('dist', `test-${process.pid}`, 'main.mjs');
  await build({
    entryPoints: ['server/main.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    logLevel: 'error',
  });
});
afterAll(async () => {
  for (const child of running) if (child.exitCode === null) child.kill('SIGKILL');
  await rm(path.dirname(bundle), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

interface Run {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  ready: Promise<string>;
  ended: Promise<number | null>;
}

/** Starts the server without Next: what is asked here is how it starts and stops. */
function start(env: Record<string, string>): Run {
  const base = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|HOST$|DATABASE|NEXTAUTH|PUBLIC_URL|SMTP|NODE_ENV)/.test(name),
    ),
  );
  const child = spawn(process.execPath, [bundle], {
    env: { ...base, PORT: '0', ROLE: 'worker', LOG_LEVEL: 'error', NODE_ENV: 'test', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const url = /Guanxi is ready: (\S+)/.exec(out)?.[1];
      if (url) resolve(url);
    });
    child.once('exit', () => reject(new Error(err || out)));
  });
  ready.catch(() => {});
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { child, stdout: () => out, stderr: () => err, ready, ended };
}

/** A server that must not start: one line on standard error, exit code 1. */
async function refused(env: Record<string, string>): Promise<string> {
  const run = start(env);
  expect(await run.ended).toBe(1);
  const lines = run.stderr().trim().split('\n');
  expect(lines, run.stderr()).toHaveLength(1);
  expect(run.stdout()).not.toContain('ready');
  return lines[0] ?? '';
}

const secret = 'x'.repeat(32);

describe('the server', () => {
  it('starts with nothing but a data directory, says it is ready, and stops cleanly on SIGTERM', async () => {
    const run = start({ DATA_DIR: path.join(folder, 'a') });
    const url = await run.ready;
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ready: true });
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it('comes back after kill -9 with what was written', async () => {
    const dataDir = path.join(folder, 'b');
    const first = start({ DATA_DIR: dataDir, ROLE: 'all', NODE_ENV: 'test', GUANXI_NO_NEXT: '1' });
    const url = await first.ready;
    const signUp = (company: string, at: string) =>
      fetch(`${at}/api/trpc/-/account.signUp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify({
          company,
          name: 'N',
          email: 'n@example.com',
          password: 'correct horse battery',
          locale: 'en',
          timeZone: 'Etc/UTC',
          currency: 'USD',
        }),
      });
    expect((await signUp('First', url)).status).toBe(200);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = start({ DATA_DIR: dataDir, ROLE: 'all', NODE_ENV: 'test', GUANXI_NO_NEXT: '1' });
    const again = await signUp('Second', await second.ready);
    // The same person with the same password has an account already and gets a second tenant.
    expect(again.status).toBe(200);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });

  it('refuses a port that is taken', async () => {
    const blocker = net.createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as net.AddressInfo;
    expect(await refused({ PORT: String(port), DATA_DIR: path.join(folder, 'c') })).toBe(
      `Port ${port} is taken: stop what listens there or set PORT.`,
    );
    blocker.close();
  });

  it('refuses an unreachable database', async () => {
    expect(await refused({ DATABASE_URL: 'postgres://crm_app:x@127.0.0.1:1/guanxi', NEXTAUTH_SECRET: secret })).toMatch(
      /^The database at DATABASE_URL cannot be reached/,
    );
  });

  it('refuses a role that could pass by row policies, or own the tables', async () => {
    expect(await refused({ DATABASE_URL: inject('database').superuser, NEXTAUTH_SECRET: secret })).toMatch(
      /could bypass row policies/,
    );
    expect(await refused({ DATABASE_URL: inject('database').migrator, NEXTAUTH_SECRET: secret })).toMatch(
      /is a member of other roles/,
    );
  });

  it('refuses production without its secret', async () => {
    expect(await refused({ DATABASE_URL: inject('database').app })).toMatch(/^NEXTAUTH_SECRET is missing/);
    expect(await refused({ HOST: '0.0.0.0', DATA_DIR: path.join(folder, 'd') })).toMatch(/^NEXTAUTH_SECRET is missing/);
  });

  it('makes no demo logins and shows no outbox where it is not local', async () => {
    const run = start({
      ROLE: 'all',
      GUANXI_NO_NEXT: '1',
      DATABASE_URL: inject('database').app,
      WORKER_DATABASE_URL: inject('database').worker,
      NEXTAUTH_SECRET: secret,
      NODE_ENV: 'production',
      DATA_DIR: path.join(folder, 'e'),
    });
    const url = await run.ready;
    expect(run.stdout().trim().split('\n')).toHaveLength(1);
    expect((await fetch(`${url}/outbox`)).status).toBe(404);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });

  it('serves with several processes on one port, and stops them all', async () => {
    const run = start({ DATA_DIR: path.join(folder, 'f'), ROLE: 'all', WEB_CONCURRENCY: '2', GUANXI_NO_NEXT: '1' });
    const url = await run.ready;
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });
});
