// `npm run db:distribute`, also on a machine where nothing is installed yet.
import { runSource } from './source.mjs';

await runSource('db/distribute-main.ts');
