import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pruneKeys } from '@/server/core/idempotency';
import { newId } from '@/server/core/ids';
import { machineCall, screenCall, testApp } from '../support/http';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

/** H4: a change that is asked for twice under one key is carried out once. */
let app: FastifyInstance;
let tenant: TestTenant;
let key: string;

beforeAll(async () => {
  ({ app } = await testApp());
});
afterAll(() => app.close());
beforeEach(async () => {
  tenant = await createTestTenant();
  key = (await tenant.api.apiKeys.create({ name: 'test', access: 'write' })).secret;
});

const post = async (name: unknown, idempotencyKey: string, secret = key) => {
  const answer = await machineCall(app, secret, 'POST', '/companies', { name }, { 'idempotency-key': idempotencyKey });
  return { status: answer.statusCode, body: answer.json() };
};
const screen = async (path: string, input: unknown, idempotencyKey: string) => {
  const answer = await screenCall(app, tenant, path, input, { 'idempotency-key': idempotencyKey });
  return answer.json();
};
const count = async () => (await tenant.api.companies.count({})).count;
const sets = (verb: string) =>
  superuser(async (client) => {
    const { rows } = await client.query(
      'select count(*)::int as n from app.change_set where tenant_id = $1 and verb = $2 and channel <> $3',
      [tenant.tenantId, verb, 'system'],
    );
    return rows[0].n;
  });

describe('a change with an Idempotency-Key (H4)', () => {
  it('is carried out once and answered alike, one after another and eight at a time', async () => {
    const first = await post('Acme', 'one');
    expect(first).toMatchObject({ status: 201, body: { id: expect.any(String) } });
    expect(await post('Acme', '"one"')).toEqual(first);
    const together = await Promise.all(Array.from({ length: 8 }, () => post('Blue', 'two')));
    expect(new Set(together.map(({ status, body }) => `${status} ${body.id} ${body.changeSetId}`)).size).toBe(1);
    expect(together[0]?.status).toBe(201);
    expect(await count()).toBe(2);
    expect(await sets('create')).toBe(2);
  });

  it('is refused when the key was for another call, and a key of somebody else is another key', async () => {
    await post('Acme', 'one');
    expect(await post('Other', 'one')).toMatchObject({ status: 409, body: { code: 'keyReused' } });
    const other = await createTestTenant();
    const theirs = (await other.api.apiKeys.create({ name: 'test', access: 'write' })).secret;
    expect(await post('Other', 'one', theirs)).toMatchObject({ status: 201 });
    expect(await count()).toBe(1);
  });

  it('leaves the key free when it is refused', async () => {
    expect(await post('', 'one')).toMatchObject({ status: 400 });
    expect(await post('Acme', 'one')).toMatchObject({ status: 201 });
  });

  it('takes no key of the wrong form, and none where the answer is a secret', async () => {
    for (const wrong of ['', 'two words', 'x'.repeat(201)])
      expect(await post('Acme', wrong), wrong).toMatchObject({ status: 400, body: { code: 'badIdempotencyKey' } });
    const invited = await screen('members.invite', { email: 'a@example.com', role: 'member' }, 'one');
    expect(invited.error.data.refusal).toMatchObject({ kind: 'invalid', code: 'keyNotTaken' });
    expect(await count()).toBe(0);
  });

  it('holds for the screens too; keys are forgotten after a month', async () => {
    const id = newId();
    const input = { values: { name: 'Acme' }, id };
    const first = await screen('companies.create', input, 'one');
    expect(first.result.data).toMatchObject({ id });
    expect(await screen('companies.create', input, 'one')).toEqual(first);
    // Another key is another call; the id is taken.
    const again = await screen('companies.create', input, 'two');
    expect(again.error.data.refusal).toMatchObject({ kind: 'conflict', code: 'taken' });
    await pruneKeys(tenant.tenantId, new Date(Date.now() + 31 * 86_400_000));
    expect((await screen('companies.create', input, 'one')).error.data.refusal).toMatchObject({ code: 'taken' });
    expect(await count()).toBe(1);
  });
});

describe('a change made upon values that are no more', () => {
  it('is refused where somebody else has changed those very fields, whatever else they changed', async () => {
    const colleague = await tenant.person('admin');
    const { id } = await tenant.api.companies.create({ values: { name: 'Acme', industry: 'Boats' } });
    await colleague.api.companies.update({ id, values: { phone: '+1 555 0100' } });
    // Another field: nobody is in anybody's way.
    await tenant.api.companies.update({ id, values: { name: 'Acme 1' }, base: { name: 'Acme' } });
    await colleague.api.companies.update({ id, values: { name: 'Theirs', industry: 'Ships' } });
    const stale = { id, values: { name: 'Mine', industry: 'Ships' }, base: { name: 'Acme 1', industry: 'Boats' } };
    await expect(tenant.api.companies.update(stale)).rejects.toMatchObject({
      cause: { kind: 'conflict', detail: { code: 'changedMeanwhile', params: { fields: 'name' } } },
    });
    // Their own changes in between are no conflict, and without a base the newest wins.
    await tenant.api.companies.update({ id, values: { name: 'Mine' } });
    await tenant.api.companies.update({ id, values: { name: 'Mine 2' }, base: { name: 'Acme 1' } });
    expect(await tenant.api.companies.get({ id })).toMatchObject({ name: 'Mine 2', industry: 'Ships' });
  });

  it('is carried out once, with or without saying upon what; who may not write learns nothing', async () => {
    const { id } = await tenant.api.companies.create({ values: { name: 'Acme' } });
    const first = await screen('companies.update', { id, values: { name: 'Mine' } }, 'one');
    const again = await screen('companies.update', { id, values: { name: 'Mine' }, base: { name: 'Acme' } }, 'one');
    expect(again).toEqual(first);
    const viewer = await tenant.person('viewer');
    await expect(viewer.api.companies.update({ id, values: { name: 'X' }, base: { name: 'Y' } })).rejects.toMatchObject(
      { cause: { kind: 'forbidden' } },
    );
  });

  it('is refused for a card that somebody else has moved', async () => {
    const [pipeline] = await tenant.api.pipelines.list();
    const [first = '', second = '', third = ''] = pipeline?.stages.map(({ id }) => id) ?? [];
    const colleague = await tenant.person('admin');
    const { id } = await tenant.api.deals.create({ values: { name: 'Hull', stageId: first } });
    await colleague.api.deals.move({ id, stageId: second });
    await expect(tenant.api.deals.move({ id, stageId: third, base: { stageId: first } })).rejects.toMatchObject({
      cause: { kind: 'conflict', detail: { code: 'changedMeanwhile', params: { fields: 'stageId' } } },
    });
    await tenant.api.deals.move({ id, stageId: third, base: { stageId: second } });
    expect(await tenant.api.deals.get({ id })).toMatchObject({ stageId: third });
  });
});
