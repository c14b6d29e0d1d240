import { z } from 'zod';
import type { S3Options } from './s3-store';
import { parseKeys } from './secrets';
import { weakKey, weakSecret } from './weak-secret';

const onOff = (otherwise: 'on' | 'off') => z.enum(['on', 'off']).default(otherwise);

/** The one place that reads the process's environment. */
const schema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('production'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().optional(),
  DATA_DIR: z.string().default('.data'),
  /** Where the embedded database keeps its write-ahead log for restores to any minute; best on another disk. */
  BACKUP_DIR: z.string().optional(),
  /** The application's own role (crm_app): owns nothing, cannot pass by row policies. */
  DATABASE_URL: z.string().optional(),
  /** Straight to Postgres where DATABASE_URL leads through a pooler that shares connections by the transaction. */
  DATABASE_DIRECT_URL: z.string().optional(),
  /** A standby that streams from the database, as crm_app too: reads go there. */
  DATABASE_REPLICA_URL: z.string().optional(),
  /** The jobs' role (crm_worker); DATABASE_URL when not set. */
  WORKER_DATABASE_URL: z.string().optional(),
  /** Other servers that tenants have moved to: `name=address`, with blanks between them; as crm_app and as crm_worker. */
  DATABASE_SHARDS: z.string().optional(),
  WORKER_DATABASE_SHARDS: z.string().optional(),
  /** A superuser of the server a tenant is moved to, for `npm run move` only. */
  SHARD_ADMIN_URL: z.string().optional(),
  /** crm_migrator or a superuser: with it the server migrates at start, without it it only checks. */
  DATABASE_ADMIN_URL: z.string().optional(),
  DB_POOL: z.coerce.number().int().min(1).max(500).default(20),
  SMTP_URL: z.string().optional(),
  /** `on`: without SMTP_URL mails are filed in DATA_DIR/outbox, and whoever runs the server knows it. */
  MAIL_OUTBOX: onOff('off'),
  MAIL_FROM: z.string().default('Guanxi <no-reply@localhost>'),
  /** Address people reach the site under, without a trailing slash. */
  PUBLIC_URL: z.string().optional(),
  /** `on`: people reach the site without TLS, on a network where nobody listens. */
  ALLOW_HTTP: onOff('off'),
  /** next-auth signs its own short-lived cookies (CSRF, OAuth state) with it. */
  NEXTAUTH_SECRET: z.string().optional(),
  /** What secrets in the database are encrypted with: `id:base64` of 32 bytes, several by commas, the first is current. */
  ENCRYPTION_KEYS: z.string().optional(),
  ROLE: z.enum(['all', 'web', 'worker']).default('all'),
  WEB_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(1),
  /** `off` for measurements; believed on a local installation only. */
  RATE_LIMITS: onOff('on'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  NEXT_DIST_DIR: z.string().default('.next'),
  /** Reverse proxies in front of us whose X-Forwarded-For is believed: a count of hops. */
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  /** Seconds between the end of /readyz and the end of listening: a balancer's time to notice. */
  DRAIN_WAIT: z.coerce.number().min(0).max(20).optional(),
  /** Bearer token that /metrics asks for. Without one it answers programs on this machine only. */
  METRICS_TOKEN: z.string().min(16, 'give 16 characters or more').optional(),
  /** OpenTelemetry collector that spans are sent to, such as http://localhost:4318; without it none are made. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_SERVICE_NAME: z.string().default('guanxi'),
  /** From the first process of a cluster to the ones it starts: where the database is. */
  GUANXI_APP_URL: z.string().optional(),
  GUANXI_WORKER_URL: z.string().optional(),
  GUANXI_QUIET: z.string().optional(),
  /** APIs and jobs without the site: for tests and for machines that only answer calls. */
  GUANXI_NO_NEXT: z.string().optional(),
  /** Set by npm for what it runs. */
  npm_lifecycle_event: z.string().optional(),
  /** Files at most this many bytes large are taken by uploads. */
  UPLOAD_MAX_BYTES: z.coerce
    .number()
    .int()
    .default(512 * 1024 * 1024),
  /** Files at most this many bytes large are taken onto records. */
  ATTACHMENT_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(50 * 1024 * 1024),
  /** Archives of whole workspaces at most this many bytes large are made and taken. */
  ARCHIVE_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(8 * 1024 ** 3),
  /** Files lie in a bucket of this S3 instead of DATA_DIR. */
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  S3_BUCKET: z.string().optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  /** `on`: the bucket stands in the path, as MinIO wants it. */
  S3_PATH_STYLE: onOff('off'),
});

export type Env = z.infer<typeof schema> & {
  /** Nothing but defaults: loopback, embedded Postgres, demo logins allowed. */
  local: boolean;
  host: string;
  /** The npm that started us, whose end is ours too. */
  parentPid?: number;
};

/**
 * Reads and checks the environment.
 * @throws Error with one clear line: a malformed value, or a production setting without its secret
 */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(source).filter(([, value]) => value !== '')));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`Environment variable ${issue?.path.join('.')} is not valid: ${issue?.message}.`);
  }
  const env = parsed.data;
  const local = !env.HOST && !env.DATABASE_URL && !env.NEXTAUTH_SECRET;
  if (!local && !env.NEXTAUTH_SECRET) {
    throw new Error(
      'NEXTAUTH_SECRET is missing: with HOST or DATABASE_URL set, give a secret of 32 characters or more (openssl rand -base64 32).',
    );
  }
  if (env.NEXTAUTH_SECRET && env.NEXTAUTH_SECRET.length < 32) {
    throw new Error('NEXTAUTH_SECRET is too short: give 32 characters or more (openssl rand -base64 32).');
  }
  return {
    ...env,
    local,
    host: env.HOST ?? '127.0.0.1',
    parentPid: env.npm_lifecycle_event && !env.GUANXI_APP_URL ? process.ppid : undefined,
  };
}

