// `npm start` and, with --dev, `npm run dev`: prepares what is missing or stale, then hands over to Node 24.
import { spawn } from 'node:child_process';
import { build, install, node24, root } from './build.mjs';

const isDev = process.argv.includes('--dev');
process.chdir(root);

const { command, args, env } = await prepare().catch((error) => {
  console.error(error.message);
  process.exit(1);
});

// Node 24 can become the server itself: no wrapper stays in memory or between it and its signals.
if (process.execve) process.execve(command, [command, ...args], env);

// The first start of a clone comes from an older Node, which has to wait for its child.
const child = spawn(command, args, { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// npm killed outright cannot tell us; nobody would stop the server then.
const npm = process.env.npm_lifecycle_event && process.ppid;
if (npm) setInterval(() => process.ppid !== npm && child.kill('SIGTERM'), 500).unref();
child.once('exit', (code, signal) => {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
  if (signal) process.kill(process.pid, signal);
  else process.exit(code);
});

async function prepare() {
  await install();
  process.env.NEXT_TELEMETRY_DISABLED = '1';
  const command = node24();
  if (isDev) {
    const args = ['node_modules/tsx/dist/cli.mjs', 'watch', '--clear-screen=false', 'server/main.ts'];
    return { command, args, env: { ...process.env, NODE_ENV: 'development' } };
  }
  const { main, nextDir } = await build();
  const env = { ...process.env, NODE_ENV: process.env.NODE_ENV || 'production', NEXT_DIST_DIR: nextDir };
  return { command, args: ['--enable-source-maps', main], env };
}
