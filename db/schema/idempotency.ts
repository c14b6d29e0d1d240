import { foreignKey, index, jsonb, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { app, ctext, moment, tenantId } from './_tenant';
import { members, tenants } from './tenants';

/**
 * Changes that were asked for under a key of the caller's, with what they were answered: the same call sent again, because
 * its answer was lost, is not carried out again. Written in the transaction of the change itself.
 */
export const idempotencyKeys = app.table(
  'idempotency_key',
  {
    tenantId: tenantId().references(() => tenants.id),
    memberId: uuid().notNull(),
    key: ctext().notNull(),
    /** SHA-256 of the procedure and its input: the same key with anything else is a mistake of the caller's. */
    request: ctext().notNull(),
    answer: jsonb(),
    at: moment().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.memberId, t.key] }),
    index().on(t.tenantId, t.at),
    foreignKey({ columns: [t.tenantId, t.memberId], foreignColumns: [members.tenantId, members.id] }),
  ],
);
