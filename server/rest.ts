import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ApiKeyRow } from '@/db/global';
import { inTenant } from '@/db/tenant';
import { objects, type RecordObject, recordObjects } from '@/domain/objects';
import { Refusal } from '@/domain/refusals';
import { compressed } from './core/compress';
import type { RequestContext } from './core/context';
import { refuseHugeJson } from './core/json-limits';
import { tenantKey } from './core/keys';
import { limitHeaders } from './core/limit-headers';
import { limits, spend } from './core/limits';
import { inputSchema, type JsonSchema, type ParameterKind, parameterKinds, readQuery } from './core/rest-input';
import { noSuchRoute, sendProblem } from './core/rest-problem';
import { readApiKey } from './core/session';
import { createCaller } from './core/trpc';
import { typesOf } from './core/types';
import { sendExport } from './exports/doors';
import { openapi } from './openapi';
import { type AppRouter, appRouter } from './router';

/**
 * The door for machines: method and path to the procedure people's screens call too, so permission, scope, transaction
 * and history are the same code. Bearer keys only; no cookie is ever read here.
 */
type Routers = AppRouter['_def']['record'];
/** `deals.list`: every procedure there is, as the compiler knows them. */
export type ProcedurePath = {
  [R in keyof Routers & string]: { [P in keyof Routers[R] & string]: `${R}.${P}` }[keyof Routers[R] & string];
}[keyof Routers & string];

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Route {
  method: Method;
  /** Below `/api/v1`; `{name}` stands for the input of that name. */
  path: string;
  procedure: ProcedurePath;
  /** Name of the operation in the OpenAPI document. */
  operation: string;
  /** Inputs that follow from the address. */
  fixed?: Record<string, string>;
  /** `values`: the body is the record itself. `id`: one id where the procedure takes several. */
  shape?: 'values' | 'id';
}

type More = Partial<Pick<Route, 'operation' | 'fixed' | 'shape'>>;
const route = (method: Method, path: string, procedure: ProcedurePath, more: More = {}): Route => ({
  method,
  path,
  procedure,
  operation: procedure.replace(/\.(.)/, (_, first: string) => first.toUpperCase()),
  ...more,
});
const get = (path: string, procedure: ProcedurePath, more?: More) => route('GET', path, procedure, more);
const post = (path: string, procedure: ProcedurePath, more?: More) => route('POST', path, procedure, more);
const put = (path: string, procedure: ProcedurePath, more?: More) => route('PUT', path, procedure, more);
const patch = (path: string, procedure: ProcedurePath, more?: More) => route('PATCH', path, procedure, more);
const remove = (path: string, procedure: ProcedurePath, more?: More) => route('DELETE', path, procedure, more);

/** What every kind of record has. */
function recordRoutes(object: RecordObject): Route[] {
  const name = objects[object].plural;
  return [
    get(`/${name}`, `${name}.list`),
    get(`/${name}/count`, `${name}.count`),
    post(`/${name}`, `${name}.create`, { shape: 'values' }),
    get(`/${name}/{id}`, `${name}.get`),
    patch(`/${name}/{id}`, `${name}.update`, { shape: 'values' }),
    remove(`/${name}/{id}`, `${name}.remove`, { shape: 'id' }),
    post(`/${name}/bulk-update`, `${name}.updateMany`),
    post(`/${name}/bulk-delete`, `${name}.remove`, { operation: `${name}RemoveMany` }),
    get(`/${name}/{id}/timeline`, 'changes.timeline', { fixed: { object }, operation: `${name}Timeline` }),
    get(`/${name}/{id}/history`, 'changes.history', { fixed: { object }, operation: `${name}History` }),
  ];
}

