import type { TenantDb } from '@/db/tenant';
import type { AuditAction, AuditSubject } from '@/domain/audit';
import { newId } from './ids';
import { currentTrace } from './trace';
import type { Work } from './work';

/**
 * Writes an audit entry in the transaction of what it tells of: there is none if that is rolled back. For what is no
 * change set; change sets are audit entries themselves.
 * @param detail what else matters, never a secret or a password
 */
export async function audit(
  work: Work,
  action: AuditAction,
  subject?: AuditSubject,
  detail?: Record<string, unknown>,
): Promise<void> {
  const { memberId, channel } = work.actor;
  const { requestId, ip, now } = work;
  await insert(work.db, { at: now, memberId, action, subject, detail, channel, requestId, ip });
}

/** An entry of what nobody in particular did: a cron job, the installation. */
export async function auditSystem(
  db: TenantDb,
  action: AuditAction,
  subject?: AuditSubject,
  detail?: Record<string, unknown>,
): Promise<void> {
  const requestId = currentTrace()?.requestId ?? null;
  await insert(db, { at: new Date(), memberId: null, action, subject, detail, channel: 'system', requestId, ip: null });
}

interface Entry {
  at: Date;
  memberId: string | null;
  action: AuditAction;
  subject?: AuditSubject;
  detail?: Record<string, unknown>;
  channel: string;
  requestId: string | null;
  ip: string | null;
}

async function insert(db: TenantDb, entry: Entry): Promise<void> {
  const { subject, detail } = entry;
  await db.prepared(
    'audit_event.insert',
    `insert into app.audit_event (tenant_id, id, at, member_id, action, subject, detail, channel, request_id, ip)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      db.tenantId,
      newId(),
      entry.at,
      entry.memberId,
      entry.action,
      subject ? JSON.stringify(subject) : null,
      detail ? JSON.stringify(detail) : null,
      entry.channel,
      entry.requestId,
      entry.ip,
    ],
  );
}
