import { memberGet } from '@/db/global';
import { inTenant } from '@/db/tenant';
import type { Channel } from '@/domain/changes';
import type { Role } from '@/domain/permissions';
import { notFound } from '@/domain/refusals';
import type { Enqueue } from './jobs';
import { typesOf } from './types';
import type { Work } from './work';

export interface JobActor {
  tenantId: string;
  memberId: string;
  channel: Channel;
  /** The request that caused the job: its change sets and log lines carry it on. */
  requestId: string;
}

/**
 * Runs a piece of a job in a transaction of its tenant, in the name of the member who caused it and with the rights
 * that member has now.
 * @throws Refusal notFound when the tenant is suspended or the person has left
 */
export async function inJob<T>(
  job: JobActor,
  enqueue: Enqueue,
  mode: 'read' | 'write',
  run: (work: Work) => Promise<T>,
): Promise<T> {
  const member = await memberGet(job.tenantId, job.memberId);
  if (!member) throw notFound();
  return inTenant(job.tenantId, mode, async (db) =>
    run({
      db,
      types: await typesOf(db),
      now: new Date(),
      requestId: job.requestId,
      ip: null,
      enqueue,
      actor: {
        tenantId: job.tenantId,
        tenantSlug: member.slug,
        memberId: job.memberId,
        userId: member.userId,
        // The table's check constraint holds roles to the catalogue's.
        role: member.role as Role,
        teamId: member.teamId,
        locale: member.locale,
        channel: job.channel,
      },
    }),
  );
}
