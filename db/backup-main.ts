import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { backUp, listBackups, prune } from './backup';
import { runningUrl, startEmbedded } from './embedded';
import { restore } from './restore';

// `npm run backup` and `npm run restore`: docs/operations.md says how to use them.

const usage = {
  backup: 'npm run backup -- --to DIR [--keep N] [--keys FILE] [--list] [--data DATA_DIR]',
  restore: 'npm run restore -- --from DIR --into DATA_DIR --keys FILE [--at 2026-11-23T10:00:00Z] [--force]',
};
const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(command: string | undefined, args: string[]): Promise<void> {
  if (command === 'backup') await backup(args);
  else await restoreFrom(args);
}

async function backup(args: string[]): Promise<void> {
  const { values } = parse('backup', args, {
    to: { type: 'string', default: process.env.BACKUP_DIR },
    data: { type: 'string', default: process.env.DATA_DIR || '.data' },
    keep: { type: 'string' },
    keys: { type: 'string' },
    list: { type: 'boolean' },
  });
  const { to, data, keep, keys, list } = values;
  if (!to) throw new Error(`Say where to, best on another disk: ${usage.backup}; or set BACKUP_DIR.`);
  if (list) return show(to);
  if (keep && !/^[1-9]\d*$/.test(keep)) throw new Error('--keep takes the number of backups that stay, 1 or more.');
  if (!fs.existsSync(path.join(data, 'postgres'))) throw new Error(`${data} holds no database of Guanxi's own.`);
  const secrets = path.join(data, 'secrets.json');
  if (keys && !path.relative(path.resolve(to), path.resolve(keys)).startsWith('..')) {
    throw new Error('Keys lie apart from the backup: whoever has both reads everything.');
  }
  const running = runningUrl(data);
  const own = running ? undefined : await startEmbedded(data, { archiveTo: process.env.BACKUP_DIR, log: () => {} });
  const url = running ?? own?.superuserUrl;
  if (!url) return;
  try {
    const since = Date.now();
    const { name, data: copied, files } = await backUp(data, url(), to);
    const bytes = [...Object.values(copied), ...Object.values(files)].reduce((sum, { size }) => sum + size, 0);
    say(`Backup ${name}: ${megabytes(bytes)} in ${((Date.now() - since) / 1000).toFixed(1)} s.`);
    for (const gone of keep ? await prune(data, to, Number(keep)) : []) say(`Removed ${gone}.`);
  } finally {
    await own?.stop();
  }
  if (keys) fs.copyFileSync(secrets, keys);
  if (keys) fs.chmodSync(keys, 0o600);
  else say(`The keys are not in it: keep a copy of ${secrets} elsewhere (--keys FILE). Without it nobody can restore.`);
}

async function show(to: string): Promise<void> {
  const backups = await listBackups(to);
  if (backups.length === 0) say(`${to} holds no complete backup.`);
  for (const { name, finishedAt, data, files, systemIdentifier } of backups) {
    const bytes = [...Object.values(data), ...Object.values(files)].reduce((sum, { size }) => sum + size, 0);
    say(`${name}  from ${finishedAt}${until(path.join(to, 'wal', systemIdentifier))}  ${megabytes(bytes)}`);
  }
}

/** Up to when the log reaches, by the time its newest piece was kept. */
function until(archive: string): string {
  const pieces = fs.existsSync(archive) ? fs.readdirSync(archive).filter((name) => name.endsWith('.gz')) : [];
  const newest = Math.max(0, ...pieces.map((name) => fs.statSync(path.join(archive, name)).mtimeMs));
  return newest ? ` to ${new Date(newest).toISOString()}` : '';
}

async function restoreFrom(args: string[]): Promise<void> {
  const { values } = parse('restore', args, {
    from: { type: 'string', default: process.env.BACKUP_DIR },
    into: { type: 'string' },
    at: { type: 'string' },
    keys: { type: 'string' },
    force: { type: 'boolean' },
  });
  const { from, into, at, keys, force } = values;
  if (!from || !into) throw new Error(`Say from where and into what: ${usage.restore}`);
  const moment = at === undefined ? undefined : new Date(at);
  // Without its zone a moment is another one on another machine.
  if (moment && (Number.isNaN(moment.getTime()) || !/(Z|[+-]\d\d:?\d\d)$/.test(at ?? ''))) {
    throw new Error(`--at takes a moment with its zone, such as 2026-11-23T10:00:00Z, not "${at}".`);
  }
  const since = Date.now();
  const { backup: used, aside } = await restore({ from, into, at: moment, keys, force, log: say });
  const state = moment ? `as of ${moment.toISOString()}` : 'with everything the log holds';
  say(`Restored ${used.name} into ${into}, ${state}, in ${((Date.now() - since) / 1000).toFixed(1)} s.`);
  if (aside) say(`What was there before is in ${path.join(into, aside)}.`);
}

type Flags = NonNullable<Parameters<typeof parseArgs>[0]>['options'];

function parse<T extends NonNullable<Flags>>(command: keyof typeof usage, args: string[], options: T) {
  try {
    return parseArgs({ args, options });
  } catch (error) {
    throw new Error(`${(error as Error).message.split('\n')[0]?.replace(/\.?$/, '.')} Usage: ${usage[command]}`);
  }
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

try {
  const [command, ...args] = process.argv.slice(2);
  await main(command, args);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