export const routes: readonly Route[] = [
  ...recordObjects.flatMap(recordRoutes),

  get('/deals/board', 'deals.board'),
  get('/deals/column', 'deals.column'),
  post('/deals/{id}/move', 'deals.move'),
  get('/deals/{id}/contacts', 'deals.contacts'),
  post('/deals/{dealId}/contacts', 'deals.linkContact'),
  remove('/deals/{dealId}/contacts/{contactId}', 'deals.unlinkContact'),

  get('/activities/agenda', 'activities.agenda'),
  get('/activities/{id}/attendees', 'activities.attendees'),
  put('/activities/{id}/attendees', 'activities.setAttendees'),
  post('/activities/calls', 'activities.logCall'),
  post('/activities/meetings', 'activities.planMeeting'),

  patch('/tasks/{id}/this', 'tasks.updateThis', { shape: 'values' }),
  post('/tasks/reschedule', 'tasks.reschedule'),
  post('/tasks/{id}/put-back', 'tasks.putBack'),
  get('/task-queues', 'tasks.queues'),
  post('/task-queues', 'tasks.createQueue'),
  patch('/task-queues/{id}', 'tasks.updateQueue'),
  remove('/task-queues/{id}', 'tasks.removeQueue'),
  post('/task-queues/{id}/take-next', 'tasks.takeNext'),

  get('/companies/{id}/contacts', 'companies.contacts'),
  get('/contacts/{id}/companies', 'contacts.companies'),
  get('/contacts/{id}/deals', 'contacts.deals'),
  post('/contacts/{contactId}/companies', 'contacts.linkCompany'),
  remove('/contacts/{contactId}/companies/{companyId}', 'contacts.unlinkCompany'),

  get('/fields', 'fields.list'),
  post('/fields', 'fields.create'),
  put('/fields/order', 'fields.reorder'),
  get('/fields/formula', 'fields.tryFormula'),
  patch('/fields/{id}', 'fields.update'),
  remove('/fields/{id}', 'fields.remove'),
  get('/fields/{id}/affected', 'fields.affected'),
  get('/fields/{id}/conversion', 'fields.previewConversion'),
  post('/fields/{id}/convert', 'fields.convert'),

  get('/objects', 'objects.list'),
  post('/objects', 'objects.create'),
  patch('/objects/{id}', 'objects.update'),
  remove('/objects/{id}', 'objects.remove'),
  get('/objects/{id}/affected', 'objects.affected'),

  get('/records/{object}', 'records.list'),
  get('/records/{object}/count', 'records.count'),
  post('/records/{object}', 'records.create', { shape: 'values' }),
  get('/records/{object}/{id}', 'records.get'),
  patch('/records/{object}/{id}', 'records.update', { shape: 'values' }),
  remove('/records/{object}/{id}', 'records.remove', { shape: 'id' }),
  post('/records/{object}/bulk-update', 'records.updateMany'),
  post('/records/{object}/bulk-delete', 'records.remove', { operation: 'recordsRemoveMany' }),
  get('/records/{object}/{id}/timeline', 'changes.timeline', { operation: 'recordsTimeline' }),
  get('/records/{object}/{id}/history', 'changes.history', { operation: 'recordsHistory' }),

  get('/views/{object}', 'views.list'),
  post('/views', 'views.create'),
  patch('/views/{id}', 'views.update'),
  remove('/views/{id}', 'views.remove'),
  post('/views/{id}/duplicate', 'views.duplicate'),
  put('/views/{object}/order', 'views.reorder'),
  get('/groups/{object}', 'views.groups'),
  get('/marks/{object}', 'views.marks'),
  post('/bulk/{object}/patch', 'bulk.patch'),
  post('/bulk/{object}/update', 'bulk.update'),
  post('/bulk/{object}/delete', 'bulk.remove'),

  get('/relations/{object}/{id}', 'relations.pointing'),
  get('/relations/{object}/{id}/{field}', 'relations.of'),
  put('/relations/{object}/{id}/{field}/{to}', 'relations.link'),
  patch('/relations/{object}/{id}/{field}/{to}', 'relations.setAttributes'),
  remove('/relations/{object}/{id}/{field}/{to}', 'relations.unlink'),

  get('/pipelines', 'pipelines.list'),
  post('/pipelines', 'pipelines.create'),
  put('/pipelines/order', 'pipelines.reorder'),
  patch('/pipelines/{id}', 'pipelines.rename'),
  remove('/pipelines/{id}', 'pipelines.remove'),
  post('/pipelines/{pipelineId}/stages', 'pipelines.addStage'),
  put('/pipelines/{pipelineId}/stages/order', 'pipelines.reorderStages'),
  patch('/stages/{id}', 'pipelines.updateStage'),
  remove('/stages/{id}', 'pipelines.removeStage'),

  get('/tenant', 'tenant.boot', { operation: 'tenantGet' }),
  patch('/tenant', 'tenant.update'),

  get('/members', 'members.list'),
  get('/members/search', 'members.search'),
  post('/members/invitations', 'members.invite'),
  remove('/members/invitations/{id}', 'members.revokeInvitation'),
  put('/members/{id}/role', 'members.setRole'),
  put('/members/{id}/team', 'members.setTeam'),
  post('/members/{id}/deactivate', 'members.deactivate'),
  post('/members/{id}/reactivate', 'members.reactivate'),

  get('/teams', 'teams.list'),
  post('/teams', 'teams.create'),
  patch('/teams/{id}', 'teams.update'),
  remove('/teams/{id}', 'teams.remove'),

  get('/search', 'search.global'),
  get('/search/groups', 'search.groups'),
  get('/search/pick', 'search.pick'),
  get('/search/meant', 'search.meant'),

  get('/reports/home', 'reports.home'),
  get('/reports/revenue', 'reports.revenueBy'),
  get('/reports/won', 'reports.wonBy'),

  get('/imports', 'imports.list'),
  get('/imports/{id}', 'imports.get'),
  get('/imports/{id}/problems', 'imports.problems'),
  post('/imports/{id}/cancel', 'imports.cancel'),
  post('/imports/{id}/pause', 'imports.pause'),
  post('/imports/{id}/resume', 'imports.resume'),
  get('/imports/{id}/edited', 'imports.edited'),
  post('/imports/{id}/undo', 'imports.undo'),
  get('/imports/{id}/review', 'imports.review'),
  post('/imports/{id}/decide', 'imports.decide'),
  get('/import-sets/{id}', 'imports.getSet'),
  post('/import-sets/{id}/cancel', 'imports.cancelSet'),
  post('/import-sets/{id}/undo', 'imports.undoSet'),

  get('/exports', 'exports.list'),
  post('/exports', 'exports.start'),
  get('/exports/{id}', 'exports.get'),
  post('/exports/{id}/cancel', 'exports.cancel'),

  get('/duplicates', 'duplicates.list'),
  get('/duplicates/summary', 'duplicates.summary'),
  post('/duplicates/dismiss', 'duplicates.dismiss'),
  post('/duplicates/reopen', 'duplicates.reopen'),
  get('/duplicate-rules', 'duplicates.rules'),
  put('/duplicate-rules/{object}', 'duplicates.setRules'),
  get('/merges', 'merges.of'),
  post('/merges', 'merges.merge'),
  post('/merges/certain', 'merges.mergeCertain'),
  get('/merges/survivor', 'merges.survivorOf'),
  post('/merges/{id}/unmerge', 'merges.unmerge'),
  get('/bin', 'bin.list'),
  get('/bin/summary', 'bin.summary'),
  post('/bin/restore', 'bin.restore'),

  get('/jobs/failed', 'jobs.failed'),
  post('/jobs/{id}/replay', 'jobs.replay'),
  remove('/jobs/{id}', 'jobs.dismiss'),

  get('/samples', 'samples.status'),
  post('/samples', 'samples.add'),
  remove('/samples', 'samples.remove'),

  get('/audit', 'audit.list'),
  get('/audit/changes/{changeSetId}', 'audit.changes'),
  post('/audit/verify', 'audit.verify'),

  get('/comments', 'conversation.list'),
  post('/comments', 'conversation.add'),
  patch('/comments/{id}', 'conversation.edit'),
  remove('/comments/{id}', 'conversation.remove'),
  get('/followers', 'conversation.followers'),
  get('/attachments', 'attachments.list'),
  patch('/attachments/{id}', 'attachments.rename'),
  remove('/attachments/{id}', 'attachments.remove'),
  get('/layouts', 'layouts.list'),
  put('/layouts', 'layouts.set'),

  get('/changes/recent', 'changes.recent'),
  post('/changes/{changeSetId}/undo', 'changes.undo'),
];

