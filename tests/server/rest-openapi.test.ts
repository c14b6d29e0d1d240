import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { objects, recordObjects } from '@/domain/objects';
import { newId } from '@/server/core/ids';
import { describe as describeApi, type OpenapiDocument } from '@/server/openapi';
import { describedRoutes, restRoutes, routes } from '@/server/rest';
import { createTestTenant, strangerContext, superuser } from '../support/tenants';

const document: OpenapiDocument = describeApi(describedRoutes());
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** What a `$ref` points to. */
function resolve(pointer: string): unknown {
  return pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], document);
}

function each(node: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (typeof node !== 'object' || node === null) return;
  visit(node as Record<string, unknown>);
  for (const child of Object.values(node)) each(child, visit);
}

/** A schema with every reference put in its place; a filter inside a filter is anything. */
function inlined(node: unknown, depth = 0): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((child) => inlined(child, depth));
  if ('$ref' in node) return depth > 6 ? {} : inlined(resolve(String(node.$ref)), depth + 1);
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, inlined(child, depth)]));
}

const checker = (schema: unknown) => z.fromJSONSchema(inlined(schema) as Parameters<typeof z.fromJSONSchema>[0]);

const givesFile = ({ operation }: (typeof operations)[number]) =>
  JSON.stringify(operation.responses['200'] ?? {}).includes('application/octet-stream');

describe('the OpenAPI document', () => {
  it('has every route of the table, and each operation once', () => {
    for (const route of routes)
      expect(document.paths[route.path]?.[route.method.toLowerCase()]?.operationId).toBe(route.operation);
    // What answers with a file is no procedure's route.
    expect(operations.filter((o) => !givesFile(o))).toHaveLength(routes.length);
    expect(operations.filter(givesFile).map(({ path }) => path)).toEqual(['/exports/{id}/file']);
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.security).toEqual([{ apiKey: [] }]);
    expect(document.components.securitySchemes).toHaveProperty('apiKey.scheme', 'bearer');
  });

  it('refers to nothing that is not there', () => {
    each(document, (node) => {
      if ('$ref' in node) expect(resolve(String(node.$ref)), String(node.$ref)).toBeDefined();
    });
  });

  it.each(operations.map((o) => [`${o.method} ${o.path}`, o] as const))(
    '%s declares the parameters of its path, its answer and its problems',
    (_name, { path, operation }) => {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(operation.parameters.filter((p) => p.in === 'path').map((p) => p.name)).toEqual(inPath);
      for (const parameter of operation.parameters)
        expect(Boolean(parameter.schema) !== Boolean(parameter.content)).toBe(true);
      expect(operation.summary).toBeTruthy();
      expect(operation.responses).toHaveProperty('default.$ref', '#/components/responses/Problem');
      expect(Object.keys(operation.responses).some((status) => status.startsWith('20'))).toBe(true);
    },
  );

  it('describes the fields of every record as the catalogue has them', () => {
    for (const object of recordObjects) {
      const name = object[0]?.toUpperCase() + object.slice(1);
      const properties = document.components.schemas[name]?.properties ?? {};
      for (const field of Object.keys(objects[object].fields))
        expect(properties[field], `${name}.${field}`).toHaveProperty('title');
    }
    expect(document.components.schemas.CompanyCreate?.properties?.name).toMatchObject({
      title: 'Name',
      type: 'string',
      maxLength: 200,
    });
    expect(document.components.schemas.Company?.properties?.rating).toMatchObject({
      type: ['string', 'null'],
      enum: ['hot', 'warm', 'cold', null],
    });
    expect(document.components.schemas.Contact?.properties?.birthday).toMatchObject({
      type: ['string', 'null'],
      format: 'date',
    });
    expect(document.components.schemas.Deal?.properties?.companyId).toMatchObject({
      format: 'uuid',
      description: 'Id of a company',
    });
    expect(document.components.schemas.DealCreate?.properties).not.toHaveProperty('status');
  });
});

