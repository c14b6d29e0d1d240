import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { v7 } from 'uuid';
import { type Account, ask, trpc } from './product';

interface Row {
  name: string;
  rps: number;
  floorRps: number;
  ratio: number;
}

const batch = 1000;

/**
 * Contacts from a CSV file, from the upload to the end of the job, with duplicate check, history and search keys; beside
 * a bare bulk insert of as many rows under the same policies. `rps` are rows per second.
 */
export async function importContacts(
  url: string,
  account: Account,
  database: string,
  tenantId: string,
  rows: number,
): Promise<Row> {
  const floorRps = rows / (await bareInsert(database, tenantId, rows));
  const rps = rows / (await wholeImport(url, account, rows));
  return {
    name: 'import.contacts',
    rps: Math.round(rps),
    floorRps: Math.round(floorRps),
    ratio: Math.round((floorRps / rps) * 100) / 100,
  };
}

const person = (i: number) => ({ name: `Petra Import ${i}`, email: `import${i}@bench.example`, title: 'Buyer' });

/** @returns seconds */
async function wholeImport(url: string, { slug, cookie }: Account, rows: number): Promise<number> {
  const lines = Array.from({ length: rows }, (_, i) => Object.values(person(i)).join(','));
  const form = new FormData();
  form.set('file', new Blob([['Name,Email,Job Title', ...lines].join('\n')], { type: 'text/csv' }), 'contacts.csv');
  const began = performance.now();
  const upload = await fetch(`${url}/api/upload/${slug}`, {
    method: 'POST',
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
    body: form,
  });
  if (!upload.ok) throw new Error(`upload: ${upload.status} ${await upload.text()}`);
  const { fileId } = (await upload.json()) as { fileId: string };
  const { plan } = await ask<{ plan: unknown }>(url, slug, 'imports.analyse', { fileId, object: 'contact' }, cookie);
  const { id } = await trpc<{ id: string }>(url, slug, 'imports.start', { fileId, plan }, cookie);
  for (;;) {
    const { status, created } = await ask<{ status: string; created: number }>(
      url,
      slug,
      'imports.get',
      { id },
      cookie,
    );
    if (status === 'done' && created === rows) return (performance.now() - began) / 1000;
    if (status !== 'queued' && status !== 'running') throw new Error(`import: ${status}, ${created} of ${rows}`);
    await sleep(50);
  }
}

/** @returns seconds */
async function bareInsert(database: string, tenantId: string, rows: number): Promise<number> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    const began = performance.now();
    for (let at = 0; at < rows; at += batch) {
      const people = Array.from({ length: Math.min(batch, rows - at) }, (_, i) => person(rows + at + i));
      await client.query(`begin; set local app.tenant_id = '${tenantId}'`);
      await client.query({
        name: 'bare',
        text: `insert into app.contact (tenant_id, id, name, name_key, sort_key, email, job_title)
          select $1, r.id, r.name, r.key, r.key, r.email, r.title
          from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[]) as r (id, name, key, email, title)`,
        values: [
          tenantId,
          people.map(() => v7()),
          people.map((p) => p.name),
          people.map((p) => p.name.toLowerCase()),
          people.map((p) => p.email),
          people.map((p) => p.title),
        ],
      });
      await client.query('commit');
    }
    return (performance.now() - began) / 1000;
  } finally {
    await client.end();
  }
}
