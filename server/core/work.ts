import type { TenantDb } from '@/db/tenant';
import type { Channel } from '@/domain/changes';
import type { Role } from '@/domain/permissions';
import type { Enqueue } from './jobs';
import type { Types } from './types';

/** Who acts, in which tenant, through what. */
export interface Actor {
  tenantId: string;
  tenantSlug: string;
  memberId: string;
  /** Null for a member without a login, in whose name a job may run. */
  userId: string | null;
  role: Role;
  teamId: string | null;
  locale: string;
  channel: Channel;
  /** Whether the person has just proved who they are; missing for programs and jobs, who cannot. */
  fresh?: boolean;
}

/** What a verb works with: the tenant's transaction, the actor, the clock. Made by the door, never by a verb. */
export interface Work {
  db: TenantDb;
  actor: Actor;
  /** The tenant's kinds of records. */
  types: Types;
  now: Date;
  requestId: string;
  /** Address the request came from; null for a job. */
  ip: string | null;
  enqueue: Enqueue;
}

/** Runs a step of a procedure in a transaction of its own, READ ONLY for queries. */
export type InSteps = <T>(run: (work: Work) => Promise<T>) => Promise<T>;
