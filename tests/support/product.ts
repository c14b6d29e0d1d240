import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { removeFolder } from './folders';

declare module 'vitest' {
  interface ProvidedContext {
    product: {
      url: string;
      chromium: string | null;
      /** What it was started from. */
      build: { bundle: string; distDir: string };
      /** Where its database and its secrets lie. */
      dataDir: string;
      logins: { tenant: string; role: string; email: string; password: string }[];
    };
  }
}

/** The product as it is shipped, on a port and a data directory of its own: what the browser journeys use. */
export default async function setup(project: TestProject) {
  const { bundle, distDir } = await built();
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'guanxi-e2e-'));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PORT: '0',
    DATA_DIR: dataDir,
    NODE_ENV: 'production',
    NEXT_DIST_DIR: distDir,
    LOG_LEVEL: 'warn',
  };
  for (const name of ['HOST', 'DATABASE_URL', 'NEXTAUTH_SECRET', 'PUBLIC_URL', 'SMTP_URL', 'npm_lifecycle_event'])
    delete env[name];
  const server = spawn(process.execPath, ['--enable-source-maps', bundle], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { url, logins } = await address(server);
  project.provide('product', { url, build: { bundle, distDir }, chromium: findChromium(), dataDir, logins });
  return async () => {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
    await removeFolder(dataDir);
  };
}

async function built(): Promise<{ bundle: string; distDir: string }> {
  const { SERVER_BUNDLE, NEXT_DIST_DIR } = process.env;
  if (SERVER_BUNDLE && NEXT_DIST_DIR) return { bundle: SERVER_BUNDLE, distDir: NEXT_DIST_DIR };
  const script = path.resolve('scripts/build.mjs');
  const { build } = (await import(script)) as { build: () => Promise<{ main: string; nextDir: string }> };
  const { main, nextDir } = await build();
  return { bundle: main, distDir: nextDir };
}

/** What the server prints when it is ready: its address and the demo logins, a line each. */
function address(
  server: ChildProcess,
): Promise<{ url: string; logins: { tenant: string; role: string; email: string; password: string }[] }> {
  return new Promise((resolve, reject) => {
    let text = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      text += chunk;
      const match = /Guanxi is ready: (http:\S+)/.exec(text);
      if (!match?.[1]) return;
      const logins = [...text.matchAll(/^ {2}(.+) \((\w+)\): (\S+) \/ (\S+)$/gm)];
      resolve({
        url: match[1],
        logins: logins.map(([, tenant = '', role = '', email = '', password = '']) => ({
          tenant,
          role,
          email,
          password,
        })),
      });
    });
    server.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${text.slice(-2000)}`)));
  });
}

/** Debian's Chromium, or the one CHROMIUM names. In CI its absence is a failure, elsewhere the journeys are skipped. */
function findChromium(): string | null {
  const found = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
    (file) => file && existsSync(file),
  );
  if (!found && process.env.CI) throw new Error('No Chromium: browser journeys cannot run.');
  return found ?? null;
}
