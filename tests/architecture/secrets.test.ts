import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnv } from '@/server/core/env';
import { createLog } from '@/server/core/log';
import { sessionCookie } from '@/server/core/session';
import { createHttp } from '@/server/http';
import { createTestTenant, password, type TestTenant, testKeys } from '../support/tenants';

const rules = JSON.stringify({ rules: [{ id: '@secretlint/secretlint-rule-preset-recommend' }] });
const secretlint = (files: string[], input?: string) =>
  spawnSync(
    process.execPath,
    ['node_modules/secretlint/bin/secretlint.js', '--no-glob', '--secretlintrcJSON', rules, ...files],
    { input, encoding: 'utf8' },
  );

/** What is in the repository, or would be with the next commit. */
const tracked = () =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
    .split('\n')
    .filter((file) =>
      /\.(ts|tsx|mjs|cjs|js|json|ya?ml|md|sql|sh|toml|env|html|css|txt|csv)$|^[^.]+$|^\.[^/]+$/.test(file),
    );

describe('the repository', () => {
  it('K1: holds no secret', () => {
    const files = tracked().filter((file) => !file.endsWith('package-lock.json'));
    expect(files.length).toBeGreaterThan(300);
    const result = secretlint(files);
    expect(result.stdout + result.stderr).toBe('');
    expect(result.status).toBe(0);
  });

  it('K1: the check sees a secret', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const database = `postgres://user:${randomBytes(9).toString('hex')}@db.example.com/x`;
    for (const [planted, rule] of [
      [key, 'PrivateKey'],
      [`url = "${database}"`, 'PostgreSQLConnection'],
    ] as const) {
      const result = secretlint(['--stdinFileName', 'planted.txt'], planted);
      expect(result.status).toBe(1);
      expect(result.stdout).toContain(rule);
    }
  });

  it('K1: ignores what holds secrets, and so does the image', () => {
    for (const file of ['.env', '.data/secrets.json', '.data-2/secrets.json', 'server.log']) {
      expect(spawnSync('git', ['check-ignore', '-q', file]).status, file).toBe(0);
    }
    const patterns = readFileSync('.dockerignore', 'utf8').split('\n');
    expect(patterns).toEqual(expect.arrayContaining(['.git', '.env*', '.data*', '*.log', 'node_modules']));
    // An exception to them would bring them back.
    expect(patterns.filter((line) => line.startsWith('!'))).toEqual([]);
    const named = readFileSync('Dockerfile', 'utf8').match(/^(ARG|ENV).*(SECRET|PASSWORD|TOKEN|KEYS?)\b.*$/gim);
    expect(named).toBeNull();
  });
});

/** Names of what only the server may know. */
const serverOnly = [
  'NEXTAUTH_SECRET',
  'ENCRYPTION_KEYS',
  'DATABASE_URL',
  'DATABASE_ADMIN_URL',
  'SMTP_URL',
  'METRICS_TOKEN',
  'POSTGRES_PASSWORD',
];

