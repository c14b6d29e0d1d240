import { randomBytes, randomUUID } from 'node:crypto';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { inTenant } from '@/db/tenant';
import { type ChainCheck, checkChain, sealNext } from '@/server/audit/chain';
import { sealTenant, verifyTenant } from '@/server/audit/jobs';
import { rowsOf, tables } from '@/server/audit/rows';
import { keepSecret } from '@/server/secrets/secrets';
import { createTestTenant, superuser, type TestTenant } from '../support/tenants';

const silent = pino({ level: 'silent' });
const sealNow = (tenant: TestTenant) => sealTenant(tenant.tenantId, 0, silent);
const verify = (tenant: TestTenant) => verifyTenant(tenant.tenantId, silent);

/** As somebody with the database in their hands, and not the application's keys. */
const tamper = (statement: string, values: unknown[]) =>
  superuser(async (client) => expect((await client.query(statement, values)).rowCount, statement).toBeGreaterThan(0));

/** A tenant whose chain has three seals, each over something that happened. */
async function sealedTenant(): Promise<TestTenant & { companyId: string }> {
  const tenant = await createTestTenant();
  await sealNow(tenant);
  const { id } = await tenant.api.companies.create({ values: { name: 'Acme' } });
  await sealNow(tenant);
  await tenant.api.companies.update({ id, values: { name: 'Acme Ltd' } });
  await tenant.api.audit.verify({});
  await sealNow(tenant);
  return { ...tenant, companyId: id };
}

