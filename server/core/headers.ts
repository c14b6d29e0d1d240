import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Env } from './env';
import { isSecure } from './origin';

/** Headers on every answer, errors and files included (security X1, X3). */
export function addHeaders(app: FastifyInstance, env: Pick<Env, 'NODE_ENV' | 'PUBLIC_URL'>): void {
  // An address that cannot be read is refused before any hook runs.
  app.server.prependListener('request', (_request, response: ServerResponse) => {
    for (const [name, value] of Object.entries(fixed)) response.setHeader(name, value);
    response.setHeader('content-security-policy', nothing);
  });
  app.decorateRequest('nonce', '');
  app.decorateRequest('policy', nothing);
  app.addHook('onRequest', async (request, reply) => {
    const set = reply.raw;
    // What answers calls is no page: it may load nothing, and needs no nonce.
    if (!/^\/api\/(trpc|v1)\//.test(request.url)) {
      request.nonce = randomBytes(16).toString('base64');
      request.policy = policyOf(request.nonce, env.NODE_ENV === 'development');
    }
    // Set by the listener above, but for calls that came over no connection.
    if (!set.hasHeader('x-content-type-options'))
      for (const [name, value] of Object.entries(fixed)) set.setHeader(name, value);
    set.setHeader('content-security-policy', request.policy);
    set.setHeader('x-request-id', request.id);
    if (isSecure(env, request)) set.setHeader('strict-transport-security', 'max-age=31536000; includeSubDomains');
    if (/^\/(api|outbox)(?![a-z])/.test(request.url)) set.setHeader('cache-control', 'no-store');
  });
}

const nothing = "default-src 'none'; frame-ancestors 'none'";

const fixed = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** What a page may load and run: scripts and styles of ours, and those that carry this answer's nonce. */
function policyOf(nonce: string, development: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    // Next's tools for development put styles of their own into the page.
    development ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}' ${toastStyles.join(' ')}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    // Files of ours only: what a page may start by a nonce, a worker could not know.
    "worker-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join('; ');
}

/**
 * sonner makes its <style> without asking for a nonce, empty first: these are the hashes of nothing and of what it
 * puts there (tests/server/headers.test.ts tells the new one after an update).
 */
export const toastStyles = [
  "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
  "'sha256-StEaX+se6YS7pqjzrzMIA0KaX9zF/8zAhvQXZAe5epY='",
] as const;

declare module 'fastify' {
  interface FastifyRequest {
    nonce: string;
    policy: string;
  }
}
