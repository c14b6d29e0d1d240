/**
 * The queues, by name. Migration creates them; a worker that is killed gives its job back when its heartbeat stops.
 * Times are seconds.
 */
export const queues = {
  mail: { retryLimit: 8, retryDelay: 5, retryBackoff: true, expireInSeconds: 120, heartbeatSeconds: 30 },
  import: { retryLimit: 20, retryDelay: 1, retryBackoff: false, expireInSeconds: 6 * 3600, heartbeatSeconds: 30 },
  undo: { retryLimit: 20, retryDelay: 1, retryBackoff: false, expireInSeconds: 6 * 3600, heartbeatSeconds: 30 },
} as const;
export type QueueName = keyof typeof queues;
