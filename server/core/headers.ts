import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Env } from './env';
import { isSecure } from './origin';

/** Headers on every answer, errors and files included (security X1, X3). */
export function addHeaders(app: FastifyInstance, env: Env): void {
  app.addHook('onRequest', async (request, reply) => {
    const nonce = randomBytes(16).toString('base64');
    const development = env.NODE_ENV === 'development';
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
    if (isSecure(env, request)) set.setHeader('strict-transport-security', 'max-age=31536000; includeSubDomains');
    if (request.url.startsWith('/api/')) set.setHeader('cache-control', 'no-store');
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    nonce: string;
    policy: string;
  }
}
