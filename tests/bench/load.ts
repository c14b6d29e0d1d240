import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import autocannon, { type Request } from 'autocannon';

export interface Target {
  url: string;
  headers?: Record<string, string>;
  /** The next request; called once for each. */
  next: () => Request;
}

/** What one or several shots at a target gave. */
export interface Shot {
  requests: number;
  seconds: number;
  /** Milliseconds of every request. */
  times: number[];
  /** Processor seconds of the server, and of Postgres, meanwhile. */
  cpu: number;
  dbCpu: number;
}

export const nothing = (): Shot => ({ requests: 0, seconds: 0, times: [], cpu: 0, dbCpu: 0 });

export const together = (a: Shot, b: Shot): Shot => ({
  requests: a.requests + b.requests,
  seconds: a.seconds + b.seconds,
  times: a.times.concat(b.times),
  cpu: a.cpu + b.cpu,
  dbCpu: a.dbCpu + b.dbCpu,
});

/** How hard a target is asked. */
export interface Force {
  seconds: number;
  /** So many requests one after the other, however long they take, in place of as many as ten connections get. */
  amount?: number;
}

/** Asks as fast as is answered. @throws Error when an answer is not 2xx */
export async function shoot(
  target: Target,
  { seconds, amount }: Force,
  pid: number,
  postmaster: number,
): Promise<Shot> {
  const times: number[] = [];
  const cpu = processorSeconds(pid);
  const dbCpu = databaseSeconds(postmaster);
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    const instance = autocannon(
      {
        url: target.url,
        ...(amount ? { connections: 1, amount } : { connections: 10, duration: seconds }),
        timeout: 60,
        headers: target.headers,
        requests: [{ setupRequest: (request) => ({ ...request, ...target.next() }) }],
      },
      (error, result) => {
        if (error) reject(error);
        else if (result.non2xx + result.errors + result.timeouts > 0)
          reject(new Error(`${target.url}: ${result.non2xx} answers other than 2xx, ${result.errors} errors`));
        else resolve();
      },
    );
    instance.on('response', (_client: unknown, _status: number, _bytes: number, milliseconds: number) =>
      times.push(milliseconds),
    );
  });
  const elapsed = (performance.now() - started) / 1000;
  return {
    requests: times.length,
    seconds: elapsed,
    times,
    cpu: processorSeconds(pid) - cpu,
    dbCpu: databaseSeconds(postmaster) - dbCpu,
  };
}

/** The value below which this share of all lie. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) || 100;

/** Processor time a process has used so far, all its threads together. */
export function processorSeconds(pid: number): number {
  const fields = statOf(pid);
  return fields ? (Number(fields[11]) + Number(fields[12])) / ticksPerSecond : 0;
}

/** The same for Postgres: the postmaster, its connections, and those that have ended. */
export function databaseSeconds(postmaster: number): number {
  let sum = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statOf(Number(name));
    if (!fields || (Number(name) !== postmaster && Number(fields[1]) !== postmaster)) continue;
    sum += Number(fields[11]) + Number(fields[12]);
    if (Number(name) === postmaster) sum += Number(fields[13]) + Number(fields[14]);
  }
  return sum / ticksPerSecond;
}

/** Fields of /proc/<pid>/stat from the third on: state, parent, …; undefined when the process is gone. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Memory a process holds now, and the most it held, in megabytes. */
export function memory(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return { now: kilobytes('VmRSS') / 1024, peak: kilobytes('VmHWM') / 1024 };
}
