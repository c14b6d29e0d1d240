import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { removeEmbedded } from '@/db/embedded';
import { browserTimings } from './browser';
import { fanout } from './fanout';
import { type Filled, fill, fullSize, quickSize, refind } from './fill';
import { importContacts } from './import';
import { memory, nothing, percentile, type Shot, shoot, type Target, together } from './load';
import { localIndex } from './local-index';
import { type Account, databaseUrls, freePort, openAccount, type Product, signUp, startProduct } from './product';
import { works } from './works';

/**
 * `npm run bench`: the goals of speed, measured. Floor and product take turns in the same run on the same Postgres, for
 * only the ratio of the two means something on another machine.
 *   --quick       100 tenants, the measured one with 80,000 records; without it 1,000 tenants and 1,000,000 records
 *   --imports N,N rows of the files that are imported; 10,000 and 100,000 with --quick, ten times as many without it
 *   --only NAMES  works whose name begins so; several with commas between them
 *   --data DIR    a directory that is kept: filled the first time, found again the next
 *   --rounds, --seconds   how often floor and product take turns, and for how long each time
 *   --json FILE   the figures for a program
 *   --profile DIR keeps a processor profile of the server, made under load
 */
interface Row {
  name: string;
  rps?: number;
  floorRps?: number;
  ratio?: number;
  p50?: number;
  p95?: number;
  p99?: number;
  /** Processor time per request, in microseconds: of the server, and of Postgres. */
  cpuUs?: number;
  dbUs?: number;
  value?: number;
  unit?: string;
}

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    imports: { type: 'string' },
    data: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    json: { type: 'string' },
    profile: { type: 'string' },
  },
});
const size = options.quick ? quickSize : fullSize;
const rounds = Number(options.rounds ?? 2);
const imported = options.imports?.split(',').map(Number) ?? (options.quick ? [10_000, 100_000] : [100_000, 1_000_000]);
const seconds = Number(options.seconds ?? (options.quick ? 1.5 : 4));
const wanted = options.only.split(',');
const only = (name: string) => wanted.some((prefix) => name.startsWith(prefix));

