import { statfs } from 'node:fs/promises';
import type pg from 'pg';
import { migrationsCurrent } from '@/db/migrate';
import { openProbe } from '@/db/pool';
import { unsafeRole } from '@/db/roles';
import { queueFigures } from './jobs';
import type { Log } from './log';

export interface ReadinessOptions {
  connectionString: string;
  dataDir: string;
  /** Whether jobs that nobody takes make this process unfit: it is there for nothing else. */
  worker: boolean;
  log: Log;
}

export interface Readiness {
  /** What is wrong, parts by commas; undefined when requests may come. */
  check(): Promise<string | undefined>;
  /** From now on: not ready, for this process is ending. */
  drain(): void;
  close(): Promise<void>;
}

const answerMs = 2000;
/** Whoever asks more often gets the last answer. */
const keepMs = 1000;
const freeBytes = 200 * 1024 * 1024;
const oldestJobSeconds = 15 * 60;

/**
 * Whether this process may get requests. It asks on a connection of its own, so that being busy is not being unfit:
 * a balancer that took busy machines away would leave the rest with even more.
 */
export function createReadiness(options: ReadinessOptions): Readiness {
  const probe = openProbe({
    connectionString: options.connectionString,
    answerMs: answerMs - 200,
    onError: (error) => options.log.debug({ reason: error.message }, 'readiness connection'),
  });
  let draining = false;
  let last: { at: number; answer: Promise<string | undefined> } | undefined;

  async function ask(): Promise<string | undefined> {
    const parts = await Promise.all([
      within('database', databaseProblem(probe)),
      within('disk', diskProblem(options.dataDir)),
      options.worker ? within('jobs', jobsProblem()) : undefined,
    ]);
    return parts.filter(Boolean).join(', ') || undefined;
  }

  return {
    async check() {
      if (draining) return 'stopping';
      if (!last || Date.now() - last.at > keepMs) last = { at: Date.now(), answer: ask() };
      return last.answer;
    },
    drain() {
      draining = true;
    },
    close: () => probe.end(),
  };
}

/** A part that fails or does not answer in time is the part that is wrong. */
function within(part: string, problem: Promise<string | undefined>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(part), answerMs);
  });
  return Promise.race([problem.catch(() => part), late]).finally(() => clearTimeout(timer));
}

async function databaseProblem(probe: pg.Pool): Promise<string | undefined> {
  const { rows } = await probe.query<{ open: number }>(openTables);
  if (rows[0]?.open !== 0) return 'rowPolicies';
  if (await unsafeRole(probe)) return 'role';
  return (await migrationsCurrent(probe)) ? undefined : 'migrations';
}

/** Tables with a tenant whose rows are not behind the one policy. */
const openTables = `
  select count(*)::int as open from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
    and not (c.relrowsecurity and c.relforcerowsecurity
      and (select count(*) from pg_policy p where p.polrelid = c.oid) = 1)`;

async function diskProblem(dataDir: string): Promise<string | undefined> {
  const { bavail, bsize } = await statfs(dataDir);
  return bavail * bsize < freeBytes ? 'disk' : undefined;
}

async function jobsProblem(): Promise<string | undefined> {
  const figures = await queueFigures();
  return figures.some(({ oldestSeconds }) => oldestSeconds > oldestJobSeconds) ? 'jobs' : undefined;
}
