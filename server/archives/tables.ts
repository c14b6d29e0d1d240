import { getTableColumns, notInArray, type SQL, sql } from 'drizzle-orm';
import { getTableConfig, type PgColumn } from 'drizzle-orm/pg-core';
import { archives } from '@/db/schema/archives';
import { auditEvents, auditSeals, failedJobs, tenantSecrets } from '@/db/schema/audit';
import { customFields, customObjects, customRecords, fieldValues, relationLinks } from '@/db/schema/catalogue';
import { attachments, comments, followers, notifications, reactions } from '@/db/schema/conversation';
import { duplicatePairs, erasures, matchKeys, matchRules, merges } from '@/db/schema/duplicates';
import { listExports } from '@/db/schema/exports';
import { idempotencyKeys } from '@/db/schema/idempotency';
import { files, importMappings, importProblems, importSets, imports } from '@/db/schema/imports';
import { pipelines, stages } from '@/db/schema/pipelines';
import * as records from '@/db/schema/records';
import { apiKeys, invitations, members, preferences, teams, tenantSettings } from '@/db/schema/tenants';
import { layouts, views } from '@/db/schema/views';
import type { TenantTable } from '@/db/tenant';
import type { AuditAction } from '@/domain/audit';
import { isOwnField, isOwnObject } from '@/domain/custom-fields';
import { isTimeZone } from '@/domain/time-zones';
import type { RecordValues } from '../core/record-types';
import { checkStatuses } from '../imports/check';

/** How rows of a table are archived. */
export interface ArchivedTable {
  /** `data/<name>.ndjson`, or `installation/<name>.ndjson`. */
  name: string;
  table: TenantTable;
  /** Rows that are; all when not given. */
  only?: SQL;
  /** Columns that follow from others or belong to the installation. */
  without?: readonly string[];
  /** A row as it is anywhere else. */
  elsewhere?(row: RecordValues): RecordValues;
  /** Whether a row can be put back, where the table itself does not say so. */
  accepts?(row: RecordValues): boolean;
  /** Values may be the workspace's own id. */
  namesWorkspace?: true;
  /** A part of the key is one of them: the workspace comes first, as its id in archives does. */
  workspaceFirst?: string;
  /** Signed, and not part of what two archives are compared by. */
  installation?: true;
  /** Read by people only: not put back. */
  notLoaded?: true;
}

/** Who came in, with what, and what was done with archives: it differs from place to place, whatever is in the workspace. */
const accessActions: readonly AuditAction[] = [
  'signIn',
  'signInFailed',
  'signOut',
  'sessionsRevoked',
  'passwordChanged',
  'passwordReset',
  'emailConfirmed',
  'emailChanged',
  'stepUp',
  'invitationCreated',
  'invitationRevoked',
  'apiKeyCreated',
  'apiKeyRevoked',
  'auditVerified',
  'secretRotated',
  'archiveMade',
  'archiveFetched',
  'archiveBrought',
  'archiveDiscarded',
  'archiveLoading',
  'archiveLoaded',
];
const isAccess = sql`${auditEvents.action} = any(${sql.param([...accessActions])}::text[])`;

const isImport = notInArray(imports.status, [...checkStatuses]);

const named = ['nameKey', 'sortKey'];