const dataDir = options.data ? path.resolve(options.data) : await mkdtemp(path.join(os.tmpdir(), 'guanxi-bench-'));
await mkdir(dataDir, { recursive: true });
const rows: Row[] = [];
let product: Product | undefined;
let floor: ChildProcess | undefined;
try {
  say('starting the product on an empty directory');
  product = await startProduct(dataDir);
  rows.push({ name: 'start.first', value: Math.round(product.startMs), unit: 'ms' });
  const { account, filled } = await prepared(product.url);
  await product.stop();

  product = await startProduct(
    dataDir,
    options.profile ? ['--cpu-prof', '--cpu-prof-interval=200', `--cpu-prof-dir=${path.resolve(options.profile)}`] : [],
  );
  rows.push({ name: 'start', value: Math.round(product.startMs), unit: 'ms' });
  rows.push({ name: 'memory.idle', value: Math.round(memory(product.pid).now), unit: 'MB' });
  const urls = await databaseUrls(dataDir);
  const floorUrl = await startFloor(urls.app, filled.tenantId, filled.memberId);

  for (const work of works(filled, account)) {
    if (!only(work.name)) continue;
    say(work.name);
    const targets: Record<string, { target: Target; pid: number; shot: Shot }> = {
      floor: { target: { url: floorUrl, next: work.floor }, pid: floor?.pid ?? 0, shot: nothing() },
      rest: {
        target: {
          url: product.url,
          next: work.rest,
          headers: { authorization: `Bearer ${account.key}`, 'content-type': 'application/json' },
        },
        pid: product.pid,
        shot: nothing(),
      },
      trpc: {
        target: {
          url: product.url,
          next: work.trpc,
          headers: { cookie: account.cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
        },
        pid: product.pid,
        shot: nothing(),
      },
    };
    try {
      const amount = (times: number) => (work.whole ? times : undefined);
      for (const { target, pid } of Object.values(targets))
        await shoot(target, { seconds: 1, amount: amount(1) }, pid, urls.postmaster);
      for (let round = 0; round < rounds; round++) {
        for (const each of Object.values(targets))
          each.shot = together(
            each.shot,
            await shoot(each.target, { seconds, amount: amount(5) }, each.pid, urls.postmaster),
          );
      }
    } catch (error) {
      // The others are worth measuring all the same.
      say(`${work.name}: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
      continue;
    }
    const floorShot = targets.floor?.shot ?? nothing();
    rows.push(rowOf(`${work.name}.floor`, floorShot));
    for (const door of ['rest', 'trpc'])
      rows.push(rowOf(`${work.name}.${door}`, targets[door]?.shot ?? nothing(), floorShot));
  }
  for (const count of imported) {
    const name = `import.contacts.${count}`;
    if (!only(name)) continue;
    say(name);
    const place = { product, account, database: urls.app, postmaster: urls.postmaster, ...filled };
    rows.push(...(await importContacts(place, count)));
  }
  rows.push({ name: 'memory.load', value: Math.round(memory(product.pid).peak), unit: 'MB' });
  rows.push({ name: 'memory.floor', value: Math.round(memory(floor?.pid ?? 0).peak), unit: 'MB' });
  if (only('local.index')) rows.push(...localIndex());
  if (only('live')) {
    say('live.fanout');
    rows.push(...(await fanout(product, account, urls.superuser)));
  }
  if (only('sign-up')) rows.push(await signUps(product.url));
  if (only('browser')) {
    say('browser');
    try {
      rows.push(...(await browserTimings(product.url, account)));
    } catch (error) {
      say(`browser: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
} finally {
  floor?.kill();
  await product?.stop();
  if (!options.data) {
    await removeEmbedded(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  }
}
print(rows);
if (options.json) await writeFile(options.json, `${JSON.stringify(rows, null, 1)}\n`);

/** The account that asks, and what its tenant was filled with: now, or when the directory was used before. */
async function prepared(url: string): Promise<{ account: Account; filled: Filled }> {
  const file = path.join(dataDir, 'bench-account.json');
  const { superuser } = await databaseUrls(dataDir);
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known) {
    // Written below; a session outlives a run.
    const account = JSON.parse(known) as Account;
    return { account, filled: await refind(superuser, account.slug) };
  }
  const account = await openAccount(url);
  say(`filling ${size.tenants} tenants, one of them with ${size.contacts + size.companies + size.deals} records`);
  const began = performance.now();
  const filled = await fill(superuser, account.slug, size);
  rows.push({ name: 'fill', value: Math.round((performance.now() - began) / 1000), unit: 's' });
  await writeFile(file, JSON.stringify(account));
  return { account, filled };
}

async function startFloor(database: string, tenant: string, member: string): Promise<string> {
  const port = await freePort();
  floor = spawn(process.execPath, ['--import', 'tsx', 'tests/bench/floor.ts'], {
    env: {
      ...process.env,
      FLOOR_DATABASE: database,
      FLOOR_TENANT: tenant,
      FLOOR_MEMBER: member,
      FLOOR_PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (floor.stdout) await once(floor.stdout, 'data');
  return `http://127.0.0.1:${port}`;
}

/** One company after the other: the time until its tenant is ready. */
async function signUps(url: string): Promise<Row> {
  say('sign-up');
  const times: number[] = [];
  for (let i = 0; i < 12; i++) {
    const began = performance.now();
    await signUp(url);
    times.push(performance.now() - began);
  }
  return {
    name: 'sign-up',
    p50: round(percentile(times, 0.5)),
    p95: round(percentile(times, 0.95)),
    p99: round(percentile(times, 0.99)),
  };
}

function rowOf(name: string, shot: Shot, floorShot?: Shot): Row {
  const rps = shot.requests / shot.seconds;
  const floorRps = floorShot && floorShot.requests / floorShot.seconds;
  return {
    name,
    rps: Math.round(rps),
    ...(floorRps && rps ? { floorRps: Math.round(floorRps), ratio: round(floorRps / rps) } : {}),
    p50: round(percentile(shot.times, 0.5)),
    p95: round(percentile(shot.times, 0.95)),
    p99: round(percentile(shot.times, 0.99)),
    ...(shot.requests > 0
      ? {
          cpuUs: Math.round((shot.cpu / shot.requests) * 1e6),
          dbUs: Math.round((shot.dbCpu / shot.requests) * 1e6),
        }
      : {}),
  };
}

function print(all: Row[]): void {
  const columns = ['rps', 'floorRps', 'ratio', 'p50', 'p95', 'p99', 'cpuUs', 'dbUs'] as const;
  const line = (cells: (string | number)[]) =>
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(30) : String(cell).padStart(9))).join('');
  process.stdout.write(`${line(['', ...columns])}\n`);
  for (const row of all) {
    const cells = row.value === undefined ? columns.map((column) => row[column] ?? '') : [`${row.value} ${row.unit}`];
    process.stdout.write(`${line([row.name, ...cells])}\n`);
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}
