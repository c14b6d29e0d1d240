import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { v7 } from 'uuid';
import { plainArray, textArray } from '@/db/arrays';
import { matchKeys } from '@/domain/duplicates';
import { nameKey } from '@/domain/imports/matching';
import { sortKey } from '@/domain/search-keys';
import { databaseSeconds, memory, processorSeconds } from './load';
import { type Account, ask, type Product, trpc } from './product';

interface ImportRow {
  name: string;
  rps?: number;
  floorRps?: number;
  ratio?: number;
  cpuUs?: number;
  dbUs?: number;
  value?: number;
  unit?: string;
}

interface Place {
  product: Product;
  account: Account;
  /** As the application's role. */
  database: string;
  postmaster: number;
  tenantId: string;
  memberId: string;
}

const batch = 1000;

/**
 * Contacts from a CSV file, from the upload to the end of the job, with duplicate check and history. Beside it, half before
 * and half after, for others work on the machine too: a bare insert of as many contacts under the same policies (`floor`),
 * and of all the rows an import leaves behind for them: contacts, history, match keys (`all.floor`). Figures are rows of the
 * file per second, processor time of the server and of Postgres per row of it. In the end the import is undone.
 */
export async function importContacts(place: Place, rows: number): Promise<ImportRow[]> {
  const name = `import.contacts.${rows}`;
  const half = Math.ceil(rows / 2);
  const client = new pg.Client({ connectionString: place.database });
  await client.connect();
  try {
    const before = [await bare(place, client, half, contactsOnly), await bare(place, client, half, allRows)];
    const whole = await wholeImport(place, rows);
    const after = [await bare(place, client, half, contactsOnly), await bare(place, client, half, allRows)];
    const floors = ['floor', 'all.floor'].map((kind, i) => {
      const seconds = (before[i]?.seconds ?? 0) + (after[i]?.seconds ?? 0);
      const dbUs = ((before[i]?.dbSeconds ?? 0) + (after[i]?.dbSeconds ?? 0)) / (2 * half);
      return { name: `${name}.${kind}`, rps: Math.round((2 * half) / seconds), dbUs: Math.round(dbUs * 1e6) };
    });
    const rps = rows / whole.seconds;
    const beside = (floor: number) => ({ rps: Math.round(rps), floorRps: floor, ratio: round(floor / rps) });
    return [
      ...floors,
      {
        name,
        ...beside(floors[0]?.rps ?? 0),
        cpuUs: Math.round((whole.cpuSeconds / rows) * 1e6),
        dbUs: Math.round((whole.dbSeconds / rows) * 1e6),
      },
      { name: `${name}.all`, ...beside(floors[1]?.rps ?? 0) },
      { name: `${name}.memory.first`, value: Math.round(whole.firstPeak), unit: 'MB' },
      { name: `${name}.memory`, value: Math.round(whole.peak), unit: 'MB' },
      { name: `${name}.found`, value: round(whole.foundAfter), unit: 's' },
      { name: `${name}.undone`, value: round(whole.undoneAfter), unit: 's' },
    ];
  } finally {
    await client.end();
  }
}

/** Nobody twice, however often the bench runs on one directory. */
let people = Date.now();
const person = () => {
  const i = ++people;
  return { name: `Petra Import ${i}`, email: `import${i}@bench.example`, jobTitle: 'Buyer' };
};

interface Whole {
  seconds: number;
  cpuSeconds: number;
  dbSeconds: number;
  /** Most memory of the process in the first tenth of the rows, and until the end, in MB. */
  firstPeak: number;
  peak: number;
  /** Seconds after the import until its last row is found by search. */
  foundAfter: number;
  /** Seconds after an undo until there are as many contacts as before. */
  undoneAfter: number;
}

async function wholeImport({ product, account, postmaster }: Place, rows: number): Promise<Whole> {
  const { url, pid } = product;
  const { slug, cookie } = account;
  const list = Array.from({ length: rows }, person);
  const lines = list.map((each) => Object.values(each).join(','));
  const form = new FormData();
  form.set('file', new Blob([['Name,Email,Job Title', ...lines].join('\n')], { type: 'text/csv' }), 'contacts.csv');
  const count = async () => (await ask<{ count: number }>(url, slug, 'contacts.count', { exact: true }, cookie)).count;
  const had = await count();
  const cpu = processorSeconds(pid);
  const dbCpu = databaseSeconds(postmaster);
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
  let firstPeak = 0;
  let peak = 0;
  let told = rows / 10;
  for (;;) {
    const { status, created } = await ask<{ status: string; created: number }>(
      url,
      slug,
      'imports.get',
      { id },
      cookie,
    );
    peak = Math.max(peak, memory(pid).now);
    if (created <= rows / 10) firstPeak = peak;
    if (created >= told) {
      say(
        `${created} rows after ${Math.round((performance.now() - began) / 1000)} s, ${Math.round(memory(pid).now)} MB`,
      );
      told += rows / 10;
    }
    if (status === 'done' && created === rows) break;
    if (status !== 'queued' && status !== 'running') throw new Error(`import: ${status}, ${created} of ${rows}`);
    await sleep(Math.min(1000, 50 + rows / 500));
  }
  const seconds = (performance.now() - began) / 1000;
  const spent = { cpuSeconds: processorSeconds(pid) - cpu, dbSeconds: databaseSeconds(postmaster) - dbCpu };
  await untilFound(url, account, list.at(-1)?.email ?? '');
  const foundAfter = (performance.now() - began) / 1000 - seconds;
  say(`found after ${Math.round(foundAfter)} s more, ${Math.round(memory(pid).now)} MB`);
  const undoBegan = performance.now();
  await trpc(url, slug, 'imports.undo', { id }, cookie);
  while ((await count()) > had) await sleep(Math.min(5000, rows / 100));
  const undoneAfter = (performance.now() - undoBegan) / 1000;
  return { seconds, ...spent, firstPeak, peak, foundAfter, undoneAfter };
}

