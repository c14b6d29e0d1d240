import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import { readEnv, refuseUnsafe } from '@/server/core/env';
import { BrokenSecret, openSecrets, parseKeys, seal, sealJson, unseal, unsealJson } from '@/server/core/secrets';
import { rotateTenant } from '@/server/secrets/jobs';
import { readSecret, tenantKeyBytes } from '@/server/secrets/secrets';
import { createTestTenant, superuser, testKeys } from '../support/tenants';

const random = () => randomBytes(32).toString('base64');
const newer = `newer:${random()}`;

afterEach(() => openSecrets(testKeys));

describe('a sealed secret', () => {
  it('K2: opens where it was made for, and nowhere else', () => {
    openSecrets(testKeys);
    const place = ['tenant-a', 'tenant_secret', 'audit'] as const;
    const sealed = seal(place, Buffer.from('a secret'));
    expect(unseal(place, sealed).toString()).toBe('a secret');
    expect(sealed).not.toContain(Buffer.from('a secret').toString('base64url'));
    for (const other of [
      ['tenant-b', 'tenant_secret', 'audit'],
      ['tenant-a', 'webhook', 'audit'],
      ['tenant-a', 'tenant_secret', 'other'],
      // The parts of a place are kept apart: moving a border is another place.
      ['tenant-a', 'tenant_secret,audit'],
      ['tenant-a', 'tenant_secret', 'aud', 'it'],
    ] as const) {
      expect(() => unseal(other, sealed), other.join()).toThrow(BrokenSecret);
    }
  });

  it('K2: does not open when any part of it was changed', () => {
    openSecrets(testKeys);
    const place = ['t', 'x'] as const;
    const sealed = seal(place, Buffer.from('a secret'));
    const [version, id, encoded = ''] = sealed.split('.');
    const bytes = Buffer.from(encoded, 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const changed = Buffer.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(() => unseal(place, `${version}.${id}.${changed.toString('base64url')}`)).toThrow(BrokenSecret);
    }
    // A tag cut short would be quicker to guess.
    expect(() => unseal(place, `${version}.${id}.${bytes.subarray(0, 20).toString('base64url')}`)).toThrow(
      BrokenSecret,
    );
    expect(() => unseal(place, 'v2.a.b')).toThrow(BrokenSecret);
  });

  it('K2: is another text each time, and says which key it needs when that is gone', () => {
    openSecrets(`${newer},${testKeys}`);
    expect(sealJson(['t', 'x'], { a: 1 })).not.toBe(sealJson(['t', 'x'], { a: 1 }));
    const sealed = sealJson(['t', 'x'], { link: 'https://example.com/reset?token=abc' });
    expect(unsealJson(['t', 'x'], sealed)).toEqual({ link: 'https://example.com/reset?token=abc' });
    openSecrets(testKeys);
    expect(() => unsealJson(['t', 'x'], sealed)).toThrow(
      'Encryption key newer is missing for t/x: put it back into ENCRYPTION_KEYS.',
    );
  });

  it('K2: keys are named, of 32 bytes, and never told in an error', () => {
    const key = random();
    expect([...parseKeys(`a:${key}, b:${random()}`).keys.keys()]).toEqual(['a', 'b']);
    expect(parseKeys(`b:${random()},a:${random()}`).current).toBe('b');
    for (const wrong of [key, `a:${key.slice(0, 20)}`, `a:${key},a:${random()}`, `a:${key},`, '']) {
      expect(() => parseKeys(wrong)).toThrow(/^ENCRYPTION_KEYS/);
      expect(() => parseKeys(wrong)).not.toThrow(key.slice(0, 20));
    }
  });
});

describe("a tenant's secrets", () => {
  it('K2: a ciphertext moved to another tenant or name in the database does not open', async () => {
    const [a, b] = [await createTestTenant(), await createTestTenant()];
    const make = (tenantId: string) => inTenant(tenantId, 'write', (db) => tenantKeyBytes(db, 'audit'));
    const keyOfA = await make(a.tenantId);
    expect(await make(a.tenantId)).toEqual(keyOfA);
    expect(await make(b.tenantId)).not.toEqual(keyOfA);
    await superuser(async (client) => {
      await client.query(
        `update app.tenant_secret b set sealed = a.sealed from app.tenant_secret a where b.tenant_id = $1 and a.tenant_id = $2 and a.name = b.name`,
        [b.tenantId, a.tenantId],
      );
      await client.query(
        `insert into app.tenant_secret (tenant_id, name, key_id, sealed) select tenant_id, 'auditHead', key_id, sealed from app.tenant_secret where tenant_id = $1`,
        [a.tenantId],
      );
    });
    await expect(make(b.tenantId)).rejects.toThrow(BrokenSecret);
    await expect(inTenant(a.tenantId, 'read', (db) => readSecret(db, 'auditHead'))).rejects.toThrow(BrokenSecret);
    expect(await make(a.tenantId)).toEqual(keyOfA);
  });

  it('K2: what lies in the table is not the secret', async () => {
    const tenant = await createTestTenant();
    const key = await inTenant(tenant.tenantId, 'write', (db) => tenantKeyBytes(db, 'audit'));
    const text = await superuser(async (client) => {
      const { rows } = await client.query<{ row: string }>(
        'select t::text as row from app.tenant_secret t where tenant_id = $1',
        [tenant.tenantId],
      );
      return rows.map(({ row }) => row).join();
    });
    expect(text).toContain('v1.test.');
    for (const form of ['hex', 'base64', 'base64url'] as const) expect(text).not.toContain(key.toString(form));
  });

  it('K2: rotation encrypts anew under load without a failed read, and then the old key can go', async () => {
    const tenant = await createTestTenant();
    const read = () => inTenant(tenant.tenantId, 'read', (db) => readSecret(db, 'audit'));
    const key = await inTenant(tenant.tenantId, 'write', (db) => tenantKeyBytes(db, 'audit'));
    openSecrets(`${newer},${testKeys}`);
    let isDone = false;
    let reads = 0;
    const readers = Array.from({ length: 4 }, async () => {
      while (!isDone) {
        expect(await read()).toEqual(key);
        reads += 1;
      }
    });
    const rotated = await Promise.all([rotateTenant(tenant.tenantId), rotateTenant(tenant.tenantId)]);
    isDone = true;
    await Promise.all(readers);
    expect(reads).toBeGreaterThan(0);
    // One secret, rotated once, however many rotate at once.
    expect(rotated.sort()).toEqual([0, 1]);
    expect(await rotateTenant(tenant.tenantId)).toBe(0);
    openSecrets(newer);
    expect(await read()).toEqual(key);
    openSecrets(`${newer},${testKeys}`);
    const { rows } = await tenant.api.audit.list({ action: 'secretRotated' });
    expect(rows).toMatchObject([{ channel: 'system', memberId: null, detail: { keyId: 'newer', count: 1 } }]);
  });
});

