import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import nodemailer from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchKeys } from '@/domain/search-keys';
import { queryKeys } from '@/domain/search-query';
import { liftLimits } from '@/server/core/limits';
import { renderMail } from '@/server/core/mail/templates';
import { fuzzSettings } from '../support/fuzz';
import { machineCall, screenCall, testApp, wrongFields } from '../support/http';
import { importFile, planFor, upload } from '../support/imports';
import { createTestTenant, type TestTenant } from '../support/tenants';

let app: FastifyInstance;
let tenant: TestTenant;
let key: string;

beforeAll(async () => {
  liftLimits();
  ({ app } = await testApp());
  tenant = await createTestTenant();
  key = (await tenant.api.apiKeys.create({ name: 'test', access: 'write' })).secret;
});
afterAll(() => app.close());

describe('J3: `%`, `_` and `\\` in a search', () => {
  const letters = fc.constantFrom('a', 'B', '%', '_', '\\', ' ', '重', "'", '$');
  const names = [
    'plain',
    '100% Acme',
    '100 Acme',
    'a_b',
    'aXb',
    'a\\b',
    'a\\\\b',
    '%',
    '_',
    '\\',
    '%_\\',
    'a%',
    '%a',
    'B_',
    '重%庆',
    '重庆',
    "it's",
    '$1',
    'a b',
    'aB',
  ];

  beforeAll(async () => {
    for (const name of names) {
      await tenant.api.companies.create({ values: { name, phone: name, city: name } });
      await tenant.api.products.create({ values: { name } });
      await tenant.api.teams.create({ name: `T${name}` });
    }
    for (const name of ['%x', '_x', '\\x', 'Percy']) await tenant.person('member', { name });
  });

  const listed = async (filter: unknown): Promise<string[]> => {
    const input = { filter, limit: 200, columns: ['name'] };
    const screen = await screenCall(app, tenant, 'companies.list', input, {}, 'GET');
    expect(screen.statusCode, screen.body).toBe(200);
    const query = `limit=200&columns=name&filter=${encodeURIComponent(JSON.stringify(filter))}`;
    const machine = await machineCall(app, key, 'GET', `/companies?${query}`);
    const rows = screen
      .json()
      .result.data.rows.map((row: { name: string }) => row.name)
      .sort();
    expect(
      machine
        .json()
        .data.map((row: { name: string }) => row.name)
        .sort(),
    ).toEqual(rows);
    return rows;
  };
  const needle = fc.string({ unit: letters, minLength: 1, maxLength: 4 });

  it.each(['name', 'phone', 'city'])('J3: stand for themselves in filters of %s', async (field) => {
    await fc.assert(
      fc.asyncProperty(needle, async (typed) => {
        const text = typed.toLowerCase();
        const kept = (name: string) => (field === 'name' ? name : name.trim()).toLowerCase();
        expect(await listed({ field, op: 'contains', value: typed })).toEqual(
          names.filter((name) => kept(name).includes(text)).sort(),
        );
        expect(await listed({ field, op: 'startsWith', value: typed })).toEqual(
          names.filter((name) => kept(name).startsWith(text)).sort(),
        );
      }),
      fuzzSettings(40),
    );
  });

  it('J3: stand for themselves in every search', async () => {
    /** Found by its words; where only signs are typed, by these signs. */
    const found = (name: string, typed: string) => {
      const keys = queryKeys(typed);
      if (keys.length === 0) return name.toLowerCase().includes(typed.trim().toLowerCase());
      const known = searchKeys([name]);
      return keys.every((one) => known.some((other) => other.startsWith(one)));
    };
    await fc.assert(
      fc.asyncProperty(needle, async (q) => {
        if (q.trim() === '') return;
        const expected = names.filter((name) => found(name, q)).sort();
        const list = await screenCall(app, tenant, 'products.list', { q, limit: 200 }, {}, 'GET');
        expect(
          list
            .json()
            .result.data.rows.map((row: { name: string }) => row.name)
            .sort(),
        ).toEqual(expected);
        const count = await screenCall(app, tenant, 'products.count', { q }, {}, 'GET');
        expect(count.json().result.data.count).toBe(expected.length);
        const rest = await machineCall(app, key, 'GET', `/products?limit=200&q=${encodeURIComponent(q)}`);
        expect(rest.json().data).toHaveLength(expected.length);
        const pick = await screenCall(app, tenant, 'search.pick', { object: 'product', q, limit: 50 }, {}, 'GET');
        expect(
          pick
            .json()
            .result.data.map((hit: { title: string }) => hit.title)
            .sort(),
        ).toEqual(expected);
        const global = await screenCall(app, tenant, 'search.global', { q, limit: 50 }, {}, 'GET');
        const products = global.json().result.data.filter((hit: { object: string }) => hit.object === 'product');
        expect(products.map((hit: { title: string }) => hit.title).sort()).toEqual(expected);
        const teams = await screenCall(app, tenant, 'search.pick', { object: 'team', q, limit: 50 }, {}, 'GET');
        const word = q.trim().toLowerCase();
        expect(
          teams
            .json()
            .result.data.map((hit: { title: string }) => hit.title)
            .sort(),
        ).toEqual(
          names
            .map((name) => `T${name}`.trim())
            .filter((name) => name.toLowerCase().includes(word))
            .sort(),
        );
      }),
      fuzzSettings(40),
    );
  });

  it.each([
    ['%', ['%x']],
    ['_', ['_x']],
    ['\\', ['\\x']],
    ['%%', []],
    ['p_rcy', []],
    ['p%', []],
    ['perc\\', []],
    ['perc', ['Percy']],
  ])('J3: %j finds the people %j', async (q, expected) => {
    for (const path of ['members.search', 'search.pick']) {
      const input = path === 'search.pick' ? { object: 'member', q } : { q };
      const answer = await screenCall(app, tenant, path, input, {}, 'GET');
      expect(answer.statusCode, answer.body).toBe(200);
      const hits = answer.json().result.data as { name?: string; title?: string }[];
      expect(hits.map(({ name, title }) => name ?? title)).toEqual(expected);
    }
  });
});