const noKeyYet = 'comes before any key: done by a person in a browser';
const filesByHand = 'a file is brought and checked on screen before it is imported';
const atTheScreen = 'about the person at the screen and where they are signed in';
const whatScreensHold = 'what the search in the browser holds; programs have lists and the search';
const freshPerson = 'asks for a person who has just proved who they are';
const keysByHand = 'keys are made in the browser, by people only';
/** Procedures that have no address here, and why. */
export const notOverRest: Partial<Record<ProcedurePath, string>> = {
  'account.signUp': noKeyYet,
  'account.requestReset': noKeyYet,
  'account.resetPassword': noKeyYet,
  'account.requestMagicLink': noKeyYet,
  'account.confirmEmail': noKeyYet,
  'account.invitation': noKeyYet,
  'account.acceptInvitation': noKeyYet,
  'account.me': 'about the person at the screen; a key belongs to a tenant',
  'account.updateMe': 'about the person at the screen; a key belongs to a tenant',
  'account.changePassword': 'a password is changed by whoever knows it',
  'account.stepUp': atTheScreen,
  'account.requestConfirmation': atTheScreen,
  'account.changeEmail': atTheScreen,
  'account.sessions': atTheScreen,
  'account.revokeSession': atTheScreen,
  'account.revokeOtherSessions': atTheScreen,
  'account.signOut': atTheScreen,
  'apiKeys.list': keysByHand,
  'apiKeys.create': keysByHand,
  'apiKeys.revoke': keysByHand,
  'archives.list': freshPerson,
  'archives.make': freshPerson,
  'archives.fetch': freshPerson,
  'archives.load': freshPerson,
  'archives.discard': freshPerson,
  'bin.countErased': freshPerson,
  'bin.erase': freshPerson,
  'duplicates.check': 'asked while somebody types; programs list duplicates',
  'merges.preview': 'shows records side by side on the screen',
  'imports.analyse': filesByHand,
  'imports.values': filesByHand,
  'imports.check': filesByHand,
  'imports.checked': filesByHand,
  'imports.mappings': filesByHand,
  'imports.saveMapping': filesByHand,
  'imports.removeMapping': filesByHand,
  'imports.start': filesByHand,
  'imports.discard': filesByHand,
  'imports.readAs': filesByHand,
  'imports.checkSet': filesByHand,
  'imports.startSet': filesByHand,
  'members.sessions': atTheScreen,
  'members.revokeSessions': atTheScreen,
  'members.renameSelf': 'about the person at the screen; a key belongs to a tenant',
  'conversation.mentionable': 'helps whoever types a name on the screen',
  'conversation.react': 'a sign a person leaves on the screen',
  'conversation.follow': 'what the person at the screen wants to hear of',
  'live.since': 'what an open screen missed; programs list by updatedAt',
  'notifications.list': 'what the person at the screen was told',
  'notifications.count': 'what the person at the screen was told',
  'notifications.markRead': 'what the person at the screen has seen',
  'notifications.markAllRead': 'what the person at the screen has seen',
  'preferences.set': 'how a person has set up their screens',
  'search.recent': 'what a person opened last on their screen',
  'search.mirrorStart': whatScreensHold,
  'search.mirrorPage': whatScreensHold,
  'search.mirrorChanges': whatScreensHold,
  'tenant.sessionPolicy': freshPerson,
  'tenant.setSessionPolicy': freshPerson,
  'views.setStart': 'how a person has set up their screens',
  'views.adopt': 'takes over what a person had kept on their screen',
  'tenant.checklist': 'first steps on the screen',
};

