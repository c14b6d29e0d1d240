import { parseArgs } from 'node:util';
import { abandonMove, type Move, moveTenant, removeMoved } from '@/db/move';
import { readEnv } from '../core/env';

// `npm run move`: docs/scale.md says how to use it.

const usage =
  'Usage: npm run move -- --tenant ADDRESS --to SERVER [--pause SECONDS] [--source URL] [--abandon | --remove]';
const print = (line: string) => process.stdout.write(`${line}\n`);
const stopping = new AbortController();

async function main(): Promise<void> {
  const { tenant, to, pause, source, abandon, remove } = parsed();
  const pauseSeconds = Number(pause ?? 30);
  if (!tenant || !to || !(pauseSeconds >= 1 && pauseSeconds <= 3600)) throw new Error(usage);
  const env = readEnv();
  if (!env.DATABASE_ADMIN_URL || !env.SHARD_ADMIN_URL)
    throw new Error(
      'Set DATABASE_ADMIN_URL and SHARD_ADMIN_URL: superusers of the server the tenant is on and of the other.',
    );
  const move: Move = {
    from: env.DATABASE_ADMIN_URL,
    to: env.SHARD_ADMIN_URL,
    source,
    shard: to,
    slug: tenant,
    pauseSeconds,
    log: print,
    signal: stopping.signal,
  };
  if (abandon) {
    await abandonMove(move);
    print(`${tenant} stays where it is; nothing of it is left on ${to}.`);
  } else if (remove) print(`${await removeMoved(move)} rows that ${tenant} had left behind are removed.`);
  else {
    const { rows, pauseMs } = await moveTenant(move);
    print(pauseMs > 0 ? `${rows} rows moved; nothing could be written for ${pauseMs} ms.` : 'The move is complete.');
  }
}

function parsed() {
  try {
    return parseArgs({
      options: {
        tenant: { type: 'string' },
        to: { type: 'string' },
        pause: { type: 'string' },
        source: { type: 'string' },
        abandon: { type: 'boolean' },
        remove: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new Error(`${(error as Error).message.split('\n')[0]} ${usage}`);
  }
}

for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.on(name, () => stopping.abort(new Error('Stopped. The same command goes on where it was.')));
try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
