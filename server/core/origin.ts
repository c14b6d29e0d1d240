import type { FastifyRequest } from 'fastify';
import { Refusal } from '@/domain/refusals';
import type { Env } from './env';

type Site = Pick<Env, 'PUBLIC_URL'>;

/**
 * A request that may change something must come from a page of ours, and to the screens' calls as JSON: what another
 * site can send without being asked (a form, plain text) is never that (security C1). The doors are told apart by the
 * route that was matched, for an address can be spelt in many ways. Only the machines' door, which no cookie opens, is
 * for everybody.
 * @throws Refusal forbidden `foreignOrigin`, invalid `mediaType`
 */
export function refuseForgery(site: Site, request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const route = request.routeOptions.url ?? '';
  if (route.startsWith('/api/v1/')) return;
  const fetchSite = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const own =
    fetchSite === 'same-origin' ||
    (fetchSite === undefined && origin !== undefined && origin === publicUrl(site, request));
  if (!own) throw new Refusal('forbidden', 'foreignOrigin');
  if (route.startsWith('/api/trpc/') && !isJson(request)) throw new Refusal('invalid', 'mediaType');
}

const isJson = (request: FastifyRequest) => /^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '');

/** The address people reach the site under, without a trailing slash. */
export function publicUrl(site: Site, request: FastifyRequest): string {
  return site.PUBLIC_URL ?? `${request.protocol}://${request.headers.host}`;
}

/** Whether people reach the site by TLS, here or at the proxy in front. */
export function isSecure(site: Site, request: FastifyRequest): boolean {
  return publicUrl(site, request).startsWith('https:');
}
