import { and, eq, isNull, sql } from 'drizzle-orm';
import { contactCompanies, contacts } from '@/db/schema/records';
import { contactCompanyRoles, contactFields } from '@/domain/contacts';
import * as f from '@/domain/fields';
import { nameKey } from '@/domain/imports/matching';
import { notFound } from '@/domain/refusals';
import { sortKey } from '@/domain/search-keys';
import { apply, applySet, type Change } from '../core/changes';
import { newId } from '../core/ids';
import { putLink } from '../core/links';
import { defineRecord, type RecordValues } from '../core/record-types';
import { createRecord, requireReferences, updateRecord } from '../core/record-verbs';
import { inScope, requireInScope, requireVisible } from '../core/scope';
import { texts } from '../core/texts';
import type { Work } from '../core/work';

export const contactType = defineRecord({
  object: 'contact' as const,
  table: contacts,
  tableName: 'contact',
  fields: contactFields,
  title: 'name',
  permission: 'contact.write',
  owner: 'ownerId',
  derive: (row) => ({ nameKey: nameKey(String(row.name)), sortKey: sortKey(String(row.name)) }),
  searchTexts: (row) =>
    texts(row, 'name', 'email', 'phone', 'mobile', 'wechat', 'otherEmail', 'otherPhone', 'homePhone'),
  shownOn: ['companyId'],
});

/** A contact's place in a company: role, whether it is the main one, from when to when. */
export const contactCompanyType = defineRecord({
  object: 'contactCompany' as const,
  table: contactCompanies,
  tableName: 'contact_company',
  fields: {
    contactId: f.reference('contact', { required: true }),
    companyId: f.reference('company', { required: true }),
    role: f.choice(contactCompanyRoles),
    isPrimary: f.boolean(),
    fromDate: f.date(),
    toDate: f.date(),
  },
  title: 'role',
  permission: 'contact.write',
  shownOn: ['contactId', 'companyId'],
});

/** Makes a contact; a company given becomes its primary one. */
export async function createContact(
  work: Work,
  values: RecordValues,
  id?: string,
): Promise<{ id: string; changeSetId: string }> {
  const made = await createRecord(work, contactType, values, id);
  if (typeof values.companyId === 'string') {
    await apply(work, 'link', [primaryLink(made.id, values.companyId)], { changeSetId: made.changeSetId });
  }
  return made;
}

/** Changes a contact; another primary company moves the primary mark among its links. */
export async function updateContact(work: Work, input: { id: string; values: RecordValues; version?: number }) {
  const updated = await updateRecord(work, contactType, input);
  if (input.values.companyId !== undefined)
    await followPrimary(work, input.id, input.values.companyId as string | null, updated.changeSetId);
  return updated;
}

/** The link that goes with a contact's primary company. */
export function primaryLink(contactId: string, companyId: string): Change {
  return { type: contactCompanyType, op: 'create', id: newId(), values: { contactId, companyId, isPrimary: true } };
}

async function followPrimary(
  work: Work,
  contactId: string,
  companyId: string | null,
  changeSetId: string,
): Promise<void> {
  const links = await work.db.find(
    contactCompanies,
    and(eq(contactCompanies.contactId, contactId), isNull(contactCompanies.deletedAt)),
  );
  const list: Change[] = links
    .filter((link) => link.isPrimary !== (link.companyId === companyId))
    .map((link) => ({
      type: contactCompanyType,
      op: 'update',
      id: link.id,
      values: { isPrimary: link.companyId === companyId },
    }));
  if (companyId && !links.some((link) => link.companyId === companyId)) list.push(primaryLink(contactId, companyId));
  if (list.length > 0) await apply(work, 'link', list, { changeSetId });
}

export interface ContactCompanyInput {
  contactId: string;
  companyId: string;
  role?: string | null;
  primary?: boolean;
}

/** Puts a contact in a company, or changes its role there. */
export async function linkCompany(work: Work, input: ContactCompanyInput): Promise<{ changeSetId: string }> {
  work.db.requires(requireVisible(work, contactType, input.contactId));
  work.db.requires(requireInScope(work, contactType, 'write', [input.contactId]));
  await requireReferences(work, contactCompanyType, { contactId: input.contactId, companyId: input.companyId });
  const links = await work.db.find(
    contactCompanies,
    and(eq(contactCompanies.contactId, input.contactId), isNull(contactCompanies.deletedAt)),
    { lock: true },
  );
  const existing = links.find((link) => link.companyId === input.companyId);
  const { contactId, companyId, role = null } = input;
  const { isPrimary, list } = putLink(
    contactCompanyType,
    links,
    existing,
    { contactId, companyId, role },
    input.primary,
  );
  if (isPrimary) list.push({ type: contactType, op: 'update', id: contactId, values: { companyId } });
  return applySet(work, 'link', list);
}

/** Takes a contact out of a company. */
export async function unlinkCompany(
  work: Work,
  input: { contactId: string; companyId: string },
): Promise<{ changeSetId: string }> {
  work.db.requires(requireInScope(work, contactType, 'write', [input.contactId]));
  const links = await work.db.find(
    contactCompanies,
    and(eq(contactCompanies.contactId, input.contactId), isNull(contactCompanies.deletedAt)),
    { lock: true },
  );
  const link = links.find((l) => l.companyId === input.companyId);
  if (!link) throw notFound();
  const list: Change[] = [{ type: contactCompanyType, op: 'delete', id: link.id }];
  if (link.isPrimary) list.push({ type: contactType, op: 'update', id: input.contactId, values: { companyId: null } });
  return applySet(work, 'unlink', list);
}

export interface LinkedCompany {
  id: string;
  name: string;
  role: string | null;
  primary: boolean;
}

/** The companies a contact is in, the main one first. */
export async function companiesOfContact(work: Work, contactId: string): Promise<LinkedCompany[]> {
  work.db.requires(requireVisible(work, contactType, contactId));
  return work.db.rows<LinkedCompany>(sql`
    select c.id, c.name, l.role, l.is_primary as primary from app.contact_company l
    join app.company c on c.tenant_id = ${work.actor.tenantId} and c.id = l.company_id and c.deleted_at is null
    where l.tenant_id = ${work.actor.tenantId} and l.contact_id = ${contactId} and l.deleted_at is null and ${readable(work, 'company', 'c')}
    order by l.is_primary desc, c.sort_key limit 200`);
}

export interface LinkedContact {
  id: string;
  name: string;
  jobTitle: string | null;
  email: string | null;
  phone: string | null;
  role: string | null;
  primary: boolean;
}

/** The contacts of a company, those who left included with their role. */
export async function contactsOfCompany(work: Work, companyId: string): Promise<LinkedContact[]> {
  work.db.requires(requireVisible(work, work.types.get('company'), companyId));
  return work.db.rows<LinkedContact>(sql`
    select c.id, c.name, c.job_title as "jobTitle", c.email, c.phone, l.role, l.is_primary as primary from app.contact_company l
    join app.contact c on c.tenant_id = ${work.actor.tenantId} and c.id = l.contact_id and c.deleted_at is null
    where l.tenant_id = ${work.actor.tenantId} and l.company_id = ${companyId} and l.deleted_at is null and ${readable(work, 'contact', 'c')}
    order by c.sort_key limit 200`);
}

function readable(work: Work, object: string, alias: string) {
  return inScope(work, work.types.get(object), 'read', alias) ?? sql`true`;
}
