// `npm run move`, also on a machine where nothing is installed yet.
import { runSource } from './source.mjs';

await runSource('server/moves/main.ts');
