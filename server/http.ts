import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fastifyCookie from '@fastify/cookie';
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { Refusal, refusalStatus } from '@/domain/refusals';
import type { RequestContext } from './core/context';
import type { Env } from './core/env';
import { newId } from './core/ids';
import type { Jobs } from './core/jobs';
import type { Log } from './core/log';
import type { Mailer } from './core/mail/mail';
import { outboxPage } from './core/mail/outbox-page';
import { renderMail } from './core/mail/templates';
import { readSession, sessionCookie } from './core/session';
import { uploadRoutes } from './imports/upload';
import { restRoutes } from './rest';
import { type AppRouter, appRouter } from './router';

export interface HttpDeps {
  env: Env;
  log: Log;
  jobs: Jobs;
  mailer: Mailer;
  /** Next's request handler; without it only the APIs answer (tests). */
  next?: (request: FastifyRequest['raw'], reply: FastifyReply['raw']) => Promise<void>;
  ready: () => Promise<string | undefined>;
  now: () => Date;
}

/** The Fastify server: it owns the port; Next stands behind it for the site, the shell's build and sign-in. */
export async function createHttp(deps: HttpDeps): Promise<FastifyInstance> {
  const { env } = deps;
  const app = Fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    // One line per request, ours, with the tenant.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => newId(),
    trustProxy: (_address: string, hop: number) => hop < env.TRUST_PROXY,
    bodyLimit: 1024 * 1024,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 2000 },
  });
  await app.register(fastifyCookie);
  addHeaders(app, deps);
  addLogging(app);
  addHealth(app, deps);
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  if (env.ROLE === 'worker') return app;
  app.addHook('onRequest', async (request) => {
    if (/^\/api\/(trpc|upload)\//.test(request.url)) refuseForeignOrigin(deps, request);
  });
  await app.register(fastifyTRPCPlugin, {
    prefix: '/api/trpc/:tenant',
    trpcOptions: {
      router: appRouter,
      createContext: ({ req }) => browserContext(deps, req),
      allowMethodOverride: false,
    },
  } satisfies FastifyTRPCPluginOptions<AppRouter>);
  await restRoutes(app, { makeContext: (request) => machineContext(deps, request) });
  await app.register(uploadRoutes, {
    context: (request) => browserContext(deps, request),
    maxBytes: env.UPLOAD_MAX_BYTES,
  });
  if (env.local && deps.mailer.outbox) addOutbox(app, deps.mailer.outbox);
  if (deps.next) await addNext(app, deps, deps.next);
  return app;
}

/** What a browser's call is: its cookie's session, the tenant in its address. */
export async function browserContext(deps: HttpDeps, request: FastifyRequest): Promise<RequestContext> {
  const sid = request.cookies[sessionCookie(isSecure(deps, request))];
  const { tenant } = request.params as { tenant?: string };
  return {
    ...commonContext(deps, request),
    tenantSlug: tenant && tenant !== '-' ? tenant : null,
    sid,
    session: await readSession(sid),
    apiKey: undefined,
    channel: 'screen',
  };
}

/** What a program's call is before its key is read: nobody. */
export function machineContext(deps: HttpDeps, request: FastifyRequest): RequestContext {
  return {
    ...commonContext(deps, request),
    tenantSlug: null,
    sid: undefined,
    session: undefined,
    apiKey: undefined,
    channel: 'api',
  };
}

/** The parts of a request's context that do not depend on the door. */
export function commonContext(deps: HttpDeps, request: FastifyRequest) {
  const accepts = request.headers['accept-language'] ?? '';
  return {
    requestId: request.id,
    ip: request.ip,
    userAgent: request.headers['user-agent'] ?? null,
    log: request.log as Log,
    now: deps.now,
    enqueue: deps.jobs.enqueue,
    sendMail: (job: Parameters<RequestContext['sendMail']>[0]) => deps.mailer.send(renderMail(job), job.key),
    publicUrl: publicUrl(deps, request),
    locale: /^zh\b/i.test(accepts) ? 'zh' : 'en',
  };
}

/** A request that may change something must come from a page of ours and carry JSON (security C1). */
export function refuseForeignOrigin(deps: HttpDeps, request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const own =
    site === 'same-origin' || (site === undefined && origin !== undefined && origin === publicUrl(deps, request));
  if (!own) throw new Refusal('forbidden', 'foreignOrigin');
}

function publicUrl(deps: HttpDeps, request: FastifyRequest): string {
  return deps.env.PUBLIC_URL ?? `${request.protocol}://${request.headers.host}`;
}

function isSecure(deps: HttpDeps, request: FastifyRequest): boolean {
  return publicUrl(deps, request).startsWith('https:');
}

