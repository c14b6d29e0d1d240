import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { placeCluster, startEmbedded } from '@/db/embedded';
import { removeFolder } from '../support/folders';

/**
 * A second Postgres that streams from a first: its files copied while it runs, as pg_basebackup does
 * (https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP).
 * @param primary the superuser's address, and the folder of its cluster
 */
export async function startStandby(primary: { superuserUrl: string; data: string }) {
  const root = new pg.Client({ connectionString: primary.superuserUrl });
  await root.connect();
  // What the standby has not fetched yet stays.
  await root.query("alter system set wal_keep_size = '256MB'");
  await root.query('select pg_reload_conf()');
  await root.query("select pg_backup_start('standby', true)");
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'guanxi-standby-'));
  await chmod(dataDir, 0o755);
  const { password, hostname, port } = new URL(primary.superuserUrl);
  const from = realpathSync(primary.data);
  await placeCluster(dataDir, async (data) => {
    const left = /^(postmaster\.(pid|opts)|pg_wal\/.*|pg_replslot\/.*|base\/pgsql_tmp.*)$/;
    cpSync(from, data, { recursive: true, filter: (file) => !left.test(path.relative(from, file)) });
    mkdirSync(path.join(data, 'pg_wal/archive_status'), { recursive: true });
    const { rows } = await root.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    writeFileSync(path.join(data, 'backup_label'), rows[0]?.labelfile ?? '');
    writeFileSync(path.join(data, 'standby.signal'), '');
  });
  writeFileSync(path.join(dataDir, 'secrets.json'), JSON.stringify({ postgres: password }));
  await root.end();
  const embedded = await startEmbedded(dataDir, {
    throwaway: true,
    settings: { primary_conninfo: `host=${hostname} port=${port} user=postgres password=${password}` },
    log: () => {},
  });
  return {
    port: new URL(embedded.superuserUrl()).port,
    superuserUrl: embedded.superuserUrl('guanxi'),
    /** As power cuts do, and again for as long as it takes to be noticed; then it comes up by itself. */
    async kill(ms: number) {
      for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) {
        try {
          const [pid] = readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n');
          if (pid) process.kill(Number(pid), 'SIGKILL');
        } catch {
          // It is not up yet.
        }
      }
    },
    async stop() {
      await embedded.stop();
      await removeFolder(dataDir);
    },
  };
}

/** A line to a server that can be held: nothing passes, and nobody is told. */
export async function startLine(port: string) {
  const ends = new Set<net.Socket>();
  let held = false;
  const line = net.createServer((near) => {
    const far = net.connect(Number(port), '127.0.0.1');
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(end);
      if (held) end.pause();
      end.on('data', (chunk) => other.write(chunk));
      end.on('error', () => {});
      end.on('close', () => {
        ends.delete(end);
        other.destroy();
      });
    }
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  return {
    // A TCP server's address is one with a port.
    port: String((line.address() as net.AddressInfo).port),
    hold() {
      held = true;
      for (const end of ends) end.pause();
    },
    release() {
      held = false;
      for (const end of ends) end.resume();
    },
    close() {
      line.close();
      for (const end of ends) end.destroy();
    },
  };
}
