import type { RecordObject } from './objects';

/**
 * The one table of rights. The server asks it before a verb runs, the browser asks it before it shows a control.
 * A cell of a record object is the scope of records the role may read or write: none, own, team or all.
 * `team` means records owned by a member of the teams one belongs to or manages. `own` and `team` count records
 * without an owner as not theirs, except where `unowned` says everyone may see them.
 */
export const roles = ['owner', 'admin', 'manager', 'member', 'viewer'] as const;
export type Role = (typeof roles)[number];

export const scopes = ['none', 'own', 'team', 'all'] as const;
export type Scope = (typeof scopes)[number];

export const recordActions = ['read', 'write', 'delete'] as const;
export type RecordAction = (typeof recordActions)[number];

export const adminPermissions = [
  'tenant.configure',
  'members.read',
  'members.manage',
  'owners.manage',
  'pipelines.configure',
  'imports.run',
  'exports.run',
  'apiKeys.manage',
  'reports.read',
  'search.use',
  'changes.read',
  'changes.undo',
  'samples.manage',
  'audit.read',
  'jobs.manage',
  'sessions.manage',
  'fields.configure',
  'bin.erase',
  'records.read',
  'records.write',
  'queues.configure',
  'conversation.read',
  'conversation.write',
  'files.write',
  'notifications.use',
  'archives.manage',
] as const;
export type AdminPermission = (typeof adminPermissions)[number];

export type Permission = `${RecordObject}.${RecordAction}` | AdminPermission;

type Cell = Record<Role, Scope>;
/** Who may do what with the records of an object, as a tenant's own objects carry it. */
export type ObjectRights = Record<RecordAction, Cell>;
const same = (owner: Scope, admin: Scope, manager: Scope, member: Scope, viewer: Scope): Cell => ({
  owner,
  admin,
  manager,
  member,
  viewer,
});

export const recordRights: Record<RecordObject, ObjectRights> = {
  company: {
    read: same('all', 'all', 'all', 'all', 'all'),
    write: same('all', 'all', 'all', 'all', 'none'),
    delete: same('all', 'all', 'team', 'own', 'none'),
  },
  contact: {
    read: same('all', 'all', 'all', 'all', 'all'),
    write: same('all', 'all', 'all', 'all', 'none'),
    delete: same('all', 'all', 'team', 'own', 'none'),
  },
  deal: {
    read: same('all', 'all', 'team', 'own', 'all'),
    write: same('all', 'all', 'team', 'own', 'none'),
    delete: same('all', 'all', 'team', 'own', 'none'),
  },
  product: {
    read: same('all', 'all', 'all', 'all', 'all'),
    write: same('all', 'all', 'none', 'none', 'none'),
    delete: same('all', 'all', 'none', 'none', 'none'),
  },
  task: {
    read: same('all', 'all', 'team', 'own', 'all'),
    write: same('all', 'all', 'team', 'own', 'none'),
    delete: same('all', 'all', 'team', 'own', 'none'),
  },
  note: {
    read: same('all', 'all', 'all', 'all', 'all'),
    write: same('all', 'all', 'own', 'own', 'none'),
    delete: same('all', 'all', 'own', 'own', 'none'),
  },
  activity: {
    read: same('all', 'all', 'team', 'own', 'all'),
    write: same('all', 'all', 'team', 'own', 'none'),
    delete: same('all', 'all', 'team', 'own', 'none'),
  },
};

const everyone: readonly Role[] = roles;
const writers: readonly Role[] = ['owner', 'admin', 'manager', 'member'];
const managers: readonly Role[] = ['owner', 'admin', 'manager'];
const admins: readonly Role[] = ['owner', 'admin'];

export const adminRights: Record<AdminPermission, readonly Role[]> = {
  'tenant.configure': admins,
  'members.read': everyone,
  'members.manage': admins,
  'owners.manage': ['owner'],
  'pipelines.configure': admins,
  'imports.run': admins,
  // Takes everything one may read out of the workspace at once.
  'exports.run': managers,
  'apiKeys.manage': admins,
  'reports.read': everyone,
  'search.use': everyone,
  'changes.read': everyone,
  'changes.undo': writers,
  'samples.manage': admins,
  'audit.read': admins,
  'jobs.manage': admins,
  'sessions.manage': admins,
  'fields.configure': admins,
  'bin.erase': admins,
  // Records of a tenant's own objects: the object's rights say which, these say who can have any at all.
  'records.read': everyone,
  'records.write': writers,
  'queues.configure': admins,
  // Comments, reactions, followers and files of a record: its own scope says which one may see.
  'conversation.read': everyone,
  'conversation.write': writers,
  'files.write': writers,
  'notifications.use': everyone,
  // The whole workspace in one file, and one file in place of a workspace.
  'archives.manage': ['owner'],
};

/** Rights of an object that has just been made; its admins may change them. */
export const newObjectRights: ObjectRights = {
  read: same('all', 'all', 'all', 'all', 'all'),
  write: same('all', 'all', 'all', 'all', 'none'),
  delete: same('all', 'all', 'team', 'own', 'none'),
};

/** The scope in which a role may do something to records of an object. */
export function scopeOf(role: Role, object: RecordObject, action: RecordAction): Scope {
  return recordRights[object][action][role];
}

/** Whether a role has a permission at all, in any scope. Pure: the browser asks the same. */
export function can(role: Role, permission: Permission): boolean {
  const [object, action] = permission.split('.') as [string, string];
  if (Object.hasOwn(recordRights, object)) {
    return scopeOf(role, object as RecordObject, action as RecordAction) !== 'none';
  }
  return adminRights[permission as AdminPermission].includes(role);
}

/** Roles a person with `role` may give to others: owners any, admins all but owner. */
export function grantableRoles(role: Role): readonly Role[] {
  if (role === 'owner') return roles;
  if (role === 'admin') return roles.filter((r) => r !== 'owner');
  return [];
}
