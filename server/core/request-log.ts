import type { FastifyInstance } from 'fastify';
import { Caller, forCaller } from '@/db/caller';
import { type OpenSpan, openRequest } from './telemetry';
import { inTrace, type Trace } from './trace';

/**
 * Whatever a request does runs under its trace and for its caller: lines, change sets and jobs carry its ids, and a
 * query stops when the caller goes away. One line per request: method, route, tenant, status, milliseconds; never a
 * body, a cookie or a query.
 */
export function addLogging(app: FastifyInstance): void {
  app.decorateRequest('trace');
  app.decorateRequest('caller');
  app.decorateRequest('span');
  app.addHook('onRequest', (request, reply, done) => {
    const { trace, span } = openRequest(request.id, request.headers.traceparent, request.method);
    const caller = new Caller();
    Object.assign(request, { trace, span, caller });
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) caller.leave();
    });
    inTrace(trace, () => forCaller(caller, done));
  });
  app.addHook('onResponse', async (request, reply) => {
    // An address that cannot be read is refused before any hook of ours.
    if (!request.trace) return;
    const url = request.url.split('?')[0] ?? '';
    request.span?.end({ status: reply.statusCode, name: `${request.method} ${spanRoute(url)}` });
    if (url.startsWith('/_next/') || url === '/livez' || url === '/readyz' || url === '/metrics') return;
    const ms = Math.round(reply.elapsedTime);
    const tenant = tenantIn(url) ?? request.trace.tenant;
    const aborted = request.caller.gone || undefined;
    const line = { method: request.method, url, tenant, status: reply.statusCode, ms, aborted };
    inTrace(request.trace, () => request.log.info(line, 'request'));
  });
}

const tenantIn = (url: string) => /^\/(?:t|api\/trpc|api\/upload|api\/imports)\/([^/]+)/.exec(url)?.[1];

/** An address without what differs from call to call. */
const spanRoute = (url: string) =>
  url
    .replace(/^\/(t|api\/trpc|api\/upload|api\/imports)\/[^/]+/, '/$1/:tenant')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')
    .slice(0, 120);

declare module 'fastify' {
  interface FastifyRequest {
    trace: Trace;
    caller: Caller;
    span?: OpenSpan;
  }
}
