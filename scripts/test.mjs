// `npm test`: everything, on a machine that has nothing but Node and npm. Arguments go on to vitest.
//   --quick   leaves out the browser journeys with the builds they need, and the killing of processes
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build, install, node24, root } from './build.mjs';

process.chdir(root);
const args = process.argv.slice(2).filter((arg) => arg !== '--quick');
const env = { ...process.env };
let withBrowser = !process.argv.includes('--quick');
const withPooler = !process.argv.some((arg) => arg.startsWith('--project'));
let isComplete = true; // CI accepts nothing less

try {
  await install();
  if (withBrowser) {
    env.CHROMIUM = findChromium() ?? installChromium();
    if (!env.CHROMIUM) {
      isComplete = !env.CI;
      console.error('There is no Chromium here, and it cannot be installed: the browser journeys are SKIPPED.');
      withBrowser = false;
    }
  }
  if (withBrowser) {
    const { main, nextDir } = await build();
    Object.assign(env, { SERVER_BUNDLE: main, NEXT_DIST_DIR: nextDir });
  } else args.push('--project=!e2e');
  if (process.argv.includes('--quick')) args.push('--project=!chaos');
  else if (withPooler && !findProgram(['pgbouncer']) && !installed('pgbouncer')) {
    isComplete = !env.CI;
    console.error('There is no pgbouncer here, and it cannot be installed: the test with a pooler is SKIPPED.');
  }
  if (env.TEST_REPORT) args.push('--reporter=default', '--reporter=json', `--outputFile.json=${env.TEST_REPORT}`);
  const node = node24();
  env.PATH = `${path.dirname(node)}${path.delimiter}${env.PATH}`; // whatever a test starts gets the same Node
  const vitest = spawn(node, ['node_modules/vitest/vitest.mjs', 'run', ...args], { stdio: 'inherit', env });
  // In a terminal vitest hears Ctrl-C itself; it must have stopped its database before this process goes.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => vitest.kill('SIGTERM'));
  vitest.once('exit', (code) => process.exit(isComplete ? (code ?? 1) : code || 1));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function findChromium() {
  return process.env.CHROMIUM || findProgram(['chromium', 'chromium-browser', 'google-chrome']);
}

function findProgram(names) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin'];
  return folders.flatMap((dir) => names.map((name) => path.join(dir, name))).find((file) => fs.existsSync(file));
}

/** With the fonts that Chinese needs. */
function installChromium() {
  return installed('chromium', 'fonts-noto-cjk') ? findChromium() : undefined;
}

/** Installs packages from Debian, where this is root on it. */
function installed(...packages) {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return false;
  console.error(`Installing ${packages[0]} …`);
  const apt = (...words) =>
    spawnSync('apt-get', ['-qq', ...words], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  apt('update');
  return apt('install', '-y', '--no-install-recommends', ...packages);
}