export interface RestDeps {
  /** What all doors know of a request; who is calling is found out here. */
  makeContext(request: FastifyRequest): RequestContext | Promise<RequestContext>;
}

/** Answers what a procedure's path and input ask for, with the rights of the context's key. */
type Caller = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;
// A caller has a function per procedure of each router; all routers are one level deep (see ProcedurePath).
const callerOf = createCaller(appRouter) as unknown as (context: RequestContext) => Caller;

/** The input schema of a procedure, if it takes any. */
export function inputOf(procedure: ProcedurePath): z.ZodType | undefined {
  // At run time the record is flat, path to procedure; every input is a zod schema, for nothing else is ever given.
  const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { inputs: z.ZodType[] } }>;
  return procedures[procedure]?._def.inputs[0];
}

/** The table as the OpenAPI document needs it. */
export const describedRoutes = () => routes.map((each) => ({ ...each, input: inputOf(each.procedure) }));

declare module 'fastify' {
  interface FastifyRequest {
    apiKey: ApiKeyRow | undefined;
  }
}

/** Registers `/api/v1`. */
export async function restRoutes(app: FastifyInstance, deps: RestDeps): Promise<void> {
  await app.register(
    async (v1) => {
      v1.decorateRequest('apiKey', undefined);
      v1.addHook('onSend', compressed);
      // JSON is all that is read; `__proto__` and `constructor` in it are refused.
      v1.removeAllContentTypeParsers();
      const parse = v1.getDefaultJsonParser('error', 'error');
      v1.addContentTypeParser(
        'application/json',
        { parseAs: 'string', bodyLimit: 1024 * 1024 },
        (request, body, done) => {
          // parseAs: 'string' hands over text.
          const text = body as string;
          if (text.length === 0) return done(null, undefined);
          try {
            refuseHugeJson(text);
          } catch (error) {
            return done(error as Error);
          }
          parse(request, text, done);
        },
      );
      v1.setErrorHandler(async (error, request, reply) => {
        const { log, locale } = await deps.makeContext(request);
        if (!(error instanceof Refusal)) log.debug({ err: error }, 'rest');
        return sendProblem(reply, error, { requestId: request.id, locale });
      });
      v1.setNotFoundHandler(async (request, reply) => {
        const { locale } = await deps.makeContext(request);
        return sendProblem(reply, noSuchRoute(), { requestId: request.id, locale });
      });
      v1.get('/openapi.json', async (request, reply) => {
        // To whoever shows a key the document of their workspace: with its own fields and objects.
        if (request.headers.authorization !== undefined) {
          await authenticate(request, reply);
          const tenantId = request.apiKey?.tenantId ?? '';
          const types = await inTenant(tenantId, 'read', (db) => typesOf(db));
          return reply
            .header('cache-control', 'no-store')
            .header('content-type', 'application/json; charset=utf-8')
            .send(openapi(describedRoutes, types));
        }
        return reply
          .header('cache-control', 'public, max-age=300')
          .header('content-type', 'application/json; charset=utf-8')
          .send(openapi(describedRoutes));
      });
      // No procedure: its answer is a file.
      v1.get('/exports/:id/file', { onRequest: authenticate }, async (request, reply) =>
        sendExport(await machineContext(deps, request, reply), request, reply),
      );
      for (const each of routes) {
        v1.route({
          method: each.method,
          url: each.path.replace(/\{(\w+)\}/g, ':$1'),
          onRequest: authenticate,
          handler: handlerOf(each, deps),
        });
      }
    },
    { prefix: '/api/v1' },
  );
}