/** Every table that is archived, in the order in which rows can be put back: what is referred to comes first. */
export const archivedTables: readonly ArchivedTable[] = [
  {
    name: 'tenant_settings',
    table: tenantSettings,
    namesWorkspace: true,
    // Every page reads the clock by it.
    accepts: ({ timeZone }) => isTimeZone(String(timeZone)),
  },
  { name: 'team', table: teams, without: ['nameNorm'] },
  {
    name: 'member',
    table: members,
    // Who may sign in is decided wherever it is loaded.
    without: ['nameNorm', 'emailNorm', 'userId'],
    elsewhere: (row) => ({ ...row, status: row.status === 'inactive' ? 'inactive' : 'placeholder' }),
  },
  { name: 'preference', table: preferences },
  { name: 'task_queue', table: records.taskQueues },
  { name: 'pipeline', table: pipelines },
  { name: 'stage', table: stages },
  { name: 'custom_object', table: customObjects, accepts: ({ key }) => isOwnObject(String(key)) },
  { name: 'custom_field', table: customFields, accepts: ({ key }) => isOwnField(String(key)) },
  { name: 'view', table: views },
  { name: 'layout', table: layouts },
  {
    name: 'match_rule',
    table: matchRules,
    // How far the search for duplicates is stands beside the rules; where nobody set any there is nothing else.
    only: sql`${matchRules.config} - 'scan' <> '{}'::jsonb`,
    elsewhere: ({ config, ...row }) => ({ ...row, config: without(config, 'scan') }),
  },
  { name: 'company', table: records.companies, without: named },
  { name: 'contact', table: records.contacts, without: named },
  { name: 'contact_company', table: records.contactCompanies },
  { name: 'product', table: records.products, without: named },
  { name: 'deal', table: records.deals, without: named },
  { name: 'deal_contact', table: records.dealContacts },
  { name: 'task', table: records.tasks, without: ['sortKey'] },
  { name: 'note', table: records.notes },
  { name: 'activity', table: records.activities, without: ['sortKey'] },
  { name: 'custom_record', table: customRecords, without: named },
  { name: 'relation_link', table: relationLinks },
  { name: 'comment', table: comments },
  { name: 'reaction', table: reactions },
  { name: 'follower', table: followers },
  {
    name: 'notification',
    table: notifications,
    // Files that expire do not come along, so nothing tells of them.
    only: sql`${notifications.kind} <> 'export'`,
    // Nobody is mailed elsewhere of what they have or have not read here.
    without: ['mail', 'mailedAt'],
  },
  { name: 'attachment', table: attachments },
  { name: 'duplicate_pair', table: duplicatePairs, only: sql`${duplicatePairs.dismissedAt} is not null` },
  { name: 'merge', table: merges },
  { name: 'erasure', table: erasures },
  { name: 'external_id', table: records.externalIds },
  {
    name: 'file',
    table: files,
    // One whose parts are being written has its job here and nowhere else.
    elsewhere: (row) => (row.state === 'reading' ? { ...row, state: 'failed', error: { code: 'jobStopped' } } : row),
  },
  { name: 'import_set', table: importSets },
  {
    name: 'import',
    table: imports,
    // A dry run is no import yet: its file comes along, and what it found is found anew.
    only: isImport,
    // The same of one that is under way; one that waits for a person waits elsewhere too.
    elsewhere: (row) => (isOver.has(row.status) ? row : { ...row, status: 'cancelled' }),
  },
  {
    name: 'import_problem',
    table: importProblems,
    only: sql`exists (select from ${imports} where ${imports.tenantId} = ${importProblems.tenantId}
      and ${imports.id} = ${importProblems.importId} and ${isImport})`,
  },
  { name: 'import_mapping', table: importMappings },
  { name: 'change_set', table: records.changeSets, namesWorkspace: true },
  {
    name: 'change',
    table: records.changes,
    namesWorkspace: true,
    workspaceFirst: 'recordId',
    elsewhere: (row) =>
      row.object === 'member'
        ? { ...row, before: without(row.before, 'userId'), after: without(row.after, 'userId') }
        : row,
  },
  { name: 'audit_event', table: auditEvents, only: sql`not ${isAccess}`, namesWorkspace: true },
  { name: 'audit_event', table: auditEvents, only: isAccess, namesWorkspace: true, installation: true },
  {
    name: 'access',
    table: members,
    only: sql`${members.userId} is not null`,
    without: ['userId', 'nameNorm', 'emailNorm'],
    installation: true,
    notLoaded: true,
  },
  { name: 'audit_seal', table: auditSeals, installation: true, notLoaded: true },
];

/** Those that are put back, in this order. */
export const loadedTables = archivedTables.filter(({ notLoaded }) => !notLoaded);

const isOver: ReadonlySet<unknown> = new Set(['paused', 'done', 'failed', 'cancelled']);

/** Tables that are not archived, and why. */
export const leftOut: readonly (readonly [TenantTable, string])[] = [
  [apiKeys, 'secrets of the installation'],
  [invitations, 'links that open this installation'],
  [tenantSecrets, 'secrets of the installation'],
  [failedJobs, 'jobs of the installation'],
  [idempotencyKeys, 'calls of the installation that may come twice'],
  [listExports, 'files that expire'],
  [archives, 'files that expire'],
  [fieldValues, 'made anew: copies of values'],
  [matchKeys, 'made anew: what records are compared by'],
  [records.searchKeys, 'made anew: what records are found by'],
  [records.searchStates, 'made anew with them'],
];

function without(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}

export const memberName = ({ name, installation }: ArchivedTable): string =>
  `${installation ? 'installation' : 'data'}/${name}.ndjson`;

/** Name of a column's property to the column: those that are archived. The workspace's id goes without saying. */
export function archivedColumns({ table, without = [] }: ArchivedTable): Map<string, PgColumn> {
  const columns = Object.entries<PgColumn>(getTableColumns(table));
  return new Map(columns.filter(([name, { generated }]) => name !== tenant && !generated && !without.includes(name)));
}

/** Properties by which rows of a table are told apart, in the key's order. */
export function keyOf(table: TenantTable): string[] {
  return getTableConfig(table).primaryKeys.flatMap(({ columns }) => properties(table, columns));
}

/** Properties that refer to rows of the same table: they are put in when all its rows are there. */
export function selfReferences(table: TenantTable): string[] {
  return getTableConfig(table).foreignKeys.flatMap((key) => {
    const { foreignTable, columns } = key.reference();
    return foreignTable === table ? properties(table, columns) : [];
  });
}

const tenant = 'tenantId';

/** A key has columns of its own, of the same names. */
function properties(table: TenantTable, columns: readonly PgColumn[]): string[] {
  const names = new Map(Object.entries<PgColumn>(getTableColumns(table)).map(([name, column]) => [column.name, name]));
  return columns.flatMap((column) => names.get(column.name) ?? []).filter((name) => name !== tenant);
}
