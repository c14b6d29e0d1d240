import fs from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tenantBySlug } from '@/db/global';
import { migrate } from '@/db/migrate';
import { closePool, openPool } from '@/db/pool';
import { createApiKey } from '@/server/api-keys/api-keys';
import { inJob } from '@/server/core/job-work';
import { liftLimits } from '@/server/core/limits';
import { openSecrets } from '@/server/core/secrets';
import { connect, makeDatabase, migrationsFolder, query } from '../support/databases';
import { machineCall, testApp } from '../support/http';
import { callerOf, strangerContext, testKeys } from '../support/tenants';

// M3: people go on working while the next release's migrations run.

const outside = '-- outside a transaction';
const shipped = fs.readdirSync('db/migrations').filter((name) => name.endsWith('.sql')).length;
let database: Awaited<ReturnType<typeof makeDatabase>>;

beforeAll(async () => {
  liftLimits();
  database = await makeDatabase(`under_load_${process.pid}`);
  await migrate(database.migrator);
  // The first context opens the common database; this file's pool takes its place.
  strangerContext();
  openSecrets(testKeys);
  openPool({ connectionString: database.app, max: 6, waitMs: 2000, onError: () => {} });
});
afterAll(async () => {
  await closePool();
  await database?.drop();
});

it('M3: no request fails while columns, indexes, constraints and a backfill come to tables that are read and written', async () => {
  const { slug } = await callerOf(strangerContext()).account.signUp({
    company: 'Under load',
    name: 'Olivia Owner',
    email: 'olivia@under-load.example',
    password: 'correct horse battery',
    locale: 'en',
    timeZone: 'Etc/UTC',
    currency: 'USD',
  });
  const tenantId = (await tenantBySlug(slug))?.id ?? '';
  const [owner] = await query<{ id: string }>(database.superuser, 'select id from app.member');
  const actor = { tenantId, memberId: owner?.id ?? '', channel: 'screen' as const, requestId: 'load' };
  const { secret } = await inJob(
    actor,
    async () => {},
    'write',
    (work) => createApiKey(work, { name: 'load', access: 'write' }),
  );
  const { app } = await testApp();

  const statuses = new Map<string, number>();
  let calls = 0;
  let isOver = false;
  const say = async (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) => {
    const answer = await machineCall(app, secret, method, path, body);
    const told = `${method} ${answer.statusCode}${answer.statusCode < 300 ? '' : ` ${answer.body}`}`;
    statuses.set(told, (statuses.get(told) ?? 0) + 1);
    calls++;
    return answer.json();
  };
  const visitor = async (nr: number) => {
    while (!isOver) {
      const { id, version } = await say('POST', '/companies', { name: `Company ${nr} ${calls}` });
      await say('PATCH', `/companies/${id}`, { version, industry: 'Trade' });
      await say('GET', '/companies?limit=20');
    }
  };
  const visitors = [1, 2, 3, 4].map(visitor);
  const folder = migrationsFolder(shipped, {
    expand: `alter table app.company add column planted text;
--> statement-breakpoint
alter table app.change_set add column planted integer default 7;
--> statement-breakpoint
alter table app.company add constraint planted_short check (length(planted) < 100) not valid;`,
    index: `${outside}
create index concurrently if not exists planted_index on app.company (tenant_id, planted);
--> statement-breakpoint
select pg_sleep(0.3);
--> statement-breakpoint
create index concurrently if not exists planted_changes on app.change (tenant_id, at);`,
    backfill: `set local app.tenant_id = '${tenantId}';
--> statement-breakpoint
update app.company set planted = 'then' where tenant_id = '${tenantId}' and id in
  (select id from app.company where tenant_id = '${tenantId}' and planted is null limit 50);
--> statement-breakpoint
alter table app.company validate constraint planted_short;`,
  });
  try {
    const calledBefore = calls;
    await migrate(database.migrator, { folder });
    const during = calls - calledBefore;
    // What planned its statements before the columns came works after it, too.
    while (calls < calledBefore + during + 40) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(during).toBeGreaterThan(20);
  } finally {
    isOver = true;
    await Promise.all(visitors);
    await app.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
  expect([...statuses.keys()].sort()).toEqual(['GET 200', 'PATCH 200', 'POST 201']);
  const client = await connect(database.superuser);
  const { rows } = await client.query('select count(*)::int as n from app.company where planted is not null');
  await client.end();
  expect(rows[0].n).toBeGreaterThan(0);
});
