import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verify } from '@node-rs/argon2';
import { build } from 'esbuild';
import { query } from './databases';

/** Bundles an entry of a source tree, this one or an earlier release's; it must come to lie where packages are found. */
export async function bundle(tree: string, entry: string, outfile: string): Promise<void> {
  await build({
    absWorkingDir: tree,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    logLevel: 'error',
  });
}

export interface Running {
  url: string;
  child: ChildProcess;
  /** What it wrote to standard error. */
  errors(): string;
  /** Ends it and waits for it. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts a bundled server without the site, and waits until it serves. */
export async function startServer(file: string, cwd: string, env: Record<string, string>): Promise<Running> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|HOST$|DATABASE|NEXTAUTH|PUBLIC_URL|SMTP|NODE_ENV|BACKUP|VITEST)/.test(name),
  );
  const child = spawn(process.execPath, [file], {
    cwd,
    env: {
      ...Object.fromEntries(inherited),
      PORT: '0',
      LOG_LEVEL: 'error',
      NODE_ENV: 'test',
      GUANXI_NO_NEXT: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      out += chunk;
      const ready = /Guanxi is ready: (\S+)/.exec(out)?.[1];
      if (ready) resolve(ready);
    });
    child.once('exit', () => reject(new Error(err || out)));
  });
  return {
    url,
    child,
    errors: () => err,
    async end(signal) {
      child.kill(signal);
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

/** Follows the steps of a browser at the doors of a running server. */
export class Visitor {
  private readonly url: string;
  private readonly cookie: string;

  constructor(url: string, sid?: string) {
    this.url = url;
    this.cookie = sid ? `guanxi.session=${sid}` : '';
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers of a server whose types another release wrote
  query(tenant: string, procedure: string, input: unknown = {}): Promise<any> {
    return this.call(`/api/trpc/${tenant}/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`, {});
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  mutate(tenant: string, procedure: string, input: unknown): Promise<any> {
    return this.call(`/api/trpc/${tenant}/${procedure}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
  }

  /** Hands a CSV in as the upload form does. */
  async upload(tenant: string, name: string, content: string): Promise<{ fileId: string }> {
    const body = new FormData();
    body.append('file', new Blob([content], { type: 'text/csv' }), name);
    const answer = await this.fetch(`/api/upload/${tenant}`, { method: 'POST', body });
    return answer.json() as Promise<{ fileId: string }>;
  }

  async signUp(company: string, email: string): Promise<string> {
    const person = { company, name: 'Olivia', email, password, locale: 'en', timeZone: 'Etc/UTC', currency: 'USD' };
    const { slug } = await this.mutate('-', 'account.signUp', person);
    return slug;
  }

  private async call(address: string, init: RequestInit): Promise<unknown> {
    const answer = (await (await this.fetch(address, init)).json()) as { result: { data: unknown } };
    return answer.result.data;
  }

  private async fetch(address: string, init: RequestInit): Promise<Response> {
    const headers = { 'sec-fetch-site': 'same-origin', cookie: this.cookie, ...init.headers };
    const answer = await fetch(this.url + address, { ...init, headers });
    if (!answer.ok) throw new Error(`${address.slice(0, 80)}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

const password = 'correct horse battery';

/** What release 0.1.0 does at sign-in, by the functions it calls. @param appUrl as crm_app @returns the cookie's id */
export async function signIn(appUrl: string, email: string): Promise<string> {
  const [user] = await query<{ id: string; password_hash: string }>(appUrl, 'select * from auth.login_lookup($1)', [
    email,
  ]);
  if (!user || !(await verify(user.password_hash, password))) throw new Error(`${email} cannot sign in`);
  const sid = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(sid).digest('hex');
  await query(appUrl, 'select auth.session_create($1, $2, 30, $3, null, $4)', [hash, user.id, ['password'], 'test']);
  return sid;
}

/** Works through what every release can do; throws where it cannot. @returns what it made */
export async function walk(visitor: Visitor, url: string, slug: string): Promise<{ companies: number }> {
  const api = {
    query: (procedure: string, input?: unknown) => visitor.query(slug, procedure, input),
    mutate: (procedure: string, input: unknown) => visitor.mutate(slug, procedure, input),
  };
  const equal = (what: string, is: unknown, should: unknown) => {
    if (is !== should) throw new Error(`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(should)}`);
  };
  const before: number = (await api.query('companies.count', { exact: true })).count;

  const company = await api.mutate('companies.create', { values: { name: 'Walk Ltd', industry: 'Wood' } });
  const changed = await api.mutate('companies.update', { id: company.id, values: { industry: 'Steel' } });
  equal('updated', (await api.query('companies.get', { id: company.id })).industry, 'Steel');
  await api.mutate('changes.undo', { changeSetId: changed.changeSetId });
  equal('undone', (await api.query('companies.get', { id: company.id })).industry, 'Wood');

  const [pipeline] = await api.query('pipelines.list');
  const [first, second] = pipeline.stages;
  const deal = await api.mutate('deals.create', {
    values: { name: 'Walk', companyId: company.id, pipelineId: pipeline.id, stageId: first.id },
  });
  await api.mutate('deals.move', { id: deal.id, stageId: second.id });
  equal('moved', (await api.query('deals.get', { id: deal.id })).stageId, second.id);
  const { rows } = await api.query('deals.list', { limit: 50 });
  equal(
    'listed',
    rows.some((row: { id: string }) => row.id === deal.id),
    true,
  );

  const file = await visitor.upload(
    slug,
    'companies.csv',
    `Company Name,Industry\nImported ${deal.id},Glass\nAnother ${deal.id},Glass\n`,
  );
  const { plan } = await api.query('imports.analyse', { fileId: file.fileId });
  const started = await api.mutate('imports.start', { fileId: file.fileId, plan });
  for (let waited = 0; ; waited++) {
    const { status, created, error } = await api.query('imports.get', { id: started.id });
    if (status === 'done') {
      equal('imported', created, 2);
      break;
    }
    if (status === 'failed' || waited > 600) throw new Error(`The import is ${status}: ${error}`);
    await sleep(100);
  }

  const { secret } = await api.mutate('apiKeys.create', { name: 'Walk', access: 'write' });
  const rest = await fetch(`${url}/api/v1/companies?limit=5`, { headers: { authorization: `Bearer ${secret}` } });
  equal('REST', rest.status, 200);
  const { count } = await api.query('companies.count', { exact: true });
  equal('counted', count, before + 3);
  return { companies: count };
}

/** A folder beside this tree's packages, for bundles. */
export const bundleFolder = (name: string): string => path.resolve('dist', `test-${process.pid}-${name}`);
