import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { relationLinks } from '@/db/schema/catalogue';
import type { FieldDefinition, LinkAttribute } from '@/domain/custom-fields';
import * as f from '@/domain/fields';
import { type RecordObject, recordObjects } from '@/domain/objects';
import { notFound, Refusal } from '@/domain/refusals';
import { apply, applySet, type Change } from '../core/changes';
import { badCursor } from '../core/cursor';
import { newId } from '../core/ids';
import { defineRecord, type RecordType, type RecordValues, snake } from '../core/record-types';
import { direction } from '../core/records';
import { inScope, isTopic, isVisible, requireInScope, requireVisible } from '../core/scope';
import { andKind, type Types } from '../core/types';
import type { Work } from '../core/work';

const fieldOfLink = (types: Types, id: unknown): FieldDefinition | undefined =>
  types.fields.find((field) => field.id === id && field.type === 'relation');

/** One record's link to another through a field of type `relation`, and what the link itself says. */
export const relationLinkType = defineRecord({
  object: 'relationLink' as const,
  table: relationLinks,
  tableName: 'relation_link',
  fields: {
    fieldId: f.text({ required: true }),
    fromId: f.text({ required: true }),
    toId: f.text({ required: true }),
    attributes: f.text(),
    position: f.integer(),
  },
  title: 'fieldId',
  permission: 'records.write',
  shownOn: ['fieldId'],
  shownOnAny: ['fromId', 'toId'],
  leadsTo: (types, name, row) => {
    const field = fieldOfLink(types, row.fieldId);
    return name === 'fromId' ? field?.object : name === 'toId' ? field?.settings.to : undefined;
  },
  guard: guardLinks,
});

export const relationInput = z.strictObject({
  /** The object that has the field. */
  object: z.string().max(60),
  field: z.string().max(60),
  /** The record of that object. */
  id: z.uuid(),
});
export const linkInput = relationInput.extend({
  to: z.uuid(),
  attributes: f.recordOf(z.string().max(60), f.anyValue, 20).optional(),
});
export const linkedInput = relationInput.extend({
  /** `to`: `id` is the other end, and those that link to it are listed. */
  side: z.enum(['from', 'to']).default('from'),
  cursor: z.string().max(100).nullish(),
  direction,
  limit: z.int().min(1).max(200).default(50),
});
export const pointingInput = z.strictObject({
  object: z.string().max(60),
  id: z.uuid(),
  limit: z.int().min(1).max(20).default(5),
  /** Only what points here through these, `object.field` each: what is not shown is not counted either. */
  through: z.array(z.string().max(130)).max(600).optional(),
});

interface Relation {
  field: FieldDefinition;
  from: RecordType;
  to: RecordType;
}

/** @throws Refusal notFound where the tenant has no such relation */
function relationOf(work: Work, object: string, key: string): Relation {
  const from = work.types.find(object);
  const field = from?.own?.find((own) => own.key === key && own.type === 'relation');
  const to = work.types.find(field?.settings.to ?? '');
  if (!from || !field || !to) throw notFound();
  return { field, from, to };
}

type Ends = z.infer<typeof relationInput> & { to: string };

/** The link between two records, locked; the record with the field must be the actor's to write. */
async function linkBetween(work: Work, { field, from }: Relation, { id, to }: Ends) {
  work.db.requires(requireVisible(work, from, id));
  work.db.requires(requireInScope(work, from, 'write', [id]));
  const mine = and(eq(relationLinks.fieldId, field.id), eq(relationLinks.fromId, id), isNull(relationLinks.deletedAt));
  const links = await work.db.find(relationLinks, and(mine, eq(relationLinks.toId, to)), { lock: true });
  return links[0];
}

/**
 * Links a record to another; a link that is there gets the attributes given.
 * @throws Refusal notFound for a record not one's to write, invalid `noSuchRecord` for another end that is not there to see
 */
export async function link(
  work: Work,
  input: z.infer<typeof linkInput>,
): Promise<{ linkId: string; changeSetId: string }> {
  const relation = relationOf(work, input.object, input.field);
  const existing = await linkBetween(work, relation, input);
  if (!(await isVisible(work, relation.to, input.to)))
    throw new Refusal('invalid', { code: 'noSuchRecord', field: 'to' });
  const given = checkAttributes(relation.field, input.attributes ?? {});
  const attributes = merged(existing?.attributes, given);
  if (existing) {
    const { changeSetId } = await applySet(work, 'link', [
      { type: relationLinkType, op: 'update', id: existing.id, values: { attributes } },
    ]);
    return { linkId: existing.id, changeSetId };
  }
  const linkId = newId();
  const values = { fieldId: relation.field.id, fromId: input.id, toId: input.to, attributes, position: 0 };
  const { changeSetId } = await apply(work, 'link', [{ type: relationLinkType, op: 'create', id: linkId, values }]);
  return { linkId, changeSetId };
}

