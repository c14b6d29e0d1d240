import type { AuditAction, AuditSubject } from '@/domain/audit';
import { newId } from './ids';
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
  await work.db.prepared(
    'audit_event.insert',
    `insert into app.audit_event (tenant_id, id, at, member_id, action, subject, detail, channel, request_id, ip)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      work.actor.tenantId,
      newId(),
      work.now,
      work.actor.memberId,
      action,
      subject ? JSON.stringify(subject) : null,
      detail ? JSON.stringify(detail) : null,
      work.actor.channel,
      work.requestId,
      work.ip,
    ],
  );
}
