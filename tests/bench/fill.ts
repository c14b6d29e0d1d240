import pg from 'pg';
import { nameKey } from '@/domain/imports/matching';
import { rankedKeys, sortKey } from '@/domain/search-keys';
import {
  accountJoin,
  computedValues,
  contactCopies,
  contactCustom,
  defineFields,
  type FieldIds,
  fieldIds,
  withoutIndexes,
} from './fill-fields';

export interface Size {
  tenants: number;
  contacts: number;
  companies: number;
  deals: number;
}

export const quickSize: Size = { tenants: 100, contacts: 50_000, companies: 10_000, deals: 20_000 };
/** 1,000,000 records in one tenant among 1,000. */
export const fullSize: Size = { tenants: 1000, contacts: 750_000, companies: 100_000, deals: 150_000 };

/** What the other tenants have, each. */
const small: Size = { tenants: 0, contacts: 40, companies: 10, deals: 20 };

export interface Filled {
  tenantId: string;
  memberId: string;
  pipelineId: string;
  stageIds: string[];
  contactIds: string[];
  /** Deals of companies with few of them, and of the one company that has a fifteenth of all. */
  dealIds: string[];
  busyDealIds: string[];
  /** By object and key: `contact.c_tier`. */
  fields: FieldIds;
}

type Seat = Pick<Filled, 'tenantId' | 'memberId' | 'pipelineId' | 'stageIds'>;

const given = [
  'Anna',
  'Ben',
  'Clara',
  'David',
  'Elena',
  'Felix',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
  'Karin',
  'Leo',
  'Maria',
  'Nils',
  'Olga',
  'Paul',
  'Rosa',
  'Sven',
  'Tara',
  'Uwe',
];
const family = [
  'Schmidt',
  'Müller',
  'García',
  'Rossi',
  'Novak',
  'Jansen',
  'Silva',
  'Dubois',
  'Kowalski',
  'Andersson',
  'Papadopoulos',
  'Nguyen',
  'Smith',
  'O’Brien',
  'Haddad',
];
const hanFamily = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴'];
const hanGiven = ['小明', '伟', '芳', '娜', '秀英', '敏', '静', '丽', '强', '磊', '洋', '艳', '勇', '军', '杰'];
const trades = [
  'Steel',
  'Paper',
  'Foods',
  'Optics',
  'Textiles',
  'Logistics',
  'Software',
  'Robotics',
  'Energy',
  'Glass',
];
const forms = ['GmbH', 'Ltd', 'S.A.', 'Inc', 'AB'];
const hanPlaces = ['上海', '北京', '深圳', '杭州', '成都'];
const hanTrades = ['钢铁', '食品', '光学', '物流', '软件'];

/** Fills the tenant of `slug` to its size and makes the others, as superuser: rows only, no history of 10,000 sign-ups. */
export async function fill(superuserUrl: string, slug: string, size: Size): Promise<Filled> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const filled = await tenantOf(client, slug);
    await client.query("set synchronous_commit = off; set session_replication_role = replica; set work_mem = '64MB'");
    // Choices that do not go together: a hash, not the running number.
    await client.query(
      "create function pg_temp.mix(n int, of int) returns int language sql immutable as 'select abs(hashint4(n)::bigint % of)::int'",
    );
    await names(client);
    await otherTenants(client, filled.tenantId, size.tenants - 1);
    await members(client, filled.tenantId);
    const fields = await defineFields(client, filled.tenantId);
    const { rows } = await client.query<{ id: string }>('select id from bench_all where not mine');
    await withoutIndexes(client, ['search_key', 'field_value', 'contact_company', 'change', 'contact'], async () => {
      await records(client, [filled.tenantId], size, fields);
      for (let i = 0; i < rows.length; i += 500)
        await records(
          client,
          rows.slice(i, i + 500).map((row) => row.id),
          small,
        );
    });
    await client.query('reset session_replication_role');
    await client.query('vacuum (analyze)');
    return await readFilled(client, filled);
  } finally {
    await client.end();
  }
}

/** What was filled before, of a data directory that was kept; undefined when it is not there. */
export async function refind(superuserUrl: string, slug: string): Promise<Filled> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    return await readFilled(client, await tenantOf(client, slug));
  } finally {
    await client.end();
  }
}

