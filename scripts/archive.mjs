// `npm run archive` and `npm run unarchive`, also on a machine where nothing is installed yet.
import { runSource } from './source.mjs';

await runSource('server/archives/main.ts');
