import { createHmac } from 'node:crypto';
import { attemptsGive, attemptsTake, type Bucket } from '@/db/global';
import { Refusal } from '@/domain/refusals';
import { authSecret } from './auth-secret';
import { addressKey } from './client-address';
import { limitsLifted } from './limits';

/** How often something may be tried: `burst` at once, then so many a minute. */
type Rate = [burst: number, perMinute: number];

/**
 * What is tried with an e-mail, and how often (docs/decisions/0011-sign-in-limits.md). `address` counts all that comes
 * from one place, `pair` one account from one place, `account` one account from anywhere. A browser its person has
 * signed in with before is counted by itself: however many strangers try, they do not use up its attempts.
 */
const rates = {
  password: { address: [60, 20], pair: [10, 2], account: [30, 1], device: [10, 2] },
  mail: { address: [20, 2], pair: [3, 0.1], account: [6, 0.2], device: [3, 0.1] },
} as const satisfies Record<string, Record<string, Rate>>;

export interface Attempt {
  email: string;
  ip: string;
  /** What the browser keeps of an earlier sign-in, once it is known to belong to this account. */
  knownDevice?: string;
}

/** Whether an attempt may be made; made for accounts that do not exist as well. @throws Refusal tooMany */
export async function throttle(
  kind: keyof typeof rates,
  { email, ip, knownDevice }: Attempt,
  now: Date,
): Promise<Allowed> {
  const account = email.trim().toLowerCase();
  const place = addressKey(ip);
  const rate = rates[kind];
  return take(
    knownDevice
      ? [bucket(rate.device, kind, 'device', account, knownDevice)]
      : [
          bucket(rate.address, kind, 'address', place),
          bucket(rate.pair, kind, 'pair', account, place),
          bucket(rate.account, kind, 'account', account),
        ],
    now,
  );
}

/** The same for what carries a secret instead of an e-mail: tokens of links. @throws Refusal tooMany */
export function throttleTokens(ip: string, now: Date): Promise<Allowed> {
  return take([bucket([60, 20], 'token', addressKey(ip))], now);
}

/** The same for a password asked of somebody who is signed in: nobody else can use these up. @throws Refusal tooMany */
export function throttlePerson(userId: string, now: Date): Promise<Allowed> {
  return take([bucket([10, 2], 'person', userId)], now);
}

export interface Allowed {
  /** The attempt was right after all, so it does not count. */
  giveBack(): Promise<unknown>;
}

async function take(buckets: Bucket[], now: Date): Promise<Allowed> {
  if (limitsLifted()) return { giveBack: async () => {} };
  const wait = await attemptsTake(buckets, now);
  if (wait > 0) throw new Refusal('tooMany', { code: 'rateLimited', params: { seconds: wait } }, wait);
  return { giveBack: () => attemptsGive(buckets) };
}

/** Named by a keyed hash: whoever reads the table cannot find out, by guessing either, whom somebody tried to be. */
function bucket([burst, perMinute]: Rate, ...parts: string[]): Bucket {
  const key = createHmac('sha256', authSecret()).update(JSON.stringify(parts)).digest('hex');
  return { key, burst, perMinute };
}
