import { z } from 'zod';
import { channels, verbs } from '@/domain/changes';
import type { Field, Fields } from '@/domain/fields';
import { operators } from '@/domain/filters';
import en from '@/domain/messages/en/fields.json' with { type: 'json' };
import { objects, type RecordObject, recordObjects } from '@/domain/objects';
import { roles } from '@/domain/permissions';
import { stageColours, stageKinds } from '@/domain/pipelines';
import { periodPresets, reportBuckets, reportDimensions } from '@/domain/reports';
import { inputSchema, type JsonSchema, parameterKinds } from './core/rest-input';

/** What the document must know of a route. */
export interface DescribedRoute {
  method: string;
  path: string;
  procedure: string;
  operation: string;
  fixed?: Record<string, string>;
  shape?: 'values' | 'id';
  input: z.ZodType | undefined;
}

type Schema = JsonSchema;
interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description?: string;
  schema?: Schema;
  style?: string;
  explode?: boolean;
  content?: Record<string, { schema: Schema; examples?: Record<string, unknown> }>;
}
export interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, unknown>;
}
export interface OpenapiDocument {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  security: Record<string, string[]>[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    securitySchemes: Record<string, unknown>;
    schemas: Record<string, Schema>;
    responses: Record<string, unknown>;
  };
}

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const schemaName = (object: RecordObject) => object[0]?.toUpperCase() + object.slice(1);

const uuid = z.uuid();
const moment = z.iso.datetime({ offset: true });
const text = z.string();
const nullText = text.nullable();
const changed = z.object({ changeSetId: uuid });
const made = z.object({ id: uuid, changeSetId: uuid });
const many = z.object({ count: z.int(), changeSetId: uuid });
const list = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item), next: nullText });

