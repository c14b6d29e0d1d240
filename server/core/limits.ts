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

/** The server's bundle lifts them, Next's bundle (sign-in) has them too; they share the process. */
const holder = globalThis as typeof globalThis & { guanxiLimitsLifted?: boolean };

/** Lets everything through, for measurements of a local installation. */
export function liftLimits(): void {
  holder.guanxiLimitsLifted = true;
}

export const limitsLifted = (): boolean => holder.guanxiLimitsLifted === true;

/**
 * A token bucket per key: `burst` at once, refilled at `perMinute`. Buckets live in this process: with several the
 * limits are per process, which is enough to keep one caller from crowding out the others. Guessing passwords is
 * counted in the database instead, for all processes together.
 */
export class RateLimit {
  private readonly buckets = new Map<Key, Bucket>();
  readonly burst: number;
  readonly perMinute: number;
  /** What callers know it by, in the answer's headers. */
  readonly name: string;

  constructor(burst: number, perMinute: number, name = '') {
    this.burst = burst;
    this.perMinute = perMinute;
    this.name = name;
  }

  /**
   * Takes one token.
   * @returns how many are left
   * @throws Refusal tooMany with the seconds until the next one
   */
  take(key: Key, now = Date.now()): number {
    if (limitsLifted()) return this.burst;
    const bucket = this.buckets.get(key) ?? { tokens: this.burst, at: now };
    // A clock that is set back gives nothing and takes nothing.
    const minutes = Math.max(0, now - bucket.at) / 60_000;
    bucket.tokens = Math.min(this.burst, bucket.tokens + minutes * this.perMinute);
    bucket.at = now;
    // Put at the end again: the map's order is that of use, and the longest unused goes first when a flood of keys comes.
    this.buckets.delete(key);
    if (this.buckets.size >= 50_000) {
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

/** What every call meets on its way, from the outside in (security L1). */
export const limits = {
  /** All that comes from one address, known or not: an office behind one router has many people. */
  address: new RateLimit(1500, 9000, 'address'),
  /** Below the limit of the member in all, so that a key never locks its maker out of the screens. */
  key: new RateLimit(400, 2400, 'key'),
  user: new RateLimit(600, 3000, 'user'),
  tenant: new RateLimit(3000, 15_000, 'tenant'),
} as const;

/** Work that costs the database or the disk much more than a list does; counted per member beside `limits.user`. */
export const heavyLimits = {
  search: new RateLimit(120, 600, 'search'),
  // A browser that holds nothing yet asks for a hundred pages, once.
  mirror: new RateLimit(150, 120, 'mirror'),
  board: new RateLimit(120, 600, 'board'),
  reports: new RateLimit(60, 300, 'reports'),
  imports: new RateLimit(60, 60, 'imports'),
  duplicates: new RateLimit(120, 120, 'duplicates'),
  exports: new RateLimit(30, 10, 'exports'),
} as const;
/** How often somebody is told that a record they may not see is like what they type: no way to ask for many. */
export const hiddenDuplicates = new RateLimit(20, 1);

export type Heavy = keyof typeof heavyLimits;

/** Where a caller stands with a limit after one call. */
export interface Standing {
  limit: RateLimit;
  left: number;
}
export type Tell = (standing: Standing) => void;

/**
 * Takes a token and tells where that leaves the caller, also when it is refused.
 * @throws Refusal tooMany
 */
export function spend(limit: RateLimit, key: Key, tell?: Tell): void {
  try {
    const left = limit.take(key);
    tell?.({ limit, left });
  } catch (error) {
    tell?.({ limit, left: 0 });
    throw error;
  }
}
