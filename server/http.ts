import fastifyCookie from '@fastify/cookie';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { notFound, Refusal, refusalStatus } from '@/domain/refusals';
import { addBuild, readShellBuild } from './app-files';
import { archiveRoutes } from './archives/doors';
import { attachmentRoutes } from './attachments/doors';
import { addAdmission, type Gates, makeGates } from './core/admission';
import { clientAddress } from './core/client-address';
import type { RequestContext } from './core/context';
import type { Env } from './core/env';
import { toRefusal } from './core/errors';
import { addGuards } from './core/guards';
import { addHeaders } from './core/headers';
import type { JobQueue } from './core/jobs';
import { type Log, requestLog } from './core/log';
import type { Mailer } from './core/mail/mail';
import { outboxPage } from './core/mail/outbox-page';
import { isSecure, publicUrl } from './core/origin';
import { addPlaces } from './core/places';
import { addLogging } from './core/request-log';
import { languageOf, say, waiting } from './core/say';
import { noteRefusal } from './core/security-signals';
import { readSession, sessionCookie } from './core/session';
import { putSession } from './core/session-cookie';
import { deviceCookie } from './core/sign-in';
import { requestIdOf } from './core/trace';
import { exportRoutes } from './exports/doors';
import { addHealth } from './health';
import { uploadRoutes } from './imports/upload';
import { liveRoutes } from './live/doors';
import { addMeasures } from './measures';
import { restRoutes } from './rest';
import { addNext } from './shell';
import { trpcRoutes } from './trpc-door';

export interface HttpDeps {
  env: Env;
  log: Log;
  jobs: JobQueue;
  mailer: Mailer;
  /** Next's request handler; without it only the APIs answer (tests). */
  next?: (request: FastifyRequest['raw'], reply: FastifyReply['raw']) => Promise<void>;
  ready: () => Promise<string | undefined>;
  /** Whether the process is about to end. */
  draining?: () => boolean;
  /** Who is let in; by the number of database connections when not given. */
  gates?: Gates;
  now: () => Date;
}

/** The Fastify server: it owns the port; Next stands behind it for the site, the shell's build and sign-in. */
export async function createHttp(deps: HttpDeps): Promise<FastifyInstance> {
  const { env } = deps;
  const app = Fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    // One line per request, ours, with the tenant.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: ({ headers }) => requestIdOf(headers),
    childLoggerFactory: (parent, { requestId }) => requestLog(parent as Log, requestId) as FastifyBaseLogger,
    trustProxy: (_address: string, hop: number) => hop < env.TRUST_PROXY,
    bodyLimit: 1024 * 1024,
    // The largest upload on a slow line; whoever sends slower than that only holds a connection.
    requestTimeout: 600_000,
    // Closing waits for requests that run.
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 2000 },
    // Addresses the router cannot read: Fastify would repeat them in its answer.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  });
  await app.register(fastifyCookie);
  addLogging(app);
  addHeaders(app, env);
  const build = deps.next && (await readShellBuild(env));
  if (build) addBuild(app, build);
  addPlaces(app, env);
  addHealth(app, deps);
  const gates = deps.gates ?? makeGates(env.DB_POOL);
  addMeasures(app, env, gates);
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  if (env.ROLE === 'worker') return app;
  addGuards(app, env);
  addAdmission(app, gates);
  await trpcRoutes(app, { context: (request, reply) => browserContext(deps, request, reply) });
  await restRoutes(app, { makeContext: (request) => machineContext(deps, request) });
  await app.register(uploadRoutes, {
    context: (request) => browserContext(deps, request),
    maxBytes: env.UPLOAD_MAX_BYTES,
  });
  await app.register(attachmentRoutes, {
    context: (request) => browserContext(deps, request),
    maxBytes: env.ATTACHMENT_MAX_BYTES,
  });
  await app.register(archiveRoutes, {
    context: (request) => browserContext(deps, request),
    maxBytes: env.ARCHIVE_MAX_BYTES,
  });
  await app.register(exportRoutes, { context: (request) => browserContext(deps, request) });
  await app.register(liveRoutes, { context: (request) => browserContext(deps, request), log: deps.log, now: deps.now });
  if (env.local && deps.mailer.outbox) addOutbox(app, deps.mailer.outbox);
  if (deps.next) await addNext(app, deps, deps.next, build);
  // Fastify's own answer repeats the address, and with it the token of a link.
  else app.setNotFoundHandler((request, reply) => answerError(notFound(), request, reply));
  return app;
}