/** Takes a link away; undo brings it back with what it said. @throws Refusal notFound when there is none */
export async function unlink(work: Work, input: Ends): Promise<{ changeSetId: string }> {
  const existing = await linkBetween(work, relationOf(work, input.object, input.field), input);
  if (!existing) throw notFound();
  return applySet(work, 'unlink', [{ type: relationLinkType, op: 'delete', id: existing.id }]);
}

/** Changes what a link says; null takes a value away. */
export async function setAttributes(work: Work, input: z.infer<typeof linkInput>): Promise<{ changeSetId: string }> {
  const relation = relationOf(work, input.object, input.field);
  const existing = await linkBetween(work, relation, input);
  if (!existing) throw notFound();
  const attributes = merged(existing.attributes, checkAttributes(relation.field, input.attributes ?? {}));
  return applySet(work, 'update', [{ type: relationLinkType, op: 'update', id: existing.id, values: { attributes } }]);
}

const attributeSchemas: Record<LinkAttribute['type'], z.ZodType> = {
  text: f.text({ max: 1000 }).schema,
  number: z.number({ error: 'number' }).min(-9e15).max(9e15).nullable(),
  date: f.date().schema,
  boolean: z.boolean().nullable(),
};

/** @throws ZodError naming every attribute that is wrong */
function checkAttributes({ settings }: FieldDefinition, attributes: RecordValues): RecordValues {
  const shape = (settings.attributes ?? []).map(({ key, type }) => [key, attributeSchemas[type].optional()] as const);
  return z.strictObject({ attributes: z.strictObject(Object.fromEntries(shape)) }).parse({ attributes }).attributes;
}

const merged = (before: RecordValues = {}, given: RecordValues): RecordValues =>
  Object.fromEntries(
    Object.entries({ ...before, ...given }).filter(([, value]) => value !== null && value !== undefined),
  );

/** What undo may do with links: only what their first end's record allows, and none twice. */
async function guardLinks(work: Work, changes: Change[]): Promise<void> {
  const ids = changes.map(({ id }) => id);
  const rows = await work.db.find(relationLinks, inArray(relationLinks.id, ids));
  for (const [fieldId, links] of Map.groupBy(rows, (row) => row.fieldId)) {
    const type = work.types.find(fieldOfLink(work.types, fieldId)?.object ?? '');
    if (!type) throw notFound();
    const from = [...new Set(links.map(({ fromId }) => fromId))];
    work.db.requires(requireInScope(work, type, 'write', from));
  }
  const restored = changes.filter(({ op }) => op === 'restore').map(({ id }) => id);
  if (restored.length === 0) return;
  const [twice] = await work.db.rows(sql`
    select 1 as found from app.relation_link g join app.relation_link l on l.tenant_id = g.tenant_id and l.field_id = g.field_id
      and l.from_id = g.from_id and l.to_id = g.to_id and l.deleted_at is null and l.id <> g.id
    where g.tenant_id = ${work.actor.tenantId} and g.id = any(${sql.param(restored)}::uuid[]) limit 1`);
  if (twice) throw new Refusal('conflict', 'linkThere');
}

export interface Linked {
  linkId: string;
  id: string;
  title: string | null;
  attributes: Record<string, unknown>;
}

/** What a record is linked to through a relation, or which records link to it: in the order the links were made. */
export async function linked(
  work: Work,
  input: z.infer<typeof linkedInput>,
): Promise<{ rows: Linked[]; next: string | null }> {
  const { field, from, to } = relationOf(work, input.object, input.field);
  const [here, other] = input.side === 'from' ? [from, to] : [to, from];
  work.db.requires(requireVisible(work, here, input.id));
  const rows = await linkedRows(work, field, other, input.side, input);
  const more = rows.length > input.limit;
  if (more) rows.length = input.limit;
  return { rows, next: more ? (rows.at(-1)?.linkId ?? null) : null };
}

