import { openPool } from '@/db/pool';
import { startBus } from '@/server/core/bus';
import { rememberFor } from '@/server/core/session';
import { startSessionListener } from '@/server/core/session-listener';
import { openDoors } from './doors';

/** The doors as a process of their own, as one of several servers on a database: prints its port when it hears changes. */
const connectionString = process.env.TEST_DATABASE ?? '';
openPool({ connectionString, max: 4, waitMs: 20_000, onError: () => {} });
// Nothing grows old by itself while a test looks: only a message makes this process ask again.
rememberFor(3_600_000);
const app = await openDoors();
startSessionListener(connectionString, { warn: () => {} });
startBus(connectionString, { warn: () => {} });
await app.listen({ port: 0, host: '127.0.0.1' });
const address = app.server.address();
process.stdout.write(`port ${typeof address === 'object' ? address?.port : ''}\n`);
// With whoever started it.
process.stdin.on('end', () => process.exit(0)).resume();
