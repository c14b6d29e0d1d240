/**
 * What the audit records besides change sets: security events, and writes to what has no history of its own. Each has
 * a sentence in `messages/<language>/audit.json`.
 */
export const auditActions = [
  'signIn',
  'signInFailed',
  'signOut',
  'sessionsRevoked',
  'sessionPolicyChanged',
  'passwordChanged',
  'passwordReset',
  'emailConfirmed',
  'emailChanged',
  'stepUp',
  'invitationCreated',
  'invitationRevoked',
  'apiKeyCreated',
  'apiKeyRevoked',
  'importStarted',
  'importCancelled',
  'importPaused',
  'importResumed',
  'importDecided',
  'fileUploaded',
  'fileDiscarded',
  'fileReadAgain',
  'mappingSaved',
  'mappingRemoved',
  'jobReplayed',
  'jobDismissed',
  'auditVerified',
  'secretRotated',
  'duplicateDismissed',
  'duplicateReopened',
  'duplicateRulesChanged',
  'recordsErased',
  'exported',
  'exportCancelled',
  'archiveMade',
  'archiveFetched',
  'archiveBrought',
  'archiveDiscarded',
  'archiveLoading',
  'archiveLoaded',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** What an audit entry is about, as it was named then. */
export interface AuditSubject {
  object?: string;
  id?: string;
  name?: string;
}
