import type { Ids } from './fuzz';
import { importFile, planFor, upload } from './imports';
import type { TestTenant } from './tenants';

/** A tenant with one of everything, for loops that call whatever there is. */
export async function furnish(tenant: TestTenant): Promise<{ ids: Ids; examples: Record<string, unknown[]> }> {
  const records = await refurnish(tenant);
  const [pipeline] = await tenant.api.pipelines.list();
  const team = await tenant.api.teams.create({ name: 'Team' });
  const person = await tenant.person('member');
  const { secret: _, ...key } = await tenant.api.apiKeys.create({ name: 'key', access: 'read' });
  const csv = 'name,email\nAda,ada@example.com\nBob,nobody\n';
  const fileId = await upload(tenant, 'people.csv', csv);
  const done = await importFile(tenant, fileId, await planFor(tenant, fileId));
  const waiting = await upload(tenant, 'people.csv', csv);
  const plan = await planFor(tenant, waiting);
  return {
    ids: {
      ...records,
      pipeline: pipeline?.id ?? '',
      stage: pipeline?.stages[0]?.id ?? '',
      team: team.id,
      member: person.memberId,
      owner: tenant.memberId,
      key: key.id,
      file: waiting,
      import: done.id,
      changeSet: team.changeSetId,
    },
    examples: Object.fromEntries(
      ['values', 'check', 'start'].map((name) => [`imports.${name}`, [{ fileId: waiting, plan }]]),
    ),
  };
}

/** Records that have not been removed by anybody yet. */
export async function refurnish({ api }: TestTenant): Promise<Ids> {
  const company = await api.companies.create({ values: { name: 'Acme' } });
  const contact = await api.contacts.create({ values: { name: 'Ada', companyId: company.id } });
  const deal = await api.deals.create({ values: { name: 'Saws', companyId: company.id, amount: 100 } });
  const product = await api.products.create({ values: { name: 'Saw' } });
  const task = await api.tasks.create({ values: { subject: 'Call' } });
  const activity = await api.activities.create({
    values: { subject: 'Demo', kind: 'meeting', startsAt: '2026-12-01T09:00:00Z', companyId: company.id },
  });
  const note = await api.notes.create({ values: { body: 'Note', companyId: company.id } });
  return {
    company: company.id,
    contact: contact.id,
    deal: deal.id,
    product: product.id,
    task: task.id,
    note: note.id,
    activity: activity.id,
  };
}