/** What a browser's call is: its cookie's session, the tenant in its address. */
export async function browserContext(
  deps: HttpDeps,
  request: FastifyRequest,
  reply?: FastifyReply,
): Promise<RequestContext> {
  const secure = isSecure(deps.env, request);
  const sid = request.cookies[sessionCookie(secure)];
  const { tenant } = request.params as { tenant?: string };
  const session = await readSession(sid, deps.now());
  const membership = session?.tenants.find(({ slug }) => slug === tenant);
  if (membership) Object.assign(request.trace, { tenant, memberId: membership.memberId });
  return {
    ...commonContext(deps, request),
    tenantSlug: tenant && tenant !== '-' ? tenant : null,
    sid,
    device: request.cookies[deviceCookie(secure)],
    setSession: reply && ((next) => putSession(reply, secure, next, deps.now())),
    session,
    apiKey: undefined,
    channel: 'screen',
  };
}

/** What a program's call is before its key is read: nobody. */
export function machineContext(deps: HttpDeps, request: FastifyRequest): RequestContext {
  const { apiKey } = request;
  if (apiKey) Object.assign(request.trace, { tenant: apiKey.slug, memberId: apiKey.memberId });
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
    ip: clientAddress(request),
    tell: request.tell,
    idempotencyKey: request.headers['idempotency-key']?.toString(),
    userAgent: request.headers['user-agent'] ?? null,
    log: request.log as Log,
    now: deps.now,
    enqueue: deps.jobs.enqueue,
    sendMail: (mail: Parameters<RequestContext['sendMail']>[0]) => deps.jobs.enqueueGlobal('accountMail', { ...mail }),
    publicUrl: publicUrl(deps.env, request),
    locale: /^zh\b/i.test(accepts) ? 'zh' : 'en',
  };
}

/** Mails that were not sent, for whoever runs a local installation. */
function addOutbox(app: FastifyInstance, outbox: NonNullable<Mailer['outbox']>): void {
  app.get('/outbox.json', async () => outbox());
  app.get('/outbox', async (request, reply) =>
    reply.type('text/html; charset=utf-8').send(outboxPage(await outbox(), request.nonce)),
  );
}

/** Errors outside the procedures: a refusal keeps its status, anything else tells nothing. In the shape of tRPC's own. */
function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toRefusal(thrown) ?? thrown;
  const refusal = error instanceof Refusal ? error : undefined;
  const given = typeof error === 'object' && error && 'statusCode' in error ? Number(error.statusCode) : undefined;
  const status = refusal ? refusalStatus[refusal.kind] : given && given >= 400 && given < 500 ? given : 500;
  if (status === 500) request.log.error({ err: error }, 'request failed');
  if (refusal?.retryAfter) reply.header('retry-after', refusal.retryAfter);
  const code = refusal?.detail.code ?? (status === 413 ? 'tooLarge' : status < 500 ? 'invalid' : 'internal');
  noteRefusal(code);
  const params = { requestId: request.id, ...waiting(refusal?.retryAfter), ...refusal?.detail.params };
  return reply.code(status).send({
    error: {
      message: say(languageOf(request), code, params),
      // JSON-RPC's word for an error of the server; the screens read the refusal.
      code: -32603,
      data: {
        httpStatus: status,
        refusal: {
          kind: refusal?.kind ?? 'internal',
          ...refusal?.detail,
          code,
          retryAfter: refusal?.retryAfter,
          requestId: request.id,
        },
      },
    },
  });
}
