import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readSecrets } from '@/db/embedded';

/** The product as it is shipped, in a process of its own, and how long it took until it was ready. */
export interface Product {
  child: ChildProcess;
  pid: number;
  url: string;
  startMs: number;
  stop(): Promise<void>;
}

/** Starts the production build on a data directory. It brings its own Postgres, as `npm start` does. */
export async function startProduct(dataDir: string, nodeFlags: string[] = []): Promise<Product> {
  const { main, nextDir } = await built();
  const port = await freePort();
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: 'production',
    PORT: String(port),
    DATA_DIR: dataDir,
    NEXT_DIST_DIR: nextDir,
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'info',
  };
  for (const name of [
    'HOST',
    'DATABASE_URL',
    'NEXTAUTH_SECRET',
    'PUBLIC_URL',
    'SMTP_URL',
    'npm_lifecycle_event',
    'NODE_OPTIONS',
  ])
    delete env[name];
  const log = openSync(path.join(dataDir, 'server.log'), 'a');
  const started = performance.now();
  const child = spawn(process.execPath, ['--enable-source-maps', ...nodeFlags, main], {
    env,
    stdio: ['ignore', log, log],
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, url, path.join(dataDir, 'server.log'));
  const startMs = performance.now() - started;
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { child, pid: child.pid ?? 0, url, startMs, stop };
}

/** The builds named by SERVER_BUNDLE and NEXT_DIST_DIR, else the current ones, made when they are stale. */
async function built(): Promise<{ main: string; nextDir: string }> {
  const { SERVER_BUNDLE, NEXT_DIST_DIR } = process.env;
  if (SERVER_BUNDLE && NEXT_DIST_DIR) return { main: SERVER_BUNDLE, nextDir: NEXT_DIST_DIR };
  const script = path.resolve('scripts/build.mjs');
  const { build } = (await import(script)) as { build: () => Promise<{ main: string; nextDir: string }> };
  return build();
}

async function untilReady(child: ChildProcess, url: string, log: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`The server did not start:\n${(await readFile(log, 'utf8')).slice(-2000)}`);
    try {
      if ((await fetch(`${url}/readyz`)).ok) return;
    } catch {
      // Nobody listens yet.
    }
    await sleep(10);
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Addresses of the product's own Postgres: as superuser to fill it, as the application's role for the floor. */
export async function databaseUrls(dataDir: string): Promise<{ superuser: string; app: string; postmaster: number }> {
  const lines = (await readFile(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n');
  const secrets = readSecrets(dataDir);
  const at = (user: string, password = '') => `postgres://${user}:${password}@127.0.0.1:${lines[3]}/guanxi`;
  return {
    superuser: at('postgres', secrets.postgres),
    app: at('crm_app', secrets.crm_app),
    postmaster: Number(lines[0]),
  };
}

export interface Account {
  slug: string;
  email: string;
  password: string;
  cookie: string;
  key: string;
}

const unique = () => randomBytes(6).toString('hex');

/** Signs a company up. @returns its address and the owner's login */
export async function signUp(url: string): Promise<{ slug: string; email: string; password: string }> {
  const email = `owner-${unique()}@bench.example`;
  const password = `correct horse ${unique()}`;
  const input = {
    company: `Bench ${unique()}`,
    name: 'Olivia Owner',
    email,
    password,
    locale: 'en',
    timeZone: 'Etc/UTC',
    currency: 'USD',
  };
  const { slug } = await trpc<{ slug: string }>(url, '-', 'account.signUp', input);
  return { slug, email, password };
}

/** A company with its owner signed in, and an API key. */
export async function openAccount(url: string): Promise<Account> {
  const account = await signUp(url);
  const cookie = await signIn(url, account.email, account.password);
  const { secret } = await trpc<{ secret: string }>(
    url,
    account.slug,
    'apiKeys.create',
    { name: 'bench', access: 'write' },
    cookie,
  );
  return { ...account, cookie, key: secret };
}

/** The session cookie, by next-auth's credentials as the sign-in page does. */
async function signIn(url: string, email: string, password: string): Promise<string> {
  const first = await fetch(`${url}/api/auth/csrf`);
  if (!first.ok) throw new Error(`Signing in: ${first.status} ${await first.text()}`);
  const { csrfToken } = (await first.json()) as { csrfToken: string };
  const body = new URLSearchParams({ csrfToken, email, password, json: 'true', callbackUrl: url });
  const second = await fetch(`${url}/api/auth/callback/credentials`, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers: { cookie: cookiesOf(first), 'sec-fetch-site': 'same-origin' },
  });
  const session = cookiesOf(second)
    .split('; ')
    .find((cookie) => cookie.includes('guanxi.session='));
  if (!session) throw new Error(`Signing in failed: ${second.status} ${await second.text()}`);
  return session;
}

const cookiesOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

/** Asks a query as the browser does. */
export async function ask<T>(url: string, slug: string, procedure: string, input: unknown, cookie: string): Promise<T> {
  const search = encodeURIComponent(JSON.stringify(input));
  const answer = await fetch(`${url}/api/trpc/${slug}/${procedure}?input=${search}`, { headers: { cookie } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${procedure}: ${answer.status} ${text}`);
  const body = JSON.parse(text) as { result: { data: T } };
  return body.result.data;
}

/** Calls a mutation as the browser does. */
export async function trpc<T>(url: string, slug: string, procedure: string, input: unknown, cookie = ''): Promise<T> {
  const answer = await fetch(`${url}/api/trpc/${slug}/${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie },
    body: JSON.stringify(input),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${procedure}: ${answer.status} ${text}`);
  const body = JSON.parse(text) as { result: { data: T } };
  return body.result.data;
}
