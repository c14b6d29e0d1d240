import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import yazl from 'yazl';
import { tenantBySlug, tenantFill, tenantGiveUp, tenantSetStatus } from '@/db/global';
import { inTenant } from '@/db/tenant';
import { type Manifest, workspaceItself } from '@/domain/archives';
import { type OpenArchive, openArchive } from '@/server/archives/open';
import { digestOf } from '@/server/archives/pack';
import { publicKeys } from '@/server/archives/signing';
import { takeSnapshot } from '@/server/archives/snapshot';
import { sweepArchives } from '@/server/archives/sweep';
import { archivedColumns, archivedTables, keyOf, leftOut, memberName } from '@/server/archives/tables';
import { discardWorkspace } from '@/server/archives/workspace';
import { sealTenant, verifyTenant } from '@/server/audit/jobs';
import { openFiles, storedBefore, storeFile } from '@/server/core/files';
import { newId } from '@/server/core/ids';
import { liftLimits } from '@/server/core/limits';
import { openSecrets } from '@/server/core/secrets';
import { sessionCookie } from '@/server/core/session';
import { seedDemo } from '@/server/samples/demo';
import {
  bring,
  checked,
  emptyWorkspace,
  fetchFile,
  holds,
  loaded,
  made,
  type Owner,
  owner,
  run,
  send,
  takeJob,
  tenantOf,
} from '../support/archives';
import { ownFolder } from '../support/folders';
import { refusalCode, testApp } from '../support/http';
import { plantRows, tenantTables } from '../support/plant';
import { clock, createTestTenant, strangerContext, superuser, testKeys } from '../support/tenants';

clock.now = new Date();
openFiles(ownFolder('files'));
const folder = ownFolder('archives');
const ownFolderNow = () => mkdtempSync(path.join(folder, 'snapshot-'));

let app: FastifyInstance;
beforeAll(async () => {
  liftLimits();
  ({ app } = await testApp({}, { now: () => clock.now }));
});
afterAll(() => app.close());

let written = 0;
async function opened<T>(bytes: Uint8Array, run: (archive: OpenArchive) => Promise<T> | T): Promise<T> {
  const file = path.join(folder, `${written++}.zip`);
  await writeFile(file, bytes);
  const archive = await openArchive(file);
  try {
    return await run(archive);
  } finally {
    archive.close();
  }
}

/** The page that says what a line may hold: written by `vitest -u`. */
function columnsPage(): string {
  const kinds: Record<string, string> = {
    'timestamp with time zone': 'moment',
    date: 'day',
    jsonb: 'JSON',
    bigint: 'integer',
    'double precision': 'number',
    'text[]': 'texts',
    'uuid[]': 'ids',
    uuid: 'id',
    'text collate "C"': 'text',
  };
  const rows = archivedTables.map((of) => {
    const refers = new Map(
      getTableConfig(of.table).foreignKeys.flatMap((key) => {
        const { columns, foreignTable } = key.reference();
        return columns.map(({ name }) => [name, tableName(foreignTable)] as const);
      }),
    );
    const columns = [...archivedColumns(of)].map(([name, column]) => {
      const type = column.getSQLType();
      const to = refers.get(column.name);
      return `\`${name}\`${column.notNull ? '!' : ''} ${to ? `→ ${to}` : (kinds[type] ?? type)}`;
    });
    const key = keyOf(of.table).map((name) => `\`${name}\``);
    return `| \`${memberName(of)}\` | ${key.join(', ')} | ${columns.join(', ')} |`;
  });
  return `# Columns of an archive

What lines of each member may hold (\`docs/archive.md\`), and the key they are ordered and told apart by. \`!\`: in every line; others are left
out where they are null. \`→\`: the id of a row of that table, which is in the archive.

| member | key | columns |
| --- | --- | --- |
${rows.join('\n')}
| \`data/file_content.ndjson\` | \`id\` | \`id\`! id, \`bytes\`! integer, \`sha256\`! text, \`missing\` boolean |
`;
}

const contentOf = (bytes: Uint8Array) => opened(bytes, ({ manifest }) => holds(manifest));

async function linesIn(bytes: Uint8Array, member: string): Promise<Record<string, unknown>[]> {
  return opened(bytes, async (archive) => {
    const all: string[] = [];
    for await (const lines of archive.lines(member)) all.push(...lines);
    return all.map((line) => JSON.parse(line) as Record<string, unknown>);
  });
}

/** The members of an archive by name, to be packed again otherwise. */
async function unpacked(bytes: Uint8Array): Promise<Map<string, Buffer>> {
  return opened(bytes, async (archive) => {
    const members = new Map<string, Buffer>();
    for (const [name] of archive.sizes()) members.set(name, await buffer(await archive.bytes(name)));
    return members;
  });
}

async function packed(members: Map<string, Buffer>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of members) zip.addBuffer(bytes, name);
  zip.end();
  return buffer(zip.outputStream as Readable);
}

/** Another installation's: its manifest says what is in it, and is signed by a key of its own. */
async function signedElsewhere(members: Map<string, Buffer>, change: (manifest: Manifest) => void = () => {}) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const manifest = JSON.parse(String(members.get('manifest.json'))) as Manifest;
  for (const member of [...manifest.content.members, ...manifest.installation.members]) {
    const bytes = members.get(member.name) ?? Buffer.alloc(0);
    member.sha256 = createHash('sha256').update(bytes).digest('hex');
    member.bytes = bytes.length;
    member.rows = bytes.toString().split('\n').length - 1;
  }
  manifest.content.sha256 = digestOf(manifest.content.members);
  change(manifest);
  const text = Buffer.from(JSON.stringify(manifest));
  return packed(
    new Map([
      ...members,
      ['manifest.json', text],
      ['manifest.sig', sign(null, text, privateKey)],
      ['key.pem', Buffer.from(String(publicKey.export({ format: 'pem', type: 'spki' })))],
    ]),
  );
}

