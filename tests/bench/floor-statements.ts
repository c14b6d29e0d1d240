import { randomUUID } from 'node:crypto';
import { ownStatements as own } from './floor-own';

export interface FloorRequest {
  tenant: string;
  member: string;
  path: string[];
  body: Record<string, unknown>;
}

export interface Statement {
  text: string;
  writes?: boolean;
  values(request: FloorRequest): unknown[];
}

const contactColumns = `t.id, t.version, t.name, t.company_id as "companyId", t.job_title as "jobTitle", t.email, t.phone, t.owner_id as "ownerId",
  t.created_at as "createdAt", c.name as company, m.name as owner`;
const contactJoins = `left join app.company c on c.tenant_id = $1 and c.id = t.company_id and c.deleted_at is null
  left join app.member m on m.tenant_id = $1 and m.id = t.owner_id and m.deleted_at is null`;

const allContactColumns = `t.id, t.version, t.name, t.company_id, t.job_title, t.email, t.phone, t.mobile, t.owner_id, t.salutation, t.first_name, t.last_name,
  t.department, t.seniority, t.other_email, t.home_phone, t.other_phone, t.fax, t.wechat, t.whatsapp, t.linkedin, t.birthday, t.assistant, t.assistant_phone,
  t.reports_to_id, t.lifecycle_stage, t.lead_status, t.source, t.preferred_language, t.time_zone, t.street, t.street2, t.district, t.city, t.state,
  t.postal_code, t.country, t.do_not_call, t.do_not_mail, t.tags, t.description, t.created_at, t.updated_at, t.created_by,
  c.name as company, m.name as owner, r.name as "reportsTo", b.name as maker`;

const found = (
  object: string,
  subtitle: string,
) => `(select '${object}' as object, t.id, t.name as title, ${subtitle} as subtitle from app.${object} t
  where t.tenant_id = $1 and t.deleted_at is null
    and t.id in (select k.record_id from app.search_key k where k.tenant_id = $1 and k.object = '${object}' and k.key >= $2 and k.key < $3)
  order by length(t.name), t.id limit 10)`;

/** One statement per work, by the name in the address. */
export const statements: Record<string, Statement> = {
  list: {
    text: `select ${contactColumns} from app.contact t ${contactJoins} where t.tenant_id = $1 and t.deleted_at is null
      order by t.created_at desc, t.id desc limit 51`,
    values: ({ tenant }) => [tenant],
  },
  filtered: {
    text: `select ${contactColumns} from app.contact t ${contactJoins} where t.tenant_id = $1 and t.deleted_at is null and t.owner_id = $2 and t.job_title = $3
      order by t.created_at desc, t.id desc limit 51`,
    values: ({ tenant, path: [owner, title] }) => [tenant, owner, title],
  },
  board: {
    text: `select t.stage_id as "stageId", t.currency, count(*)::int as count, sum(t.amount)::bigint as total, (sum(t.amount * t.probability) / 100)::bigint as weighted
      from app.deal t where t.tenant_id = $1 and t.deleted_at is null and t.pipeline_id = $2 group by 1, 2`,
    values: ({ tenant, path: [pipeline] }) => [tenant, pipeline],
  },
  column: {
    text: `select t.id, t.version, t.name, t.company_id as "companyId", t.amount, t.currency, t.owner_id as "ownerId", t.stage_id as "stageId", t.status,
        t.stage_entered_at as "stageEnteredAt", t.expected_close as "expectedClose", t.board_order as "boardOrder", c.name as company, m.name as owner, s.name as stage,
        (select min(k.due_on) from app.task k where k.tenant_id = $1 and k.deal_id = t.id and k.deleted_at is null and k.done is not true) as "nextTask"
      from app.deal t left join app.company c on c.tenant_id = $1 and c.id = t.company_id left join app.member m on m.tenant_id = $1 and m.id = t.owner_id
      left join app.stage s on s.tenant_id = $1 and s.id = t.stage_id
      where t.tenant_id = $1 and t.deleted_at is null and t.stage_id = $2 order by t.board_order desc, t.id desc limit 51`,
    values: ({ tenant, path: [stage] }) => [tenant, stage],
  },
  record: {
    text: `select ${allContactColumns} from app.contact t ${contactJoins}
      left join app.contact r on r.tenant_id = $1 and r.id = t.reports_to_id left join app.member b on b.tenant_id = $1 and b.id = t.created_by
      where t.tenant_id = $1 and t.id = $2 and t.deleted_at is null`,
    values: ({ tenant, path: [id] }) => [tenant, id],
  },
  search: {
    text: [
      found('company', 't.domain'),
      found('contact', 't.email'),
      found('deal', 't.stage_id::text'),
      found('product', 't.code'),
    ].join(' union all '),
    // A prefix as a range, which an index serves whatever the value.
    values: ({ tenant, path: [q = ''] }) => [tenant, q, `${q}\u{10FFFF}`],
  },
  ...own,
  create: {
    writes: true,
    text: `insert into app.contact (tenant_id, id, name, name_key, sort_key, email, job_title, owner_id, created_by, updated_by, origin)
      values ($1, $2, $3, lower($3), lower($3), $4, $5, $6, $6, $6, 'api')`,
    values: ({ tenant, member, body }) => [tenant, randomUUID(), body.name, body.email, body.jobTitle, member],
  },
  update: {
    writes: true,
    text: 'update app.contact set job_title = $3, version = version + 1, updated_at = now(), updated_by = $4 where tenant_id = $1 and id = $2',
    values: ({ tenant, member, path: [id], body }) => [tenant, id, body.jobTitle, member],
  },
};