const say = (line: string) => process.stderr.write(`  ${line}\n`);

async function untilFound(url: string, { slug, cookie }: Account, q: string): Promise<void> {
  for (;;) {
    const { rows } = await ask<{ rows: unknown[] }>(url, slug, 'contacts.list', { q, limit: 1 }, cookie);
    if (rows.length > 0) return;
    await sleep(100);
  }
}

/** Writes rows of these people, ids already given. */
type Insert = (client: pg.Client, place: Place, list: (ReturnType<typeof person> & { id: string })[]) => Promise<void>;

async function bare(
  place: Place,
  client: pg.Client,
  rows: number,
  insert: Insert,
): Promise<{ seconds: number; dbSeconds: number }> {
  const dbCpu = databaseSeconds(place.postmaster);
  const began = performance.now();
  for (let at = 0; at < rows; at += batch) {
    const list = Array.from({ length: Math.min(batch, rows - at) }, () => ({ id: v7(), ...person() }));
    await client.query(`begin; set local app.tenant_id = '${place.tenantId}'`);
    await insert(client, place, list);
    await client.query('commit');
  }
  return { seconds: (performance.now() - began) / 1000, dbSeconds: databaseSeconds(place.postmaster) - dbCpu };
}

const contactsOnly: Insert = async (client, { tenantId }, list) => {
  await client.query({
    name: 'bare.contact',
    text: `insert into app.contact (tenant_id, id, name, name_key, sort_key, email, job_title)
      select $1, r.id, r.name, r.key, r.key, r.email, r.title
      from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[]) as r (id, name, key, email, title)`,
    values: [
      tenantId,
      list.map(({ id }) => id),
      list.map(({ name }) => name),
      list.map(({ name }) => name.toLowerCase()),
      list.map(({ email }) => email),
      list.map(({ jobTitle }) => jobTitle),
    ],
  });
};

const allRows: Insert = async (client, { tenantId, memberId }, list) => {
  const set = v7();
  await client.query(
    'insert into app.change_set (tenant_id, id, member_id, channel, verb) values ($1, $2, $3, $4, $5)',
    [tenantId, set, memberId, 'import', 'import'],
  );
  const ids = plainArray(list.map(({ id }) => id));
  await client.query({
    name: 'all.contact',
    text: `insert into app.contact (tenant_id, id, name, name_key, sort_key, email, job_title, created_by, updated_by, origin)
      select $1, r.id, r.name, r.key, r.sort, r.email, r.title, $2, $2, 'import'
      from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) as r (id, name, key, sort, email, title)`,
    values: [
      tenantId,
      memberId,
      ids,
      textArray(list.map(({ name }) => name)),
      textArray(list.map(({ name }) => nameKey(name))),
      textArray(list.map(({ name }) => sortKey(name))),
      textArray(list.map(({ email }) => email)),
      textArray(list.map(({ jobTitle }) => jobTitle)),
    ],
  });
  await client.query({
    name: 'all.change',
    text: `insert into app.change (tenant_id, change_set_id, object, record_id, op, after)
      select $1, $2, 'contact', r.id, 'create', r.after from unnest($3::uuid[], $4::jsonb[]) as r (id, after)`,
    values: [tenantId, set, ids, textArray(list.map(({ id: _, ...values }) => JSON.stringify(values)))],
  });
  const keys = list.flatMap((each) => matchKeys('contact', [], each).map((key) => ({ ...key, id: each.id })));
  await client.query({
    name: 'all.match',
    text: `insert into app.match_key (tenant_id, object, rule, key, record_id)
      select $1, 'contact', r.rule, r.key, r.id from unnest($2::text[], $3::text[], $4::uuid[]) as r (rule, key, id)`,
    values: [
      tenantId,
      textArray(keys.map(({ rule }) => rule)),
      textArray(keys.map(({ key }) => key)),
      plainArray(keys.map(({ id }) => id)),
    ],
  });
};

const round = (value: number) => Math.round(value * 100) / 100;