const tableName = (table: PgTable): string => getTableConfig(table).name;

/** Somebody with a workspace of everything: own objects, files, the bin, a merge, an erasure, history. */
async function furnished(): Promise<Owner> {
  const tenant = await createTestTenant({ company: 'Everything' });
  const { api } = tenant;
  const who: Owner = tenant;
  const colleague = await tenant.person('member', { name: 'Bea' });
  const parent = await api.companies.create({ values: { name: 'Zebra Holding' } });
  const tier = await api.fields.create({
    object: 'company',
    type: 'choice',
    label: { en: 'Tier' },
    settings: { choices: [{ value: 'a', label: { en: 'A' }, tone: 'blue' }] },
  });
  const score = await api.fields.create({ object: 'company', type: 'number', label: { en: 'Score' } });
  await api.fields.create({
    object: 'company',
    type: 'formula',
    label: { en: 'Twice' },
    settings: { formula: `${score.key} * 2` },
  });
  const press = await api.objects.create({ label: { en: { one: 'Press', other: 'Presses' } } });
  const made = await api.records.create({ object: press.key, values: { name: 'Press one' } });
  // The child has the smaller id: it comes before its parent in the archive.
  const child = await api.companies.create({ values: { name: 'Aardvark', ownerId: colleague.memberId } });
  await api.companies.update({
    id: child.id,
    values: { parentId: parent.id, [tier.key]: 'a', [score.key]: 21 } as never,
  });
  await api.companies.update({ id: parent.id, values: { name: 'Zebra Holding\u2028Ltd "斑马"' } });
  const ada = await api.contacts.create({ values: { name: 'Ada', companyId: child.id, email: 'ada@example.com' } });
  const twin = await api.contacts.create({ values: { name: 'Ada', email: 'ada2@example.com' } });
  await api.merges.merge({ object: 'contact', survivorId: ada.id, mergedIds: [twin.id] });
  const gone = await api.contacts.create({ values: { name: 'Gone' } });
  await api.contacts.remove({ ids: [gone.id] });
  const erased = await api.contacts.create({ values: { name: 'Erased' } });
  await api.contacts.remove({ ids: [erased.id] });
  await api.bin.erase({ items: [{ object: 'contact', id: erased.id }], count: 1 });
  const deal = await api.deals.create({ values: { name: 'Saws', companyId: child.id, amount: 123_45 } });
  await api.notes.create({ values: { body: 'Met **Ada**', dealId: deal.id } });
  await api.tasks.create({ values: { subject: 'Call', dealId: deal.id, aboutId: made.id } as never });
  await api.conversation.add({ object: 'deal', recordId: deal.id, body: 'First' });
  const target = new URLSearchParams({ object: 'deal', record: deal.id });
  const sent = await send(app, who, `/api/attachments/${tenant.slug}?${target}`, Buffer.from('The offer'), 'offer.txt');
  expect(sent.statusCode).toBe(200);
  await api.views.create({ object: 'company', name: 'All', audience: 'everyone' } as never);
  const list = await send(app, who, `/api/upload/${tenant.slug}`, Buffer.from('Name\nAcme\n'), 'list.csv');
  const { fileId } = list.json<{ fileId: string }>();
  await superuser(async (client) => {
    for (const status of ['checking', 'checked', 'paused', 'running'])
      await client.query(
        `with made as (insert into app.import (tenant_id, id, file_id, member_id, object, status, plan)
           values ($1, gen_random_uuid(), $2, $3, 'company', $4, '{}') returning id)
         insert into app.import_problem (tenant_id, import_id, row, problems, cells) select $1, id, 2, '[]', '[]' from made`,
        [who.tenantId, fileId, who.memberId, status],
      );
  });
  return who;
}

async function demo(locale: 'en' | 'zh'): Promise<{ who: Owner; password: string }> {
  // Opens the pool.
  strangerContext();
  const logins = await seedDemo({ log: pino({ level: 'silent' }), now: () => clock.now });
  const login = logins.find((each) => each.locale === locale && each.role === 'owner');
  if (!login) throw new Error('No demo');
  const { id = '' } = (await tenantBySlug(login.slug)) ?? {};
  return { who: await owner(login.slug, id, login.email), password: login.password };
}