describe('secrets of the installation', () => {
  const good = random();
  const production = (more: Record<string, string>) =>
    refuseUnsafe(
      readEnv({
        NODE_ENV: 'production',
        DATABASE_URL: 'postgres://x',
        NEXTAUTH_SECRET: good,
        ENCRYPTION_KEYS: newer,
        ...more,
      }),
    );

  it.each([
    ['short', 'x7Kp2'],
    ['one letter', 'a'.repeat(32)],
    ['one pattern', 'abcd1234'.repeat(5)],
    ['a placeholder', 'please-change-me-please-change-me-now'],
    ['an example', 'your-secret-key-goes-here-12093847561'],
    ['the product', 'guanxi-nextauth-2026-production-1x9z'],
    ['counted up', '01234567890123456789012345678901'],
    ['repeated, with an end', `${'q7Zk2xWd'.repeat(3)}9vBn4`.padEnd(34, 'hT6')],
    ['counted, among others', 'Zk9-012345-qW7x_tR4mHy8vNj2LpKs6d'],
    ['the alphabet', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL'],
    ['few letters', 'aabbccaabbcacbacbabcbacbacbabcbacbabc'],
  ])('K3: refuses to start in production with a signing secret that is %s', (_, secret) => {
    expect(() => production({ NEXTAUTH_SECRET: secret })).toThrow(/^NEXTAUTH_SECRET (is|can)/);
    expect(() => production({ NEXTAUTH_SECRET: secret })).not.toThrow(secret);
  });

  it.each([
    ['of zeros', Buffer.alloc(32)],
    ['of one byte', Buffer.alloc(32, 7)],
    ['counted up', Buffer.from(Array.from({ length: 32 }, (_, i) => i))],
    ['of text', Buffer.from('correct horse battery staple 123')],
    ['of hex', Buffer.from(randomBytes(16).toString('hex'))],
    ['repeated', Buffer.concat([Buffer.from(good, 'base64').subarray(0, 8)]).subarray(0, 8)],
  ])('K3: refuses to start in production with an encryption key %s', (name, key) => {
    const bytes = name === 'repeated' ? Buffer.concat([key, key, key, key]) : key;
    expect(() => production({ ENCRYPTION_KEYS: `a:${bytes.toString('base64')}` })).toThrow(
      /^ENCRYPTION_KEYS: key a (is|can)/,
    );
    // An old key that only decrypts is no better.
    expect(() => production({ ENCRYPTION_KEYS: `${newer},a:${bytes.toString('base64')}` })).toThrow(/key a/);
  });

  it('K3: refuses production without keys, and one secret for two purposes', () => {
    expect(() => production({ ENCRYPTION_KEYS: '' })).toThrow(/^ENCRYPTION_KEYS is missing/);
    expect(() => production({ NEXTAUTH_SECRET: '' })).toThrow(/^NEXTAUTH_SECRET is missing/);
    expect(() => production({ ENCRYPTION_KEYS: `a:${good}` })).toThrow(/is NEXTAUTH_SECRET again/);
  });

  it('K3: takes what openssl makes, in base64 and in hex', () => {
    for (let i = 0; i < 2000; i++) {
      const secret = i % 2 ? random() : randomBytes(32).toString('hex');
      expect(() => production({ NEXTAUTH_SECRET: secret, ENCRYPTION_KEYS: `k${i}:${random()}` })).not.toThrow();
    }
    for (let i = 0; i < 500; i++) production({ NEXTAUTH_SECRET: randomBytes(16).toString('hex') });
    // Few digits, as chance has them: one in ten thousand had less than three bits each.
    expect(() => production({ NEXTAUTH_SECRET: '07f7a0f7c0a7fcc70fa7730c7fa0f70b' })).not.toThrow();
  });
});
