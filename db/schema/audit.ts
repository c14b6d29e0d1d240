import { sql } from 'drizzle-orm';
import { index, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { app, ctext, moment, tenantId, writtenAt } from './_tenant';
import { tenants } from './tenants';

/** Security events and writes that are no change set: sign-ins, invitations, keys, sessions ended. Append only. */
export const auditEvents = app.table(
  'audit_event',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    at: moment().notNull().default(sql`now()`),
    memberId: uuid(),
    action: ctext().notNull(),
    /** What it was done to: `{ object, id, name }`. */
    subject: jsonb(),
    detail: jsonb(),
    channel: ctext().notNull(),
    requestId: ctext(),
    ip: ctext(),
    writtenAt: writtenAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index().on(t.tenantId, t.at, t.id),
    index().on(t.tenantId, t.memberId, t.at),
    index().on(t.tenantId, t.writtenAt),
  ],
);

/** The links of a tenant's hash chain: everything written up to `sealedTo` is in this seal or an earlier one. Append only. */
export const auditSeals = app.table(
  'audit_seal',
  {
    tenantId: tenantId().references(() => tenants.id),
    seq: integer().notNull(),
    sealedTo: moment().notNull(),
    entries: integer().notNull(),
    hash: ctext().notNull(),
    previous: ctext(),
    at: moment().notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.seq] })],
);

/** Secrets of a tenant, encrypted with a key that is not in the database (server/core/secrets). */
export const tenantSecrets = app.table(
  'tenant_secret',
  {
    tenantId: tenantId().references(() => tenants.id),
    name: ctext().notNull(),
    /** Which of the installation's keys encrypted it. */
    keyId: ctext().notNull(),
    sealed: text().notNull(),
    createdAt: moment().notNull().default(sql`now()`),
    rotatedAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.name] })],
);

/** Jobs that were tried as often as their queue allows: an admin sees why and starts them again. */
export const failedJobs = app.table(
  'failed_job',
  {
    tenantId: tenantId().references(() => tenants.id),
    id: uuid().notNull(),
    queue: ctext().notNull(),
    payload: jsonb().notNull(),
    /** A key of messages' errors, or `internal`: the log has the rest under the request's id. */
    error: ctext().notNull(),
    attempts: integer().notNull(),
    requestId: ctext(),
    memberId: uuid(),
    createdAt: moment().notNull(),
    failedAt: moment().notNull(),
    replayedAt: moment(),
    dismissedAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), index().on(t.tenantId, t.failedAt, t.id)],
);
