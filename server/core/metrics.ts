import cluster from 'node:cluster';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { poolFigures } from '@/db/pool';
import { replicaLag } from '@/db/replica';

/**
 * What the process tells of itself, in Prometheus' text format. Labels hold routes, procedures, codes and queues: lists
 * that are known when the server starts. Never a tenant, a person or an id.
 */
const registry = new Registry();
const registers = [registry];

collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });

const requests = new Histogram({
  name: 'guanxi_http_request_duration_seconds',
  help: 'Requests by door, route or procedure, and status',
  labelNames: ['door', 'route', 'status'],
  buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers,
});
const jobs = new Histogram({
  name: 'guanxi_job_duration_seconds',
  help: 'Jobs by queue and outcome',
  labelNames: ['queue', 'outcome'],
  buckets: [0.01, 0.05, 0.25, 1, 5, 30, 120, 600],
  registers,
});

/** What is counted where it happens. */
export const count = {
  admissionRefused: new Counter({
    name: 'guanxi_admission_refused_total',
    help: 'Requests turned away because too many came at once',
    labelNames: ['gate', 'reason'],
    registers,
  }),
  serviceAway: new Counter({
    name: 'guanxi_service_away_total',
    help: 'Calls not made because the mail server or the file storage does not answer',
    labelNames: ['service'],
    registers,
  }),
  refusals: new Counter({
    name: 'guanxi_refusals_total',
    help: 'Answers that were no, by code',
    labelNames: ['code'],
    registers,
  }),
  callersGone: new Counter({
    name: 'guanxi_callers_gone_total',
    help: 'Requests whose caller went away before the answer',
    registers,
  }),
  /** kind: noTenant (a statement without a tenant), rowPolicy (a write across tenants), foreignIds (a caller who tries ids). */
  security: new Counter({
    name: 'guanxi_security_events_total',
    help: 'Signs that somebody or something tries to pass from one tenant to another',
    labelNames: ['kind'],
    registers,
  }),
};
for (const kind of ['noTenant', 'rowPolicy', 'foreignIds']) count.security.inc({ kind }, 0);

/** Notes an answered request. */
export function observeRequest(door: string, route: string, status: number, seconds: number): void {
  requests.observe({ door, route, status }, seconds);
}

/** Notes a job that has run. */
export function observeJob(queue: string, outcome: 'done' | 'failed', seconds: number): void {
  jobs.observe({ queue, outcome }, seconds);
}

/**
 * A figure that is asked for when somebody looks.
 * @param read the values and their labels; when it fails, the figure is left out
 */
export function gauge(
  name: string,
  help: string,
  labelNames: string[],
  read: () =>
    | Iterable<[labels: Record<string, string>, value: number]>
    | Promise<Iterable<[Record<string, string>, number]>>,
): void {
  if (registry.getSingleMetric(name)) registry.removeSingleMetric(name);
  new Gauge({
    name,
    help,
    labelNames,
    registers,
    async collect() {
      this.reset();
      try {
        for (const [labels, value] of await read()) this.set(labels, value);
      } catch {
        // Somebody looks just while the database is away: the other figures are what they came for.
      }
    },
  });
}

gauge('guanxi_db_connections', 'Connections to the database by pool and state', ['pool', 'state'], () =>
  poolFigures().flatMap(({ name, max, total, idle, waiting }): [Record<string, string>, number][] => [
    [{ pool: name, state: 'used' }, total - idle],
    [{ pool: name, state: 'idle' }, idle],
    [{ pool: name, state: 'max' }, max],
    [{ pool: name, state: 'waiting' }, waiting],
  ]),
);

gauge('guanxi_replica_lag_seconds', 'How far the replica is behind; absent while none answers', [], () => {
  const seconds = replicaLag();
  return seconds === undefined ? [] : [[{}, seconds]];
});

export const metricsType = registry.contentType;

/** All figures as text; of all processes where several serve one port. */
export function metricsText(): Promise<string> {
  return cluster.isWorker ? askFirstProcess() : registry.metrics();
}

/** Lets the first process gather this process's figures. Called where several serve one port, in each. */
export function joinCluster(): void {
  AggregatorRegistry.setRegistries(registry);
  // Answers the first process's questions from here on.
  new AggregatorRegistry();
}

interface Asked {
  guanxiMetrics: number;
  text?: string;
}
const isAsked = (message: unknown): message is Asked =>
  typeof message === 'object' && message !== null && 'guanxiMetrics' in message;

/** In the first process: gathers the figures of all when one of them is asked. */
export function gatherForCluster(): void {
  const all = new AggregatorRegistry();
  cluster.on('message', (worker, message: unknown) => {
    if (!isAsked(message)) return;
    const answer = (text: string) => worker.isConnected() && worker.send({ ...message, text });
    all.clusterMetrics().then(answer, () => answer(''));
  });
}

let asked = 0;

function askFirstProcess(): Promise<string> {
  const mine = ++asked;
  return new Promise((resolve) => {
    const listen = (message: unknown) => {
      if (!isAsked(message) || message.guanxiMetrics !== mine) return;
      process.off('message', listen);
      resolve(message.text ?? '');
    };
    process.on('message', listen);
    process.send?.({ guanxiMetrics: mine } satisfies Asked);
  });
}
