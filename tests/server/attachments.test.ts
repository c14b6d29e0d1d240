import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealTenant, verifyTenant } from '@/server/audit/jobs';
import { emptyBin } from '@/server/bin/jobs';
import { readEnv, s3Of } from '@/server/core/env';
import { openFiles, readBeginning, readStored, removeStored, storedBefore, storeFile } from '@/server/core/files';
import { newId } from '@/server/core/ids';
import { type S3Options, s3Store } from '@/server/core/s3-store';
import { sessionCookie } from '@/server/core/session';
import { sweepFiles } from '@/server/imports/sweep';
import { ownFolder } from '../support/folders';
import { refusalCode, testApp } from '../support/http';
import { createTestTenant, superuser, type TestPerson, type TestTenant } from '../support/tenants';

const folder = ownFolder('files');
openFiles(folder);

let app: FastifyInstance;
beforeAll(async () => {
  ({ app } = await testApp({ ATTACHMENT_MAX_BYTES: '200000' }));
});
afterAll(() => app.close());

const png = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex'),
  Buffer.alloc(100),
]);
const pdf = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n');
const exe = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(400)]);

const headers = (person: TestPerson) => ({
  cookie: `${sessionCookie(false)}=${person.sid}`,
  'sec-fetch-site': 'same-origin',
});

