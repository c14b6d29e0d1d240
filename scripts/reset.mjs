// `npm run db:reset`: the next start begins with an empty database.
import { removeEmbedded } from '../db/embedded.ts';

const dataDir = process.env.DATA_DIR || '.data';
await removeEmbedded(dataDir).then(
  () => console.log(`Removed the database in ${dataDir}.`),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