const stage = z.object({
  id: uuid,
  pipelineId: uuid,
  name: text,
  kind: z.enum(stageKinds),
  probability: z.int(),
  colour: z.enum(stageColours),
  position: z.int(),
  requiredFields: z.array(text),
});
const pipeline = z.object({ id: uuid, name: text, position: z.int(), stages: z.array(stage) });
const person = z.object({
  id: uuid,
  name: text,
  jobTitle: nullText,
  email: nullText,
  phone: nullText,
  role: nullText,
  primary: z.boolean(),
});
const record = z.record(text, z.unknown());
const counted = {
  status: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  rows: z.int(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  refused: z.int(),
  createdAt: moment,
  finishedAt: moment.nullable(),
};
const hit = z.object({ id: uuid, title: text, subtitle: nullText });

const filter = z.unknown().meta({ description: 'A filter that lists exactly these deals' });
const count = z.int();
const minor = z.int().meta({ description: "Minor units of the workspace's currency" });
const share = z.number().nullable();
const other = z.array(z.object({ currency: text, count, total: z.int() }));
const period = z.object({ preset: z.enum(periodPresets), from: nullText, to: nullText });
const outcome = z.object({ won: count, lost: count, winRate: share, revenue: minor, average: share });
const revenueRow = outcome.extend({ id: uuid.nullable(), label: nullText, otherWon: count, filter });
const bucket = z.object({ start: text, won: count, lost: count, revenue: minor, filter });
const cycle = z.object({ average: share, min: share, max: share, counted: count, excluded: count });
const closed = outcome.extend({ min: share, max: share, wonCycle: cycle, lostCycle: cycle, other });
const sums = { count, total: minor, weighted: minor, listTotal: minor, filter };

/** What operations answer, by procedure, and what they are for. Records' own come from the field catalogue. */
const described: Record<string, { summary: string; answer: z.ZodType }> = {
  'audit.list': {
    summary: 'Who did what: change sets and security events, newest first',
    answer: list(
      z.object({
        id: uuid,
        kind: z.enum(['event', 'change']),
        at: moment,
        memberId: uuid.nullable(),
        memberName: nullText,
        channel: z.enum(channels),
        action: text,
        subject: z.object({ object: text.optional(), id: text.optional(), name: text.optional() }).nullable(),
        count: z.int(),
        detail: record.nullable(),
        ip: nullText,
        requestId: nullText,
        changeSetId: uuid.optional(),
        undoes: uuid.nullish(),
        undoneBy: uuid.nullish(),
      }),
    ),
  },
  'audit.changes': {
    summary: 'What a change set did to each record, before and after',
    answer: z.object({
      changes: z.array(
        z.object({
          object: text,
          recordId: uuid,
          recordTitle: nullText,
          op: z.enum(['create', 'update', 'delete']),
          before: record.nullable(),
          after: record.nullable(),
        }),
      ),
      more: z.boolean(),
    }),
  },
  'audit.verify': {
    summary: 'Recompute the hash chain over the audit; go on from `next` while it is given',
    answer: z.object({
      ok: z.boolean(),
      seals: z.int(),
      entries: z.int(),
      sealedTo: moment.nullable(),
      head: z.object({ seq: z.int(), hash: text }).nullable(),
      brokenAt: z.object({ seq: z.int(), from: moment.nullable(), to: moment.nullable(), why: text }).optional(),
      next: z.int().nullable(),
    }),
  },
  'changes.timeline': {
    summary: 'What happened to a record and to what hangs on it, newest first',
    answer: list(
      z.object({
        changeSetId: uuid,
        at: moment,
        by: z.object({ id: uuid, name: text }).nullable(),
        channel: z.enum(channels),
        verb: z.enum(verbs),
        undoneBy: nullText,
        changes: z.array(
          z.object({
            object: text,
            recordId: uuid,
            recordTitle: nullText,
            op: z.enum(['create', 'update', 'delete']),
            before: record.nullable(),
            after: record.nullable(),
          }),
        ),
      }),
    ),
  },
  'changes.history': {
    summary: 'Who set a field of a record, when and from what, newest first',
    answer: list(
      z.object({
        changeSetId: uuid,
        at: moment,
        by: nullText,
        channel: z.enum(channels),
        verb: z.enum(verbs),
        before: z.unknown(),
        after: z.unknown(),
      }),
    ),
  },
  'changes.recent': {
    summary: "The key's maker's latest changes on screen that can be undone",
    answer: list(z.object({ changeSetId: uuid, verb: z.enum(verbs), at: moment })),
  },
  'changes.undo': {
    summary: 'Undo a change set; fields edited since are kept and named',
    answer: z.object({
      changeSetId: uuid,
      undone: z.int(),
      kept: z.array(
        z.object({ object: text, recordId: uuid, recordTitle: nullText, field: text, by: nullText, at: moment }),
      ),
    }),
  },
  'companies.contacts': { summary: 'The contacts of a company', answer: list(person) },
  'contacts.companies': {
    summary: 'The companies a contact is in',
    answer: list(z.object({ id: uuid, name: text, role: nullText, primary: z.boolean() })),
  },
  'contacts.deals': {
    summary: 'The deals a contact is on',
    answer: list(z.object({ id: uuid, name: text, role: nullText, primary: z.boolean() })),
  },
  'contacts.linkCompany': { summary: 'Put a contact in a company, or change its role there', answer: changed },
  'contacts.unlinkCompany': { summary: 'Take a contact out of a company', answer: changed },
  'deals.board': {
    summary: 'Count and sums of each stage of a pipeline, in minor units',
    answer: z.object({
      columns: z.array(z.object({ stageId: uuid, count: z.int(), total: z.int(), weighted: z.int() })),
      currency: text,
      other: z.array(z.object({ stageId: uuid, currency: text, count: z.int(), total: z.int() })),
    }),
  },
  'deals.move': {
    summary: 'Move a deal to a stage, with what the stage asks for',
    answer: z.object({ changeSetId: uuid, version: z.int() }),
  },
  'deals.contacts': { summary: 'The contacts of a deal', answer: list(person) },
  'deals.linkContact': { summary: 'Put a contact on a deal, or change its role there', answer: changed },
  'deals.unlinkContact': { summary: 'Take a contact off a deal', answer: changed },
  'imports.list': {
    summary: 'Past and present imports, and files that wait for theirs',
    answer: z.object({
      imports: z.array(
        z.object({
          id: uuid,
          object: text,
          ...counted,
          changeSetId: uuid.nullable(),
          fileName: text,
          by: nullText,
          undone: z.boolean(),
        }),
      ),
      waiting: z.array(z.object({ id: uuid, name: text, size: z.int(), createdAt: moment })),
    }),
  },
  'imports.get': {
    summary: 'How far an import is and what it came to',
    answer: z.object({
      id: uuid,
      object: text,
      ...counted,
      taken: count,
      changeSetId: uuid.nullable(),
      undone: z.boolean(),
    }),
  },
  'imports.problems': {
    summary: 'Rows that were refused or lost a value, and why',
    answer: z.object({
      headers: z.array(text),
      rows: z.array(z.object({ row: z.int(), problems: z.array(record), cells: z.array(text) })),
      next: z.int().nullable(),
    }),
  },
  'jobs.failed': {
    summary: 'Jobs that were given up and not dealt with since, newest first',
    answer: list(
      z.object({
        id: uuid,
        queue: text,
        error: text,
        attempts: z.int(),
        createdAt: moment,
        failedAt: moment,
        requestId: nullText,
        subject: z.record(text, text),
      }),
    ),
  },
  'jobs.replay': { summary: 'Try a job that was given up once more', answer: z.object({ ok: z.literal(true) }) },
  'jobs.dismiss': { summary: 'Take a job that was given up off the list', answer: z.object({ ok: z.literal(true) }) },
  'imports.cancel': { summary: 'Stop an import; what it has written stays', answer: z.object({ ok: z.literal(true) }) },
  'members.list': {
    summary: 'People of the workspace and open invitations',
    answer: z.object({
      members: z.array(
        z.object({
          id: uuid,
          name: text,
          email: nullText,
          role: z.enum(roles),
          status: text,
          teamId: uuid.nullable(),
          teamName: nullText,
        }),
      ),
      invitations: z.array(
        z.object({ id: uuid, email: text, role: z.enum(roles), memberId: uuid.nullable(), expiresAt: moment }),
      ),
    }),
  },
  'members.search': {
    summary: 'Find people by the start of their name',
    answer: list(z.object({ id: uuid, name: text })),
  },
  'members.invite': { summary: 'Invite a person by e-mail', answer: z.object({ id: uuid, link: text }) },
  'members.revokeInvitation': { summary: 'Withdraw an invitation', answer: z.object({ ok: z.literal(true) }) },
  'members.setRole': { summary: "Change a member's role", answer: changed },
  'members.setTeam': { summary: 'Put a member in a team', answer: changed },
  'members.deactivate': {
    summary: "End a member's access, handing over what was theirs",
    answer: changed.extend({ handed: z.int() }),
  },
  'members.reactivate': { summary: 'Give a member access again', answer: changed },
  'pipelines.list': { summary: 'Pipelines and their stages, in order', answer: list(pipeline) },
  'pipelines.create': { summary: 'Make a pipeline', answer: made },
  'pipelines.rename': { summary: 'Rename a pipeline', answer: changed },
  'pipelines.reorder': { summary: 'Put the pipelines in order', answer: changed },
  'pipelines.remove': { summary: 'Remove a pipeline, moving its deals', answer: changed.extend({ moved: z.int() }) },
  'pipelines.addStage': { summary: 'Add a stage to a pipeline', answer: made },
  'pipelines.updateStage': { summary: 'Change a stage', answer: changed },
  'pipelines.reorderStages': { summary: 'Put the stages of a pipeline in order', answer: changed },
  'pipelines.removeStage': { summary: 'Remove a stage, moving its deals', answer: changed.extend({ moved: z.int() }) },
  'reports.home': {
    summary: 'Funnel, open and closed deals, trend and best companies of a period',
    answer: z.object({
      currency: text,
      period,
      compared: z.object({ from: text, to: text }).nullable(),
      funnel: z.array(z.object({ stageId: uuid, pipelineId: uuid, ...sums })),
      open: z.object({ ...sums, other }),
      closed: closed.extend({ filter }),
      previous: closed.nullable(),
      months: z.array(bucket),
      topCompanies: z.array(revenueRow),
    }),
  },
  'reports.revenueBy': {
    summary: 'Revenue by owner, team, office, product, sector or company',
    answer: z.object({
      dimension: z.enum(reportDimensions),
      period,
      currency: text,
      rows: z.array(revenueRow),
      total: outcome,
      other,
      more: z.boolean(),
    }),
  },
  'reports.wonBy': {
    summary: 'Deals won by month, quarter or year',
    answer: z.object({ bucket: z.enum(reportBuckets), period, currency: text, rows: z.array(bucket), other }),
  },
  'samples.status': { summary: 'Whether sample records are there', answer: record },
  'samples.add': { summary: 'Add sample records', answer: record },
  'samples.remove': { summary: 'Remove the sample records', answer: record },
  'search.global': {
    summary: 'Find records by the starts of words, Chinese also by pinyin',
    answer: list(hit.extend({ object: text })),
  },
  'search.pick': { summary: 'Find records of one kind', answer: list(hit.extend({ object: text.optional() })) },
  'teams.list': {
    summary: 'Teams, their managers and sizes',
    answer: list(
      z.object({
        id: uuid,
        name: text,
        office: nullText,
        managerId: uuid.nullable(),
        managerName: nullText,
        members: z.int(),
      }),
    ),
  },
  'teams.create': { summary: 'Make a team', answer: made },
  'teams.update': { summary: 'Change a team', answer: changed },
  'teams.remove': { summary: 'Remove a team', answer: changed },
  'tenant.boot': {
    summary: "The workspace, the key's maker, pipelines and teams",
    answer: z.object({
      tenant: z.object({ id: uuid, slug: text, name: text, currency: text, timeZone: text, locale: text }),
      member: z.object({ id: uuid, name: text, email: nullText, role: z.enum(roles), teamIds: z.array(uuid) }),
      pipelines: z.array(pipeline),
      teams: z.array(z.object({ id: uuid, name: text })),
    }),
  },
  'tenant.update': { summary: "Change the workspace's settings", answer: changed },
};

const filterExample = {
  and: [
    { field: 'status', op: 'is', value: 'open' },
    { field: 'companyId.industry', op: 'is', value: 'Software' },
  ],
};

let document: string | undefined;

/** The OpenAPI 3.1 document as JSON, built on the first call. */
export function openapi(routes: () => readonly DescribedRoute[]): string {
  document ??= JSON.stringify(describe(routes()));
  return document;
}

/** The document as a value. */
export function describe(routes: readonly DescribedRoute[]): OpenapiDocument {
  const paths: OpenapiDocument['paths'] = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    paths[route.path] = path;
    path[route.method.toLowerCase()] = operationOf(route);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Guanxi',
      version: '1',
      description:
        'The records of one workspace. Send an API key as `Authorization: Bearer gx_…`. Lists are paged by key: give `next` of one page as `cursor` of the following. Money is in minor units of its currency. Every write answers with the id of its change set, which can be undone.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ apiKey: [] }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'gx_…' } },
      schemas: { ...recordSchemas(), ...filterSchemas(), Problem: problemSchema },
      responses: {
        Problem: {
          description: 'What is wrong (RFC 9457)',
          content: { 'application/problem+json': { schema: ref('Problem') } },
        },
      },
    },
  };
}

