import { tenantSettings } from '@/db/schema/tenants';
import * as f from '@/domain/fields';
import { dayIn } from '@/domain/moments';
import { followsWorkspace } from '../core/computed';
import { defineRecord } from '../core/record-types';
import type { Work } from '../core/work';

/** What a tenant's admins set, kept as a record so that it has history and undo. */
export const tenantType = defineRecord({
  object: 'tenant' as const,
  table: tenantSettings,
  tableName: 'tenant_settings',
  fields: {
    name: f.text({ required: true }),
    currency: f.currency({ required: true }),
    timeZone: f.text({ required: true }),
    locale: f.choice(['en', 'zh'], { required: true }),
  },
  title: 'name',
  permission: 'tenant.configure',
  applied: async (work, entries) => {
    if (!entries.some(({ after }) => after && ('timeZone' in after || 'currency' in after))) return;
    const objects = work.types.all().flatMap((type) => (followsWorkspace(type) ? [type.object] : []));
    if (objects.length > 0) await work.enqueue(work.db, 'compute', { tenantId: work.actor.tenantId, objects });
  },
});

export async function settingsOf(work: Work) {
  const [row] = await work.db.find(tenantSettings, undefined, { limit: 1 });
  if (!row) throw new Error('A tenant without settings');
  return row;
}

/** Today's date in the tenant's time zone, `YYYY-MM-DD`. */
export const todayIn = (timeZone: string, now: Date): string => dayIn(timeZone, now.getTime());
