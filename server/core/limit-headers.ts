import type { ServerResponse } from 'node:http';
import type { Standing, Tell } from './limits';

/**
 * Writes where a caller stands into `RateLimit-Policy` and `RateLimit`
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/): each limit by its name, `q` calls at once
 * that come back within `w` seconds, `r` left, whole again after `t` seconds. Calls that travel together share an
 * answer; it shows the least that was left.
 */
export function limitHeaders(raw: ServerResponse): Tell {
  const known = standings.get(raw) ?? new Map<string, Standing>();
  standings.set(raw, known);
  return (standing) => {
    const { name } = standing.limit;
    const before = known.get(name);
    if (!name || (before && before.left <= standing.left)) return;
    known.set(name, standing);
    if (raw.headersSent) return;
    let rules = '';
    let shown = '';
    for (const { limit, left } of known.values()) {
      rules += `${rules ? ', ' : ''}${policyOf(limit)}`;
      shown += `${shown ? ', ' : ''}"${limit.name}";r=${left};t=${window(limit, left)}`;
    }
    raw.setHeader('ratelimit-policy', rules);
    raw.setHeader('ratelimit', shown);
  };
}

const policies = new WeakMap<Standing['limit'], string>();

/** What a limit is never changes: its words are made once. */
function policyOf(limit: Standing['limit']): string {
  let policy = policies.get(limit);
  if (!policy) {
    policy = `"${limit.name}";q=${limit.burst};w=${window(limit, 0)}`;
    policies.set(limit, policy);
  }
  return policy;
}

const standings = new WeakMap<ServerResponse, Map<string, Standing>>();

/** Seconds until a bucket with this much left is full. */
const window = ({ burst, perMinute }: Standing['limit'], left: number) => Math.ceil(((burst - left) / perMinute) * 60);
