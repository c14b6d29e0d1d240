// `npm run backup` and `npm run restore`, also on a machine where nothing is installed yet.
import { runSource } from './source.mjs';

await runSource('db/backup-main.ts');
