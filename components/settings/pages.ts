import {
  Archive,
  Bell,
  Building2,
  CopyCheck,
  Kanban,
  KeyRound,
  LayoutList,
  LockKeyhole,
  type LucideIcon,
  RotateCcw,
  ScrollText,
  Shapes,
  ShieldCheck,
  User,
  Users,
  UsersRound,
} from 'lucide-react';
import type { Permission } from '@/domain/permissions';

export interface SettingsPlace {
  /** Also its address, and its key in `messages/*\/settings.json` under `pages`. */
  key: SettingsKey;
  group: 'you' | 'workspace';
  icon: LucideIcon;
  permission?: Permission;
  /** Takes the whole width: a table. */
  wide?: boolean;
}

export type SettingsKey =
  | 'profile'
  | 'security'
  | 'notifications'
  | 'company'
  | 'members'
  | 'teams'
  | 'pipelines'
  | 'duplicates'
  | 'objects'
  | 'layouts'
  | 'api'
  | 'roles'
  | 'audit'
  | 'archive'
  | 'jobs';

/** The pages of settings, in their order. */
export const settingsPages: readonly SettingsPlace[] = [
  { key: 'profile', group: 'you', icon: User },
  { key: 'security', group: 'you', icon: LockKeyhole },
  { key: 'notifications', group: 'you', icon: Bell },
  { key: 'company', group: 'workspace', icon: Building2, permission: 'tenant.configure' },
  { key: 'members', group: 'workspace', icon: Users, permission: 'members.read' },
  { key: 'teams', group: 'workspace', icon: UsersRound, permission: 'members.read' },
  { key: 'pipelines', group: 'workspace', icon: Kanban, permission: 'deal.read' },
  { key: 'duplicates', group: 'workspace', icon: CopyCheck, permission: 'fields.configure' },
  { key: 'objects', group: 'workspace', icon: Shapes, permission: 'fields.configure' },
  { key: 'layouts', group: 'workspace', icon: LayoutList, permission: 'fields.configure' },
  { key: 'api', group: 'workspace', icon: KeyRound, permission: 'apiKeys.manage' },
  { key: 'roles', group: 'workspace', icon: ShieldCheck },
  { key: 'audit', group: 'workspace', icon: ScrollText, permission: 'audit.read', wide: true },
  { key: 'archive', group: 'workspace', icon: Archive, permission: 'archives.manage' },
  { key: 'jobs', group: 'workspace', icon: RotateCcw, permission: 'jobs.manage' },
];
