import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Env } from './core/env';

/** The signed-in product as it was built: its page, its service worker, and the name of this very build. */
export interface ShellBuild {
  id: string;
  html: string;
  /** The service worker with the build's files in front. */
  worker: string;
}

/** Icons the product is installed with, in `public`. */
const icons = [
  { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
  { src: '/app/icon-192.png', sizes: '192x192', type: 'image/png' },
  { src: '/app/icon-512.png', sizes: '512x512', type: 'image/png' },
  { src: '/app/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
];

/** Reads what Next built; undefined while developing, when Next itself serves the product. */
export async function readShellBuild(env: Pick<Env, 'NODE_ENV' | 'NEXT_DIST_DIR'>): Promise<ShellBuild | undefined> {
  if (env.NODE_ENV === 'development') return undefined;
  const folder = path.resolve(env.NEXT_DIST_DIR);
  const [html, code] = await Promise.all([
    readFile(path.join(folder, 'server/pages/t/[tenant]/[[...screen]].html'), 'utf8'),
    readFile(path.join(folder, 'sw.js'), 'utf8'),
  ]);
  const files = await filesOf(html, path.join(folder, 'static'));
  const urls = files.map((name) => `/_next/static/${name.split('/').map(encodeURIComponent).join('/')}`);
  const all = [...urls.sort(), ...icons.map(({ src }) => src)];
  const id = createHash('sha256').update(html).update(code).update(all.join()).digest('hex').slice(0, 12);
  return { id, html, worker: `const BUILD=${JSON.stringify(id)},FILES=${JSON.stringify(all)};\n${code}` };
}

/** Files the page loads, at once or later: those it names, those that these name, and so on. The others are the site's. */
async function filesOf(page: string, folder: string): Promise<string[]> {
  const built = new Set((await readdir(folder, { recursive: true })).map((name) => name.split(path.sep).join('/')));
  const found = new Set<string>();
  const follow = async (text: string): Promise<void> => {
    const named = [...text.matchAll(fileName)].map(([, name = '']) => decodeURIComponent(name));
    const next = named.filter((name) => built.has(name) && !found.has(name));
    for (const name of next) found.add(name);
    const texts = next.filter((name) => /\.(?:js|css)$/.test(name));
    await Promise.all(texts.map(async (name) => follow(await readFile(path.join(folder, name), 'utf8'))));
  };
  await follow(page);
  return [...found];
}

/** Scripts name others from the root of the build, styles their fonts from where they lie, one folder down. */
const fileName = /(?:static|\.\.)\/([\w.%[\]-]+(?:\/[\w.~%[\]-]+)+\.(?:js|css|svg|woff2))\b/g;

/** Every answer says which build gives it: a page of an older one fetches the newer (security G2). */
export function addBuild(app: FastifyInstance, build: ShellBuild): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.raw.setHeader('x-guanxi-build', build.id);
  });
}

/** What makes the product installable and open off line: the service worker, and a manifest for each workspace. */
export function addAppFiles(app: FastifyInstance, build: ShellBuild): void {
  app.get('/t/sw.js', (request, reply) => {
    const etag = `"${build.id}"`;
    reply.raw.setHeader('cache-control', 'no-cache');
    reply.header('etag', etag);
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type('text/javascript; charset=utf-8').send(build.worker);
  });
  app.get<{ Params: { tenant: string }; Querystring: { lang?: unknown } }>(
    '/t/:tenant/app.webmanifest',
    (request, reply) => {
      reply.raw.setHeader('cache-control', 'no-cache');
      const lang = request.query.lang === 'zh' ? 'zh' : 'en';
      return reply
        .type('application/manifest+json; charset=utf-8')
        .send(JSON.stringify(manifestOf(request.params.tenant, lang)));
    },
  );
}

/**
 * How an installed product begins: in the workspace it was installed from, and every workspace is inside it.
 * @see https://www.w3.org/TR/appmanifest/
 */
function manifestOf(tenant: string, lang: 'en' | 'zh') {
  const start = `/t/${encodeURIComponent(tenant)}`;
  return {
    id: start,
    ...names[lang],
    lang,
    start_url: start,
    scope: '/t/',
    display: 'standalone',
    // What stands in app/globals.css as the background of the light theme; the page itself says the rest.
    background_color: '#ffffff',
    theme_color: '#ffffff',
    icons,
  };
}

const names = {
  en: { name: 'Guanxi CRM', short_name: 'Guanxi' },
  zh: { name: '关系 CRM', short_name: '关系' },
};
