import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { removeFolder } from '../support/folders';

const found = spawnSync('sh', ['-c', 'command -v pgbouncer || ls /usr/sbin/pgbouncer'], { encoding: 'utf8' });

/** The program, as `npm test` installs it from Debian; undefined where there is none. */
export const pgbouncer: string | undefined = found.status === 0 ? found.stdout.trim() : undefined;

/** What it does not do as root. */
const nobody = 65_534;

/**
 * pgbouncer in transaction mode in front of a server: a handful of connections to it, whoever comes.
 * @param urls addresses at the server, of one role each
 * @returns the same addresses through the pooler, and how to end it
 */
export async function startPooler(urls: string[], connections: number) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'guanxi-pooler-'));
  const [server, port] = [new URL(urls[0] ?? ''), await freePort()];
  const users = urls.map((url) => new URL(url)).map((url) => `"${url.username}" "${url.password}"`);
  const settings = `[databases]
* = host=${server.hostname} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${folder}/users
pool_mode = transaction
default_pool_size = ${connections}
max_client_conn = 500
`;
  writeFileSync(path.join(folder, 'users'), users.join('\n'));
  writeFileSync(path.join(folder, 'settings'), settings);
  const account = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : undefined;
  if (account) for (const name of ['', 'users', 'settings']) chownSync(path.join(folder, name), nobody, nobody);
  chmodSync(folder, 0o700);
  const child = spawn(pgbouncer ?? 'pgbouncer', [path.join(folder, 'settings')], { ...account, stdio: 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  const ended = once(child, 'exit');
  await Promise.race([
    (async () => {
      while (!/process up/.test(said)) await new Promise((resolve) => setTimeout(resolve, 20));
    })(),
    ended.then(() => Promise.reject(new Error(said))),
  ]);
  return {
    through(url: string): string {
      const pooled = new URL(url);
      pooled.port = String(port);
      return pooled.href;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await removeFolder(folder);
    },
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is one with a port.
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