describe('J4: what leaves the server for other programs', () => {
  it('J4: a file of refused rows runs nothing in a spreadsheet, keeps its numbers, and comes back as it was', async () => {
    const own = await createTestTenant();
    const formula = "=cmd|' /C calc'!A0";
    const rows = [
      [formula, '-36.4', 'nobody', '+1+2'],
      ['-1', '+12.5', 'nobody', "'=x"],
      ['@SUM(1)', '=1+1', 'nobody', 'plain'],
      ['\tx', '-1-1', 'nobody', '-7'],
    ];
    const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
    const text = ['name,amount,stage,description', ...rows.map((row) => row.map(quoted).join(','))].join('\n');
    const fileId = await upload(own, 'deals.csv', text);
    const columns = ['name', 'amount', 'stage', 'description'].map((target, index) => ({
      index,
      header: target,
      target,
    }));
    const plan = { ...(await planFor(own, fileId, { matchKey: null })), object: 'deal' as const, columns };
    // A stage nobody has decided about refuses every row.
    const result = await importFile(own, fileId, plan);
    expect(result).toMatchObject({ status: 'done', refused: 4 });
    const file = await app.inject({
      url: `/api/imports/${own.slug}/${result.id}/refused.csv`,
      headers: { cookie: `guanxi.session=${own.sid}` },
    });
    expect(file.headers['content-disposition']).toBe('attachment; filename="refused.csv"');
    const lines = file.body.split('\r\n').slice(1, 5);
    expect(lines[0]).toMatch(/^'=cmd\|' \/C calc'!A0,-36\.4,nobody,'\+1\+2,2,/);
    expect(lines[1]).toMatch(/^'-1,\+12\.5,nobody,''=x,3,/);
    expect(lines[2]).toMatch(/^'@SUM\(1\),'=1\+1,nobody,plain,4,/);
    expect(lines[3]).toMatch(/^'\tx,'-1-1,nobody,'-7,5,/);
    for (const line of lines) expect(line).not.toMatch(/(^|,)"?[=@\t]/);

    const again = await upload(own, 'refused.csv', file.body);
    const second = await importFile(own, again, {
      ...plan,
      columns: [...columns, { index: 4, header: 'row', target: null }, { index: 5, header: 'reason', target: null }],
    });
    const { rows: problems } = await own.api.imports.problems({ id: second.id });
    expect(problems.map(({ cells }) => cells.slice(0, 4))).toEqual(rows);
  });

  const breaks = ['Eve\r\nBcc: all@example.com', 'Eve\nX: y', 'Eve\rX', 'Eve\u2028X', 'Eve\u0000', 'Eve\u0085X'];

  it.each(breaks)('J4: a name with a line break is refused wherever names go into mails: %j', async (name) => {
    const signUp = {
      company: name,
      name,
      email: 'eve@example.com',
      password: 'correct horse battery',
      locale: 'en',
      timeZone: 'Etc/UTC',
      currency: 'USD',
    };
    for (const [path, input, fields] of [
      ['account.signUp', signUp, ['company', 'name']],
      ['account.updateMe', { name }, ['name']],
      ['members.renameSelf', { name }, ['name']],
      ['tenant.update', { name }, ['name']],
      ['teams.create', { name }, ['name']],
      ['pipelines.create', { name }, ['name']],
      ['apiKeys.create', { name, access: 'read' }, ['name']],
    ] as const) {
      const answer = await screenCall(app, tenant, path, input);
      expect([path, answer.statusCode]).toEqual([path, 400]);
      for (const field of fields) expect(wrongFields(answer)[field]).toMatch(/^(oneLine|unstorable)$/);
    }
    const invite = await screenCall(app, tenant, 'members.invite', {
      email: `eve@example.com\r\nBcc: x@example.com`,
      role: 'member',
    });
    expect(invite.statusCode).toBe(400);
  });

  it('J4: a subject is one line and a recipient one address, whatever a name holds', async () => {
    const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
    for (const company of [...breaks, 'a, b@example.com', '"<x@example.com>"', '=?utf-8?q?x?=']) {
      const mail = renderMail({
        key: 'k',
        to: 'ada@example.com',
        locale: 'en',
        template: 'invitation',
        params: { link: 'https://example.com/invite', company, inviter: company, days: 14 },
      });
      expect(mail.subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      const sent = await transport.sendMail({ ...mail, from: 'Guanxi <no-reply@example.com>' });
      const head = String(sent.message).split('\n\n')[0] ?? '';
      expect(head.split('\n').filter((line) => /^(bcc|cc|to|x):?/i.test(line))).toEqual(['To: ada@example.com']);
      expect(sent.envelope.to).toEqual(['ada@example.com']);
    }
  });
});