const tagOf = (route: DescribedRoute) => route.path.split('/')[1] ?? '';

function operationOf(route: DescribedRoute): Operation {
  const input = route.input && plain(inputSchema(route.input));
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const taken = new Set([...names, ...Object.keys(route.fixed ?? {}), ...(route.shape === 'id' ? ['ids'] : [])]);
  const rest = Object.entries(input?.properties ?? {}).filter(([name]) => !taken.has(name));
  const inQuery = route.method === 'GET' || route.method === 'DELETE';
  const { summary, answer } = answerOf(route);
  const isMade = route.method === 'POST' && route.shape === 'values';
  return {
    operationId: route.operation,
    summary,
    tags: [tagOf(route)],
    parameters: [
      ...names.map(
        (name): Parameter => ({ name, in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }),
      ),
      ...(inQuery ? rest.map(([name, schema]) => queryParameter(name, schema, input)) : []),
    ],
    ...(inQuery || !input
      ? {}
      : {
          requestBody: { required: true, content: { 'application/json': { schema: bodySchema(route, input, rest) } } },
        }),
    responses: {
      [isMade ? '201' : '200']: {
        description: isMade ? 'Made' : 'Done',
        headers: {
          'RateLimit-Policy': {
            schema: { type: 'string' },
            description: 'The limits by name: `q` calls at once, all of them back within `w` seconds',
          },
          RateLimit: {
            schema: { type: 'string' },
            description: 'Where the caller stands with them: `r` calls left, whole again after `t` seconds',
          },
          ...(isMade ? { Location: { schema: { type: 'string' } } } : {}),
          ...(route.procedure.endsWith('.get')
            ? { ETag: { schema: { type: 'string' }, description: "The record's version in quotation marks" } }
            : {}),
        },
        content: { 'application/json': { schema: answer } },
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function queryParameter(name: string, schema: Schema | boolean, input: Schema | undefined): Parameter {
  const required = input?.required?.includes(name) ?? false;
  const kind = parameterKinds(input).get(name);
  const own = typeof schema === 'boolean' ? {} : schema;
  if (kind === 'sort') {
    return {
      name,
      in: 'query',
      required,
      description: 'A field, with a minus in front for descending order',
      schema: { type: 'string', pattern: '^-?[A-Za-z]+$', examples: ['-createdAt'] },
    };
  }
  if (name === 'filter') {
    return {
      name,
      in: 'query',
      required,
      description: 'A filter as JSON',
      content: { 'application/json': { schema: ref('Filter'), examples: { openDeals: { value: filterExample } } } },
    };
  }
  if (kind === 'json') return { name, in: 'query', required, content: { 'application/json': { schema: own } } };
  if (kind === 'list')
    return {
      name,
      in: 'query',
      required,
      style: 'form',
      explode: false,
      description: 'Separated by commas',
      schema: own,
    };
  const description =
    name === 'cursor' ? '`next` of the page before' : name === 'q' ? 'Starts of words, as typed' : undefined;
  return { name, in: 'query', required, ...(description ? { description } : {}), schema: own };
}

function bodySchema(route: DescribedRoute, input: Schema, rest: [string, Schema | boolean][]): Schema {
  const object = recordObjects.find((o) => route.procedure.startsWith(`${objects[o].plural}.`));
  const name = object ? schemaName(object) : '';
  if (route.shape === 'values') return ref(route.method === 'POST' ? `${name}Create` : `${name}Update`);
  const properties = Object.fromEntries(
    rest.map(([key, schema]) => [key, key === 'values' ? ref(`${name}Values`) : schema]),
  );
  const required = input.required?.filter((key) => key in properties);
  return { type: 'object', additionalProperties: false, properties, ...(required?.length ? { required } : {}) };
}

function answerOf(route: DescribedRoute): { summary: string; answer: Schema } {
  const object = recordObjects.find((o) => objects[o].plural === route.procedure.split('.')[0]);
  const known = described[route.procedure];
  if (known) return { summary: known.summary, answer: answerSchema(known.answer) };
  if (!object) throw new Error(`${route.procedure} is not described`);
  const { plural } = objects[object];
  const page: Schema = {
    type: 'object',
    required: ['data', 'next'],
    properties: {
      data: { type: 'array', items: ref(schemaName(object)) },
      next: { type: ['string', 'null'] } as Schema,
    },
  };
  switch (route.procedure.split('.')[1]) {
    case 'list':
      return { summary: `List ${plural}, newest first unless sorted`, answer: page };
    case 'column':
      return { summary: 'Deals of one stage in the order of the board', answer: page };
    case 'count':
      return {
        summary: `Count ${plural}; capped at 10,000 unless exact`,
        answer: answerSchema(z.object({ count: z.int(), capped: z.boolean() })),
      };
    case 'get':
      return { summary: `Read a ${object}`, answer: ref(schemaName(object)) };
    case 'create':
      return { summary: `Make a ${object}`, answer: answerSchema(made) };
    case 'update':
      return {
        summary: `Change a ${object}; with \`version\` only if it is still that version`,
        answer: answerSchema(z.object({ version: z.int(), changeSetId: uuid })),
      };
    case 'updateMany':
      return { summary: `Set the same values in many ${plural}`, answer: answerSchema(many) };
    case 'remove':
      return {
        summary: route.shape === 'id' ? `Remove a ${object}` : `Remove many ${plural}`,
        answer: answerSchema(many),
      };
    default:
      throw new Error(`${route.procedure} is not described`);
  }
}

/** Open: an answer may grow by a property without breaking anybody. */
function answerSchema(answer: z.ZodType): Schema {
  const closed = z.toJSONSchema(answer, { io: 'output', unrepresentable: 'any' });
  return plain(
    JSON.parse(JSON.stringify(closed), (key, value: unknown) =>
      key === 'additionalProperties' && value === false ? undefined : value,
    ) as Schema,
  );
}

/** Schemas of the records as read, made and changed, from the field catalogue. */
function recordSchemas(): Record<string, Schema> {
  const schemas: Record<string, Schema> = {};
  for (const object of recordObjects) {
    const fields: Fields = objects[object].fields;
    const all = Object.entries(fields).map(([name, field]) => [name, fieldSchema(object, name, field)] as const);
    const writable = all.filter(([name]) => !fields[name]?.readOnly);
    const required = writable.map(([name]) => name).filter((name) => fields[name]?.required);
    const values = Object.fromEntries(writable);
    const closed = { type: 'object', additionalProperties: false } as const;
    const name = schemaName(object);
    schemas[name] = {
      type: 'object',
      required: ['id', 'version', 'refs'],
      properties: {
        id: { type: 'string', format: 'uuid' },
        version: { type: 'integer' },
        ...Object.fromEntries(all),
        refs: {
          type: 'object',
          description: 'Titles of what the reference fields point to',
          additionalProperties: { type: ['string', 'null'] } as Schema,
        },
      },
    };
    schemas[`${name}Create`] = { ...closed, properties: values, required };
    schemas[`${name}Values`] = { ...closed, properties: values };
    schemas[`${name}Update`] = {
      ...closed,
      properties: {
        ...values,
        version: {
          type: 'integer',
          minimum: 1,
          description: 'Refused as `stale` when the record has moved on from it',
        },
      },
    };
  }
  return schemas;
}

// Messages by object and field; a field without one is described by its name alone.
const titles = en as unknown as Record<string, Record<string, string>>;
const choiceLabels = en.choices as unknown as Record<string, Record<string, Record<string, string>>>;

function fieldSchema(object: string, name: string, field: Field): Schema {
  const base = plain(z.toJSONSchema(field.schema, { io: 'output', unrepresentable: 'any' }));
  const labels = choiceLabels[object]?.[name];
  const notes = [
    field.type === 'money' ? 'In minor units of `currency`' : '',
    field.to ? `Id of a ${field.to}` : '',
    labels
      ? Object.entries(labels)
          .map(([value, label]) => `${value}: ${label}`)
          .join('; ')
      : '',
  ].filter(Boolean);
  return {
    title: titles[object]?.[name] ?? name,
    ...nullable(base),
    ...(field.type === 'link' ? { format: 'uri', maxLength: 2000 } : {}),
    ...(field.readOnly ? { readOnly: true } : {}),
    ...(notes.length > 0 ? { description: notes.join('. ') } : {}),
  };
}

/** `anyOf: [X, null]` as one schema of two types. */
function nullable(schema: Schema): Schema {
  const [main, none] = schema.anyOf ?? [];
  if (typeof main !== 'object' || typeof none !== 'object' || none.type !== 'null') return schema;
  // JSON Schema allows a list of types and null among the values; zod's type for it knows one type only.
  return {
    ...main,
    ...(main.type ? { type: [main.type, 'null'] } : {}),
    ...(main.enum ? { enum: [...main.enum, null] } : {}),
  } as Schema;
}

/** Without what says nothing to a reader of the document: the dialect, and patterns that a format stands for. */
function plain(schema: Schema): Schema {
  // Taking keys away from a JSON schema leaves a JSON schema.
  return JSON.parse(JSON.stringify(schema), function (this: unknown, key: string, value: unknown) {
    if (key === '$schema') return undefined;
    const isNoise = key === 'pattern' && typeof this === 'object' && this !== null && 'format' in this;
    return isNoise ? undefined : value;
  }) as Schema;
}

function filterSchemas(): Record<string, Schema> {
  const scalar = { type: ['string', 'number', 'boolean', 'null'] } as unknown as Schema;
  return {
    Filter: { oneOf: [ref('Condition'), group('and'), group('or')], examples: [filterExample] },
    Condition: {
      type: 'object',
      additionalProperties: false,
      required: ['field', 'op'],
      properties: {
        field: {
          type: 'string',
          maxLength: 200,
          description: 'A field; through references up to three steps: `companyId.industry`',
        },
        op: { type: 'string', enum: [...operators] },
        value: {
          anyOf: [
            scalar,
            { type: 'array', maxItems: 1000, items: { type: ['string', 'number'] } as unknown as Schema },
          ],
        },
      },
      examples: [{ field: 'amount', op: 'gte', value: 100000 }],
    },
  };
}

function group(word: 'and' | 'or'): Schema {
  return {
    type: 'object',
    additionalProperties: false,
    required: [word],
    properties: { [word]: { type: 'array', maxItems: 50, items: ref('Filter') } },
  };
}

const problemSchema: Schema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'In English, or Chinese where Accept-Language asks for it' },
    code: { type: 'string', description: 'Stays the same in every language' },
    params: { type: 'object' },
    fields: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'code', 'detail'],
        properties: {
          field: { type: 'string' },
          code: { type: 'string' },
          params: { type: 'object' },
          detail: { type: 'string' },
        },
      },
    },
    requestId: { type: 'string' },
  },
};
