import { z } from 'zod';

/** The one place that reads the process's environment. */
const schema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('production'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().optional(),
  DATA_DIR: z.string().default('.data'),
  /** The application's own role (crm_app): owns nothing, cannot pass by row policies. */
  DATABASE_URL: z.string().optional(),
  /** The jobs' role (crm_worker); DATABASE_URL when not set. */
  WORKER_DATABASE_URL: z.string().optional(),
  /** crm_migrator or a superuser: with it the server migrates at start, without it it only checks. */
  DATABASE_ADMIN_URL: z.string().optional(),
  DB_POOL: z.coerce.number().int().min(1).max(500).default(20),
  SMTP_URL: z.string().optional(),
  MAIL_FROM: z.string().default('Guanxi <no-reply@localhost>'),
  /** Address people reach the site under, without a trailing slash. */
  PUBLIC_URL: z.string().optional(),
  /** next-auth signs its own short-lived cookies (CSRF, OAuth state) with it. */
  NEXTAUTH_SECRET: z.string().optional(),
  ROLE: z.enum(['all', 'web', 'worker']).default('all'),
  WEB_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(1),
  /** `off` for measurements; believed on a local installation only. */
  RATE_LIMITS: z.enum(['on', 'off']).default('on'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  NEXT_DIST_DIR: z.string().default('.next'),
  /** Reverse proxies in front of us whose X-Forwarded-For is believed: a count of hops. */
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
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
