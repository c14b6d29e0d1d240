import { prune as pruneOnce } from '@/db/global';

const batch = 5000;

/**
 * Removes what serves nobody any more: sessions that ended 30 days ago, tokens a day after their use or end, full
 * buckets of attempts, browsers not seen for 180 days.
 * @returns how many of each
 */
export async function prune(now = new Date()) {
  const sum = { sessions: 0, tokens: 0, attempts: 0, devices: 0 };
  for (;;) {
    const gone = await pruneOnce(now, batch);
    if (!gone) return sum;
    sum.sessions += gone.sessions;
    sum.tokens += gone.tokens;
    sum.attempts += gone.attempts;
    sum.devices += gone.devices;
    if (Math.max(gone.sessions, gone.tokens, gone.attempts, gone.devices) < batch) return sum;
  }
}
