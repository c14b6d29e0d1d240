import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { restRoutes } from '@/server/rest';
import { createTestTenant, strangerContext } from '../support/tenants';

let app: FastifyInstance;
beforeAll(async () => {
  app = Fastify();
  await restRoutes(app, { makeContext: (request) => strangerContext({ requestId: request.id }) });
});
afterAll(() => app.close());

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
async function machine() {
  const tenant = await createTestTenant();
  const { secret } = await tenant.api.apiKeys.create({ name: 'test', access: 'write' });
  const call = async (method: Method, path: string, payload?: object) => {
    const headers = { authorization: `Bearer ${secret}` };
    const answer = await app.inject({ method, url: `/api/v1${path}`, headers, payload });
    return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
  };
  return { ...tenant, call };
}

it('machines make objects, fields, records and links, and read them back', async () => {
  const { api, call } = await machine();
  const label = { en: { one: 'Press', other: 'Presses' } };
  expect(await call('POST', '/objects', { key: 'o_press', label })).toMatchObject({ body: { key: 'o_press' } });
  const number = { object: 'o_press', type: 'number', label: { en: 'Load' }, settings: { max: 10 } };
  const field = await call('POST', '/fields', number);
  expect(field.body).toMatchObject({ key: 'c_load' });
  const relation = { object: 'o_press', type: 'relation', label: { en: 'Sites' }, settings: { to: 'company' } };
  await call('POST', '/fields', relation);
  const made = await call('POST', '/records/o_press', { name: 'One', c_load: 5 });
  expect(made.status).toBe(201);
  expect(made.headers.location).toBe(`/api/v1/records/o_press/${made.body.id}`);
  const at = `/records/o_press/${made.body.id}`;
  expect(await call('PATCH', at, { c_load: 11 })).toMatchObject({
    status: 400,
    body: { fields: [{ field: 'c_load', code: 'numberTooBig' }] },
  });
  await call('PATCH', at, { c_load: 6, version: 1 });
  expect((await call('GET', at)).body).toMatchObject({ name: 'One', c_load: 6 });
  const filter = encodeURIComponent(JSON.stringify({ field: 'c_load', op: 'gt', value: 5 }));
  expect((await call('GET', `/records/o_press?filter=${filter}`)).body.data).toHaveLength(1);
  const company = await api.companies.create({ values: { name: 'Acme' } });
  const link = `/relations/o_press/${made.body.id}/c_sites`;
  expect((await call('PUT', `${link}/${company.id}`, {})).status).toBe(200);
  expect((await call('GET', link)).body.data).toMatchObject([{ id: company.id, title: 'Acme' }]);
  const pointing = await call('GET', `/relations/company/${company.id}`);
  expect(pointing.body.data).toContainEqual(expect.objectContaining({ object: 'o_press', count: 1 }));
  await call('DELETE', `${link}/${company.id}`);
  expect((await call('GET', link)).body.data).toEqual([]);
  expect((await call('DELETE', at)).body).toMatchObject({ count: 1 });
  expect((await call('GET', at)).status).toBe(404);
  expect((await call('GET', '/records/o_none')).status).toBe(404);
});

it('the document of a key’s workspace has its own fields and objects, and nobody else’s', async () => {
  const { api, call } = await machine();
  const label = { en: 'Colour', zh: '颜色' };
  const choices = [{ value: 'red', label: { en: 'Red' }, tone: 'slate' as const }];
  await api.fields.create({ object: 'company', type: 'choice', label, settings: { choices } });
  await api.objects.create({ key: 'o_press', label: { en: { one: 'Press', other: 'Presses' } } });
  const press = { object: 'o_press', required: true };
  await api.fields.create({ ...press, type: 'number', label: { en: 'Load' } });
  await api.fields.create({ ...press, type: 'text', label: { en: 'Hall' }, settings: { default: 'A' } });
  await api.fields.create({ ...press, type: 'file', label: { en: 'Papers' } });
  const { body, headers } = await call('GET', '/openapi.json');
  expect(headers['cache-control']).toBe('no-store');
  expect(body.components.schemas.CompanyCreate.properties.c_colour).toMatchObject({
    title: 'Colour',
    enum: ['red', null],
  });
  expect(body.components.schemas.o_pressCreate.required).toEqual(['name', 'c_load']);
  expect(await call('POST', '/records/o_press', { name: 'One', c_load: 3 })).toMatchObject({ status: 201 });
  expect(body.components.schemas.Record.anyOf).toEqual([{ $ref: '#/components/schemas/o_press' }]);
  const open = (await app.inject({ url: '/api/v1/openapi.json' })).json();
  expect(open.components.schemas.CompanyCreate.properties).not.toHaveProperty('c_colour');
  const other = await machine();
  expect(JSON.stringify((await other.call('GET', '/openapi.json')).body)).not.toContain('c_colour');
  const refused = await app.inject({ url: '/api/v1/openapi.json', headers: { authorization: 'Bearer gx_none' } });
  expect(refused.statusCode).toBe(401);
});

it('machines write notes and tasks about records of own objects, find them by it, and are told what is wrong', async () => {
  const { call } = await machine();
  await call('POST', '/objects', { key: 'o_press', label: { en: { one: 'Press', other: 'Presses' } } });
  const press = await call('POST', '/records/o_press', { name: 'One' });
  const aboutId = press.body.id;
  const task = await call('POST', '/tasks', { subject: 'Oil it', aboutId });
  expect(task.status).toBe(201);
  const leads = { aboutId, aboutObject: 'o_press', refs: { aboutId: 'One' } };
  expect((await call('GET', `/tasks/${task.body.id}`)).body).toMatchObject(leads);
  const filter = encodeURIComponent(JSON.stringify({ field: 'aboutId', op: 'is', value: aboutId }));
  expect((await call('GET', `/tasks?filter=${filter}`)).body.data).toMatchObject([leads]);
  const called = await call('POST', '/activities/calls', { aboutId, minutes: 3 });
  expect((await call('GET', `/activities/${called.body.id}`)).body).toMatchObject({ ...leads, subject: 'One' });
  await call('PATCH', `/tasks/${task.body.id}`, { aboutId: null });
  expect((await call('GET', `/tasks/${task.body.id}`)).body).toMatchObject({ aboutId: null, aboutObject: null });
  expect(await call('POST', '/notes', { body: 'x', aboutId: crypto.randomUUID() })).toMatchObject({
    status: 400,
    body: { fields: [{ field: 'aboutId', code: 'noSuchRecord' }] },
  });
  const { components } = (await call('GET', '/openapi.json')).body;
  expect(components.schemas.Task.properties.aboutObject).toMatchObject({ readOnly: true });
  expect(components.schemas.TaskCreate.properties.aboutId.description).toContain('aboutObject');
  expect(components.schemas.TaskCreate.properties.aboutObject).toBeUndefined();
});
