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
import { addHeaders } from './core/headers';
import { newId } from './core/ids';
import type { Jobs } from './core/jobs';
import type { Log } from './core/log';
import type { Mailer } from './core/mail/mail';
import { outboxPage } from './core/mail/outbox-page';
import { renderMail } from './core/mail/templates';
import { isSecure, publicUrl, refuseForeignOrigin } from './core/origin';
import { addLogging } from './core/request-log';
import { readSession, sessionCookie } from './core/session';
import { addHealth } from './health';
import { uploadRoutes } from './imports/upload';
import { restRoutes } from './rest';
import { type AppRouter, appRouter } from './router';
import { addNext } from './shell';

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
  addHeaders(app, env);
  addLogging(app);
  addHealth(app, deps);
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  if (env.ROLE === 'worker') return app;
  app.addHook('onRequest', async (request) => {
    if (/^\/api\/(trpc|upload)\//.test(request.url)) refuseForeignOrigin(env, request);
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
  const sid = request.cookies[sessionCookie(isSecure(deps.env, request))];
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
    publicUrl: publicUrl(deps.env, request),
    locale: /^zh\b/i.test(accepts) ? 'zh' : 'en',
  };
}

/** Mails that were not sent, for whoever runs a local installation. */
function addOutbox(app: FastifyInstance, outbox: NonNullable<Mailer['outbox']>): void {
  app.get('/outbox.json', async () => outbox());
  app.get('/outbox', async (_, reply) => reply.type('text/html; charset=utf-8').send(outboxPage(await outbox())));
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