async function put(
  tenant: TestTenant,
  target: { object: string; record: string; field?: string },
  name: string,
  content: Buffer | string,
  person: TestPerson = tenant,
) {
  const boundary = 'xxxxxxxxxxxxxxxx';
  const payload = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/html\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return app.inject({
    method: 'POST',
    url: `/api/attachments/${tenant.slug}?${new URLSearchParams(target)}`,
    headers: { ...headers(person), 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload,
  });
}

const get = (tenant: TestTenant, id: string, query = '', person: TestPerson = tenant) =>
  app.inject({ url: `/api/attachments/${tenant.slug}/${id}${query}`, headers: headers(person) });
const company = async ({ api }: TestPerson) => (await api.companies.create({ values: { name: 'Acme' } })).id;
const deal = async ({ api }: TestPerson) => {
  const [pipeline] = await api.pipelines.list();
  return (await api.deals.create({ values: { name: 'Big', stageId: pipeline?.stages[0]?.id ?? '' } })).id;
};
const names = async ({ api }: TestPerson, object: string, recordId: string) =>
  (await api.attachments.list({ object, recordId })).items.map(({ name }) => name);

describe('files on records', () => {
  it('come in as they are, with their name and kind, and go out as a download of no kind', async () => {
    const tenant = await createTestTenant();
    const record = await company(tenant);
    const answer = await put(tenant, { object: 'company', record }, '../报价 单\u202egnp.png', png);
    expect(answer.json()).toMatchObject({ name: '报价 单gnp.png', mediaType: 'image/png', bytes: png.length });
    expect((await tenant.api.attachments.list({ object: 'company', recordId: record })).items).toMatchObject([
      { name: '报价 单gnp.png', mediaType: 'image/png', bytes: png.length, by: { name: 'Olivia Owner' } },
    ]);
    const out = await get(tenant, answer.json().id);
    expect(out.rawPayload.equals(png)).toBe(true);
    expect(out.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'content-disposition': `attachment; filename="__ _gnp.png"; filename*=UTF-8''${encodeURIComponent('报价 单gnp.png')}`,
    });
    expect(out.headers['content-security-policy']).toMatch(/default-src 'none'.*; sandbox/);
  });

  it('are told by their content, never by their name, and shown in place only when they cannot run', async () => {
    const tenant = await createTestTenant();
    const record = await company(tenant);
    const kinds: [string, Buffer | string, string, boolean][] = [
      ['a.png', png, 'image/png', true],
      ['b.png', '<script>alert(1)</script>', 'text/plain', true],
      ['c.svg', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', 'text/plain', true],
      ['d.txt', pdf, 'application/pdf', true],
      ['e.csv', '名称,金额\n', 'text/plain', true],
      ['f.txt', Buffer.from([1, 2, 3, 0, 255, 254]), 'application/octet-stream', false],
    ];
    for (const [name, content, mediaType, shown] of kinds) {
      const made = (await put(tenant, { object: 'company', record }, name, content)).json();
      expect(made, name).toMatchObject({ mediaType });
      const { headers: found } = await get(tenant, made.id, '?inline=1');
      expect(String(found['content-disposition']).split(';')[0], name).toBe(shown ? 'inline' : 'attachment');
      expect(String(found['content-type']).split(';')[0], name).toBe(shown ? mediaType : 'application/octet-stream');
      if (mediaType !== 'application/pdf') expect(found['content-security-policy'], name).toContain('sandbox');
      expect(found['content-security-policy'], name).not.toContain('script-src');
    }
  });

  it('are refused when too large, empty, a program, or not a file at all, and leave nothing behind', async () => {
    const tenant = await createTestTenant();
    const record = await company(tenant);
    const at = { object: 'company', record };
    expect(refusalCode(await put(tenant, at, 'a.txt', Buffer.alloc(200_001, 'a')))).toBe('fileTooLarge');
    expect(refusalCode(await put(tenant, at, 'a.txt', ''))).toBe('fileEmpty');
    expect(refusalCode(await put(tenant, at, 'invoice.pdf', exe))).toBe('fileIsProgram');
    const json = await app.inject({
      method: 'POST',
      url: `/api/attachments/${tenant.slug}?${new URLSearchParams(at)}`,
      headers: headers(tenant),
      payload: { a: 1 },
    });
    expect(refusalCode(json)).toBe('fileMissing');
    expect(await storedBefore(tenant.tenantId, Date.now() + 1000)).toEqual([]);
  });

  it('are of the record: not to be seen, added or changed without it', async () => {
    const tenant = await createTestTenant();
    const [ada, bob, viewer] = [
      await tenant.person('member'),
      await tenant.person('member'),
      await tenant.person('viewer'),
    ];
    const record = await deal(ada);
    const { id } = (await put(tenant, { object: 'deal', record }, 'secret.txt', 'text', ada)).json();
    expect((await get(tenant, id, '', bob)).statusCode).toBe(404);
    expect((await put(tenant, { object: 'deal', record }, 'x.txt', 'x', bob)).statusCode).toBe(404);
    expect((await put(tenant, { object: 'deal', record }, 'x.txt', 'x', viewer)).statusCode).toBe(403);
    expect((await put(tenant, { object: 'pipeline', record }, 'x.txt', 'x')).statusCode).toBe(404);
    expect((await get(tenant, id, '', viewer)).statusCode).toBe(200);
    await expect(bob.api.attachments.list({ object: 'deal', recordId: record })).rejects.toThrow('notFound');
    await expect(bob.api.attachments.rename({ id, name: 'x' })).rejects.toThrow('notFound');
    await expect(viewer.api.attachments.remove({ id })).rejects.toThrow('forbidden');
    const stranger = await createTestTenant();
    expect((await get(stranger, id)).statusCode).toBe(404);
    const anybody = await app.inject({ url: `/api/attachments/${tenant.slug}/${id}` });
    expect(anybody.statusCode).toBe(401);
  });

  it('go to the bin with the record and come back with it', async () => {
    const tenant = await createTestTenant();
    const record = await company(tenant);
    const { id } = (await put(tenant, { object: 'company', record }, 'a.txt', 'text')).json();
    const { changeSetId } = await tenant.api.companies.remove({ ids: [record] });
    expect((await get(tenant, id)).statusCode).toBe(404);
    await expect(tenant.api.attachments.rename({ id, name: 'b.txt' })).rejects.toThrow('notFound');
    await tenant.api.changes.undo({ changeSetId });
    expect((await get(tenant, id)).body).toBe('text');
  });

  it('are renamed, put in the bin and brought back', async () => {
    const tenant = await createTestTenant();
    const record = await company(tenant);
    const { id } = (await put(tenant, { object: 'company', record }, 'a.txt', 'text')).json();
    await tenant.api.attachments.rename({ id, name: 'b.txt', version: 1 });
    expect(await names(tenant, 'company', record)).toEqual(['b.txt']);
    const { changeSetId } = await tenant.api.attachments.remove({ id });
    expect(await names(tenant, 'company', record)).toEqual([]);
    expect((await get(tenant, id)).statusCode).toBe(404);
    await tenant.api.changes.undo({ changeSetId });
    expect((await get(tenant, id)).body).toBe('text');
    const { items } = await tenant.api.changes.timeline({ object: 'company', id: record, kinds: ['attachment'] });
    expect(items.map(({ verb }) => verb)).toEqual(['undo', 'delete', 'update', 'create']);
  });

  it('stand in a field of files, and leave it when they go', async () => {
    const tenant = await createTestTenant();
    const { key } = await tenant.api.fields.create({ object: 'company', type: 'file', label: { en: 'Papers' } });
    const record = await company(tenant);
    expect(refusalCode(await put(tenant, { object: 'company', record, field: 'c_none' }, 'a.txt', 'x'))).toBe(
      'unknownField',
    );
    const { id } = (await put(tenant, { object: 'company', record, field: key }, 'a.txt', 'text')).json();
    expect((await tenant.api.companies.get({ id: record }))[key]).toEqual([id]);
    const { changeSetId } = await tenant.api.attachments.remove({ id });
    expect((await tenant.api.companies.get({ id: record }))[key]).toEqual([]);
    await tenant.api.changes.undo({ changeSetId });
    expect((await tenant.api.companies.get({ id: record }))[key]).toEqual([id]);
  });

  it('are not swept away, in the bin neither; what no row knows is', async () => {
    const tenant = await createTestTenant();
    const record = await company(tenant);
    const { id } = (await put(tenant, { object: 'company', record }, 'a.txt', 'text')).json();
    const orphan = await storeFile(tenant.tenantId, Readable.from(['x']), 10);
    const { changeSetId } = await tenant.api.attachments.remove({ id });
    const now = () => new Date(Date.now() + 2 * 86_400_000);
    expect(await sweepFiles(tenant.tenantId, { now, log: pino({ level: 'silent' }) as never })).toBe(1);
    await expect(readStored(tenant.tenantId, orphan.id)).rejects.toThrow('notFound');
    await tenant.api.changes.undo({ changeSetId });
    expect((await get(tenant, id)).body).toBe('text');
  });
});

describe('files of what is erased for good', () => {
  const kept = async (tenant: TestTenant) => (await storedBefore(tenant.tenantId, Date.now() + 1000)).length;

  it('go from the storage with the record, its notes and its fields; those of others stay', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const { key } = await api.fields.create({ object: 'company', type: 'file', label: { en: 'Papers' } });
    const [gone, stays] = [await company(tenant), await company(tenant)];
    await put(tenant, { object: 'company', record: gone }, 'a.txt', 'a');
    await put(tenant, { object: 'company', record: gone, field: key }, 'b.txt', 'b');
    const binned = (await put(tenant, { object: 'company', record: gone }, 'c.txt', 'c')).json();
    await api.attachments.remove({ id: binned.id });
    const other = (await put(tenant, { object: 'company', record: stays }, 'd.txt', 'd')).json();
    await api.companies.remove({ ids: [gone] });
    expect(await kept(tenant)).toBe(4);
    await api.bin.erase({ items: [{ object: 'company', id: gone }], count: 1 });
    await expect.poll(() => kept(tenant)).toBe(1);
    expect((await get(tenant, other.id)).body).toBe('d');
  });

  it('stay when the erasure is refused', async () => {
    const tenant = await createTestTenant();
    const record = await company(tenant);
    await put(tenant, { object: 'company', record }, 'a.txt', 'a');
    await tenant.api.companies.remove({ ids: [record] });
    await expect(tenant.api.bin.erase({ items: [{ object: 'company', id: record }], count: 7 })).rejects.toThrow();
    const { changeSetId } = await tenant.api.bin.restore({ items: [{ object: 'company', id: record }] });
    expect(changeSetId).not.toBeNull();
    expect(await names(tenant, 'company', record)).toEqual(['a.txt']);
    expect(await kept(tenant)).toBe(1);
  });

  it('go by themselves 180 days after somebody deleted them, and comments too, with what stands answered', async () => {
    const tenant = await createTestTenant();
    const { api } = tenant;
    const record = await company(tenant);
    const at = { object: 'company', recordId: record };
    const old = (await put(tenant, { object: 'company', record }, 'old.txt', 'old')).json();
    const young = (await put(tenant, { object: 'company', record }, 'young.txt', 'young')).json();
    const said = await api.conversation.add({ ...at, body: 'Take this back' });
    await api.conversation.add({ ...at, body: 'Too late', replyTo: said.id });
    for (const id of [old.id, young.id]) await api.attachments.remove({ id });
    await api.conversation.remove({ id: said.id });
    await superuser(async (client) => {
      for (const [table, id] of [
        ['attachment', old.id],
        ['comment', said.id],
      ])
        await client.query(`update app.${table} set deleted_at = now() - interval '181 days' where id = $1`, [id]);
    });
    expect(await emptyBin(tenant.tenantId, new Date())).toBe(2);
    await expect.poll(() => kept(tenant)).toBe(1);
    const left = await superuser(
      async (client) =>
        (await client.query('select 1 from app.change where record_id = $1 and after is not null', [said.id])).rows,
    );
    expect(left).toEqual([]);
    expect((await api.conversation.list(at)).items).toMatchObject([{ body: 'Too late', replyTo: null }]);
    await sealTenant(tenant.tenantId, 0);
    expect(await verifyTenant(tenant.tenantId)).toMatchObject({ ok: true });
  });
});

