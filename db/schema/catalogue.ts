import { sql } from 'drizzle-orm';
import {
  boolean,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { FieldSettings, Labels, ObjectLabels } from '@/domain/custom-fields';
import type { ObjectRights } from '@/domain/permissions';
import { app, ctext, custom, moment, recordColumns, tenantId } from './_tenant';
import { members, tenants } from './tenants';

/** Kinds of records a tenant has made for itself; the records are in custom_record. */
export const customObjects = app.table(
  'custom_object',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    /** `o_asset`: names the object everywhere, never changes, is never given twice. */
    key: ctext().notNull(),
    label: jsonb().$type<ObjectLabels>().notNull(),
    description: jsonb().$type<Labels>(),
    /** What a record is called by: the label of its name. */
    titleLabel: jsonb().$type<Labels>(),
    icon: ctext().notNull(),
    tone: ctext().notNull(),
    rights: jsonb().$type<ObjectRights>().notNull(),
    position: doublePrecision().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), unique().on(t.tenantId, t.key)],
);

/** Fields a tenant has added to a standard object or given to one of its own. */
export const customFields = app.table(
  'custom_field',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    object: ctext().notNull(),
    /** `c_budget`: names the field everywhere, never changes, is never given twice on the object. */
    key: ctext().notNull(),
    type: ctext().notNull(),
    label: jsonb().$type<Labels>().notNull(),
    help: jsonb().$type<Labels>(),
    required: boolean().notNull().default(false),
    settings: jsonb().$type<FieldSettings>().notNull().default({}),
    position: doublePrecision().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), unique().on(t.tenantId, t.object, t.key)],
);

/** Records of a tenant's own objects. */
export const customRecords = app.table(
  'custom_record',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    object: ctext().notNull(),
    name: text().notNull(),
    nameKey: ctext().notNull(),
    sortKey: ctext().notNull(),
    ownerId: uuid(),
    custom: custom(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index('custom_record_bin').on(t.tenantId, t.deletedAt).where(sql`${t.deletedAt} is not null`),
    index().on(t.tenantId, t.object, t.createdAt, t.id),
    index().on(t.tenantId, t.object, t.sortKey, t.id),
    index().on(t.tenantId, t.object, t.nameKey),
    index().on(t.tenantId, t.ownerId, t.object, t.id),
    foreignKey({ columns: [t.tenantId, t.ownerId], foreignColumns: [members.tenantId, members.id] }),
  ],
);

/**
 * Typed copies of what records' own fields hold, to filter, sort and join by under row policies: jsonb operators use no
 * index there. One row per value; a field of several values has several. The record's `custom` is the truth.
 */
export const fieldValues = app.table(
  'field_value',
  {
    tenantId: tenantId(),
    fieldId: uuid().notNull(),
    recordId: uuid().notNull(),
    n: integer().notNull().default(0),
    /** Folded text, of at most 200 characters; the value of a choice. */
    text: ctext(),
    /** What texts and choices are sorted by. */
    sort: ctext(),
    number: doublePrecision(),
    time: moment(),
    ref: uuid(),
    /** The field allows each value once and the record is not in the bin. */
    single: boolean().notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.fieldId, t.recordId, t.n] }),
    index().on(t.tenantId, t.recordId),
    index().on(t.tenantId, t.fieldId, t.text, t.recordId).where(sql`${t.text} is not null`),
    index().on(t.tenantId, t.fieldId, t.sort, t.recordId).where(sql`${t.sort} is not null`),
    index().on(t.tenantId, t.fieldId, t.number, t.recordId).where(sql`${t.number} is not null`),
    index().on(t.tenantId, t.fieldId, t.time, t.recordId).where(sql`${t.time} is not null`),
    index().on(t.tenantId, t.fieldId, t.ref, t.recordId).where(sql`${t.ref} is not null`),
    uniqueIndex('field_value_single_text').on(t.tenantId, t.fieldId, t.text).where(sql`${t.single}`),
    uniqueIndex('field_value_single_number').on(t.tenantId, t.fieldId, t.number).where(sql`${t.single}`),
    uniqueIndex('field_value_single_time').on(t.tenantId, t.fieldId, t.time).where(sql`${t.single}`),
    uniqueIndex('field_value_single_ref').on(t.tenantId, t.fieldId, t.ref).where(sql`${t.single}`),
  ],
);

/** Links of a relation field of several records, with what the link itself says. */
export const relationLinks = app.table(
  'relation_link',
  {
    ...recordColumns,
    tenantId: tenantId().references(() => tenants.id),
    fieldId: uuid().notNull(),
    fromId: uuid().notNull(),
    toId: uuid().notNull(),
    attributes: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    position: doublePrecision().notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex('relation_link_once').on(t.tenantId, t.fieldId, t.fromId, t.toId).where(sql`${t.deletedAt} is null`),
    index().on(t.tenantId, t.fieldId, t.toId),
    index().on(t.tenantId, t.fromId),
    index().on(t.tenantId, t.toId),
  ],
);