/** Headers on every answer, errors and files included (security X1, X3). */
function addHeaders(app: FastifyInstance, deps: HttpDeps): void {
  app.addHook('onRequest', async (request, reply) => {
    const nonce = randomBytes(16).toString('base64');
    const development = deps.env.NODE_ENV === 'development';
    const policy = [
      "default-src 'self'",
      `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      `connect-src 'self'${development ? ' ws:' : ''}`,
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "form-action 'self'",
    ].join('; ');
    request.nonce = nonce;
    request.policy = policy;
    const set = reply.raw;
    set.setHeader('content-security-policy', policy);
    set.setHeader('x-content-type-options', 'nosniff');
    set.setHeader('referrer-policy', 'strict-origin-when-cross-origin');
    set.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()');
    set.setHeader('cross-origin-opener-policy', 'same-origin');
    set.setHeader('x-request-id', request.id);
    if (isSecure(deps, request)) set.setHeader('strict-transport-security', 'max-age=31536000; includeSubDomains');
    if (request.url.startsWith('/api/')) set.setHeader('cache-control', 'no-store');
  });
}

/** One line per request: method, route, tenant, status, milliseconds. Never a body, a cookie or a query. */
function addLogging(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const url = request.url.split('?')[0] ?? '';
    if (url.startsWith('/_next/') || url === '/livez' || url === '/readyz') return;
    const tenant = /^\/(?:t|api\/trpc)\/([^/]+)/.exec(url)?.[1];
    request.log.info(
      { method: request.method, url, tenant, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
  });
}

function addHealth(app: FastifyInstance, deps: HttpDeps): void {
  app.get('/livez', async () => ({ live: true }));
  app.get('/readyz', async (_, reply) => {
    const problem = await deps.ready();
    if (problem) return reply.code(503).send({ ready: false, problem });
    return { ready: true };
  });
}

/** Mails that were not sent, for whoever runs a local installation. */
function addOutbox(app: FastifyInstance, outbox: NonNullable<Mailer['outbox']>): void {
  app.get('/outbox.json', async () => outbox());
  app.get('/outbox', async (_, reply) => reply.type('text/html; charset=utf-8').send(outboxPage(await outbox())));
}

/** Everything else is Next's, but for the signed-in product: one static page, with this answer's nonce filled in. */
async function addNext(app: FastifyInstance, deps: HttpDeps, next: NonNullable<HttpDeps['next']>): Promise<void> {
  const shell = deps.env.NODE_ENV === 'development' ? undefined : await readShell(deps.env.NEXT_DIST_DIR);
  const pass = async (request: FastifyRequest, reply: FastifyReply) => {
    // Next reads the nonce from the policy on the request, the sign-in route the address Fastify trusts.
    Object.assign(request.raw.headers, {
      'content-security-policy': request.policy,
      'x-guanxi-ip': request.ip,
      'x-guanxi-secure': isSecure(deps, request) ? '1' : '0',
    });
    reply.hijack();
    await next(request.raw, reply.raw);
  };
  await app.register(async (site) => {
    // Next reads request bodies itself.
    site.removeAllContentTypeParsers();
    site.addContentTypeParser('*', (_request, _payload, done) => done(null));
    if (shell) {
      site.get('/t/*', async (request, reply) => {
        const theme =
          request.cookies.theme === 'dark' ? 'dark' : request.cookies.theme === 'light' ? 'light' : 'system';
        const lang =
          request.cookies.locale === 'zh' ||
          (!request.cookies.locale && /^zh\b/i.test(request.headers['accept-language'] ?? ''))
            ? 'zh'
            : 'en';
        reply.raw.setHeader('cache-control', 'no-store');
        return reply.type('text/html; charset=utf-8').send(shell({ nonce: request.nonce, theme, lang }));
      });
    }
    site.all('/*', pass);
  });
}

/** The prerendered shell as a function of what differs from answer to answer. */
async function readShell(distDir: string): Promise<(fill: { nonce: string; theme: string; lang: string }) => string> {
  const file = path.resolve(distDir, 'server/app/t/_.html');
  const html = await readFile(file, 'utf8');
  const marked = html
    .replace(/<script(?=[\s>])/g, '<script nonce="__NONCE__"')
    .replace(/<link(?=[^>]*as="script")/g, '<link nonce="__NONCE__"');
  const parts = marked.split(/(__NONCE__|__THEME__|__LANG__)/);
  return ({ nonce, theme, lang }) =>
    parts
      .map((part) => (part === '__NONCE__' ? nonce : part === '__THEME__' ? theme : part === '__LANG__' ? lang : part))
      .join('');
}

/** Errors outside tRPC: a refusal keeps its status, anything else tells nothing. */
function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = error instanceof Refusal ? error : undefined;
  const given = typeof error === 'object' && error && 'statusCode' in error ? Number(error.statusCode) : undefined;
  const status = refusal ? refusalStatus[refusal.kind] : given && given >= 400 && given < 500 ? given : 500;
  if (status === 500) request.log.error({ err: error }, 'request failed');
  if (refusal?.retryAfter) reply.header('retry-after', refusal.retryAfter);
  const code = refusal?.detail.code ?? (status === 413 ? 'tooLarge' : status < 500 ? 'invalid' : 'internal');
  return reply.code(status).send({
    error: {
      data: { refusal: { kind: refusal?.kind ?? 'internal', ...refusal?.detail, code, requestId: request.id } },
    },
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    nonce: string;
    policy: string;
  }
}