const rowsOf = (tenantId: string, table: string): Promise<number> =>
  superuser(async (client) => {
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from app.${table} where tenant_id = $1`,
      [tenantId],
    );
    return rows[0]?.n ?? 0;
  });

/** Tables in which there are still rows of a tenant, and whether it is known at all. */
const leftOf = (tenantId: string): Promise<string[]> =>
  superuser(async (client) => {
    const left: string[] = [];
    for (const { name } of await tenantTables(client)) {
      const { rowCount } = await client.query(`select 1 from app.${name} where tenant_id = $1 limit 1`, [tenantId]);
      if (rowCount) left.push(name);
    }
    const { rowCount } = await client.query('select 1 from app.tenant where id = $1', [tenantId]);
    return rowCount ? [...left, 'tenant'] : left;
  });

const loadingOf = (tenantId: string): Promise<string> =>
  superuser(async (client) => {
    const { rows } = await client.query<{ id: string }>(
      'select loading_id as id from app.archive where tenant_id = $1 and loading_id is not null',
      [tenantId],
    );
    return rows[0]?.id ?? '';
  });

let everything: { who: Owner; bytes: Buffer; matchKeys: number };
beforeAll(async () => {
  const who = await furnished();
  everything = { who, bytes: await made(app, who), matchKeys: await rowsOf(who.tenantId, 'match_key') };
}, 120_000);

describe('what is archived', () => {
  it('names every table of a tenant once, as archived or as left out with a reason', async () => {
    const all = (await superuser(tenantTables)).map(({ name }) => name);
    const archived = new Set(archivedTables.map(({ table }) => tableName(table)));
    const left = leftOut.map(([table]) => tableName(table));
    expect([...archived, ...left].toSorted()).toEqual(all.toSorted());
    for (const [, reason] of leftOut) expect(reason.length).toBeGreaterThan(10);
  });

  it('is described, table by table', async () => {
    await expect(columnsPage()).toMatchFileSnapshot(path.resolve('docs/archive-columns.md'));
  });

  it('puts back what is referred to before what refers to it, and leaves no column to a default by accident', async () => {
    const tables = await superuser(tenantTables);
    const order = archivedTables.filter(({ notLoaded }) => !notLoaded).map(({ table }) => tableName(table));
    for (const [place, of] of archivedTables.entries()) {
      const info = tables.find(({ name }) => name === tableName(of.table));
      for (const { table } of info?.references ?? [])
        if (table !== 'tenant' && table !== info?.name && !of.notLoaded)
          expect(order.indexOf(table), `${of.name} refers to ${table}`).toBeLessThan(place);
      // What is null is left out of a line: where all lines of a batch leave it out, the default would come instead.
      const columns = new Set(
        [...archivedColumns(of).keys()].map((name) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)),
      );
      const risky = info?.columns.filter(
        ({ name, notNull, hasDefault }) => columns.has(name) && hasDefault && !notNull,
      );
      expect(risky, of.name).toEqual([]);
    }
  });

  it('is all of the workspace and nothing of another', async () => {
    const other = await createTestTenant();
    await superuser((client) => plantRows(client, other.tenantId, 'CANARY', other.userId));
    const bytes = await made(app, everything.who);
    for (const [name, member] of await unpacked(bytes)) {
      expect(member.includes('CANARY'), name).toBe(false);
      expect(member.includes(other.tenantId), name).toBe(false);
    }
    for (const of of archivedTables.filter(({ only, installation }) => !only && !installation)) {
      const { tenantId } = everything.who;
      expect((await linesIn(bytes, memberName(of))).length, of.name).toBe(await rowsOf(tenantId, tableName(of.table)));
    }
    const contacts = await linesIn(bytes, 'data/contact.ndjson');
    expect(contacts.map(({ name }) => name).toSorted()).toEqual(['Ada', 'Ada', 'Gone']);
    expect(contacts.find(({ name }) => name === 'Gone')).toHaveProperty('deletedAt');
    // A dry run is no import yet: its file waits elsewhere too, what it found is found anew.
    const imports = await linesIn(bytes, 'data/import.ndjson');
    expect(imports.map(({ status }) => status).toSorted()).toEqual(['cancelled', 'paused']);
    const problems = await linesIn(bytes, 'data/import_problem.ndjson');
    expect(problems.map(({ importId }) => importId).toSorted()).toEqual(imports.map(({ id }) => id).toSorted());
    expect(await linesIn(bytes, 'data/file.ndjson')).toMatchObject([{ name: 'list.csv' }]);
  });

  it('K1: holds no secret, and what is of the installation beside what counts', async () => {
    const members = await unpacked(everything.bytes);
    const text = Buffer.concat([...members.values()]).toString();
    const secrets = await superuser(async (client) => {
      const hashes = await client.query<{ secret: string }>(
        `select password_hash as secret from app.user_account u join app.member m on m.user_id = u.id where m.tenant_id = $1
         union all select sealed from app.tenant_secret where tenant_id = $1
         union all select token_hash from app.invitation where tenant_id = $1
         union all select user_id::text from app.member where tenant_id = $1 and user_id is not null`,
        [everything.who.tenantId],
      );
      return hashes.rows.map(({ secret }) => secret);
    });
    expect(secrets.length).toBeGreaterThan(4);
    for (const secret of secrets) expect(text.includes(secret)).toBe(false);
    const people = await linesIn(everything.bytes, 'data/member.ndjson');
    expect(people.map(({ status }) => status)).toEqual(['placeholder', 'placeholder']);
    const access = await linesIn(everything.bytes, 'installation/access.ndjson');
    expect(access.map(({ status }) => status)).toEqual(['active', 'active']);
    const data = await linesIn(everything.bytes, 'data/audit_event.ndjson');
    const around = await linesIn(everything.bytes, 'installation/audit_event.ndjson');
    expect(data.map(({ action }) => action)).toContain('recordsErased');
    expect(around.map(({ action }) => action)).toEqual(expect.arrayContaining(['signIn', 'archiveMade']));
    expect(data.filter(({ action }) => around.some((event) => event.action === action))).toEqual([]);
  });

  it('is written in one form: sorted keys, nothing null, moments in UTC, the workspace as itself', async () => {
    const [settings] = await linesIn(everything.bytes, 'data/tenant_settings.ndjson');
    expect(settings?.id).toBe(workspaceItself);
    const [change] = await linesIn(everything.bytes, 'data/change.ndjson');
    expect(Object.keys(change ?? {})).toEqual(
      ['after', 'at', 'before', 'changeSetId', 'object', 'op', 'recordId', 'writtenAt'].filter(
        (name) => change?.[name],
      ),
    );
    expect(change).toMatchObject({ recordId: workspaceItself, object: 'tenant', writtenAt: expect.any(String) });
    const companies = await unpacked(everything.bytes).then((members) => String(members.get('data/company.ndjson')));
    const lines = companies.split('\n').slice(0, -1);
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const row = JSON.parse(line) as Record<string, unknown>;
      expect(Object.keys(row)).toEqual(Object.keys(row).toSorted());
      expect(Object.values(row)).not.toContain(null);
      expect(row.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
      for (const derived of ['nameKey', 'sortKey', 'domainNorm', 'tenantId']) expect(row).not.toHaveProperty(derived);
    }
    // A formula's value follows from the others.
    const aardvark = lines.map((line) => JSON.parse(line)).find(({ name }) => name === 'Aardvark');
    expect(Object.values(aardvark.custom)).toEqual(expect.arrayContaining(['a', 21]));
    expect(Object.keys(aardvark.custom)).toHaveLength(2);
    expect(lines.some((line) => line.includes('Holding\u2028Ltd'))).toBe(true);
  });

  it('is of one moment: what is done while it is read is not in it', async () => {
    const { tenantId, api } = everything.who;
    const before = await rowsOf(tenantId, 'company');
    let asked = false;
    const progress = async () => {
      if (asked) return;
      asked = true;
      await api.companies.create({ values: { name: 'Too late' } });
    };
    const signal = new AbortController().signal;
    const place = ownFolderNow();
    const { tables } = await takeSnapshot(tenantId, place, { signal, progress });
    expect(asked).toBe(true);
    const rows = (name: string) => tables.find(({ of }) => of.name === name)?.rows;
    expect(rows('company')).toBe(before);
    expect(rows('change_set')).toBe((await rowsOf(tenantId, 'change_set')) - 1);
    expect(await rowsOf(tenantId, 'company')).toBe(before + 1);
  });
});

describe('loading an archive', () => {
  it('P2: gives the same workspace: members, counts and hashes, and everything that follows from the rows', async () => {
    const { who, bytes } = everything;
    const target = await emptyWorkspace(who.email);
    const shown = await checked(app, target, bytes);
    expect(shown).toMatchObject({ status: 'checked', error: null, summary: { tenant: 'Everything', ours: true } });
    expect(shown.summary?.rows).toMatchObject({ company: 2, contact: 3, custom_record: 1, attachment: 1, erasure: 2 });
    await target.api.archives.discard({ id: shown.id });
    const before = target.jobs.length;
    const now = await loaded(app, target, bytes);
    expect(await contentOf(await made(app, now))).toEqual(await contentOf(bytes));
    const { api } = now;

    // In the place of the empty one, as its owner.
    expect(now.tenantId).not.toBe(target.tenantId);
    const boot = await api.tenant.boot();
    expect(boot.tenant).toMatchObject({ id: now.tenantId, slug: target.slug, name: 'Everything' });
    expect(boot.member).toMatchObject({ id: who.memberId, role: 'owner' });
    const { members } = await api.members.list();
    expect(members.map(({ name, status }) => [name, status]).toSorted()).toEqual([
      ['Bea', 'placeholder'],
      ['Olivia Owner', 'active'],
    ]);

    // Found, filtered, computed, compared.
    const tier = boot.fields.find(({ label }) => label.en === 'Tier')?.key ?? '';
    const twice = boot.fields.find(({ label }) => label.en === 'Twice')?.key ?? '';
    const filter = { field: tier, op: 'is' as const, value: 'a' };
    const { rows } = await api.companies.list({ filter, columns: ['parentId', twice] });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ name: 'Aardvark', [twice]: 42 });
    expect(rows[0]?.refs.parentId).toContain('斑马');
    const found = await api.search.global({ q: 'aardv' });
    expect(JSON.stringify(found)).toContain('Aardvark');
    expect(await rowsOf(now.tenantId, 'match_key')).toBe(everything.matchKeys);
    const press = boot.objects[0]?.key ?? '';
    expect((await api.records.list({ object: press })).rows.map(({ name }) => name)).toEqual(['Press one']);

    // What hangs on records, history, the bin.
    const deal = (await api.deals.list({})).rows[0];
    const { items: files } = await api.attachments.list({ object: 'deal', recordId: deal?.id ?? '' });
    const file = await app.inject({
      url: `/api/attachments/${now.slug}/${files[0]?.id}`,
      headers: { cookie: `${sessionCookie(false)}=${now.sid}` },
    });
    expect(file.body).toBe('The offer');
    const child = rows[0]?.id ?? '';
    const timeline = await api.changes.timeline({ object: 'company', id: child });
    const was = await who.api.changes.timeline({ object: 'company', id: child });
    expect(timeline.items).toEqual(was.items);
    const [gone] = (await api.bin.list({ object: 'contact' })).rows;
    expect(gone).toMatchObject({ object: 'contact' });
    await api.bin.restore({ items: [{ object: 'contact', id: gone?.id ?? '' }] });

    // The history is sealed anew, erasures vouched for.
    await sealTenant(now.tenantId, 0);
    expect(await verifyTenant(now.tenantId)).toMatchObject({ ok: true });
    // Nobody was told or mailed of anything, and the empty workspace is out of reach.
    expect(target.jobs.slice(before)).toEqual([]);
    await expect(target.api.tenant.boot().then(({ tenant }) => tenant.id)).resolves.toBe(now.tenantId);
    const [told] = (await api.audit.list({ action: 'archiveLoaded' })).rows;
    expect(told).toMatchObject({ memberId: now.memberId, detail: { tenant: 'Everything' } });
    const { rows: list } = await api.archives.list();
    const load = list.find(({ kind }) => kind === 'load');
    expect(load).toMatchObject({ status: 'done', mine: true });

    // Of the empty one no file is left, also where its worker was killed before it came to that.
    const left = () => storedBefore(target.tenantId, Date.now() + 60_000);
    expect(await left()).toEqual([]);
    await storeFile(target.tenantId, Readable.from('x'), 1);
    await superuser((client) =>
      client.query('update app.archive set replaced_id = $1 where tenant_id = $2 and id = $3', [
        target.tenantId,
        now.tenantId,
        load?.id,
      ]),
    );
    await sweepArchives(now.tenantId, { now: () => new Date(), signal: new AbortController().signal });
    expect(await left()).toEqual([]);
  }, 120_000);

  it.each(['en', 'zh'] as const)(
    'takes the demo workspace along (%s)',
    async (locale) => {
      const { who, password } = await demo(locale);
      const bytes = await made(app, who);
      const now = await loaded(app, await emptyWorkspace(who.email, password), bytes);
      expect(await contentOf(await made(app, now))).toEqual(await contentOf(bytes));
      const keys = async (tenantId: string) => [
        await rowsOf(tenantId, 'field_value'),
        await rowsOf(tenantId, 'search_key'),
      ];
      expect(await keys(now.tenantId)).toEqual(await keys(who.tenantId));
    },
    240_000,
  );

  it('adds whoever loads it when nobody there has their address', async () => {
    const stranger = await createTestTenant();
    const now = await loaded(app, stranger, everything.bytes);
    const boot = await now.api.tenant.boot();
    expect(boot.member).toMatchObject({ role: 'owner', email: stranger.email });
    const { members } = await now.api.members.list();
    expect(members.filter(({ status }) => status === 'placeholder')).toHaveLength(2);
    const { members: people, ...content } = await contentOf(await made(app, now));
    const { members: were, ...before } = await contentOf(everything.bytes);
    expect(people['data/member.ndjson']?.rows).toBe((were['data/member.ndjson']?.rows ?? 0) + 1);
    expect({ ...people, 'data/member.ndjson': null }).toEqual({ ...were, 'data/member.ndjson': null });
    expect(content.files).toEqual(before.files);
  });

  it('goes on where it was when its worker was killed, and shows nothing before the end', async () => {
    const { who, bytes } = everything;
    const target = await emptyWorkspace(who.email);
    const { id } = await checked(app, target, bytes);
    await target.api.archives.load({ id });
    const job = takeJob(target);
    let kills = 0;
    for (let done = false; !done; ) {
      const killed = new AbortController();
      let steps = 0;
      // Behind every batch of rows once; what follows from them begins with what is done already, so later each time.
      const checkpoint = () => {
        if (++steps === Math.max(2, kills - 35)) killed.abort(new Error('killed'));
      };
      done = await run(target, job, { signal: killed.signal, checkpoint }).then(
        () => true,
        (error: Error) => {
          if (error.message !== 'killed') throw error;
          return false;
        },
      );
      if (done) break;
      kills += 1;
      expect((await target.api.tenant.boot()).tenant).toMatchObject({ id: target.tenantId, name: 'Empty' });
      expect((await target.api.companies.list({})).rows).toEqual([]);
    }
    expect(kills).toBeGreaterThan(35);
    const now = await owner(target.slug, await tenantOf(target.slug), target.email);
    expect(now.tenantId).not.toBe(target.tenantId);
    expect(await contentOf(await made(app, now))).toEqual(await contentOf(bytes));
    // A worker that does not know that it is done takes nothing away.
    await run(target, job);
    await discardWorkspace(now.tenantId, new AbortController().signal);
    expect(await contentOf(await made(app, now))).toEqual(await contentOf(bytes));
  }, 240_000);
});

describe('an archive that is not as it was', () => {
  it('F3: is refused, and says where: damaged, cut off, with something besides, or no archive at all', async () => {
    const target = await emptyWorkspace(everything.who.email);
    const members = await unpacked(everything.bytes);
    const swapped = (name: string, bytes: Buffer | null) => {
      const next = new Map(members);
      if (bytes) next.set(name, bytes);
      else next.delete(name);
      return packed(next);
    };
    const contact = members.get('data/contact.ndjson') ?? Buffer.alloc(0);
    const file = [...members.keys()].find((name) => name.startsWith('files/')) ?? '';
    const cases: [string, Uint8Array, string, string | null][] = [
      [
        'a value',
        await swapped('data/contact.ndjson', Buffer.from(String(contact).replace('Ada', 'Eve'))),
        'archiveBroken',
        'data/contact.ndjson',
      ],
      [
        'a row less',
        await swapped('data/contact.ndjson', contact.subarray(contact.indexOf('\n') + 1)),
        'archiveBroken',
        'data/contact.ndjson',
      ],
      ['a member gone', await swapped('data/contact.ndjson', null), 'archiveBroken', 'data/contact.ndjson'],
      ['the bytes of a file', await swapped(file, Buffer.from('The OFFER')), 'archiveBroken', file],
      ['a file gone', await swapped(file, null), 'archiveBroken', file],
      [
        'something besides',
        await swapped('data/extra.ndjson', Buffer.from('{}\n')),
        'archiveBroken',
        'data/extra.ndjson',
      ],
      [
        'the manifest',
        await swapped(
          'manifest.json',
          Buffer.from(String(members.get('manifest.json')).replace('Everything', 'Anything')),
        ),
        'archiveSignature',
        null,
      ],
      ['the signature', await swapped('manifest.sig', Buffer.alloc(64)), 'archiveSignature', null],
      ['no key', await swapped('key.pem', Buffer.from('none')), 'archiveSignature', null],
      ['cut off', everything.bytes.subarray(0, everything.bytes.length - 200), 'archiveNot', null],
      ['no manifest', await swapped('manifest.json', null), 'archiveNot', null],
      ['a list', Buffer.from('Name\nAcme\n'), 'archiveNot', null],
      ['a bomb', await swapped('data/contact.ndjson', Buffer.alloc(64 * 1024 * 1024)), 'archiveBroken', 'zip'],
    ];
    for (const [what, bytes, error, errorIn] of cases) {
      const found = await checked(app, target, bytes);
      expect({ what, ...found }).toMatchObject({ what, status: 'failed', error, errorIn, summary: null });
      await expect(target.api.archives.load({ id: found.id })).rejects.toMatchObject({ message: 'notFound' });
      await target.api.archives.discard({ id: found.id });
    }
    expect(await rowsOf(target.tenantId, 'archive')).toBe(0);
    expect(await storedBefore(target.tenantId, Date.now() + 60_000)).toEqual([]);
  }, 120_000);

  it('of another installation is loaded only by whoever names its key', async () => {
    const target = await emptyWorkspace(everything.who.email);
    const bytes = await signedElsewhere(await unpacked(everything.bytes));
    const { id, summary } = await checked(app, target, bytes);
    expect(summary).toMatchObject({ ours: false, fingerprint: expect.stringMatching(/^[\w-]{43}$/) });
    expect(summary?.fingerprint).not.toBe((await target.api.archives.list()).fingerprint);
    for (const fingerprint of [undefined, publicKeys()[0]?.kid, ''])
      await expect(target.api.archives.load({ id, fingerprint })).rejects.toMatchObject({ message: 'archiveStranger' });
    await target.api.archives.load({ id, fingerprint: summary?.fingerprint });
    await run(target, takeJob(target));
    const now = await owner(target.slug, await tenantOf(target.slug), target.email);
    expect(await contentOf(await made(app, now))).toEqual(await contentOf(everything.bytes));
  });

  it('cannot let anybody in, reach another workspace, or bring what is not known', async () => {
    const members = await unpacked(everything.bytes);
    const victim = await createTestTenant();
    const withRow = (name: string, change: (row: Record<string, unknown>) => object) => {
      const [first = '', ...rest] = String(members.get(name)).split('\n');
      return new Map([
        ...members,
        [name, Buffer.from([JSON.stringify(change(JSON.parse(first))), ...rest].join('\n'))],
      ]);
    };
    const nested = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const endless = randomBytes(20_000).toString('hex');
    /** The last of a name counts. */
    const withText = (name: string, text: string) => {
      const lines = String(members.get(name));
      return new Map([...members, [name, Buffer.from(lines.replace('}\n', `,${text}}\n`))]]);
    };
    const load = async (bytes: Uint8Array, target: Owner) => {
      const { id, summary, status, error } = await checked(app, target, bytes);
      if (status !== 'checked') return { status, error };
      await target.api.archives.load({ id, fingerprint: summary?.fingerprint });
      await run(target, takeJob(target));
      return (await target.api.archives.list()).rows.find((row) => row.id === id);
    };
    const refused: [Map<string, Buffer>, string][] = [
      [withRow('data/member.ndjson', (row) => ({ ...row, userId: victim.userId })), 'archiveNewer'],
      [withRow('data/company.ndjson', (row) => ({ ...row, tenantId: victim.tenantId })), 'archiveNewer'],
      [withRow('data/company.ndjson', (row) => ({ ...row, tenant_id: victim.tenantId })), 'archiveNewer'],
      [withRow('data/company.ndjson', (row) => ({ ...row, ownerId: victim.memberId })), 'archiveBroken'],
      [withRow('data/company.ndjson', (row) => ({ ...row, id: 'no id' })), 'archiveBroken'],
      // Nested deeper than any stack, and longer than any index takes.
      [withText('data/company.ndjson', `"custom":${nested}`), 'archiveBroken'],
      [withText('data/change.ndjson', `"after":${nested}`), 'archiveBroken'],
      [withRow('data/company.ndjson', (row) => ({ ...row, industry: endless })), 'archiveBroken'],
      [withRow('data/company.ndjson', (row) => ({ ...row, description: 'x'.repeat(1_000_001) })), 'archiveBroken'],
      // Keys that stand in statements and name what is everybody's.
      [withRow('data/custom_field.ndjson', (row) => ({ ...row, key: "x' or true --" })), 'archiveBroken'],
      [withRow('data/custom_object.ndjson', (row) => ({ ...row, key: 'contact' })), 'archiveBroken'],
      [withRow('data/tenant_settings.ndjson', (row) => ({ ...row, timeZone: 'Nowhere' })), 'archiveBroken'],
      [new Map([...members, ['data/tenant_settings.ndjson', Buffer.alloc(0)]]), 'archiveBroken'],
      [new Map([...members, ['data/company.ndjson', Buffer.from('[]\n')]]), 'archiveBroken'],
      [new Map([...members, ['data/company.ndjson', Buffer.from('no json\n')]]), 'archiveBroken'],
    ];
    const target = await emptyWorkspace(everything.who.email);
    for (const [changed, error] of refused) {
      const row = await load(await signedElsewhere(changed), target);
      expect(row).toMatchObject({ status: 'failed', error });
      expect(await loadingOf(target.tenantId)).toBe('');
    }
    expect((await target.api.tenant.boot()).tenant.name).toBe('Empty');
    const unknown = new Map([...members, ['data/gadget.ndjson', Buffer.from('{}\n')]]);
    const more = (manifest: Manifest) => {
      const sha256 = createHash('sha256').update('{}\n').digest('hex');
      manifest.content.members.push({ name: 'data/gadget.ndjson', rows: 1, bytes: 3, sha256 });
      manifest.content.sha256 = digestOf(manifest.content.members);
    };
    expect(await load(await signedElsewhere(unknown, more), target)).toMatchObject({ error: 'archiveNewer' });
    const later = (manifest: Manifest) => Object.assign(manifest, { version: 2 });
    expect(await load(await signedElsewhere(members, later), target)).toMatchObject({ error: 'archiveNewer' });

    // Who says of themselves that they may come in comes along as a person without a login.
    const active = withRow('data/member.ndjson', (row) => ({ ...row, status: 'active', role: 'owner' }));
    expect(await load(await signedElsewhere(active), target)).toMatchObject({ status: 'done' });
    const now = await owner(target.slug, await tenantOf(target.slug), target.email);
    const { members: people } = await now.api.members.list();
    expect(people.filter(({ status }) => status === 'active').map(({ id }) => id)).toEqual([now.memberId]);
    expect((await victim.api.companies.list({})).rows).toEqual([]);
  }, 240_000);

  it('leaves nothing of what was filled, file by file and row by row', async () => {
    const { who, bytes } = everything;
    const target = await emptyWorkspace(who.email);
    const { id } = await checked(app, target, bytes);
    await target.api.archives.load({ id });
    const job = takeJob(target);
    const killed = new AbortController();
    const checkpoint = (stage: string, done: number) => {
      if (stage === 'following' && done === 1) killed.abort(new Error('killed'));
    };
    await expect(run(target, job, { signal: killed.signal, checkpoint })).rejects.toThrow('killed');
    const loadingId = await loadingOf(target.tenantId);
    expect((await leftOf(loadingId)).length).toBeGreaterThan(20);
    expect(await storedBefore(loadingId, Date.now() + 60_000)).toHaveLength(2);
    // Somebody begins to use the empty workspace in the very moment in which it is replaced.
    await superuser(async (client) => {
      await client.query('begin');
      await client.query(
        `insert into app.company (tenant_id, id, name, name_key, sort_key) values ($1, gen_random_uuid(), 'New', 'new', 'new')`,
        [target.tenantId],
      );
      const done = run(target, job);
      const waiting = () =>
        superuser((other) =>
          other.query(`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%tenant_replace%'`),
        );
      await expect.poll(async () => (await waiting()).rowCount, { timeout: 60_000 }).toBe(1);
      await client.query('commit');
      await done;
    });
    const row = (await target.api.archives.list()).rows.find((each) => each.id === id);
    expect(row).toMatchObject({ status: 'failed', error: 'archiveNotEmpty' });
    expect(await leftOf(loadingId)).toEqual([]);
    expect(await storedBefore(loadingId, Date.now() + 60_000)).toEqual([]);
    expect((await target.api.companies.list({})).rows.map(({ name }) => name)).toEqual(['New']);
  });

  it('is not taken where it is too large, or into a workspace that is in use', async () => {
    const { who, bytes } = everything;
    const small = await testApp({ ARCHIVE_MAX_BYTES: '2000' });
    const large = await bring(small.app, await emptyWorkspace(who.email), Buffer.concat([bytes, Buffer.alloc(20_000)]));
    expect(large.json()).toMatchObject({
      error: { data: { refusal: { code: 'fileTooLarge', params: { max: '0 MB' } } } },
    });
    await small.app.close();
    expect(await bring(app, who, bytes).then(refusalCode)).toBe('archiveNotEmpty');
    const shared = await createTestTenant();
    await shared.person('member');
    expect(await bring(app, shared, bytes).then(refusalCode)).toBe('archiveNotEmpty');
    const target = await emptyWorkspace(who.email);
    const { id } = await checked(app, target, bytes);
    await target.api.notes.create({ values: { body: 'Mine' } });
    expect(await target.api.archives.list()).toMatchObject({ empty: false });
    await expect(target.api.archives.load({ id })).rejects.toMatchObject({ message: 'archiveNotEmpty' });
  });
});