function linkedRows(
  work: Work,
  field: FieldDefinition,
  other: RecordType,
  side: 'from' | 'to',
  { id, cursor, limit }: { id: string; cursor?: string | null; limit: number },
): Promise<Linked[]> {
  if (cursor && !z.uuid().safeParse(cursor).success) throw badCursor();
  const scope = inScope(work, other, 'read', 'o');
  const [mine, theirs] = side === 'from' ? [sql`l.from_id`, sql`l.to_id`] : [sql`l.to_id`, sql`l.from_id`];
  return work.db.rows<Linked>(sql`
    select l.id as "linkId", o.id, left(o.${sql.identifier(snake(other.title))}::text, 200) as title, l.attributes
    from app.relation_link l join ${other.table} o on o.tenant_id = l.tenant_id and o.id = ${theirs}
    where l.tenant_id = ${work.actor.tenantId} and l.field_id = ${field.id} and ${mine} = ${id} and l.deleted_at is null
      and o.deleted_at is null ${andKind(other, 'o')} ${scope ? sql`and ${scope}` : sql``} ${cursor ? sql`and l.id > ${cursor}::uuid` : sql``}
    order by l.id limit ${limit + 1}`);
}

/** Records of one kind that point to a record through one field. */
export interface Pointing {
  object: string;
  field: string;
  kind: 'reference' | 'relation';
  /** Up to 1,000. */
  count: number;
  capped: boolean;
  rows: { id: string; title: string | null; attributes?: Record<string, unknown> }[];
}

const countCap = 1000;

/**
 * All that points to a record, or what does so through the fields asked about: references and relations of standard and
 * own objects, each with how many and the newest few. Fields through which nothing points are there too, with none.
 */
export async function pointing(work: Work, input: z.infer<typeof pointingInput>): Promise<{ rows: Pointing[] }> {
  const target = work.types.find(input.object);
  if (!target || !isRecordKind(target)) throw notFound();
  work.db.requires(requireVisible(work, target, input.id));
  const sources = work.types.all().flatMap((type) =>
    isRecordKind(type) && !isClosed(work, type)
      ? Object.entries(type.fields)
          .filter(([, field]) => field.to === target.object || (field.kindIn !== undefined && isTopic(target)))
          .filter(([name]) => input.through?.includes(`${type.object}.${name}`) ?? true)
          .map(([name, field]) => ({ type, name, own: field.own }))
      : [],
  );
  return { rows: await Promise.all(sources.map((source) => pointingThrough(work, source, input))) };
}

const isRecordKind = (type: RecordType): boolean =>
  type.rights !== undefined || recordObjects.includes(type.object as RecordObject);
const isClosed = (work: Work, type: RecordType): boolean => type.rights?.read[work.actor.role] === 'none';

async function pointingThrough(
  work: Work,
  { type, name, own }: { type: RecordType; name: string; own: FieldDefinition | undefined },
  { id, limit }: { id: string; limit: number },
): Promise<Pointing> {
  const tenant = work.actor.tenantId;
  const scope = inScope(work, type, 'read', 'o');
  const isRelation = own?.type === 'relation';
  const from = !own
    ? sql`${type.table} o where o.${sql.identifier(snake(name))} = ${id}`
    : isRelation
      ? sql`app.relation_link l join ${type.table} o on o.tenant_id = l.tenant_id and o.id = l.from_id
        where l.tenant_id = ${tenant} and l.field_id = ${own.id} and l.to_id = ${id} and l.deleted_at is null`
      : sql`app.field_value v join ${type.table} o on o.tenant_id = v.tenant_id and o.id = v.record_id
        where v.tenant_id = ${tenant} and v.field_id = ${own.id} and v.ref = ${id}`;
  const where = sql`${from} and o.tenant_id = ${tenant} and o.deleted_at is null ${andKind(type, 'o')} ${scope ? sql`and ${scope}` : sql``}`;
  const attributes = isRelation ? sql`, l.attributes` : sql``;
  const [rows, counted] = await Promise.all([
    work.db.rows<Pointing['rows'][number]>(
      sql`select o.id, left(o.${sql.identifier(snake(type.title))}::text, 200) as title ${attributes} from ${where} order by o.created_at desc, o.id limit ${limit}`,
    ),
    work.db.rows<{ n: number }>(
      sql`select count(*)::int as n from (select from ${where} limit ${countCap + 1}) as counted`,
    ),
  ]);
  const n = counted[0]?.n ?? 0;
  return {
    object: type.object,
    field: name,
    kind: isRelation ? 'relation' : 'reference',
    count: Math.min(n, countCap),
    capped: n > countCap,
    rows,
  };
}