async function readFilled(client: pg.Client, seat: Seat): Promise<Filled> {
  const some = async (from: string) => {
    const { rows } = await client.query<{ id: string }>(
      `select t.id from ${from} where t.tenant_id = $1 order by md5(t.id::text) limit 2000`,
      [seat.tenantId],
    );
    return rows.map((row) => row.id);
  };
  const busy = "(select c.id from app.company c where c.tenant_id = $1 and c.domain = 'company0.example')";
  return {
    ...seat,
    contactIds: await some('app.contact t'),
    dealIds: await some(`(select d.* from app.deal d where d.tenant_id = $1 and d.company_id <> ${busy}) t`),
    busyDealIds: await some(`(select d.* from app.deal d where d.tenant_id = $1 and d.company_id = ${busy}) t`),
    fields: await fieldIds(client, seat.tenantId),
  };
}

async function tenantOf(client: pg.Client, slug: string): Promise<Seat> {
  const { rows } = await client.query<Seat>(
    `select t.id as "tenantId", m.id as "memberId", p.id as "pipelineId", array_agg(s.id order by s.position) as "stageIds"
     from app.tenant t join app.member m on m.tenant_id = t.id join app.pipeline p on p.tenant_id = t.id
     join app.stage s on s.tenant_id = t.id and s.pipeline_id = p.id
     where t.slug = $1 and m.role = 'owner' group by t.id, m.id, p.id`,
    [slug],
  );
  if (!rows[0]) throw new Error(`No tenant ${slug}`);
  return rows[0];
}

interface Stem {
  kind: string;
  name: string;
  name_key: string;
  sort_key: string;
  keys: string[];
  ranks: number[];
}

/** Some hundred names of people and companies with the keys the product itself would store for them. */
async function names(client: pg.Client): Promise<void> {
  const people = [...cross(given, family, ' '), ...cross(hanFamily, hanGiven, '')];
  const companies = [
    ...cross(family, trades, ' ').flatMap((name) => forms.map((form) => `${name} ${form}`)),
    ...cross(hanPlaces, hanTrades, '').map((name) => `${name}有限公司`),
  ];
  const stem =
    (kind: string) =>
    (name: string): Stem => {
      const ranked = rankedKeys([name]);
      return {
        kind,
        name,
        name_key: nameKey(name),
        sort_key: sortKey(name),
        keys: ranked.map(({ key }) => key),
        ranks: ranked.map(({ rank }) => rank),
      };
    };
  const stems = [...people.map(stem('contact')), ...companies.map(stem('company'))];
  await client.query(
    `create temp table bench_name as
     select r.kind, r.name, r.name_key, r.sort_key, r.keys, r.ranks, row_number() over (partition by r.kind order by md5(r.name)) - 1 as n,
       count(*) over (partition by r.kind) as of
     from jsonb_to_recordset($1) as r (kind text, name text, name_key text, sort_key text, keys text[], ranks int[])`,
    [JSON.stringify(stems)],
  );
  await client.query('analyze bench_name');
}

const cross = (a: string[], b: string[], glue: string) => a.flatMap((x) => b.map((y) => `${x}${glue}${y}`));

/** Tenants with an owner and the first tenant's pipeline. */
async function otherTenants(client: pg.Client, pattern: string, count: number): Promise<void> {
  await client.query(`create temp table bench_all as
    select uuidv7() as id, uuidv7() as member, uuidv7() as pipeline, i, false as mine from generate_series(1, ${count}) i`);
  await client.query("insert into app.tenant (id, slug) select id, 'bench-' || i from bench_all");
  await client.query(
    "insert into app.tenant_settings (tenant_id, id, name, currency, time_zone, locale) select id, id, 'Bench ' || i, 'USD', 'Etc/UTC', 'en' from bench_all",
  );
  await client.query(`insert into app.member (tenant_id, id, name, name_norm, role, status)
    select id, member, 'Owner ' || i, 'owner ' || i, 'owner', 'placeholder' from bench_all`);
  await client.query(
    "insert into app.pipeline (tenant_id, id, name, position) select id, pipeline, 'Sales', 0 from bench_all",
  );
  await client.query(
    `insert into app.stage (tenant_id, id, pipeline_id, name, kind, probability, colour, position)
     select b.id, uuidv7(), b.pipeline, s.name, s.kind, s.probability, s.colour, s.position
     from bench_all b cross join app.stage s where s.tenant_id = $1`,
    [pattern],
  );
}

