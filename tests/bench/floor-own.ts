import type { Statement } from './floor-statements';

const columns = `t.id, t.version, t.name, t.company_id as "companyId", t.email, t.owner_id as "ownerId", t.custom -> 'c_tier' as c_tier,
  t.custom -> 'c_budget' as c_budget, t.created_at as "createdAt", c.name as company, m.name as owner`;
const joins = `left join app.company c on c.tenant_id = $1 and c.id = t.company_id and c.deleted_at is null
  left join app.member m on m.tenant_id = $1 and m.id = t.owner_id and m.deleted_at is null`;
const live = 't.tenant_id = $1 and t.deleted_at is null';
const newest = 'order by t.created_at desc, t.id desc limit 51';
const copy = (test: string) =>
  `select v.record_id from app.field_value v where v.tenant_id = $1 and v.field_id = $2 and ${test}`;
const list = (where: string, by: string): string =>
  `select ${columns} from app.contact t ${joins} where ${live} ${where} ${by}`;
const inOrder = (dir: string): string =>
  `select ${columns} from app.field_value s join app.contact t on t.tenant_id = $1 and t.id = s.record_id ${joins}
   where s.tenant_id = $1 and s.field_id = $2 and s.n = 0 and s.number is not null and ${live} order by s.number ${dir}, s.record_id ${dir} limit 51`;
const withPath =
  (...casts: ((text: string) => unknown)[]): Statement['values'] =>
  ({ tenant, path }) => [tenant, ...path.map((text, i) => (casts[i] ? casts[i](text) : text))];

/** Statements of the works on a tenant's own fields: the first value after the tenant is the field's id. */
export const ownStatements: Record<string, Statement> = {
  // Along the list's order, each looked up: what a statement written for common values does.
  'own-choice': {
    text: list(`and exists (${copy('v.text = $3 and v.record_id = t.id')} offset 0)`, newest),
    values: withPath(),
  },
  'own-from': {
    text: list(`and exists (${copy('v.number >= $3 and v.record_id = t.id')} offset 0)`, newest),
    values: withPath(String, Number),
  },
  'own-few': {
    text: list(`and t.id = any(array(${copy('v.number >= $3')}))`, newest),
    values: withPath(String, Number),
  },
  'own-two': {
    text: list(
      `and t.id = any(array(${copy('v.text = $3')} and exists (select from app.field_value w
         where w.tenant_id = $1 and w.field_id = $4 and w.number >= $5 and w.record_id = v.record_id offset 0)))`,
      newest,
    ),
    values: withPath(String, String, String, Number),
  },
  'own-sorted': { text: inOrder('desc'), values: withPath() },
  'sort-title': {
    text: `select ${columns} from app.company c join app.contact t on t.tenant_id = $1 and t.company_id = c.id
      left join app.member m on m.tenant_id = $1 and m.id = t.owner_id and m.deleted_at is null
      where c.tenant_id = $1 and ${live} order by c.sort_key, c.id limit 51`,
    values: withPath(),
  },
  'sort-person': {
    text: `select ${columns} from app.member m join app.contact t on t.tenant_id = $1 and t.owner_id = m.id
      left join app.company c on c.tenant_id = $1 and c.id = t.company_id and c.deleted_at is null
      where m.tenant_id = $1 and m.id = (select o.id from app.member o where o.tenant_id = $1 order by o.name_norm limit 1) and ${live}
      order by t.id limit 51`,
    values: withPath(),
  },
  'sort-email': { text: list('', 'order by t.email, t.id limit 51'), values: withPath() },
  'own-count': {
    text: `select count(*)::int as n from (select from app.field_value v where v.tenant_id = $1 and v.field_id = $2 and v.text = $3 limit 10001) c`,
    values: withPath(),
  },
  'own-groups': {
    text: `select t.custom ->> 'c_tier' as key, count(*)::int as count, sum((t.custom ->> 'c_budget')::float8) as sum
      from app.contact t where ${live} group by 1`,
    values: withPath(),
  },
  'own-month': {
    text: `select ${columns} from app.field_value s join app.contact t on t.tenant_id = $1 and t.id = s.record_id ${joins}
      where s.tenant_id = $1 and s.field_id = $2 and s.n = 0 and s.time >= $3 and s.time < $4 and ${live} order by s.time, s.record_id limit 201`,
    values: withPath(),
  },
  month: {
    text: `select t.id, t.name, t.expected_close as "expectedClose", t.amount from app.deal t
      where ${live} and t.expected_close >= $2 and t.expected_close < $3 order by t.expected_close, t.id limit 201`,
    values: withPath(),
  },
  groups: {
    text: `select t.owner_id as key, t.currency, count(*)::int as count, sum(t.amount)::bigint as sum
      from app.deal t where ${live} group by 1, 2`,
    values: withPath(),
  },
  amount: {
    writes: true,
    text: 'update app.deal set amount = $3, version = version + 1, updated_at = now(), updated_by = $4 where tenant_id = $1 and id = $2',
    values: ({ tenant, member, path: [id], body }) => [tenant, id, body.amount, member],
  },
  budget: {
    writes: true,
    text: `with v as (update app.field_value set number = $3 where tenant_id = $1 and field_id = $5 and record_id = $2)
      update app.contact set custom = custom || jsonb_build_object('c_budget', $3::float8), version = version + 1, updated_at = now(), updated_by = $4
      where tenant_id = $1 and id = $2`,
    values: ({ tenant, member, path: [id, field], body }) => [tenant, id, body.budget, member, field],
  },
};