/** Who calls is asked before a body is read. */
async function authenticate(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const header = request.headers.authorization ?? '';
  const key = /^bearer /i.test(header) ? await readApiKey(header.slice(7).trim()) : undefined;
  if (!key) {
    reply.header('www-authenticate', header ? 'Bearer realm="Guanxi", error="invalid_token"' : 'Bearer realm="Guanxi"');
    throw new Refusal('unauthenticated', 'apiKey');
  }
  request.apiKey = key;
  spend(limits.key, tenantKey(key.tenantId, 'key', key.keyId), limitHeaders(reply.raw));
}

async function machineContext(deps: RestDeps, request: FastifyRequest, reply: FastifyReply): Promise<RequestContext> {
  return {
    ...(await deps.makeContext(request)),
    tenantSlug: null,
    sid: undefined,
    session: undefined,
    apiKey: request.apiKey,
    channel: 'api',
    tell: limitHeaders(reply.raw),
  };
}

function handlerOf(each: Route, deps: RestDeps) {
  const [domain = '', name = ''] = each.procedure.split('.');
  const input = inputOf(each.procedure);
  const schema = input && inputSchema(input);
  const read = inputReader(each, schema);
  const rename = renamer(each);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const context = await machineContext(deps, request, reply);
    try {
      const answer = await callerOf(context)[domain]?.[name]?.(read(request));
      return send(each, reply, answer);
    } catch (error) {
      return sendProblem(reply, error, { requestId: context.requestId, locale: context.locale, rename });
    }
  };
}

