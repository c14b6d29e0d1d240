import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientAddress } from './core/client-address';
import { isSecure } from './core/origin';
import type { HttpDeps } from './http';

/** Everything else is Next's, but for the signed-in product: one static page, with this answer's nonce filled in. */
export async function addNext(
  app: FastifyInstance,
  deps: HttpDeps,
  next: NonNullable<HttpDeps['next']>,
): Promise<void> {
  const shell = deps.env.NODE_ENV === 'development' ? undefined : await readShell(deps.env.NEXT_DIST_DIR);
  const pass = async (request: FastifyRequest, reply: FastifyReply) => {
    // Next reads the nonce from the policy on the request, the sign-in route the address Fastify trusts.
    Object.assign(request.raw.headers, {
      'content-security-policy': request.policy,
      'x-guanxi-ip': clientAddress(request),
      'x-guanxi-request': request.id,
      'x-guanxi-secure': isSecure(deps.env, request) ? '1' : '0',
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
