import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodings } from '@/domain/imports/encoding';
import type { ImportPlan } from '@/domain/imports/mapping';
import { importObjects, targets } from '@/domain/imports/targets';
import { liftLimits } from '@/server/core/limits';
import { fuzzSettings, hostileText } from '../support/fuzz';
import { importFile, upload } from '../support/imports';
import { callByPath } from '../support/procedures';
import { createTestTenant, type TestTenant } from '../support/tenants';

let tenant: TestTenant;
beforeAll(async () => {
  liftLimits();
  tenant = await createTestTenant();
});

const cell = fc.oneof(
  hostileText,
  fc.constantFrom(
    'Acme',
    'ada@example.com',
    '12.5',
    '2026-06-01',
    'Won',
    '9'.repeat(400),
    'x'.repeat(3000),
    '1e308',
    '0000-01-01',
    '31/12/9999',
  ),
);

interface AnyFile {
  columns: string[];
  rows: string[][];
  policy: ImportPlan['policy'];
  missing: 'create' | 'leave';
}

describe('I3, I4: imports answer whatever file they are given', () => {
  it.each(importObjects)('I3 I4: a file of a %s with anything in it', async (object) => {
    const names = targets[object].map(({ name }) => name);
    // People are called by two other columns, and tasks by a subject.
    const isNamed = (columns: readonly string[]) =>
      columns.includes('name') || object === 'contact' || !names.includes('name');
    const file: fc.Arbitrary<AnyFile> = fc
      .uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 8 })
      .chain((columns) =>
        fc.record({
          columns: fc.constant(isNamed(columns) ? columns : ['name', ...columns]),
          rows: fc.array(fc.array(cell, { minLength: columns.length, maxLength: columns.length + 2 }), {
            minLength: 1,
            maxLength: 6,
          }),
          policy: fc.constantFrom<ImportPlan['policy']>('overwrite', 'fillBlanks', 'keep'),
          missing: fc.constantFrom<'create' | 'leave'>('create', 'leave'),
        }),
      );
    await fc.assert(
      fc.asyncProperty(file, async ({ columns, rows, policy, missing }) => {
        const quoted = (text: string) => `"${text.toWellFormed().replaceAll('"', '""')}"`;
        const text = [columns, ...rows].map((row) => row.map(quoted).join(',')).join('\n');
        const fileId = await upload(tenant, 'any.csv', text);
        const plan: ImportPlan = {
          object,
          source: 'fuzz',
          encoding: 'utf-8',
          separator: ',',
          quote: '"',
          skipLines: 0,
          hasHeader: true,
          dateOrder: 'ymd',
          decimal: '.',
          currency: 'USD',
          timeZone: 'Etc/UTC',
          columns: columns.map((target, index) => ({ index, header: target, target })),
          matchKey: columns.find((name) => ['externalId', 'email', 'name'].includes(name)) ?? null,
          policy,
          missing: { company: missing, contact: missing, product: missing, owner: missing },
          values: { pipeline: {}, stage: {}, product: {}, owner: {}, company: {}, contact: {} },
        };
        for (const [path, input] of [
          ['imports.analyse', { fileId }],
          ['imports.values', { fileId, plan }],
          ['imports.check', { fileId, plan }],
        ] as const) {
          const answer = await callByPath(tenant.api, path, input);
          if ('refused' in answer) expect([path, answer.refused]).not.toEqual([path, 'internal']);
        }
        const result = await importFile(tenant, fileId, plan);
        expect([result.status, result.error]).toEqual(['done', null]);
        expect(result.taken).toBe(result.rows);
      }),
      { ...fuzzSettings(25), endOnFailure: true },
    );
  });

  it('I3 I4: bytes of any kind in any encoding', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.constantFrom(
        ...['\ufeffname\n', '"', '"\n"', 'sep=;\n', '\r\r\r', 'a,"b', '\u0000'].map(
          (text) => new Uint8Array(Buffer.from(text)),
        ),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        bytes,
        fc.option(fc.constantFrom(...encodings), { nil: undefined }),
        async (content, encoding) => {
          const fileId = await upload(tenant, 'any.csv', content).catch((error: Error) => error.message);
          if (!/^[0-9a-f-]{36}$/.test(fileId)) return;
          const answer = await callByPath(tenant.api, 'imports.analyse', { fileId, encoding });
          if ('refused' in answer) expect(answer.refused).not.toBe('internal');
        },
      ),
      fuzzSettings(40),
    );
  });
});