describe('files in S3', () => {
  const keyId = 'GUANXIKEY';
  const secret = 'wJalrXUtnFEMI/K7MDENG';
  const region = 'eu-central-1';
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

  /** Why AWS would not take a request: its signature (SigV4) reckoned here anew from what has arrived. */
  function wrongWith(request: IncomingMessage, body: Buffer): string | null {
    const read =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
    const [, id, day = '', where = '', names = '', signature] = read.exec(request.headers.authorization ?? '') ?? [];
    if (id !== keyId || where !== region) return 'InvalidAccessKeyId';
    const moment = String(request.headers['x-amz-date']);
    if (!moment.startsWith(day) || Math.abs(Date.now() - momentOf(moment)) > 15 * 60_000) return 'RequestTimeTooSkewed';
    if (!names.split(';').includes('host')) return 'AccessDenied';
    const content = String(request.headers['x-amz-content-sha256']);
    // What a signature vouches for is the content too; without a body there is nothing to leave out.
    if (content !== sha256(body) && (content !== 'UNSIGNED-PAYLOAD' || body.length > 0))
      return 'XAmzContentSHA256Mismatch';
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const canonical = [
      request.method,
      path,
      query.split('&').filter(Boolean).map(encoded).sort().join('&'),
      ...names.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}`),
      '',
      names,
      content,
    ].join('\n');
    const scope = `${day}/${where}/s3/aws4_request`;
    const key = [day, where, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
    const expected = hmac(key, ['AWS4-HMAC-SHA256', moment, scope, sha256(canonical)].join('\n')).toString('hex');
    return expected === signature ? null : 'SignatureDoesNotMatch';
  }

  const momentOf = (basic: string) =>
    Date.parse(basic.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const encoded = (pair: string) =>
    pair
      .split('=')
      .map((part) => encodeURIComponent(decodeURIComponent(part.replaceAll('+', ' '))))
      .join('=');

  interface Bucket {
    kept: Map<string, Buffer>;
    seen: { method: string; chunks: number; headers: IncomingMessage['headers'] }[];
    /** Answers in place of the bucket's own, one per request. */
    troubles: number[];
    /** Held before the second half of a file goes out. */
    gate: Promise<void> | null;
    breakOff: boolean;
    options: (more?: Record<string, string>) => S3Options;
  }

  /** A bucket in memory that believes nobody. Its pages of a list hold two names. */
  async function withBucket(run: (bucket: Bucket) => Promise<void>): Promise<void> {
    const bucket: Omit<Bucket, 'options'> = { kept: new Map(), seen: [], troubles: [], gate: null, breakOff: false };
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      bucket.seen.push({ method: request.method ?? '', chunks: chunks.length, headers: request.headers });
      const trouble = bucket.troubles.shift();
      if (trouble) return response.writeHead(trouble).end('<Error><Code>SlowDown</Code></Error>');
      const wrong = wrongWith(request, body);
      if (wrong) return response.writeHead(403).end(`<Error><Code>${wrong}</Code></Error>`);
      const url = new URL(request.url ?? '/', 'http://x');
      const key = decodeURIComponent(url.pathname.replace('/files/', ''));
      if (url.searchParams.get('list-type') === '2') return response.end(page(url));
      if (request.method === 'PUT') {
        if (Number(request.headers['content-length']) !== body.length) return response.writeHead(411).end();
        bucket.kept.set(key, body);
        return response.end();
      }
      if (request.method === 'DELETE') {
        bucket.kept.delete(key);
        return response.writeHead(204).end();
      }
      const found = bucket.kept.get(key);
      if (!found) return response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
      const [, last] = /bytes=0-(\d+)/.exec(request.headers.range ?? '') ?? [];
      if (last) return response.writeHead(206).end(found.subarray(0, Number(last) + 1));
      response.writeHead(200, { 'content-length': found.length });
      response.write(found.subarray(0, found.length / 2));
      await bucket.gate;
      if (bucket.breakOff) return response.destroy();
      return response.end(found.subarray(found.length / 2));
    });
    const page = (url: URL) => {
      const names = [...bucket.kept.keys()]
        .filter((each) => each.startsWith(url.searchParams.get('prefix') ?? '-'))
        .sort();
      const from = Number(url.searchParams.get('continuation-token') ?? 0);
      const entries = names
        .slice(from, from + 2)
        .map((name) => `<Contents><Key>${name}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`);
      const next = from + 2 < names.length ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : '';
      return `<ListBucketResult>${entries.join('')}${next}</ListBucketResult>`;
    };
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const options: Bucket['options'] = (more = {}) => {
      const given = s3Of(
        readEnv({
          S3_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          S3_BUCKET: 'files',
          S3_REGION: region,
          S3_ACCESS_KEY_ID: keyId,
          S3_SECRET_ACCESS_KEY: secret,
          S3_PATH_STYLE: 'on',
          ...more,
        }),
      );
      if (!given) throw new Error('No S3');
      return given;
    };
    const whole = Object.assign(bucket, { options });
    try {
      openFiles(folder, s3Store(options()));
      await run(whole);
    } finally {
      openFiles(folder);
      server.closeAllConnections();
      server.close();
    }
  }

  const read = async (tenantId: string, id: string) => {
    const chunks: Buffer[] = [];
    for await (const chunk of await readStored(tenantId, id)) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  };

  it('are kept, read, listed and removed there, signed, and nothing stays here', () =>
    withBucket(async ({ kept, seen }) => {
      const tenantId = newId();
      const stored = await storeFile(tenantId, Readable.from(['hello ', 'world']), 100);
      expect([...kept]).toEqual([[`t/${tenantId}/${stored.id}`, Buffer.from('hello world')]]);
      expect(seen[0]?.headers).toMatchObject({ 'content-length': '11', 'x-amz-content-sha256': stored.sha256 });
      expect(Buffer.from(await readBeginning(tenantId, stored.id, 5)).toString()).toBe('hello');
      expect((await read(tenantId, stored.id)).toString()).toBe('hello world');
      const more = [
        await storeFile(tenantId, Readable.from(['2']), 100),
        await storeFile(tenantId, Readable.from(['3']), 100),
      ];
      const ids = [stored, ...more].map(({ id }) => id);
      expect((await storedBefore(tenantId, Date.now())).toSorted()).toEqual(ids.toSorted());
      for (const id of ids) await removeStored(tenantId, id);
      expect(kept.size).toBe(0);
      // A file that is gone already is no error to remove, and is not there to read.
      await removeStored(tenantId, stored.id);
      await expect(readStored(tenantId, stored.id)).rejects.toThrow('notFound');
      openFiles(folder);
      expect(await storedBefore(tenantId, Date.now() + 1000)).toEqual([]);
    }));

  it('travel in parts, both ways: the first is read before the last is sent', () =>
    withBucket(async (bucket) => {
      const tenantId = newId();
      const part = Buffer.alloc(1024 * 1024, 'x');
      const large = Readable.from(Array.from({ length: 6 }, () => part));
      const { id, size } = await storeFile(tenantId, large, 10_000_000);
      expect(size).toBe(6 * part.length);
      expect(bucket.seen[0]?.chunks).toBeGreaterThan(1);
      let open = () => {};
      bucket.gate = new Promise((done) => {
        open = done;
      });
      let got = 0;
      for await (const chunk of await readStored(tenantId, id)) {
        // The second half waits for this: a file taken whole would never arrive.
        open();
        got += chunk.length;
      }
      expect(got).toBe(size);
      bucket.breakOff = true;
      await expect(read(tenantId, id)).rejects.toThrow();
    }));

  it('that cannot be kept are refused and leave nothing, here or there; what passes is tried again', () =>
    withBucket(async (bucket) => {
      const tenantId = newId();
      const store = () => storeFile(tenantId, Readable.from(['text']), 100);
      openFiles(folder, s3Store(bucket.options({ S3_SECRET_ACCESS_KEY: 'another' })));
      await expect(store()).rejects.toThrow(/refused to keep a file: 403 .*SignatureDoesNotMatch/);
      openFiles(folder, s3Store(bucket.options({ S3_ACCESS_KEY_ID: 'NOBODY' })));
      await expect(store()).rejects.toThrow('InvalidAccessKeyId');
      expect(bucket.kept.size).toBe(0);
      openFiles(folder);
      expect(await storedBefore(tenantId, Date.now() + 1000)).toEqual([]);
      openFiles(folder, s3Store(bucket.options()));
      // Signed anew and with its body each time.
      bucket.troubles = [503, 500];
      const { id } = await store();
      expect(bucket.kept.get(`t/${tenantId}/${id}`)?.toString()).toBe('text');
      bucket.troubles = Array.from({ length: 4 }, () => 503);
      await expect(readStored(tenantId, id)).rejects.toThrow(/refused to give a file: 503 .*SlowDown/);
      bucket.troubles = [403];
      await expect(removeStored(tenantId, id)).rejects.toThrow('refused to remove a file: 403');
      expect(bucket.kept.size).toBe(1);
    }));

  it('needs all of its settings', () => {
    expect(() => s3Of(readEnv({ S3_BUCKET: 'files' }))).toThrow(
      'S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY missing',
    );
    expect(s3Of(readEnv({}))).toBeUndefined();
  });
});
