import type { FastifyRequest } from 'fastify';
import { Refusal } from '@/domain/refusals';
import type { Env } from './env';

type Site = Pick<Env, 'PUBLIC_URL'>;

/** A request that may change something must come from a page of ours and carry JSON (security C1). */
export function refuseForeignOrigin(site: Site, request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const fetchSite = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const own =
    fetchSite === 'same-origin' ||
    (fetchSite === undefined && origin !== undefined && origin === publicUrl(site, request));
  if (!own) throw new Refusal('forbidden', 'foreignOrigin');
}

/** The address people reach the site under, without a trailing slash. */
export function publicUrl(site: Site, request: FastifyRequest): string {
  return site.PUBLIC_URL ?? `${request.protocol}://${request.headers.host}`;
}

/** Whether people reach the site by TLS, here or at the proxy in front. */
export function isSecure(site: Site, request: FastifyRequest): boolean {
  return publicUrl(site, request).startsWith('https:');
}
