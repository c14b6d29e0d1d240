import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { restRoutes } from '@/server/rest';
import { createTestTenant, strangerContext, superuser, type TestTenant } from '../support/tenants';

let app: FastifyInstance;
let tenant: TestTenant;
let key: string;

beforeAll(async () => {
  app = Fastify();
  await restRoutes(app, {
    makeContext: (request) =>
      strangerContext({ requestId: request.id, locale: request.headers['accept-language'] === 'zh' ? 'zh' : 'en' }),
  });
});
afterAll(() => app.close());
beforeEach(async () => {
  tenant = await createTestTenant();
  key = (await tenant.api.apiKeys.create({ name: 'test', access: 'write' })).secret;
});

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: Record<string, unknown>;
}

async function call(
  method: InjectOptions['method'],
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${key}`, ...headers },
    ...(body === undefined ? {} : { payload: body as object }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}

describe('REST records', () => {
  it('are made, read, changed, listed and removed', async () => {
    const made = await call('POST', '/contacts', { name: '王小明', email: 'wang@example.com' });
    expect(made.status).toBe(201);
    expect(made.headers.location).toBe(`/api/v1/contacts/${made.body.id}`);

    const read = await call('GET', `/contacts/${made.body.id}`);
    expect(read.headers.etag).toBe('"1"');
    expect(read.body).toMatchObject({ id: made.body.id, name: '王小明', refs: { ownerId: 'Olivia Owner' } });

    const changed = await call('PATCH', `/contacts/${made.body.id}`, { jobTitle: 'CTO', version: 1 });
    expect(changed.body).toMatchObject({ version: 2 });
    const stale = await call('PATCH', `/contacts/${made.body.id}`, { jobTitle: 'CEO', version: 1 });
    expect(stale).toMatchObject({ status: 409, body: { code: 'stale', status: 409 } });

    expect((await call('GET', '/contacts?columns=jobTitle&q=wang')).body).toMatchObject({
      data: [{ name: '王小明', jobTitle: 'CTO' }],
      next: null,
    });
    expect((await call('GET', '/contacts/count')).body).toEqual({ count: 1, capped: false });

    expect((await call('DELETE', `/contacts/${made.body.id}`)).body).toMatchObject({ count: 1 });
    expect(await call('GET', `/contacts/${made.body.id}`)).toMatchObject({ status: 404, body: { code: 'notFound' } });
  });

  it('are written through the channel "api", in the name of the key\'s maker', async () => {
    await call('POST', '/companies', { name: 'Acme' });
    const sets = await superuser(
      async (client) =>
        (
          await client.query(
            'select channel, member_id from app.change_set where tenant_id = $1 and verb = $2 and channel <> $3',
            [tenant.tenantId, 'create', 'system'],
          )
        ).rows,
    );
    expect(sets).toEqual([{ channel: 'api', member_id: tenant.memberId }]);
  });

  it('are paged by key, sorted and filtered', async () => {
    for (const name of ['Ada', 'Bob', 'Cem'])
      await call('POST', '/companies', { name, employees: name === 'Bob' ? 5 : 50 });
    const first = await call('GET', '/companies?limit=2&sort=-name&columns=employees');
    expect(first.body.data).toMatchObject([{ name: 'Cem' }, { name: 'Bob' }]);
    const second = await call(
      'GET',
      `/companies?limit=2&sort=-name&cursor=${encodeURIComponent(String(first.body.next))}`,
    );
    expect(second.body).toMatchObject({ data: [{ name: 'Ada' }], next: null });
    const filter = encodeURIComponent(JSON.stringify({ field: 'employees', op: 'gt', value: 10 }));
    expect((await call('GET', `/companies?filter=${filter}&sort=name`)).body.data).toMatchObject([
      { name: 'Ada' },
      { name: 'Cem' },
    ]);
    expect(await call('GET', '/companies?filter={')).toMatchObject({ status: 400, body: { code: 'filter' } });
    expect(await call('GET', '/companies?limit=many')).toMatchObject({
      status: 400,
      body: { fields: [{ field: 'limit' }] },
    });
    expect(await call('GET', '/companies?cursor=nonsense')).toMatchObject({ status: 400, body: { code: 'badCursor' } });
  });

  it('are changed and removed by the hundred in one change set, which can be undone', async () => {
    const ids = await Promise.all(['a', 'b'].map(async (name) => (await call('POST', '/companies', { name })).body.id));
    expect((await call('POST', '/companies/bulk-update', { ids, values: { city: 'Köln' } })).body).toMatchObject({
      count: 2,
    });
    const removed = await call('POST', '/companies/bulk-delete', { ids });
    expect(removed.body).toMatchObject({ count: 2 });
    expect((await call('POST', `/changes/${removed.body.changeSetId}/undo`)).body).toMatchObject({
      undone: 2,
      kept: [],
    });
    const timeline = await call('GET', `/companies/${ids[0]}/timeline`);
    expect(timeline.body.data).toMatchObject([
      { verb: 'undo', channel: 'api' },
      { verb: 'delete' },
      { verb: 'update' },
      { verb: 'create' },
    ]);
    expect((await call('GET', `/companies/${ids[0]}/history?field=city`)).body.data).toMatchObject([
      { after: 'Köln', by: 'Olivia Owner' },
    ]);
  });

  it('are linked and moved', async () => {
    const company = (await call('POST', '/companies', { name: 'Acme' })).body.id;
    const contact = (await call('POST', '/contacts', { name: 'Ada' })).body.id;
    const deal = (await call('POST', '/deals', { name: 'Saws', amount: 100 })).body.id;
    await call('POST', `/contacts/${contact}/companies`, { companyId: company, role: 'billing' });
    expect((await call('GET', `/contacts/${contact}/companies`)).body.data).toMatchObject([
      { id: company, role: 'billing' },
    ]);
    await call('POST', `/deals/${deal}/contacts`, { contactId: contact });
    expect((await call('GET', `/deals/${deal}/contacts`)).body.data).toMatchObject([{ id: contact }]);
    expect((await call('DELETE', `/deals/${deal}/contacts/${contact}`)).status).toBe(200);

    const [pipeline] = (await call('GET', '/pipelines')).body.data as {
      id: string;
      stages: { id: string; kind: string }[];
    }[];
    const won = pipeline?.stages.find((stage) => stage.kind === 'won')?.id;
    expect((await call('POST', `/deals/${deal}/move`, { stageId: won })).status).toBe(200);
    expect((await call('GET', `/deals/board?pipelineId=${pipeline?.id}`)).body.columns).toMatchObject([
      { stageId: won, count: 1, total: 100 },
    ]);
    expect((await call('GET', `/deals/column?stageId=${won}`)).body.data).toMatchObject([{ id: deal, status: 'won' }]);
  });
});

describe('REST keys', () => {
  const ask = (headers: Record<string, string>) => app.inject({ url: '/api/v1/deals', headers });

  it('are asked for: no cookie opens this door', async () => {
    const attempts: Record<string, string>[] = [
      {},
      { cookie: `guanxi.session=${tenant.sid}` },
      { authorization: 'Bearer gx_nonsense' },
      { authorization: `Basic ${key}` },
    ];
    for (const headers of attempts) {
      const answer = await ask(headers);
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="Guanxi"/);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect(
      (await ask({ authorization: `bearer ${key}`, origin: 'https://elsewhere.example' })).headers,
    ).not.toHaveProperty('access-control-allow-origin');
  });

  it('to read cannot write', async () => {
    key = (await tenant.api.apiKeys.create({ name: 'read', access: 'read' })).secret;
    expect((await call('GET', '/companies')).status).toBe(200);
    expect(await call('POST', '/companies', { name: 'No' })).toMatchObject({
      status: 403,
      body: { code: 'readOnlyKey' },
    });
    expect((await call('GET', '/companies')).body.data).toEqual([]);
  });

  it('have the rights of whoever made them', async () => {
    await superuser((client) =>
      client.query('update app.member set role = $1 where tenant_id = $2 and id = $3', [
        'viewer',
        tenant.tenantId,
        tenant.memberId,
      ]),
    );
    expect(await call('POST', '/companies', { name: 'No' })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
  });

  it("never reach another tenant's records", async () => {
    const other = await createTestTenant();
    const { id } = await other.api.companies.create({ values: { name: 'Canary' } });
    for (const answer of [
      await call('GET', `/companies/${id}`),
      await call('PATCH', `/companies/${id}`, { name: 'Mine' }),
      await call('DELETE', `/companies/${id}`),
      await call('GET', `/companies/${id}/timeline`),
    ]) {
      expect(answer.status).toBe(404);
      expect(JSON.stringify(answer.body)).not.toContain('Canary');
    }
    expect(await other.api.companies.get({ id })).toMatchObject({ name: 'Canary', version: 1 });
  });
});

describe('REST problems', () => {
  it('name keys that are not known', async () => {
    const body = await call('POST', '/companies', { name: 'Acme', tenantId: tenant.tenantId, nonsense: 1 });
    expect(body.status).toBe(400);
    expect(body.body.fields).toMatchObject([
      { field: 'tenantId', code: 'unknownField' },
      { field: 'nonsense', code: 'unknownField' },
    ]);
    expect(await call('GET', '/companies?colour=red')).toMatchObject({
      status: 400,
      body: { fields: [{ field: 'colour', code: 'unknownField' }] },
    });
    expect(await call('GET', '/teams?colour=red')).toMatchObject({
      status: 400,
      body: { params: { field: 'colour' } },
    });
    expect(await call('POST', '/companies?dry=1', { name: 'Acme' })).toMatchObject({
      status: 400,
      body: { params: { field: 'dry' } },
    });
    expect(await call('GET', '/companies?columns=secret')).toMatchObject({
      status: 400,
      body: { params: { field: 'secret' } },
    });
    expect(await call('PATCH', '/companies/018f0000-0000-7000-8000-000000000000', { id: 'x' })).toMatchObject({
      status: 400,
      body: { fields: [{ field: 'id' }] },
    });
  });

  it('say which field is wrong, in the language asked for', async () => {
    const english = await call('POST', '/contacts', { name: '', email: 'nowhere' });
    expect(english.body.fields).toMatchObject([
      { field: 'name', code: 'required', detail: 'Please fill this in.' },
      { field: 'email', code: 'email' },
    ]);
    expect(english.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(english.body).toMatchObject({ type: 'urn:guanxi:problem:invalid', title: 'Invalid request', status: 400 });
    expect(english.body.requestId).toBeTruthy();
    const chinese = await call('POST', '/contacts', { name: '' }, { 'accept-language': 'zh' });
    expect(chinese.body.detail).toMatch(/\p{Script=Han}/u);
  });

  it('answer what cannot be read', async () => {
    const send = (payload: string, type: string) =>
      app.inject({
        method: 'POST',
        url: '/api/v1/companies',
        headers: { authorization: `Bearer ${key}`, 'content-type': type },
        payload,
      });
    const statusOf = async (payload: string, type = 'application/json') => (await send(payload, type)).statusCode;
    expect(await statusOf('{"name":')).toBe(400);
    expect(await statusOf('[]')).toBe(400);
    expect(await statusOf('"x"')).toBe(400);
    expect(await statusOf('{"__proto__":{"name":"x"}}')).toBe(400);
    expect(await statusOf('name=x', 'application/x-www-form-urlencoded')).toBe(415);
    expect(await statusOf('{"name":"x"}', 'text/plain')).toBe(415);
    expect(await statusOf(JSON.stringify({ name: 'x', description: 'y'.repeat(1024 * 1024) }))).toBe(413);
    expect((await send('{', 'application/json')).json()).toMatchObject({ code: 'badJson' });
    expect((await call('GET', '/companies')).body.data).toEqual([]);
  });

  it('answer addresses nobody is at', async () => {
    expect(await call('GET', '/nothing')).toMatchObject({ status: 404, body: { code: 'noSuchRoute' } });
    expect(await call('POST', '/api-keys', {})).toMatchObject({ status: 404 });
    expect(await call('PUT', '/companies', {})).toMatchObject({ status: 404 });
    expect((await call('GET', '/companies/not-an-id')).status).toBe(400);
  });
});
