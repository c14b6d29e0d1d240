import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { emptyWorkspace, owner, tenantOf } from '../support/archives';
import { ownFolder } from '../support/folders';
import { bundle } from '../support/server-process';
import { createTestTenant } from '../support/tenants';

const folder = ownFolder('command');
const secret = () => randomBytes(32).toString('base64');
const keys = `here:${secret()}`;

// Beside the packages it imports, as the image has it.
const program = path.resolve('dist', `archive-${process.pid}`, 'archive.mjs');
beforeAll(() => bundle(process.cwd(), 'server/archives/main.ts', program));
afterAll(() => rm(path.dirname(program), { recursive: true, force: true }));

/** `npm run archive` and `npm run unarchive`, with the server's environment. */
async function command(args: string[], encryption = keys): Promise<{ code: number | null; out: string; err: string }> {
  const { app, worker } = inject('database');
  const child = spawn(process.execPath, [program, ...args], {
    env: {
      NODE_ENV: 'test',
      PATH: process.env.PATH ?? '',
      DATABASE_URL: app,
      WORKER_DATABASE_URL: worker,
      NEXTAUTH_SECRET: secret(),
      ENCRYPTION_KEYS: encryption,
      DATA_DIR: folder,
    },
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, out, err };
}

describe('the commands', () => {
  it('take a workspace along and put it in place of an empty one; a stranger’s only with its fingerprint', async () => {
    const tenant = await createTestTenant({ company: 'Commanded' });
    await tenant.api.companies.create({ values: { name: 'Acme' } });
    const file = path.join(folder, 'all.zip');
    const done = await command(['archive', '--tenant', tenant.slug, '--to', file]);
    expect(done).toMatchObject({ code: 0, err: '' });
    const content = /Content ([0-9a-f]{64})/.exec(done.out)?.[1];
    // Who may read it is who may read everything.
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(path.join(folder, 'files', 'work'))).toEqual([]);
    expect(await command(['archive', '--tenant', tenant.slug, '--to', file])).toMatchObject({ code: 1 });

    const target = await emptyWorkspace(tenant.email);
    const there = ['unarchive', '--from', file, '--tenant', target.slug];
    const elsewhere = `there:${secret()}`;
    const refused = await command(there, elsewhere);
    expect(refused.code).toBe(1);
    const fingerprint = /--trust ([\w-]{43})\./.exec(refused.err)?.[1] ?? '';
    expect(await command([...there, '--trust', 'another'], elsewhere)).toMatchObject({ code: 1 });
    expect((await target.api.tenant.boot()).tenant.name).toBe('Empty');
    expect(await command([...there, '--trust', fingerprint], elsewhere)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`Commanded is now at ${target.slug}.`),
    });
    const now = await owner(target.slug, await tenantOf(target.slug), target.email);
    expect((await now.api.companies.list({})).rows.map(({ name }) => name)).toEqual(['Acme']);
    const again = await command(['archive', '--tenant', target.slug, '--to', path.join(folder, 'again.zip')]);
    expect(again.out).toContain(`Content ${content}`);
    expect((await command(there)).err).toContain('This workspace is in use.');
    expect((await command(['archive', '--tenant', 'nobody', '--to', 'x'])).err).toBe(
      'There is no workspace at nobody.\n',
    );
    expect((await command(['archive'])).err).toContain('npm run archive -- --tenant');
  }, 240_000);
});
