import { Refusal } from '@/domain/refusals';
import type { Key } from './keys';

/**
 * Runs at most `width` tasks at a time and lets at most `queue` wait.
 * @throws Refusal unavailable when the queue is full
 */
export function limited(width: number, queue: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async function run<T>(task: () => Promise<T>): Promise<T> {
    if (running >= width) {
      if (waiting.length >= queue) throw new Refusal('unavailable', 'busy', 1);
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    running++;
    try {
      return await task();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}

interface Bucket {
  tokens: number;
  at: number;
}

let lifted = false;

/** Lets everything through, for measurements of a local installation. */
export function liftLimits(): void {
  lifted = true;
}

/** A token bucket per key: `burst` at once, refilled at `perMinute`. */
export class RateLimit {
  private readonly buckets = new Map<Key, Bucket>();
  readonly burst: number;
  readonly perMinute: number;

  constructor(burst: number, perMinute: number) {
    this.burst = burst;
    this.perMinute = perMinute;
  }

  /**
   * Takes one token.
   * @returns how many are left
   * @throws Refusal tooMany with the seconds until the next one
   */
  take(key: Key, now = Date.now()): number {
    if (lifted) return this.burst;
    const bucket = this.buckets.get(key) ?? { tokens: this.burst, at: now };
    bucket.tokens = Math.min(this.burst, bucket.tokens + ((now - bucket.at) / 60_000) * this.perMinute);
    bucket.at = now;
    // The map never grows past what a flood of keys could make of it; the oldest go first.
    if (!this.buckets.has(key) && this.buckets.size >= 50_000) {
      const oldest = this.buckets.keys().next().value;
      if (oldest !== undefined) this.buckets.delete(oldest);
    }
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) {
      throw new Refusal('tooMany', 'rateLimited', Math.ceil(((1 - bucket.tokens) / this.perMinute) * 60));
    }
    bucket.tokens--;
    return Math.floor(bucket.tokens);
  }
}