/**
 * The S3 that files lie in; undefined where they lie in DATA_DIR.
 * @throws Error with one clear line when only some of its settings are there
 */
export function s3Of(env: Env): S3Options | undefined {
  const { S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = env;
  const given = { S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY };
  if (Object.values(given).every((value) => value === undefined)) return undefined;
  if (!S3_ENDPOINT || !S3_BUCKET || !S3_ACCESS_KEY_ID || !S3_SECRET_ACCESS_KEY) {
    const missing = Object.entries(given).flatMap(([name, value]) => (value ? [] : [name]));
    throw new Error(`${missing.join(', ')} missing: files go to S3 only with all of its settings.`);
  }
  return {
    endpoint: S3_ENDPOINT,
    bucket: S3_BUCKET,
    region: env.S3_REGION,
    accessKeyId: S3_ACCESS_KEY_ID,
    secretAccessKey: S3_SECRET_ACCESS_KEY,
    pathStyle: env.S3_PATH_STYLE === 'on',
  };
}

const loopback = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

/**
 * What is wrong with a setting that can be read but must not be served with.
 * @returns what works and is probably not meant, in a line each
 * @throws Error with one clear line
 */
export function refuseUnsafe(env: Env): string[] {
  if (env.local) return [];
  if (!env.ENCRYPTION_KEYS) {
    throw new Error(
      'ENCRYPTION_KEYS is missing: with HOST or DATABASE_URL set, give a name and a key, main:… (openssl rand -base64 32), the same on every machine.',
    );
  }
  refuseWeak(env);
  if (env.HOST && !env.SMTP_URL && env.MAIL_OUTBOX === 'off') {
    throw new Error(
      'SMTP_URL is missing: without it no mail reaches anybody. To file mails in DATA_DIR/outbox instead, set MAIL_OUTBOX=on.',
    );
  }
  return [...publicUrlProblems(env), ...proxyProblems(env)];
}

/** @throws Error naming the variable, never its value */
function refuseWeak({ NEXTAUTH_SECRET: secret, ENCRYPTION_KEYS: keys, METRICS_TOKEN: token }: Env): void {
  const refuse = (name: string, why: string | undefined) => {
    if (why) throw new Error(`${name} ${why} (openssl rand -base64 32).`);
  };
  if (secret) refuse('NEXTAUTH_SECRET', weakSecret(secret));
  if (token) refuse('METRICS_TOKEN', weakSecret(token, 16));
  for (const [id, key] of keys ? parseKeys(keys).keys : []) {
    refuse(`ENCRYPTION_KEYS: key ${id}`, weakKey(key));
    const isShared = secret && Buffer.from(secret, 'base64').equals(key);
    refuse(`ENCRYPTION_KEYS: key ${id}`, isShared ? 'is NEXTAUTH_SECRET again: make one of its own' : undefined);
  }
}

function publicUrlProblems({ HOST, PUBLIC_URL, ALLOW_HTTP, ROLE }: Env): string[] {
  if (PUBLIC_URL && !/^https?:\/\/[^/?#\s]+$/.test(PUBLIC_URL)) {
    throw new Error('PUBLIC_URL is not an address: give scheme and host only, such as https://crm.example.com.');
  }
  if (!HOST || loopback.test(HOST) || ROLE === 'worker' || PUBLIC_URL?.startsWith('https:')) return [];
  if (ALLOW_HTTP === 'off') {
    throw new Error(
      'PUBLIC_URL must be an https address where HOST is not loopback: passwords would travel in the clear. On a network where nobody listens, set ALLOW_HTTP=on.',
    );
  }
  return ['ALLOW_HTTP=on: passwords and sessions travel in the clear.'];
}

function proxyProblems({ HOST, PUBLIC_URL, TRUST_PROXY }: Env): string[] {
  if (TRUST_PROXY === 0 && PUBLIC_URL?.startsWith('https:'))
    return [
      'TRUST_PROXY is 0 while PUBLIC_URL is https: behind a proxy everybody shares its address and its rate limits.',
    ];
  if (TRUST_PROXY > 0 && HOST && !PUBLIC_URL)
    return ['TRUST_PROXY is set without PUBLIC_URL: whoever reaches this port directly can forge their address.'];
  return [];
}

/**
 * The other database servers by name.
 * @throws Error with one clear line for what is no `name=address`
 */
export function shardsOf(given: string | undefined): Map<string, string> {
  const shards = new Map<string, string>();
  for (const each of given?.split(/\s+/).filter(Boolean) ?? []) {
    const [, name, address] = /^([a-z][a-z0-9_-]*)=(postgres(?:ql)?:\/\/.+)$/.exec(each) ?? [];
    if (!name || !address)
      throw new Error(
        'DATABASE_SHARDS is not valid: give name=postgres://… for each server, with blanks between them.',
      );
    shards.set(name, address);
  }
  return shards;
}
