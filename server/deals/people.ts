import { and, eq, isNull, sql } from 'drizzle-orm';
import { dealContacts } from '@/db/schema/records';
import { dealContactRoles } from '@/domain/deals';
import * as f from '@/domain/fields';
import { notFound } from '@/domain/refusals';
import { applySet } from '../core/changes';
import { putLink } from '../core/links';
import { defineRecord } from '../core/record-types';
import { requireReferences } from '../core/record-verbs';
import { inScope, requireInScope, requireVisible } from '../core/scope';
import type { Work } from '../core/work';
import { dealType } from './deals';

/** A contact's part in a deal. */
export const dealContactType = defineRecord({
  object: 'dealContact' as const,
  table: dealContacts,
  tableName: 'deal_contact',
  fields: {
    dealId: f.reference('deal', { required: true }),
    contactId: f.reference('contact', { required: true }),
    role: f.choice(dealContactRoles),
    isPrimary: f.boolean(),
  },
  title: 'role',
  permission: 'deal.write',
  shownOn: ['dealId', 'contactId'],
});

export interface DealContactInput {
  dealId: string;
  contactId: string;
  role?: string | null;
  primary?: boolean;
}

/** Puts a contact on a deal, or changes its role there. */
export async function linkContact(work: Work, input: DealContactInput): Promise<{ changeSetId: string }> {
  work.db.requires(requireVisible(work, dealType, input.dealId));
  work.db.requires(requireInScope(work, dealType, 'write', [input.dealId]));
  await requireReferences(work, dealContactType, { dealId: input.dealId, contactId: input.contactId });
  const links = await work.db.find(
    dealContacts,
    and(eq(dealContacts.dealId, input.dealId), isNull(dealContacts.deletedAt)),
    { lock: true },
  );
  const existing = links.find((link) => link.contactId === input.contactId);
  const { dealId, contactId, role = null } = input;
  const { list } = putLink(dealContactType, links, existing, { dealId, contactId, role }, input.primary);
  return applySet(work, 'link', list);
}

export async function unlinkContact(
  work: Work,
  input: { dealId: string; contactId: string },
): Promise<{ changeSetId: string }> {
  work.db.requires(requireInScope(work, dealType, 'write', [input.dealId]));
  const [link] = await work.db.find(
    dealContacts,
    and(
      eq(dealContacts.dealId, input.dealId),
      eq(dealContacts.contactId, input.contactId),
      isNull(dealContacts.deletedAt),
    ),
    { lock: true },
  );
  if (!link) throw notFound();
  return applySet(work, 'unlink', [{ type: dealContactType, op: 'delete', id: link.id }]);
}

export interface DealContact {
  id: string;
  name: string;
  jobTitle: string | null;
  email: string | null;
  phone: string | null;
  role: string | null;
  primary: boolean;
}

export interface ContactDeal {
  id: string;
  name: string;
  role: string | null;
  primary: boolean;
}

/** The deals a contact has a part in, as far as the actor may see them, the newest first. */
export async function dealsOfContact(work: Work, contactId: string): Promise<ContactDeal[]> {
  work.db.requires(requireVisible(work, work.types.get('contact'), contactId));
  return work.db.rows<ContactDeal>(sql`
    select d.id, d.name, l.role, l.is_primary as primary from app.deal_contact l
    join app.deal d on d.tenant_id = ${work.actor.tenantId} and d.id = l.deal_id and d.deleted_at is null
    where l.tenant_id = ${work.actor.tenantId} and l.contact_id = ${contactId} and l.deleted_at is null
      and ${inScope(work, dealType, 'read', 'd') ?? sql`true`}
    order by d.created_at desc, d.id limit 200`);
}

/** The people on a deal, the main one first. */
export async function contactsOfDeal(work: Work, dealId: string): Promise<DealContact[]> {
  work.db.requires(requireVisible(work, dealType, dealId));
  return work.db.rows<DealContact>(sql`
    select c.id, c.name, c.job_title as "jobTitle", c.email, c.phone, l.role, l.is_primary as primary from app.deal_contact l
    join app.contact c on c.tenant_id = ${work.actor.tenantId} and c.id = l.contact_id and c.deleted_at is null
    where l.tenant_id = ${work.actor.tenantId} and l.deal_id = ${dealId} and l.deleted_at is null
    order by l.is_primary desc, c.sort_key limit 200`);
}