describe('what the document says', () => {
  const called = { subject: 'Called', kind: 'call', startsAt: '2026-07-01T09:00:00Z' } as const;
  let app: FastifyInstance;
  let authorization: string;
  let example: Record<string, string>;

  beforeAll(async () => {
    app = Fastify();
    await restRoutes(app, { makeContext: (request) => strangerContext({ requestId: request.id }) });
    const { api, tenantId, memberId } = await createTestTenant();
    authorization = `Bearer ${(await api.apiKeys.create({ name: 'test', access: 'write' })).secret}`;
    const company = await api.companies.create({
      values: { name: 'Acme', industry: 'Tools', rating: 'hot', employees: 7, tags: ['a'], website: 'acme.example' },
    });
    const contact = await api.contacts.create({
      values: { name: '王小明', companyId: company.id, email: 'wang@example.com', birthday: '1990-01-31' },
    });
    const deal = await api.deals.create({ values: { name: 'Saws', companyId: company.id, amount: 12_345 } });
    await api.deals.linkContact({ dealId: deal.id, contactId: contact.id });
    const product = await api.products.create({ values: { name: 'Saw', price: 999 } });
    const task = await api.tasks.create({ values: { subject: 'Call', dealId: deal.id, dueOn: '2026-07-01' } });
    const note = await api.notes.create({ values: { body: 'Nice people', companyId: company.id } });
    const activity = await api.activities.create({ values: called });
    await api.teams.create({ name: 'Sales' });
    await api.members.invite({ email: 'ada@example.com', role: 'member' });
    await api.conversation.add({ object: 'company', recordId: company.id, body: 'Hello' });
    const imported = await plantImport(tenantId, memberId);
    const to = { to: 'company' };
    const { id: objectId, key } = await api.objects.create({
      key: 'o_press',
      label: { en: { one: 'Press', other: 'Presses' } },
    });
    const asset = await api.records.create({ object: key, values: { name: 'Press' } });
    const made = { object: key, key: 'c_sites', label: { en: 'Sites' } };
    await api.fields.create({ ...made, type: 'relation', settings: to });
    const field = await api.fields.create({ object: key, key: 'c_n', label: { en: 'N' }, type: 'number' });
    await api.relations.link({ object: key, field: 'c_sites', id: asset.id, to: company.id });
    const [pipeline] = await api.pipelines.list();
    example = {
      companies: company.id,
      contacts: contact.id,
      deals: deal.id,
      products: product.id,
      tasks: task.id,
      notes: note.id,
      activities: activity.id,
      from: '2026-07-01T00:00:00Z',
      to: '2026-08-01T00:00:00Z',
      imports: imported,
      'import-sets': imported,
      exports: (await api.exports.start({ object: 'company' })).id,
      changeSetId: company.changeSetId,
      pipelineId: pipeline?.id ?? '',
      stageId: pipeline?.stages[0]?.id ?? '',
      dimension: 'company',
      bucket: 'month',
      object: 'company',
      id: company.id,
      recordId: company.id,
      records: asset.id,
      relations: asset.id,
      fields: field.id,
      objects: objectId,
      type: 'text',
      formula: '1 + 1',
      q: 'a',
    };
  });
  afterAll(() => app.close());

  const reads = operations.filter((o) => o.method === 'get' && !givesFile(o));
  it.each(reads.map((o) => [o.path, o] as const))('GET %s answers', async (path, { operation }) => {
    const plural = path.split('/')[1] ?? '';
    const url = path
      .replace('{id}', example[plural] ?? '')
      .replace('{changeSetId}', example.changeSetId ?? '')
      .replace('{object}', 'o_press')
      .replace('{field}', 'c_sites');
    const query = new URLSearchParams();
    for (const { name, in: place, required } of operation.parameters) {
      if (place !== 'query') continue;
      if (name === 'field')
        query.set(
          name,
          plural === 'tasks' || plural === 'activities' ? 'subject' : plural === 'notes' ? 'body' : 'name',
        );
      else if (required || name === 'q') query.set(name, example[name] ?? '');
    }
    const answer = await app.inject({ url: `/api/v1${url}?${query}`, headers: { authorization } });
    expect(answer.statusCode, answer.body).toBe(200);
    const schema = (operation.responses['200'] as { content: Record<string, { schema: unknown }> }).content[
      'application/json'
    ]?.schema;
    const checked = checker(schema).safeParse(answer.json());
    expect(checked.error?.issues ?? []).toEqual([]);
  });

  it('is what POST takes: its own examples of every field are accepted and others are not', async () => {
    for (const object of recordObjects) {
      const { plural, title } = objects[object];
      const name = object[0]?.toUpperCase() + object.slice(1);
      const body = { ...(object === 'activity' && called), [title]: 'Made as documented' };
      expect(checker({ $ref: `#/components/schemas/${name}Create` }).safeParse(body).success).toBe(true);
      const made = await app.inject({
        method: 'POST',
        url: `/api/v1/${plural}`,
        headers: { authorization },
        payload: body,
      });
      expect(made.statusCode, made.body).toBe(201);
      const wrong = { ...body, nonsense: 1 };
      expect(checker({ $ref: `#/components/schemas/${name}Create` }).safeParse(wrong).success).toBe(false);
      expect(
        (await app.inject({ method: 'POST', url: `/api/v1/${plural}`, headers: { authorization }, payload: wrong }))
          .statusCode,
      ).toBe(400);
    }
  });

  it('is served, and a problem is what it says', async () => {
    const served = await app.inject({ url: '/api/v1/openapi.json' });
    expect(served.headers['content-type']).toMatch(/^application\/json/);
    expect(served.json()).toEqual(JSON.parse(JSON.stringify(document)));
    const problem = await app.inject({ url: '/api/v1/deals?limit=0', headers: { authorization } });
    expect(checker({ $ref: '#/components/schemas/Problem' }).safeParse(problem.json()).error?.issues ?? []).toEqual([]);
  });
});

/** A finished import with one refused row, as its job would have left it. @returns its id */
async function plantImport(tenantId: string, memberId: string): Promise<string> {
  const [fileId, id] = [newId(), newId()];
  const plan = { columns: [{ index: 0, header: 'Name', target: 'name' }] };
  const sums = {
    money: {},
    left: { deleted: 0, skipped: 0 },
    also: {},
    unmatched: {},
    partly: 0,
    pass: 0,
    attempts: { cursor: 0, times: 0 },
  };
  await superuser(async (client) => {
    await client.query(
      "insert into app.file (tenant_id, id, name, size, sha256, member_id) values ($1, $2, 'a.csv', 9, '', $3)",
      [tenantId, fileId, memberId],
    );
    await client.query(
      // A set of the same id, so that one example answers for both.
      `with made as (insert into app.import_set (tenant_id, id, member_id, source) values ($1, $2, $4, 'file') returning id)
       insert into app.import (tenant_id, id, file_id, member_id, object, status, plan, sums, rows, refused, started_at, finished_at, set_id)
       select $1, $2, $3, $4, 'company', 'done', $5, $6, 1, 1, now(), now(), made.id from made`,
      [tenantId, id, fileId, memberId, JSON.stringify(plan), JSON.stringify(sums)],
    );
    const problems = [{ code: 'required', index: 0, header: 'Name', target: 'name', level: 'row' }];
    await client.query(
      'insert into app.import_problem (tenant_id, import_id, row, problems, cells) values ($1, $2, 2, $3, \'[""]\')',
      [tenantId, id, JSON.stringify(problems)],
    );
  });
  return id;
}