describe('the chain over the audit', () => {
  it('U2: covers every change set, change and event, once, and holds', async () => {
    const tenant = await sealedTenant();
    const check = await verify(tenant);
    const rows = await superuser(async (client) => {
      let count = 0;
      for (const { name } of tables) {
        const { rows } = await client.query<{ n: number }>(
          `select count(*)::int as n from app.${name} where tenant_id = $1`,
          [tenant.tenantId],
        );
        count += rows[0]?.n ?? 0;
      }
      return count;
    });
    expect(check).toMatchObject({ ok: true, seals: 3, entries: rows, next: null });
    expect(check.brokenAt).toBeUndefined();
  });

  it('U2: every column of a sealed table is hashed, or says why not', async () => {
    const columns = await superuser(async (client) => {
      const { rows } = await client.query<{ table: string; name: string }>(
        `select table_name as table, column_name as name from information_schema.columns where table_schema = 'app' and column_name <> 'tenant_id'`,
      );
      return rows;
    });
    for (const { name, columns: hashed, left } of tables) {
      const there = columns.filter((c) => c.table === name).map((c) => c.name);
      expect([...hashed, ...left].sort(), name).toEqual(there.sort());
    }
  });

  const attacks: Record<string, { statement: string; seq: number }> = {
    'a changed value': {
      statement: `update app.change set after = '{"name": "Evil"}' where tenant_id = $1 and op = 'update'`,
      seq: 3,
    },
    'another author': { statement: `update app.change_set set member_id = null where tenant_id = $1`, seq: 1 },
    'an event with another address': {
      statement: `update app.audit_event set ip = '8.8.8.8' where tenant_id = $1 and action = 'auditVerified'`,
      seq: 3,
    },
    'a removed event': {
      statement: `delete from app.audit_event where tenant_id = $1 and action = 'auditVerified'`,
      seq: 3,
    },
    'a removed change': { statement: `delete from app.change where tenant_id = $1 and op = 'update'`, seq: 3 },
    'a row put in with an earlier date': {
      statement: `insert into app.audit_event (tenant_id, id, action, channel, written_at)
        select $1, gen_random_uuid(), 'signIn', 'screen', sealed_to from app.audit_seal where tenant_id = $1 and seq = 2`,
      seq: 2,
    },
    'a row moved to another window': {
      statement: `update app.audit_event set written_at = (select sealed_to from app.audit_seal where tenant_id = $1 and seq = 2)
        where tenant_id = $1 and action = 'auditVerified'`,
      seq: 2,
    },
    'a seal in the middle removed': {
      statement: `delete from app.audit_seal where tenant_id = $1 and seq = 2`,
      seq: 2,
    },
    'the newest seal removed': { statement: `delete from app.audit_seal where tenant_id = $1 and seq = 3`, seq: 3 },
    'every seal removed': { statement: `delete from app.audit_seal where tenant_id = $1`, seq: 1 },
    'two seals swapped': {
      statement: `update app.audit_seal s set hash = o.hash, previous = o.previous, entries = o.entries from app.audit_seal o
        where s.tenant_id = $1 and o.tenant_id = $1 and s.seq in (1, 2) and o.seq = 3 - s.seq`,
      seq: 1,
    },
    'a seal whose window was made longer': {
      statement: `update app.audit_seal set sealed_to = sealed_to + interval '1 microsecond' where tenant_id = $1 and seq = 1`,
      seq: 1,
    },
    'the key removed': { statement: `delete from app.tenant_secret where tenant_id = $1 and name = 'audit'`, seq: 1 },
  };
  for (const [attack, { statement, seq }] of Object.entries(attacks)) {
    it(`U2: tells ${attack}, and where`, async () => {
      const tenant = await sealedTenant();
      expect((await verify(tenant)).ok).toBe(true);
      await tamper(statement, [tenant.tenantId]);
      const check = await verify(tenant);
      expect(check).toMatchObject({ ok: false, brokenAt: { seq } });
      expect(await tenant.api.audit.verify({})).toMatchObject({ ok: false, brokenAt: { seq } });
    });
  }

  it('U2: a seal made without the key does not hold: the hash cannot be computed from the database', async () => {
    const [tenant, other] = [await sealedTenant(), await sealedTenant()];
    await tamper(`update app.change set after = '{"name": "Evil"}' where tenant_id = $1 and op = 'update'`, [
      tenant.tenantId,
    ]);
    // The application itself seals anew, as an attacker would who could run its code but not read its keys.
    await tamper(`delete from app.audit_seal where tenant_id = $1`, [tenant.tenantId]);
    await tamper(
      `update app.tenant_secret t set sealed = o.sealed, key_id = o.key_id from app.tenant_secret o
        where t.tenant_id = $1 and o.tenant_id = $2 and t.name = o.name and t.name = 'audit'`,
      [tenant.tenantId, other.tenantId],
    );
    await expect(verify(tenant)).resolves.toMatchObject({ ok: false });
    await expect(sealNow(tenant)).rejects.toThrow('does not open');
  });

  it('U2: with another key than the one it was made with no seal holds', async () => {
    const tenant = await sealedTenant();
    await inTenant(tenant.tenantId, 'write', (db) => keepSecret(db, 'audit', randomBytes(32)));
    expect(await verify(tenant)).toMatchObject({ ok: false, brokenAt: { seq: 1, why: 'rows' } });
  });

  it('U2: undoing a change is no tampering', async () => {
    const tenant = await createTestTenant();
    const { changeSetId } = await tenant.api.companies.create({ values: { name: 'Acme' } });
    await sealNow(tenant);
    await tenant.api.changes.undo({ changeSetId });
    await sealNow(tenant);
    expect(await verify(tenant)).toMatchObject({ ok: true, seals: 2 });
  });

  it('U2: leaves the last minutes to the next seal, so that nothing can slip into a window', async () => {
    const tenant = await createTestTenant();
    // Everything is younger than the margin: there is nothing to seal yet.
    expect(await sealTenant(tenant.tenantId, undefined, silent)).toBeUndefined();
    // A transaction that began before the seal and ends after it.
    let finish = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const slow = inTenant(tenant.tenantId, 'write', async (db) => {
      await db.prepared(
        'slow',
        `insert into app.audit_event (tenant_id, id, action, channel) values ($1, $2, 'stepUp', 'screen')`,
        [tenant.tenantId, randomUUID()],
      );
      await held;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await sealTenant(tenant.tenantId, 60, silent);
    finish();
    await slow;
    await sealNow(tenant);
    expect(await verify(tenant)).toMatchObject({ ok: true });
  });

  it('U2: one sealer at a time, and none when nothing is new', async () => {
    const tenant = await createTestTenant();
    await tenant.api.companies.create({ values: { name: 'Acme' } });
    const seals = await Promise.all(Array.from({ length: 5 }, () => sealNow(tenant)));
    expect(seals.filter(Boolean)).toHaveLength(1);
    expect(await sealNow(tenant)).toBeUndefined();
    expect(await verify(tenant)).toMatchObject({ ok: true, seals: 1 });
  });

  it('U2: many changes become several seals, those of one transaction in one', async () => {
    const tenant = await createTestTenant();
    const { count } = await tenant.api.samples.add();
    for (let i = 0; i < 5; i++) await tenant.api.companies.create({ values: { name: `Acme ${i}` } });
    const entries: number[] = [];
    for (let more = true; more; ) {
      const seal = await inTenant(tenant.tenantId, 'write', (db) => sealNext(db, 0, 3));
      expect(seal).toBeDefined();
      entries.push(seal?.entries ?? 0);
      more = seal?.more ?? false;
    }
    expect(entries.length).toBeGreaterThan(2);
    // The samples came in one transaction: no seal parts them.
    expect(Math.max(...entries)).toBeGreaterThan(count);
    expect(await verify(tenant)).toMatchObject({ ok: true, seals: entries.length });
  });

  it('U2: a long chain is checked in parts', async () => {
    const tenant = await sealedTenant();
    const parts: number[] = [];
    let after: number | null = null;
    do {
      const from: number | null = after;
      const part: ChainCheck = await inTenant(tenant.tenantId, 'read', (db) => checkChain(db, from, 1));
      expect(part.ok).toBe(true);
      parts.push(part.seals);
      after = part.next;
    } while (after !== null);
    expect(parts).toEqual([1, 1, 1]);
  });

  it('U2: the same rows hash the same in another time zone', async () => {
    const tenant = await sealedTenant();
    const hashed = (zone: string) =>
      inTenant(tenant.tenantId, 'read', async (db) => {
        await db.prepared(`zone ${zone}`, `set local timezone = '${zone}'`, []);
        const hashes: string[] = [];
        for (const table of tables) {
          const rows = await rowsOf(db, table, null, '9999-01-01T00:00:00.000000Z');
          await rows.upTo('9999', ({ at, hash }) => hashes.push(`${at} ${hash.toString('hex')}`));
        }
        return hashes;
      });
    expect(await hashed('Asia/Shanghai')).toEqual(await hashed('UTC'));
    expect((await hashed('UTC')).length).toBeGreaterThan(3);
  });

  it('U2: each seal leaves a line in the log that a chain made anew would contradict', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
    const tenant = await createTestTenant();
    await tenant.api.companies.create({ values: { name: 'Acme' } });
    const seal = await sealTenant(tenant.tenantId, 0, log);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'audit sealed', tenantId: tenant.tenantId, ...seal });
    await tamper(`update app.change_set set verb = 'win' where tenant_id = $1`, [tenant.tenantId]);
    await verifyTenant(tenant.tenantId, log);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      level: 50,
      msg: 'audit chain broken',
      brokenAt: { seq: 1 },
    });
  });

  it('U2: a tenant at rest gets an empty seal a day, so that no window grows old', async () => {
    const tenant = await createTestTenant();
    await sealNow(tenant);
    await superuser(async (client) => {
      for (const { name } of tables)
        await client.query(`update app.${name} set written_at = written_at - interval '3 days' where tenant_id = $1`, [
          tenant.tenantId,
        ]);
      await client.query('delete from app.audit_seal where tenant_id = $1', [tenant.tenantId]);
      await client.query('delete from app.tenant_secret where tenant_id = $1', [tenant.tenantId]);
    });
    const day = 86_400;
    await inTenant(tenant.tenantId, 'write', (db) => sealNext(db, 2 * day));
    expect(await inTenant(tenant.tenantId, 'write', (db) => sealNext(db, 1.5 * day))).toBeUndefined();
    expect(await inTenant(tenant.tenantId, 'write', (db) => sealNext(db, day / 2))).toMatchObject({
      seq: 2,
      entries: 0,
    });
    expect(await verify(tenant)).toMatchObject({ ok: true, seals: 2 });
  });
});

