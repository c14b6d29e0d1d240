// `npm run backup` and `npm run restore`, also on a machine where nothing is installed yet.
import { spawn } from 'node:child_process';
import { install, node24, root } from './build.mjs';

process.chdir(root);
try {
  await install();
  const child = spawn(node24(), ['--import', 'tsx', 'db/backup-main.ts', ...process.argv.slice(2)], {
    stdio: 'inherit',
    cwd: root,
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code) => process.exit(code ?? 1));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