describe('who may', () => {
  it('only an owner, who has just proved who they are; a link works for a minute, for whoever asked', async () => {
    const tenant = await createTestTenant();
    const admin = await tenant.person('admin');
    for (const call of [() => admin.api.archives.list(), () => admin.api.archives.make()])
      await expect(call()).rejects.toMatchObject({ message: 'forbidden' });
    expect((await send(app, admin, `/api/archives/${tenant.slug}`, Buffer.from('x'), 'x')).statusCode).toBe(403);

    const who: Owner = tenant;
    const { id } = await who.api.archives.make();
    await expect(who.api.archives.make()).rejects.toMatchObject({ message: 'archiveUnderWay' });
    await expect(who.api.archives.discard({ id })).rejects.toMatchObject({ message: 'archiveUnderWay' });
    await run(who, takeJob(who));
    expect((await fetchFile(app, who, id)).statusCode).toBe(404);
    await who.api.archives.fetch({ id });
    const answer = await fetchFile(app, who, id);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'cache-control': 'private, no-store',
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringContaining(`${tenant.slug} `),
    });
    const second = { ...(await tenant.person('owner')), slug: tenant.slug };
    expect((await fetchFile(app, second, id)).statusCode).toBe(404);
    await expect(second.api.archives.fetch({ id })).rejects.toMatchObject({ message: 'notFound' });
    expect((await fetchFile(app, { ...admin, slug: tenant.slug }, id)).statusCode).toBe(403);
    await superuser((client) => client.query(`update app.archive set fetch_until = '2026-01-01' where id = $1`, [id]));
    expect((await fetchFile(app, who, id)).statusCode).toBe(404);

    await superuser((client) =>
      client.query(`update auth.session set auth_time = now() - interval '1 hour' where user_id = $1`, [tenant.userId]),
    );
    for (const call of [
      () => who.api.archives.make(),
      () => who.api.archives.fetch({ id }),
      () => who.api.archives.load({ id }),
    ])
      await expect(call()).rejects.toMatchObject({ message: 'stepUpNeeded' });
    const actions = (await who.api.audit.list({ action: 'archiveFetched' })).rows;
    expect(actions).toHaveLength(1);
  });

  it('and for seven days, of the last three; then the file goes', async () => {
    const tenant = await createTestTenant();
    const { id } = await tenant.api.archives.make();
    await run(tenant, takeJob(tenant), { maxBytes: 2000 });
    const [over] = (await tenant.api.archives.list()).rows;
    expect(over).toMatchObject({ status: 'failed', error: 'archiveTooLarge', errorIn: '0 MB' });
    const told = async () => (await tenant.api.notifications.list({})).items;
    const about = { kind: 'export', object: 'archive' };
    expect(await told()).toMatchObject([{ ...about, exportId: id, failed: true, count: null }]);
    await tenant.api.archives.discard({ id });
    for (let i = 0; i < 4; i++) await made(app, tenant);
    expect((await told())[0]).toMatchObject({ ...about, failed: false });
    // Nothing elsewhere tells of a file that is only here.
    expect(await linesIn(await made(app, tenant), 'data/notification.ndjson')).toEqual([]);
    const kept = await storedBefore(tenant.tenantId, Date.now() + 60_000);
    expect(kept).toHaveLength(3);
    expect((await tenant.api.archives.list()).rows.map(({ status }) => status)).toEqual([
      'done',
      'done',
      'done',
      'expired',
      'expired',
    ]);
    const signal = new AbortController().signal;
    const [row] = (await tenant.api.archives.list()).rows;
    expect(row).toMatchObject({ status: 'done' });
    // A command that was killed and never called again.
    await superuser((client) =>
      client.query(
        `insert into app.archive (tenant_id, id, member_id, kind, status, name, created_at)
         values ($1, gen_random_uuid(), $2, 'load', 'loading', 'all.zip', now() - interval '2 days')`,
        [tenant.tenantId, tenant.memberId],
      ),
    );
    await expect(tenant.api.archives.make()).rejects.toMatchObject({ message: 'archiveUnderWay' });
    await sweepArchives(tenant.tenantId, { now: () => new Date(), signal });
    expect(await storedBefore(tenant.tenantId, Date.now() + 60_000)).toHaveLength(3);
    expect((await tenant.api.archives.list()).rows.at(-1)).toMatchObject({ status: 'failed', error: 'jobStopped' });
    await sweepArchives(tenant.tenantId, { now: () => new Date(Date.now() + 7 * 86_400_000 + 1000), signal });
    expect(await storedBefore(tenant.tenantId, Date.now() + 60_000)).toEqual([]);
    await expect(tenant.api.archives.fetch({ id: row?.id ?? '' })).rejects.toMatchObject({ message: 'notFound' });
  });

  it('U2: not whoever runs the application’s statements: no open workspace is filled, given up or removed', async () => {
    const tenant = await createTestTenant();
    await tenant.api.companies.create({ values: { name: 'Acme' } });
    const history = () =>
      Promise.all(['change_set', 'change', 'audit_event'].map((name) => rowsOf(tenant.tenantId, name)));
    const before = await history();
    const call = (sql: string, values: unknown[]) =>
      inTenant(tenant.tenantId, 'write', (db) => db.client.query(sql, values)).then(({ rows }) => rows);
    const refused = { code: 'P0001' };
    for (const status of ['active', 'suspended'] as const) {
      await tenantSetStatus(tenant.tenantId, status);
      for (const name of ['tenant_status_set', 'tenant_set_status'])
        for (const next of ['discarded', 'loading', 'replaced'])
          await expect(call(`select auth.${name}($1, $2)`, [tenant.tenantId, next])).rejects.toMatchObject(refused);
      expect(await call('select auth.tenant_give_up($1) as done', [tenant.tenantId])).toEqual([{ done: false }]);
      await expect(call('select auth.tenant_discard($1, 10)', [tenant.tenantId])).rejects.toMatchObject(refused);
      await expect(call('select auth.tenant_fill($1)', [tenant.tenantId])).rejects.toMatchObject({ code: '23505' });
    }
    expect(await history()).toEqual(before);
    // One that is filled opens in the place of another only, and one that is given up never.
    const filled = newId();
    await inTenant(filled, 'write', (db) => tenantFill(filled, db.client));
    await expect(tenantSetStatus(filled, 'active')).rejects.toMatchObject(refused);
    await discardWorkspace(filled, new AbortController().signal);
    expect(await leftOf(filled)).toEqual([]);
    await expect(inTenant(filled, 'write', (db) => tenantGiveUp(tenant.tenantId, db.client))).rejects.toMatchObject(
      refused,
    );
  });

  it('keys are public, follow from the encryption keys, and go with them', async () => {
    const answer = await app.inject({ url: '/api/archives/keys' });
    const { keys } = answer.json<{ keys: { kid: string; x: string; crv: string }[] }>();
    expect(keys).toEqual([
      { kty: 'OKP', crv: 'Ed25519', use: 'sig', kid: publicKeys()[0]?.kid, x: expect.any(String) },
    ]);
    const secret = testKeys.split(':')[1] ?? '';
    expect(answer.body).not.toContain(secret);
    const other = `new:${Buffer.alloc(32, 'another key').toString('base64')}`;
    try {
      const signer = () => opened(everything.bytes, ({ signer }) => signer);
      openSecrets(`${other},${testKeys}`);
      expect(await signer()).toEqual({ fingerprint: keys[0]?.kid, ours: true });
      expect(publicKeys().map(({ kid }) => kid)).toEqual([
        expect.not.stringContaining(keys[0]?.kid ?? ''),
        keys[0]?.kid,
      ]);
      openSecrets(other);
      expect(await signer()).toEqual({ fingerprint: keys[0]?.kid, ours: false });
    } finally {
      openSecrets(testKeys);
    }
  });
});