/** Twenty people in four teams, so that owners and scopes mean something. */
async function members(client: pg.Client, tenantId: string): Promise<void> {
  await client.query(
    `with teams as (insert into app.team (tenant_id, id, name, name_norm) select $1, uuidv7(), 'Team ' || i, 'team ' || i from generate_series(1, 4) i returning id)
     insert into app.member (tenant_id, id, name, name_norm, role, status, team_id)
     select $1, uuidv7(), 'Person ' || i, 'person ' || i, 'member', 'placeholder', (select array_agg(id) from teams)[1 + i % 4] from generate_series(1, 20) i`,
    [tenantId],
  );
}

/** Records of some tenants, `size` in each, with search keys and the history an import would have left. */
async function records(client: pg.Client, tenantIds: string[], size: Size, fields?: FieldIds): Promise<void> {
  await client.query('drop table if exists bench_tenant, bench_company');
  await client.query(
    `create temp table bench_tenant as
     select t.id, array(select m.id from app.member m where m.tenant_id = t.id order by m.id) as members,
       (select p.id from app.pipeline p where p.tenant_id = t.id limit 1) as pipeline,
       array(select s.id from app.stage s where s.tenant_id = t.id order by s.position) as stages,
       array(select s.kind from app.stage s where s.tenant_id = t.id order by s.position) as kinds
     from unnest($1::uuid[]) as t (id)`,
    [tenantIds],
  );
  await companies(client, size.companies);
  await contacts(client, size, fields);
  await deals(client, size, fields);
  if (fields) await computedValues(client, tenantIds[0] ?? '', fields);
  for (const object of ['company', 'contact', 'deal']) {
    await client.query(
      `with rows as (select r.tenant_id, r.id, r.created_at, r.created_by, jsonb_build_object('name', r.name) as after,
           (row_number() over (partition by r.tenant_id order by r.id) - 1) / 2000 as part
         from app.${object} r join bench_tenant t on t.id = r.tenant_id),
       sets as materialized (select tenant_id, part, uuidv7() as id, min(created_at) as at, (array_agg(created_by))[1] as by from rows group by 1, 2),
       made as (insert into app.change_set (tenant_id, id, at, member_id, channel, verb) select tenant_id, id, at, by, 'import', 'import' from sets)
       insert into app.change (tenant_id, change_set_id, object, record_id, op, at, after)
       select r.tenant_id, s.id, '${object}', r.id, 'create', r.created_at, r.after from rows r join sets s using (tenant_id, part)`,
    );
  }
}

async function companies(client: pg.Client, count: number): Promise<void> {
  await client.query(
    `create temp table bench_company as
     select t.id as tenant_id, uuidv7() as id, i, s.name || ' ' || i as name, s.name_key || i as name_key, s.sort_key || ' ' || i as sort_key, s.keys, s.ranks
     from bench_tenant t cross join generate_series(0, $1::int - 1) i join bench_name s on s.kind = 'company' and s.n = (i * 7) % s.of`,
    [count],
  );
  await client.query(
    `insert into app.company (tenant_id, id, name, name_key, sort_key, domain, industry, owner_id, phone, employees, city, country, created_at, updated_at, created_by, updated_by, origin)
     select c.tenant_id, c.id, c.name, c.name_key, c.sort_key, 'company' || c.i || '.example', (array['Steel','Software','Food','Energy','Logistics'])[1 + c.i % 5],
       t.members[1 + pg_temp.mix(c.i + 7, cardinality(t.members))], '+49 30 ' || (1000000 + c.i), c.i % 5000, (array['Berlin','Paris','上海','Madrid'])[1 + c.i % 4], 'DE',
       now() - c.i * interval '7 minutes', now() - c.i * interval '5 minutes', t.members[1], t.members[1], 'import'
     from bench_company c join bench_tenant t on t.id = c.tenant_id`,
  );
  await client.query(
    `insert into app.search_key (tenant_id, key, object, record_id, rank)
     select c.tenant_id, k.key, 'company', c.id, k.rank from bench_company c
     cross join unnest(c.keys || array[c.i::text, 'company' || c.i || '.example', 'company' || c.i], c.ranks || '{1,4,5}'::int[]) k (key, rank) on conflict do nothing`,
  );
  await client.query('alter table bench_company add primary key (tenant_id, i)');
  await client.query('analyze bench_company');
}

/** At most this many rows in one statement. */
const slice = 100_000;

