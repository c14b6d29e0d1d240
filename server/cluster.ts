import cluster from 'node:cluster';
import { once } from 'node:events';
import type { Env } from './core/env';
import { log } from './core/log';
import { gatherForCluster } from './core/metrics';

/**
 * Several web processes on one port. The first process owns the database and the data directory; the others serve.
 * Only the first child also takes jobs. A child that dies is replaced.
 * @returns how to end them, waiting for each to drain, and how to end them at once
 */
export function startCluster(
  env: Env,
  urls: { app: string; worker: string },
): { stop: () => Promise<void>; kill: () => void } {
  let stopping = false;
  gatherForCluster();
  const fork = (first: boolean) => {
    const child = cluster.fork({
      GUANXI_APP_URL: urls.app,
      GUANXI_WORKER_URL: urls.worker,
      ROLE: first ? env.ROLE : 'web',
      GUANXI_QUIET: first ? '' : '1',
    });
    child.on('exit', (code) => {
      if (stopping) return;
      log.error({ code }, 'a web process ended and is replaced');
      setTimeout(() => !stopping && fork(first), 1000).unref();
    });
  };
  for (let i = 0; i < env.WEB_CONCURRENCY; i++) fork(i === 0);
  const living = () => Object.values(cluster.workers ?? {}).flatMap((worker) => worker ?? []);
  return {
    async stop() {
      stopping = true;
      await Promise.all(
        living().map(async (worker) => {
          const ended = once(worker, 'exit');
          worker.process.kill('SIGTERM');
          await ended;
        }),
      );
    },
    kill() {
      for (const worker of living()) worker.process.kill('SIGKILL');
    },
  };
}
