import { type SQL, sql } from 'drizzle-orm';
import type { Filter } from '@/domain/filters';
import type { ReportDimension } from '@/domain/reports';
import { companyType } from '../companies/companies';
import type { RecordType } from '../core/record-types';
import { inScope } from '../core/scope';
import type { Work } from '../core/work';
import { productType } from '../products/products';

/** How deals fall into rows: the row's id and label, and what tells its deals apart afterwards. */
export interface Dimension {
  /** Further common table expressions, with the counted deals as `t`. */
  ctes?: SQL;
  joins: SQL;
  id: SQL;
  label: SQL;
  /** Ids collected per row where the row's own id is not enough to name its deals. */
  ids: SQL;
  filter(id: string | null, ids: string[]): Filter | null;
}

export function dimensionOf(work: Work, dimension: ReportDimension): Dimension {
  const tenant = work.actor.tenantId;
  switch (dimension) {
    case 'owner':
      return {
        joins: sql`left join app.member m on m.tenant_id = ${tenant} and m.id = t.owner_id`,
        id: sql`t.owner_id`,
        label: sql`m.name`,
        ids: none,
        filter: oneOf('ownerId'),
      };
    case 'team':
      return {
        joins: ownersTeam(tenant),
        id: sql`g.id`,
        label: sql`g.name`,
        ids: sql`t.owner_id`,
        filter: anyOf('ownerId'),
      };
    case 'office':
      return {
        joins: ownersTeam(tenant),
        id: sql`g.office`,
        label: sql`g.office`,
        ids: sql`t.owner_id`,
        filter: anyOf('ownerId'),
      };
    case 'product':
      return {
        joins: sql`left join app.product p on p.tenant_id = ${tenant} and p.id = t.product_id`,
        id: sql`t.product_id`,
        label: visible(work, productType, 'p', sql`p.name`),
        ids: none,
        filter: oneOf('productId'),
      };
    case 'company':
      return {
        joins: sql`left join app.company c on c.tenant_id = ${tenant} and c.id = t.company_id`,
        id: sql`t.company_id`,
        label: visible(work, companyType, 'c', sql`c.name`),
        ids: none,
        filter: oneOf('companyId'),
      };
    case 'sector': {
      const sector = visible(work, companyType, 'c', sql`c.industry`);
      return {
        joins: sql`left join app.company c on c.tenant_id = ${tenant} and c.id = t.company_id and c.deleted_at is null`,
        id: sector,
        label: sector,
        // A company in the bin has no sector, and a filter does not reach through it: its deals are named by its id.
        ids: sql`case when ${sector} is null then t.company_id end`,
        filter: (id, ids) =>
          id === null ? anyOf('companyId')(id, ids) : { field: 'companyId.industry', op: 'anyOf', value: [id] },
      };
    }
    case 'companyGroup':
      return {
        ctes: topParents(tenant),
        joins: sql`left join top on top.id = t.company_id left join app.company c on c.tenant_id = ${tenant} and c.id = top.at`,
        id: sql`top.at`,
        label: visible(work, companyType, 'c', sql`c.name`),
        ids: sql`t.company_id`,
        filter: anyOf('companyId'),
      };
  }
}

const none = sql`null::uuid`;

/** A title is a value too: what lies outside the actor's scope stays nameless. */
function visible(work: Work, type: RecordType, alias: string, value: SQL): SQL {
  const scope = inScope(work, type, 'read', alias);
  return scope ? sql`case when ${scope} then ${value} end` : value;
}

function ownersTeam(tenant: string): SQL {
  return sql`left join app.member m on m.tenant_id = ${tenant} and m.id = t.owner_id
    left join app.team g on g.tenant_id = ${tenant} and g.id = m.team_id and g.deleted_at is null`;
}

/** The topmost company above each company that has deals here; the depth ends the walk if two are each other's parent. */
function topParents(tenant: string): SQL {
  return sql`, up as (
      select distinct t.company_id as id, t.company_id as at, 0 as depth from t where t.company_id is not null
      union all
      select up.id, p.id, up.depth + 1 from up
      join app.company c on c.tenant_id = ${tenant} and c.id = up.at
      join app.company p on p.tenant_id = ${tenant} and p.id = c.parent_id and p.deleted_at is null
      where up.depth < 50
    ), top as (select distinct on (up.id) up.id, up.at from up order by up.id, up.depth desc)`;
}

function oneOf(field: string) {
  return (id: string | null): Filter => (id === null ? { field, op: 'isEmpty' } : { field, op: 'anyOf', value: [id] });
}

/** Most values one condition holds (domain/filters). */
const maxValues = 1000;

/** A row made of several owners or companies; the row of none has those without any too. */
function anyOf(field: string) {
  return (id: string | null, ids: string[]): Filter | null => {
    if (ids.length > maxValues) return null;
    const listed: Filter[] = ids.length > 0 ? [{ field, op: 'anyOf', value: ids }] : [];
    if (id !== null) return listed[0] ?? null;
    const empty: Filter = { field, op: 'isEmpty' };
    return listed.length > 0 ? { or: [empty, ...listed] } : empty;
  };
}