async function contacts(client: pg.Client, size: Size, fields?: FieldIds): Promise<void> {
  for (let from = 0; from < size.contacts; from += slice) {
    await client.query('drop table if exists bench_contact');
    await client.query(
      `create temp table bench_contact as
       select t.id as tenant_id, uuidv7() as id, i, s.name || ' ' || i as name, s.name_key || i as name_key, s.sort_key || ' ' || i as sort_key, s.keys, s.ranks,
         'person' || i || '@company' || (i % $3::int) || '.example' as email
       from bench_tenant t cross join generate_series($1::int, $2::int - 1) i join bench_name s on s.kind = 'contact' and s.n = (i * 11) % s.of`,
      [from, Math.min(from + slice, size.contacts), size.companies],
    );
    await client.query(
      `insert into app.contact (tenant_id, id, name, name_key, sort_key, company_id, job_title, email, phone, mobile, owner_id, city, created_at, updated_at, created_by, updated_by, origin, custom)
       select c.tenant_id, c.id, c.name, c.name_key, c.sort_key, o.id, (array['Buyer','CTO','CEO','Engineer','Assistant','采购经理'])[1 + pg_temp.mix(c.i, 6)], c.email,
         '+49 171 ' || (2000000 + c.i), null, t.members[1 + pg_temp.mix(c.i + 7, cardinality(t.members))], (array['Berlin','Paris','上海','Madrid'])[1 + c.i % 4],
         now() - c.i * interval '1 minute', now() - c.i * interval '1 minute', t.members[1], t.members[1], 'import', ${fields ? contactCustom : `'{}'`}
       from bench_contact c ${accountJoin('$1::int')} join bench_tenant t on t.id = c.tenant_id join bench_company o on o.tenant_id = c.tenant_id and o.i = c.i % $1::int`,
      [size.companies],
    );
    const [tenantId] = fields
      ? (await client.query<{ id: string }>('select tenant_id as id from bench_contact limit 1')).rows
      : [];
    if (fields && tenantId) await contactCopies(client, tenantId.id, fields, size.companies);
    await client.query(
      `insert into app.contact_company (tenant_id, id, contact_id, company_id, is_primary)
       select c.tenant_id, uuidv7(), c.id, o.id, true from bench_contact c join bench_company o on o.tenant_id = c.tenant_id and o.i = c.i % $1::int`,
      [size.companies],
    );
    await client.query(
      `insert into app.search_key (tenant_id, key, object, record_id, rank)
       select c.tenant_id, k.key, 'contact', c.id, k.rank
       from (select *, '49171' || (2000000 + i) as phone, split_part(email, '@', 2) as domain from bench_contact) c
       cross join unnest(
         c.keys || array[c.i::text, c.email, 'person' || c.i, c.domain, split_part(c.domain, '.', 1), c.phone]
           || array(select right(c.phone, n) from generate_series(4, 11) n),
         c.ranks || '{1,4,5,5,5,4,7,7,7,7,7,7,7,7}'::int[]) k (key, rank)
       on conflict do nothing`,
    );
  }
}

async function deals(client: pg.Client, size: Size, fields?: FieldIds): Promise<void> {
  await client.query(
    `insert into app.deal (tenant_id, id, name, name_key, sort_key, company_id, pipeline_id, stage_id, status, probability, amount, currency, owner_id, expected_close, closed_on,
       board_order, stage_entered_at, created_at, updated_at, created_by, updated_by, origin, custom)
     select t.id, uuidv7(), c.name || ' – order ' || n, c.name_key || n, c.sort_key || ' ' || n, c.id, t.pipeline, t.stages[s], t.kinds[s], 10 * s, 10000 + (n * 7919) % 5000000, 'USD',
       t.members[1 + pg_temp.mix(n + 7, cardinality(t.members))], current_date + n % 120, case when t.kinds[s] = 'open' then null else current_date - n % 700 end,
       n, now() - n * interval '3 minutes', now() - n * interval '3 minutes', now() - n * interval '3 minutes', t.members[1], t.members[1], 'import', ${fields ? "jsonb_build_object('c_double', 2 * (10000 + (n * 7919) % 5000000))" : `'{}'`}
     from bench_tenant t cross join generate_series(1, $1::int) g (n) cross join lateral (select 1 + n % cardinality(t.stages) as s) p
     join bench_company c on c.tenant_id = t.id and c.i = case when n % 15 = 0 then 0 else n % $2::int end`,
    [size.deals, size.companies],
  );
  await client.query(
    `insert into app.search_key (tenant_id, key, object, record_id, rank)
     select d.tenant_id, k.key, 'deal', d.id, k.rank from app.deal d join bench_tenant t on t.id = d.tenant_id join bench_company c on c.tenant_id = d.tenant_id and c.id = d.company_id
     cross join unnest(c.keys, c.ranks) k (key, rank) on conflict do nothing`,
  );
}
