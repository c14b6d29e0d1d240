import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { readEnv } from '@/server/core/env';
import { sessionCookie } from '@/server/core/session';
import { createHttp } from '@/server/http';
import type { TestTenant } from './tenants';

/** The server's doors without a port, with the test's own clock. */
export function openDoors(now = () => new Date()): Promise<FastifyInstance> {
  return createHttp({
    env: readEnv({}),
    log: pino({ level: 'silent' }),
    jobs: { enqueue: async () => {}, enqueueGlobal: async () => {} },
    mailer: { send: async () => {} },
    ready: async () => undefined,
    now,
  });
}

export interface Answer {
  status: number;
  /** Code of the refusal, if it was one. */
  refused?: string;
  data?: unknown;
  /** What the answer put into the session cookie; empty when it took the cookie back. */
  sid?: string;
}

/** A person's browser in a tenant: its cookie is what the last answer made it. */
export class TestBrowser {
  sid: string;
  private readonly app: FastifyInstance;
  private readonly tenant: Pick<TestTenant, 'slug'>;

  constructor(app: FastifyInstance, tenant: Pick<TestTenant, 'slug'>, sid: string) {
    this.app = app;
    this.tenant = tenant;
    this.sid = sid;
  }

  async query(path: string, input?: unknown): Promise<Answer> {
    const given = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    return this.keep(
      await this.app.inject({ url: `/api/trpc/${this.tenant.slug}/${path}${given}`, headers: this.headers() }),
    );
  }

  async mutate(path: string, input?: unknown): Promise<Answer> {
    return this.keep(
      await this.app.inject({
        method: 'POST',
        url: `/api/trpc/${this.tenant.slug}/${path}`,
        headers: { ...this.headers(), 'content-type': 'application/json' },
        payload: input === undefined ? undefined : JSON.stringify(input),
      }),
    );
  }

  /** The status with which an upload is answered: 400 says that it came to the file, and there was none. */
  async upload(): Promise<number> {
    const { statusCode } = await this.app.inject({
      method: 'POST',
      url: `/api/upload/${this.tenant.slug}`,
      headers: { ...this.headers(), 'content-type': 'multipart/form-data; boundary=x' },
      payload: '--x--\r\n',
    });
    return statusCode;
  }

  /** The status with which the door of live changes is answered: 400 says that it came to what was said, and that was nothing. */
  async live(): Promise<number> {
    const { statusCode } = await this.app.inject({
      method: 'POST',
      url: `/api/live/${this.tenant.slug}/here`,
      headers: this.headers(),
      payload: {},
    });
    return statusCode;
  }

  private headers() {
    return { 'sec-fetch-site': 'same-origin', cookie: `${sessionCookie(false)}=${this.sid}` };
  }

  private keep(answer: Awaited<ReturnType<FastifyInstance['inject']>>): Answer {
    const cookie = [answer.headers['set-cookie'] ?? []].flat().find((each) => each.startsWith(sessionCookie(false)));
    const sid = cookie === undefined ? undefined : (/=([^;]*)/.exec(cookie)?.[1] ?? '');
    if (sid !== undefined) this.sid = sid;
    // The shape of tRPC's answers.
    const body = answer.json() as { result?: { data: unknown }; error?: { data: { refusal: { code: string } } } };
    return { status: answer.statusCode, refused: body.error?.data.refusal.code, data: body.result?.data, sid };
  }
}

/** The status with which a REST call with this key is answered. */
export async function restStatus(app: FastifyInstance, key: string): Promise<number> {
  const { statusCode } = await app.inject({ url: '/api/v1/companies', headers: { authorization: `Bearer ${key}` } });
  return statusCode;
}
