/**
 * The queues, by name. Migration creates them. A worker that is killed gives its job back when its heartbeat stops: 30
 * seconds, and at most 10 more until somebody looks. What is tried as often as its queue allows goes to `dead`. A job that
 * is over is kept for an hour only: its payload is of no use any more. Times are seconds.
 */
const kept = { heartbeatSeconds: 30, deleteAfterSeconds: 3600, retryBackoff: true };
const handled = { ...kept, deadLetter: 'dead' };

export const queues = {
  /** Before the queues that point to it. Writes down what was given up; nothing is behind it, so it does not give up soon. */
  dead: {
    ...kept,
    retryLimit: 60,
    retryDelay: 2,
    retryDelayMax: 3600,
    expireInSeconds: 60,
    deleteAfterSeconds: 7 * 86_400,
  },
  /** Two hours of tries: longer than most mail servers are down. */
  mail: { ...handled, retryLimit: 12, retryDelay: 3, retryDelayMax: 3600, expireInSeconds: 120 },
  /** Mails that somebody's account asks for: a job here makes one in `mail`, with the link that is written then. */
  accountMail: { ...handled, retryLimit: 12, retryDelay: 3, retryDelayMax: 3600, expireInSeconds: 60 },
  import: { ...handled, retryLimit: 20, retryDelay: 1, retryDelayMax: 300, expireInSeconds: 6 * 3600 },
  /** Files gone through without writing. */
  importCheck: { ...handled, retryLimit: 5, retryDelay: 1, retryDelayMax: 60, expireInSeconds: 6 * 3600 },
  /** Workbooks, vCards and zips taken apart into tables. */
  unpack: { ...handled, retryLimit: 5, retryDelay: 1, retryDelayMax: 60, expireInSeconds: 2 * 3600 },
  /** Lists written to files. */
  export: { ...handled, retryLimit: 20, retryDelay: 1, retryDelayMax: 300, expireInSeconds: 6 * 3600 },
  /** Whole workspaces written to a file, checked, and put back. */
  archive: { ...handled, retryLimit: 20, retryDelay: 1, retryDelayMax: 300, expireInSeconds: 24 * 3600 },
  /** Changes of all records of a list. */
  bulk: { ...handled, retryLimit: 20, retryDelay: 1, retryDelayMax: 300, expireInSeconds: 6 * 3600 },
  undo: { ...handled, retryLimit: 20, retryDelay: 1, retryDelayMax: 300, expireInSeconds: 6 * 3600 },
  /** Compares a tenant's records after its rules have changed. */
  duplicates: { ...handled, retryLimit: 20, retryDelay: 1, retryDelayMax: 300, expireInSeconds: 6 * 3600 },
  /** Search keys of what a large import has made. */
  searchKeys: { ...handled, retryLimit: 20, retryDelay: 1, retryDelayMax: 300, expireInSeconds: 6 * 3600 },
  /** Values of computed fields, after a field has changed. */
  compute: { ...handled, retryLimit: 20, retryDelay: 1, retryDelayMax: 300, expireInSeconds: 6 * 3600 },
  /** What is due by the clock: a job here makes one in `cronPart` per tenant. */
  cron: { ...handled, retryLimit: 10, retryDelay: 1, retryDelayMax: 60, expireInSeconds: 120 },
  /** `exclusive`: a tenant's part that is still under way is not begun a second time. */
  cronPart: {
    ...handled,
    deleteAfterSeconds: 600,
    policy: 'exclusive',
    retryLimit: 5,
    retryDelay: 10,
    retryDelayMax: 600,
    expireInSeconds: 3600,
  },
} as const;
export type QueueName = keyof typeof queues;
