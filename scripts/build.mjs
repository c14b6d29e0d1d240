// What must be there before anything runs: the installed packages, Node 24, and the builds. Plain Node 20 without
// dependencies up to the point where the packages are installed.
//
// A build goes into a directory named after the hash of its inputs and is never written again, so that `npm test` or a
// second `npm start` cannot pull files away from under a running server.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);
const at = (...names) => path.join(root, ...names);

const SERVER = ['domain', 'server', 'db', 'package-lock.json', 'tsconfig.json', 'scripts/build.mjs'];
const SITE = ['app', 'pages', 'components', 'public', 'scripts/compile-words.cjs'];
const NEXT = [...SERVER, ...SITE, 'next.config.ts', 'postcss.config.mjs', 'tsconfig.next.json'];

/** Installs exactly what package-lock.json says, when node_modules says otherwise. */
export async function install() {
  if (isInstalled()) return;
  await exclusively('install', async () => {
    if (isInstalled()) return;
    console.error('Installing packages …');
    // Not `npm ci`: it takes every package away from under a running server, and it refuses a lock file written where
    // the packages for other platforms could not be had. This too installs what the lock file says, and keeps it.
    // The build needs the development packages, whatever NODE_ENV says.
    await run('npm', ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
    fs.writeFileSync(at('node_modules/.guanxi'), hash(['package-lock.json']));
  });
}

function isInstalled() {
  const stamp = at('node_modules/.guanxi');
  const wanted = hash(['package-lock.json']);
  if (read(stamp) === wanted) return true;
  // Somebody may have installed by hand: npm's own record tells what is there.
  const there = JSON.parse(read(at('node_modules/.package-lock.json')) || '{"packages":{}}').packages;
  const missing = Object.entries(JSON.parse(read(at('package-lock.json'))).packages).some(
    ([name, { version, optional, devOptional }]) =>
      name && (there[name] ? there[name].version !== version : !optional && !devOptional),
  );
  if (missing) return false;
  fs.writeFileSync(stamp, wanted);
  return true;
}

/** Several of the libraries refuse Node 20; the `node` package brings the one everything is tested with. */
export function node24() {
  const own = at('node_modules/node/bin/node');
  if (fs.existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error('Node 24 is missing: its install script did not run. Allow it with `npm rebuild node`.');
}

/** Builds what is stale and tells where it lies: `{ main, nextDir }`. `release` uses plain names, for an image. */
export async function build({ release = false } = {}) {
  const server = await artefact('server', 'dist', SERVER, release, bundleServer);
  const nextDir = await artefact('next', release ? '.next' : '.next/builds', NEXT, release, buildNext);
  return { main: at(server, 'main.mjs'), nextDir };
}

async function artefact(name, base, inputs, release, make) {
  const key = hash(inputs);
  const find = () =>
    release
      ? undefined
      : list(at(base)).find((entry) => entry.startsWith(key) && fs.existsSync(at(base, entry, 'complete')));
  const take = (entry) => {
    fs.writeFileSync(at(base, entry, `used-by-${process.pid}`), '');
    return path.join(base, entry);
  };
  const ready = find();
  if (ready) return take(ready);
  return exclusively(name, async () => {
    const meanwhile = find();
    if (meanwhile) return take(meanwhile);
    // The process number keeps apart what a killed build may still be writing.
    const entry = release ? '' : `${key}-${process.pid}`;
    const started = Date.now();
    console.error(`Building ${name} …`);
    await make(path.join(base, entry));
    console.error(`Built ${name} in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
    if (release) return base;
    fs.writeFileSync(at(base, entry, 'complete'), '');
    prune(base, entry);
    return take(entry);
  });
}

/** Keeps the build just made, the one before it, and whatever a living process uses. */
function prune(base, current) {
  const others = list(at(base))
    .filter((entry) => entry !== current && fs.statSync(at(base, entry)).isDirectory())
    .sort((a, b) => fs.statSync(at(base, b)).mtimeMs - fs.statSync(at(base, a)).mtimeMs);
  for (const entry of others.slice(1)) {
    const users = list(at(base, entry)).filter((file) => file.startsWith('used-by-'));
    if (users.some((file) => isAlive(Number(file.slice(8))))) continue;
    fs.rmSync(at(base, entry), { recursive: true, force: true });
  }
}

async function buildNext(outDir) {
  await run(node24(), [at('node_modules/next/dist/bin/next'), 'build'], {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    NEXT_DIST_DIR: outDir,
  });
  // Only a next build in the same directory would read it, and there is none.
  fs.rmSync(at(outDir, 'cache'), { recursive: true, force: true });
  await run(at('node_modules/esbuild/bin/esbuild'), [
    at('components/shell/service-worker.ts'),
    `--outfile=${at(outDir, 'sw.js')}`,
    '--bundle',
    '--minify',
    '--format=iife',
    '--target=es2022',
    '--log-level=warning',
  ]);
  // Of workers Turbopack leaves the source and its map beside what is run.
  for (const name of fs.readdirSync(at(outDir, 'static'), { recursive: true }))
    if (/\.(map|ts)$/.test(name)) fs.rmSync(at(outDir, 'static', name));
  await compress(at(outDir, 'static'));
}

/** Compresses scripts and styles once here, and not again with every answer (server/shell.ts sends what lies there). */
async function compress(folder) {
  const names = fs.readdirSync(folder, { recursive: true }).filter((name) => /\.(js|css|svg)$/.test(name));
  await Promise.all(
    names.map(async (name) => {
      const text = fs.readFileSync(path.join(folder, name));
      fs.writeFileSync(path.join(folder, `${name}.br`), await brotli(text));
      fs.writeFileSync(path.join(folder, `${name}.gz`), await gzip(text, { level: 9 }));
    }),
  );
}

// As a command: esbuild's service process would outlive the moment `npm start` turns into the server.
async function bundleServer(outDir) {
  const entries = [
    'main=server/main.ts',
    'migrate=db/migrate-main.ts',
    'archive=server/archives/main.ts',
    'move=server/moves/main.ts',
  ];
  await run(at('node_modules/esbuild/bin/esbuild'), [
    ...entries.filter((entry) => fs.existsSync(at(entry.split('=')[1]))),
    `--outdir=${outDir}`,
    '--out-extension:.js=.mjs',
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--target=node24',
    '--packages=external',
    '--sourcemap',
    '--log-level=warning',
  ]);
}

/** Runs a command to its end; rejects when it fails. */
export function run(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${path.basename(command)} ${args.join(' ')}: ${signal ?? code}`)),
    );
  });
}

/** One process at a time; the others wait and then find the work done. */
async function exclusively(name, work) {
  const file = at('.next', `${name}.lock`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (let waited = 0; ; waited++) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const owner = Number(read(file));
      if (owner && !isAlive(owner)) fs.rmSync(file, { force: true });
      else if (waited === 0) console.error(`Waiting for process ${owner}: ${name} …`);
      await sleep(200);
    }
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !/\) [ZX] /.test(read(`/proc/${pid}/stat`)); // a zombie answers too
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** By content, not by date: a checkout or a touched file is no change. */
function hash(inputs) {
  const sum = createHash('sha256');
  const add = (name) => {
    const stat = fs.statSync(at(name), { throwIfNoEntry: false });
    if (stat?.isDirectory()) for (const entry of list(at(name)).sort()) add(path.join(name, entry));
    else if (stat) sum.update(`${name}\0${stat.size}\0`).update(fs.readFileSync(at(name)));
  };
  inputs.forEach(add);
  return sum.digest('hex').slice(0, 16);
}

const read = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
const list = (dir) => (fs.existsSync(dir) ? fs.readdirSync(dir) : []);

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const release = process.argv.includes('--release');
  if (!release) await install();
  console.log(await build({ release }));
}
