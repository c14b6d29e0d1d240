// Runs a program from its source with Node 24, also on a machine where nothing is installed yet.
import { spawn } from 'node:child_process';
import { install, node24, root } from './build.mjs';

/** The program takes this process's arguments and signals, and its exit code is ours. */
export async function runSource(file) {
  process.chdir(root);
  try {
    await install();
    const child = spawn(node24(), ['--import', 'tsx', file, ...process.argv.slice(2)], { stdio: 'inherit', cwd: root });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.once('exit', (code) => process.exit(code ?? 1));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
