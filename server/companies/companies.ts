import { sql } from 'drizzle-orm';
import { companies } from '@/db/schema/records';
import { companyFields } from '@/domain/companies';
import { nameKey } from '@/domain/imports/matching';
import { Refusal } from '@/domain/refusals';
import { sortKey } from '@/domain/search-keys';
import { defineRecord, type RecordValues } from '../core/record-types';
import { updateRecord } from '../core/record-verbs';
import { texts } from '../core/texts';
import type { Work } from '../core/work';

export const companyType = defineRecord({
  object: 'company' as const,
  table: companies,
  tableName: 'company',
  fields: companyFields,
  title: 'name',
  permission: 'company.write',
  owner: 'ownerId',
  derive: (row) => ({ nameKey: nameKey(String(row.name)), sortKey: sortKey(String(row.name)) }),
  searchTexts: (row) => texts(row, 'name', 'shortName', 'legalName', 'englishName', 'domain', 'phone', 'email'),
});

/** Changes a company. @throws Refusal invalid `parentLoop` when its parent would be one of its own subsidiaries */
export async function updateCompany(work: Work, input: { id: string; values: RecordValues; version?: number }) {
  if (typeof input.values.parentId === 'string') await refuseLoop(work, input.id, input.values.parentId);
  return updateRecord(work, companyType, input);
}

async function refuseLoop(work: Work, id: string, parentId: string): Promise<void> {
  const rows = await work.db.rows(sql`
    with recursive up as (
      select c.id, c.parent_id, 1 as depth from app.company c where c.tenant_id = ${work.actor.tenantId} and c.id = ${parentId}
      union all
      select c.id, c.parent_id, up.depth + 1 from up join app.company c on c.tenant_id = ${work.actor.tenantId} and c.id = up.parent_id where up.depth < 50
    ) select 1 as found from up where id = ${id} limit 1`);
  if (rows.length > 0) throw new Refusal('invalid', { code: 'parentLoop', field: 'parentId' });
}
