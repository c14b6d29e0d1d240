import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip as gzipWith } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '@/domain/refusals';
import { addAppFiles, type ShellBuild } from './app-files';
import { clientAddress } from './core/client-address';
import { isSecure } from './core/origin';
import type { HttpDeps } from './http';

const gzip = promisify(gzipWith);

/** Everything else is Next's, but for the signed-in product: one static page, with this answer's nonce filled in. */
export async function addNext(
  app: FastifyInstance,
  deps: HttpDeps,
  next: NonNullable<HttpDeps['next']>,
  build: ShellBuild | undefined,
): Promise<void> {
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
    if (build) {
      const shell = fillShell(build);
      addAppFiles(site, build);
      await addAssets(site, path.resolve(deps.env.NEXT_DIST_DIR, 'static'));
      site.get('/t/*', async (request, reply) => {
        const theme =
          request.cookies.theme === 'dark' ? 'dark' : request.cookies.theme === 'light' ? 'light' : 'system';
        const lang =
          request.cookies.locale === 'zh' ||
          (!request.cookies.locale && /^zh\b/i.test(request.headers['accept-language'] ?? ''))
            ? 'zh'
            : 'en';
        reply.raw.setHeader('cache-control', 'no-store');
        reply.raw.setHeader('vary', 'accept-encoding');
        reply.type('text/html; charset=utf-8');
        const html = shell({ nonce: request.nonce, theme, lang });
        if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(html);
        return reply.header('content-encoding', 'gzip').send(await gzip(html, { level: 4 }));
      });
    }
    site.all('/*', pass);
  });
}

/** The page Next built as a function of what differs from answer to answer. */
function fillShell({ id, html }: ShellBuild): (fill: { nonce: string; theme: string; lang: string }) => string {
  const parts = html.replaceAll('__BUILD__', id).split(/(__NONCE__|__THEME__|(?<=<html lang=")en)/);
  return ({ nonce, theme, lang }) =>
    parts
      .map((part) => (part === '__NONCE__' ? nonce : part === '__THEME__' ? theme : part === 'en' ? lang : part))
      .join('');
}

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Scripts, styles and fonts. The build compressed them; a name has the hash of what is in it. */
async function addAssets(app: FastifyInstance, folder: string): Promise<void> {
  const files = new Set(await readdir(folder, { recursive: true }));
  app.get<{ Params: { '*': string } }>('/_next/static/*', (request, reply) => {
    const name = request.params['*'];
    const type = types[path.extname(name)];
    if (!type || !files.has(name)) throw notFound();
    const accepted = request.headers['accept-encoding'] ?? '';
    const packed = encodings.find(({ coding, end }) => accepted.includes(coding) && files.has(name + end));
    reply.raw.setHeader('cache-control', 'public, max-age=31536000, immutable');
    reply.raw.setHeader('vary', 'accept-encoding');
    if (packed) reply.header('content-encoding', packed.coding);
    return reply.type(type).send(createReadStream(path.join(folder, name + (packed?.end ?? ''))));
  });
}

const encodings = [
  { coding: 'br', end: '.br' },
  { coding: 'gzip', end: '.gz' },
];
