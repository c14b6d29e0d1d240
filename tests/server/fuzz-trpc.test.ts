import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { isRecordObject, objects, recordObjects } from '@/domain/objects';
import { liftLimits } from '@/server/core/limits';
import { asJson, assertDecent, damaged, fitting, fuzzSettings, hostileJson, type Ids, listings } from '../support/fuzz';
import { screenCall, testApp } from '../support/http';
import { inputs } from '../support/schemas';
import { createTestTenant, type TestTenant } from '../support/tenants';
import { furnish, refurnish } from '../support/world';

let app: FastifyInstance;
let lines: string[];
let tenant: TestTenant;
let ids: Ids;
let examples: Record<string, unknown[]>;

beforeAll(async () => {
  liftLimits();
  ({ app, lines } = await testApp());
});
afterAll(() => app.close());

/** Some procedures end the session or close the tenant: the next one gets a new one. */
async function ready(): Promise<void> {
  const alive = tenant && (await screenCall(app, tenant, 'tenant.boot', undefined, {}, 'GET')).statusCode === 200;
  if (!alive) {
    tenant = await createTestTenant();
    ({ ids, examples } = await furnish(tenant));
  } else ids = { ...ids, ...(await refurnish(tenant)) };
}

/** Name of the object a router is about: `id` means one of its own. */
const objectOf = (path: string) => {
  const [router = ''] = path.split('.');
  const found = Object.entries(objects).find(([, { plural }]) => plural === router)?.[0];
  return (
    found ??
    { imports: 'import', members: 'member', teams: 'team', pipelines: 'pipeline', apiKeys: 'key' }[router] ??
    'company'
  );
};

describe('I3, I4: every procedure answers whatever it is given', () => {
  it.each(inputs().map(({ path, type, input }) => [path, type, input] as const))(
    'I3 I4: %s',
    async (path, type, input) => {
      await ready();
      const own = { ...ids, id: ids[objectOf(path)] ?? '' };
      const given = (examples[path] ?? []).map((example) => damaged(fc.constant(example)));
      const fit = input ? fc.oneof(fitting(input, own), ...given) : hostileJson;
      const method = type === 'query' ? 'GET' : 'POST';
      const call = async (value: unknown, salt: number) => {
        const answer = await screenCall(app, tenant, path, asJson(value, salt), {}, method);
        assertDecent(answer, lines);
      };
      await fc.assert(fc.asyncProperty(fit, fc.nat(1000), call), fuzzSettings(14));
      await fc.assert(fc.asyncProperty(damaged(fit), fc.nat(1000), call), fuzzSettings(14));
    },
  );
});

describe('I4: every list answers any test of any field, in any order, from any place', () => {
  it.each(recordObjects)('I4: of a %s', async (object) => {
    await ready();
    const { fields, plural } = objects[object];
    const reached = Object.entries(fields).flatMap(([name, { to }]) =>
      to && isRecordObject(to) ? Object.keys(objects[to].fields).map((other) => `${name}.${other}`) : [],
    );
    const own = Object.keys(fields);
    const input = listings([...own, ...own, ...own, ...reached], ids);
    const call = async (value: unknown) =>
      assertDecent(await screenCall(app, tenant, `${plural}.list`, value, {}, 'GET'), lines);
    await fc.assert(fc.asyncProperty(input, call), fuzzSettings(150));
  });
});
