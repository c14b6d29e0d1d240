import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import pino from 'pino';
import { readEnv } from '@/server/core/env';
import type { Mail } from '@/server/core/mail/mail';
import { sessionCookie } from '@/server/core/session';
import { createHttp } from '@/server/http';

export interface TestApp {
  app: FastifyInstance;
  /** Lines of its log, each without its end. */
  lines: string[];
  /** Mails sent outside of jobs. */
  mails: Mail[];
}

/** The server's HTTP side as it runs, without Next and without jobs: requests are injected, nothing listens. */
export async function testApp(
  env: Record<string, string> = {},
  more: Partial<Parameters<typeof createHttp>[0]> = {},
): Promise<TestApp> {
  const lines: string[] = [];
  const mails: Mail[] = [];
  const app = await createHttp({
    env: readEnv({ LOG_LEVEL: 'info', NODE_ENV: 'test', ...env }),
    log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
    jobs: { enqueue: async () => {}, enqueueGlobal: async () => {} },
    mailer: { send: async (mail) => void mails.push(mail) },
    ready: async () => undefined,
    now: () => new Date(),
    ...more,
  } as Parameters<typeof createHttp>[0]);
  return { app, lines, mails };
}

type Headers = Record<string, string | undefined>;
/** Headers given as undefined are left out. */
const filled = (headers: Headers) =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** A signed-in page's call. A text body is sent as it stands. */
export function screenCall(
  app: FastifyInstance,
  who: { slug: string; sid: string },
  path: string,
  body: unknown,
  headers: Headers = {},
  method: InjectOptions['method'] = 'POST',
): Promise<LightMyRequestResponse> {
  const isQuery = method === 'GET';
  const query = isQuery && body !== undefined ? `?input=${encodeURIComponent(asText(body))}` : '';
  return app.inject({
    method,
    url: `/api/trpc/${who.slug}/${path}${query}`,
    headers: filled({
      ...(isQuery ? {} : { 'content-type': 'application/json' }),
      'sec-fetch-site': 'same-origin',
      cookie: `${sessionCookie(false)}=${who.sid}`,
      ...headers,
    }),
    ...(isQuery || body === undefined ? {} : { payload: asText(body) }),
  });
}

/** A program's call with an API key. */
export function machineCall(
  app: FastifyInstance,
  key: string,
  method: InjectOptions['method'],
  path: string,
  body?: unknown,
  headers: Headers = {},
): Promise<LightMyRequestResponse> {
  return app.inject({
    method,
    url: `/api/v1${path}`,
    headers: filled({
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    }),
    ...(body === undefined ? {} : { payload: asText(body) }),
  });
}

const asText = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));

/** Which fields an answer of either door says are wrong, and how. */
export function wrongFields(response: LightMyRequestResponse): Record<string, string> {
  const body = response.json();
  const { fields = [] } = (body.error?.data?.refusal ?? body) as { fields?: { field: string; code: string }[] };
  return Object.fromEntries(fields.map(({ field, code }) => [field, code]));
}

/** The refusal's code, whichever door it came from. */
export function refusalCode(response: LightMyRequestResponse): string | undefined {
  const body = response.json();
  return (body.error?.data?.refusal?.code ?? body.code) as string | undefined;
}