/** How a route's request becomes its procedure's input. */
function inputReader(
  each: Route,
  schema: JsonSchema | undefined,
): (request: FastifyRequest) => Record<string, unknown> | undefined {
  const names = [...each.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const inQuery = each.method === 'GET' || each.method === 'DELETE';
  const kinds: Map<string, ParameterKind> = inQuery ? parameterKinds(schema) : new Map();
  const taken = new Set([...names, ...Object.keys(each.fixed ?? {}), ...(each.shape === 'id' ? ['ids'] : [])]);
  return (request) => {
    // Fastify's parameters are texts by the names of the route's path.
    const params = request.params as Record<string, string>;
    const query = readQuery(request.query as Record<string, unknown>, kinds);
    const given = inQuery ? query : bodyOf(request, query);
    if (each.shape === 'values') return valuesInput(each, given, params);
    for (const key in given) if (taken.has(key) || !schema) throw unknownField(key);
    if (!schema) return undefined;
    const { id, ...others } = params;
    return { ...given, ...each.fixed, ...(each.shape === 'id' ? { ...others, ids: [id] } : params) };
  };
}

/** The record's fields stand in the body by themselves; an update's `version` beside them. */
function valuesInput(
  each: Route,
  body: Record<string, unknown>,
  params: Record<string, string>,
): Record<string, unknown> {
  if (each.method === 'POST') return { ...params, values: body };
  const { version, ...values } = body;
  return { ...params, values, version };
}

function bodyOf(request: FastifyRequest, query: Record<string, unknown>): Record<string, unknown> {
  for (const name in query) throw unknownField(name);
  const { body } = request;
  if (body === undefined || body === null) return {};
  if (typeof body !== 'object' || Array.isArray(body)) throw new Refusal('invalid', 'badJson');
  return body as Record<string, unknown>;
}

const unknownField = (field: string) => new Refusal('invalid', { code: 'unknownField', field, params: { field } });

/** Names of inputs as the caller wrote them. */
function renamer(each: Route): ((field: string) => string) | undefined {
  if (each.shape === 'values') return (field) => field.replace(/^values\./, '');
  if (each.shape === 'id') return (field) => field.replace(/^ids\.0$/, 'id');
  return undefined;
}

/** Lists are `{data, next}`, everything else is what the procedure gives. */
function send(each: Route, reply: FastifyReply, answer: unknown): FastifyReply {
  if (isObject(answer)) {
    if (each.method === 'GET' && typeof answer.version === 'number') reply.header('etag', `"${answer.version}"`);
    if (each.method === 'POST' && each.shape === 'values')
      reply.code(201).header('location', `${reply.request.url.replace(/\?.*$/, '')}/${answer.id}`);
  }
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(bodyOfAnswer(answer)));
}

function bodyOfAnswer(answer: unknown): unknown {
  if (Array.isArray(answer)) return { data: answer, next: null };
  if (isObject(answer) && 'next' in answer && Object.keys(answer).length === 2) {
    if (Array.isArray(answer.rows)) return { data: answer.rows, next: answer.next };
    if (Array.isArray(answer.items)) return { data: answer.items, next: answer.next };
  }
  if (isObject(answer) && Array.isArray(answer.rows) && Object.keys(answer).length === 1)
    return { data: answer.rows, next: null };
  return answer ?? {};
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