describe('the audit is append only', () => {
  const appended = ['change_set', 'change', 'audit_event', 'audit_seal'];

  it('U2: the application may read and add, and nothing else but mark a set undone', async () => {
    const grants = await superuser(async (client) => {
      const { rows } = await client.query<{ grant: string }>(
        `select distinct grantee || ' ' || table_name || ' ' || privilege_type as grant from information_schema.role_table_grants
          where table_schema = 'app' and table_name = any($1) and grantee in ('crm_app', 'crm_worker', 'crm_auth', 'PUBLIC')
        union select grantee || ' ' || table_name || ' ' || privilege_type || ' ' || column_name from information_schema.column_privileges
          where table_schema = 'app' and table_name = any($1) and privilege_type not in ('SELECT', 'INSERT') and grantee <> 'crm_owner'
            and grantee not like 'postgres'`,
        [appended],
      );
      return rows.map((r) => r.grant).sort();
    });
    const allowed = ['crm_app', 'crm_worker'].flatMap((role) => [
      ...appended.flatMap((table) => [`${role} ${table} INSERT`, `${role} ${table} SELECT`]),
      `${role} change_set UPDATE undone_by`,
    ]);
    // The definer functions of sign-in write events and read none; the one that erases may take values of changes away.
    const erasing = ['SELECT', ...['after', 'before', 'erased_hash', 'erasure_id'].map((name) => `UPDATE ${name}`)];
    // What was written of a workspace that never opened goes with it: auth.tenant_discard.
    const discarding = ['change_set', 'change', 'audit_event'].map((table) => `crm_auth ${table} DELETE`);
    const definers = [
      'crm_auth audit_event INSERT',
      ...erasing.map((grant) => `crm_auth change ${grant}`),
      ...discarding,
    ];
    expect(grants).toEqual([...allowed, ...definers].sort());
  });

  it('U2: changing, removing and emptying are refused to both roles', async () => {
    const tenant = await sealedTenant();
    const codes: Record<string, string> = {};
    await superuser(async (client) => {
      for (const role of ['crm_app', 'crm_worker']) {
        for (const table of appended) {
          for (const statement of [
            `update app.${table} set tenant_id = tenant_id`,
            `delete from app.${table}`,
            `truncate app.${table} cascade`,
          ]) {
            await client.query(`begin; set local role ${role}; set local app.tenant_id = '${tenant.tenantId}'`);
            codes[`${role}: ${statement}`] = await client.query(statement).then(
              () => 'done',
              (error: { code: string }) => error.code,
            );
            await client.query('rollback');
          }
        }
      }
    });
    expect(new Set(Object.values(codes)), JSON.stringify(codes)).toEqual(new Set(['42501']));
  });
});
