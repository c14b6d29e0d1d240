import { count } from './metrics';

/** What a call ends with while the service it is for does not answer; `toRefusal` tells people. */
export class ServiceAway extends Error {
  readonly code = 'ESERVICEAWAY';
  /** Seconds until it is asked again. */
  readonly retryAfter: number;

  constructor(service: string, retryAfter: number) {
    super(`${service} does not answer; it is asked again in ${retryAfter} s`);
    this.retryAfter = retryAfter;
  }
}

export interface BreakerOptions {
  /** So many failures in a row, and the service counts as away. */
  failures?: number;
  /** Milliseconds it is left alone then. */
  restMs?: number;
  now?: () => number;
}

/** Runs a call to the service. @throws ServiceAway without calling while it is left alone; else what the call throws */
export type Breaker = <T>(call: () => Promise<T>) => Promise<T>;

/**
 * A circuit breaker (security O5): when a service beside ours fails again and again it is left alone for a while, so that
 * nobody waits for it in vain and it is not asked by everybody at once when it comes back. Then one call tries for all.
 * @param service its name, for logs and measures
 * @param isFault whether an error is the service's own trouble: an answer that says no is none
 */
export function breaker(
  service: string,
  isFault: (error: unknown) => boolean = () => true,
  { failures = 5, restMs = 15_000, now = Date.now }: BreakerOptions = {},
): Breaker {
  let failed = 0;
  let restsUntil = 0;
  return async (call) => {
    const left = restsUntil - now();
    if (failed >= failures && left > 0) {
      count.serviceAway.inc({ service });
      throw new ServiceAway(service, Math.ceil(left / 1000));
    }
    // Whoever comes while this one tries finds it at rest still.
    if (failed >= failures) restsUntil = now() + restMs;
    try {
      const answer = await call();
      failed = 0;
      return answer;
    } catch (error) {
      if (!isFault(error)) failed = 0;
      else if (++failed >= failures) restsUntil = now() + restMs;
      throw error;
    }
  };
}