describe('what browsers get', () => {
  it('K1: comes from code that reads no secret', () => {
    const files = globSync('{app,components,domain}/**/*.{ts,tsx}', { exclude: ['app/api/auth/**'] });
    expect(files.length).toBeGreaterThan(100);
    const found = files.filter((file) => {
      const source = readFileSync(file, 'utf8');
      return (
        serverOnly.some((name) => source.includes(name)) || /process\.env\.(?!NODE_ENV\b|NEXT_PUBLIC_)/.test(source)
      );
    });
    expect(found).toEqual([]);
  });

  const built = process.env.NEXT_DIST_DIR;
  it.skipIf(!built)('K1: holds neither the names nor the values of secrets, nor a source map', () => {
    const files = globSync('static/**/*', { cwd: path.resolve(built ?? ''), withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
    const values = serverOnly.map((name) => process.env[name]).filter((value) => value && value.length >= 8);
    const wanted = [...serverOnly, 'crm_app', 'crm_worker', 'crm_migrator', 'postgres://', ...values];
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      expect(
        wanted.filter((secret) => secret && text.includes(secret)),
        file,
      ).toEqual([]);
    }
  });
});

describe('logs and answers', () => {
  const planted = {
    signing: randomBytes(32).toString('base64'),
    database: `pw-${randomBytes(12).toString('hex')}`,
    smtp: `pw-${randomBytes(12).toString('hex')}`,
    password: `Pw ${randomBytes(12).toString('hex')}`,
    wrongPassword: `Wr ${randomBytes(12).toString('hex')}`,
    token: randomBytes(32).toString('base64url'),
    foreignKey: `gx_${randomBytes(32).toString('base64url')}`,
    foreignSid: randomBytes(32).toString('base64url'),
  };
  const lines: string[] = [];
  const answers: string[] = [];
  let app: FastifyInstance;
  let tenant: TestTenant;
  let apiKey: string;

  beforeAll(async () => {
    tenant = await createTestTenant();
    apiKey = (await tenant.api.apiKeys.create({ name: 'Export', access: 'write' })).secret;
    const log = createLog((line) => void lines.push(line));
    log.level = 'trace';
    app = await createHttp({
      env: readEnv({
        LOG_LEVEL: 'trace',
        NEXTAUTH_SECRET: planted.signing,
        ENCRYPTION_KEYS: testKeys,
        DATABASE_URL: `postgres://crm_app:${planted.database}@localhost/x`,
        SMTP_URL: `smtp://u:${planted.smtp}@localhost`,
      }),
      log,
      jobs: {
        enqueue: async () => {
          throw new Error('the queue is away');
        },
        enqueueGlobal: async () => {
          throw new Error('the queue is away');
        },
      },
      mailer: { send: async () => {} },
      ready: async () => undefined,
      now: () => new Date(),
    });
  });
  afterAll(() => app.close());

  const send = async (url: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await app.inject({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        'sec-fetch-site': 'same-origin',
        'x-forwarded-proto': 'https',
        ...headers,
      },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
    answers.push(`${answer.body}\n${JSON.stringify({ ...answer.headers, 'set-cookie': undefined })}`);
    return answer.statusCode;
  };

  it('K1: hold no password, token, key, session id or secret of the installation, whatever fails', async () => {
    const cookie = [true, false].map((secure) => `${sessionCookie(secure)}=${tenant.sid}`).join('; ');
    const account = (name: string, body: unknown, headers = {}) => send(`/api/trpc/-/account.${name}`, body, headers);
    const signUp = {
      company: 'A',
      name: 'B',
      email: `k1-${Date.now()}@example.com`,
      locale: 'en',
      timeZone: 'Etc/UTC',
      currency: 'USD',
    };
    const statuses = [
      await account('signUp', { ...signUp, password: planted.password }),
      await account('signUp', { ...signUp, password: planted.wrongPassword }),
      await account('signUp', { ...signUp, password: planted.password, currency: planted.token }),
      await account('resetPassword', { token: planted.token, password: planted.password }),
      await account('confirmEmail', { token: planted.token }),
      await account('acceptInvitation', { token: planted.token, password: planted.password, name: 'B' }),
      await account('requestReset', { email: tenant.email }),
      await account('stepUp', { password: planted.wrongPassword }, { cookie }),
      await account('changePassword', { current: planted.wrongPassword, next: planted.password }, { cookie }),
      await account('changePassword', { current: password, next: 'short' }, { cookie }),
      await account(
        'stepUp',
        { password: planted.wrongPassword },
        { cookie: `${sessionCookie(true)}=${planted.foreignSid}` },
      ),
      // Broken off, and of another type: what the parsers say must not repeat it.
      await account('resetPassword', `{"token":"${planted.token}","password":"${planted.password}`),
      await account('resetPassword', { token: [planted.token], password: { a: planted.password } }),
      await send(
        `/api/trpc/${tenant.slug}/companies.create`,
        { values: { name: 'x', domain: planted.token } },
        { cookie },
      ),
      await send(`/api/trpc/${tenant.slug}/members.invite`, { email: 'x@example.com', role: 'member' }, { cookie }),
      await send('/api/v1/companies', { name: 'x' }, { authorization: `Bearer ${apiKey}` }),
      await send('/api/v1/companies', { nome: 'x' }, { authorization: `Bearer ${apiKey}` }),
      await send('/api/v1/companies', { name: 'x' }, { authorization: `Bearer ${planted.foreignKey}` }),
      await send('/api/v1/nothing', {}, { authorization: `Bearer ${apiKey}` }),
      await send(`/reset?token=${planted.token}`, {}, { cookie }),
    ];
    for (const url of [
      `/reset?token=${planted.token}`,
      `/confirm?token=${planted.token}`,
      `/api/v1/companies?q=${planted.token}`,
    ]) {
      const { body } = await app.inject({ url, headers: { authorization: `Bearer ${planted.foreignKey}` } });
      answers.push(body);
    }
    // The calls came as far as they were meant to: some were refused, some broke.
    for (const status of [400, 401, 404, 500]) expect(statuses, String(status)).toContain(status);
    expect(lines.length).toBeGreaterThan(statuses.length);

    const secrets = { ...planted, apiKey, sid: tenant.sid, ownPassword: password, encryption: testKeys.slice(5) };
    for (const [name, secret] of Object.entries(secrets)) {
      const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
      const inLog = lines.filter((line) => forms.some((form) => line.includes(form)));
      expect(inLog, `${name} in the log`).toEqual([]);
      const inAnswers = answers.filter((answer) => forms.some((form) => answer.includes(form)));
      expect(inAnswers, `${name} in an answer`).toEqual([]);
    }
  });
});
