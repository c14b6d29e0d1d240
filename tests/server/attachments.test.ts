import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnv, s3Of } from '@/server/core/env';
import { openFiles, readBeginning, readStored, removeStored, storedBefore, storeFile } from '@/server/core/files';
import { newId } from '@/server/core/ids';
import { s3Store } from '@/server/core/s3-store';
import { sessionCookie } from '@/server/core/session';
import { sweepFiles } from '@/server/imports/sweep';
import { ownFolder } from '../support/folders';
import { refusalCode, testApp } from '../support/http';
import { createTestTenant, type TestPerson, type TestTenant } from '../support/tenants';

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

describe('files in S3', () => {
  /** A bucket in memory, which asks for a signature. */
  async function bucket() {
    const kept = new Map<string, Buffer>();
    const seen: IncomingMessage[] = [];
    const server = createServer(async (request, response) => {
      seen.push(request);
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const url = new URL(request.url ?? '/', 'http://x');
      const key = url.pathname.replace('/files/', '');
      if (!/^AWS4-HMAC-SHA256 Credential=KEY\//.test(request.headers.authorization ?? ''))
        response.writeHead(403).end('no');
      else if (url.searchParams.get('list-type') === '2') {
        const entries = [...kept.keys()].filter((each) => each.startsWith(url.searchParams.get('prefix') ?? '-'));
        response.end(
          `<ListBucketResult>${entries.map((each) => `<Contents><Key>${each}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`).join('')}</ListBucketResult>`,
        );
      } else if (request.method === 'PUT') {
        kept.set(key, Buffer.concat(chunks));
        response.end();
      } else if (request.method === 'DELETE') {
        kept.delete(key);
        response.writeHead(204).end();
      } else {
        const [, last] = /bytes=0-(\d+)/.exec(request.headers.range ?? '') ?? [];
        const found = kept.get(key);
        if (found) response.writeHead(last ? 206 : 200).end(last ? found.subarray(0, Number(last) + 1) : found);
        else response.writeHead(404).end();
      }
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { kept, seen, endpoint, close: () => server.close() };
  }

  it('are kept, read, listed and removed there, and nothing stays here', async () => {
    const { kept, seen, endpoint, close } = await bucket();
    const options = s3Of(
      readEnv({
        S3_ENDPOINT: endpoint,
        S3_BUCKET: 'files',
        S3_ACCESS_KEY_ID: 'KEY',
        S3_SECRET_ACCESS_KEY: 's',
        S3_PATH_STYLE: 'on',
      }),
    );
    if (!options) throw new Error('No S3');
    openFiles(folder, s3Store(options));
    const tenantId = newId();
    const stored = await storeFile(tenantId, Readable.from(['hello ', 'world']), 100);
    expect([...kept]).toEqual([[`t/${tenantId}/${stored.id}`, Buffer.from('hello world')]]);
    expect(seen[0]?.headers).toMatchObject({ 'content-length': '11', 'x-amz-content-sha256': stored.sha256 });
    expect(Buffer.from(await readBeginning(tenantId, stored.id, 5)).toString()).toBe('hello');
    const whole: Buffer[] = [];
    for await (const chunk of await readStored(tenantId, stored.id)) whole.push(Buffer.from(chunk));
    expect(Buffer.concat(whole).toString()).toBe('hello world');
    expect(await storedBefore(tenantId, Date.now())).toEqual([stored.id]);
    await removeStored(tenantId, stored.id);
    expect(kept.size).toBe(0);
    await expect(readStored(tenantId, stored.id)).rejects.toThrow('notFound');
    openFiles(folder);
    expect(await storedBefore(tenantId, Date.now() + 1000)).toEqual([]);
    close();
  });

  it('needs all of its settings', () => {
    expect(() => s3Of(readEnv({ S3_BUCKET: 'files' }))).toThrow(
      'S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY missing',
    );
    expect(s3Of(readEnv({}))).toBeUndefined();
  });
});
