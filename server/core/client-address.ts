import net from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * The address a request came from: the socket's, or what the last trusted proxy saw (TRUST_PROXY counts them). Whatever
 * else stands in X-Forwarded-For was written by the caller and is not looked at (security L2). Always an address: a
 * proxy's port is taken off, an IPv4 address in IPv6's clothes becomes IPv4, anything else is the socket's.
 */
export function clientAddress(request: FastifyRequest): string {
  return plainAddress(request.ip) ?? plainAddress(request.socket.remoteAddress ?? '') ?? '0.0.0.0';
}

/** An address without port, brackets and zone; undefined for what is none. */
export function plainAddress(text: string): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/%[\w.-]*$/, '');
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped && net.isIPv4(mapped)) return mapped;
  if (net.isIPv4(address)) return address;
  return net.isIPv6(address) ? address.toLowerCase() : undefined;
}

/** What calls from an address are counted under: one household has a whole IPv6 /64 to call from. */
export function addressKey(address: string): string {
  if (!net.isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0');
  return `${[...groups, ...zeros, ...rest]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
