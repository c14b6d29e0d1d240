import { sql } from 'drizzle-orm';
import { type ImportPlan, type ImportPolicy, policyOf } from '@/domain/imports/mapping';
import type { Change } from '../core/changes';
import { newId } from '../core/ids';
import type { Work } from '../core/work';
import { relationLinkType } from '../relations/relations';

/** A link that a row asks for. */
export interface WantedLink {
  /** The relation, as a target. */
  target: string;
  from: string;
  to: string;
}

/**
 * The links of relations that rows bring. What is linked already is not linked twice, links a record has besides stay,
 * and what the plan's policy leaves alone is not linked.
 */
export class RelationLinks {
  /** Relations that a plan's columns go to, with the ids of their fields. */
  readonly fields: ReadonlyMap<string, string>;
  /** Whether rows may name others of their own file. */
  readonly within: boolean;
  private readonly policyFor: (target: string) => ImportPolicy;
  private readonly changeSetId: string | null;
  private readonly there = new Set<string>();
  /** Records this import has made. */
  private readonly mine = new Set<string>();
  /** Places that held links before this import. */
  private readonly filled = new Set<string>();

  /** @param changeSetId of the import; null for a dry run */
  constructor(plan: ImportPlan, changeSetId: string | null) {
    const taken = new Set(plan.columns.map(({ target }) => target));
    const targets = (plan.own ?? []).filter(
      ({ name, own, idOf }) => own?.type === 'relation' && !idOf && (taken.has(name) || taken.has(`${name}ExternalId`)),
    );
    this.fields = new Map(targets.flatMap(({ name, own }) => (own ? [[name, own.id]] : [])));
    this.within = targets.some(({ to }) => to === plan.object);
    this.policyFor = policyOf(plan);
    this.changeSetId = changeSetId;
  }

  /** A record that this import makes: links of it are no change of what was there. */
  made(id: string): void {
    this.mine.add(id);
  }

  /** Forgets what the last batch knew; a dry run keeps it, since nothing of it is in the tables. */
  clear(): void {
    this.there.clear();
    this.mine.clear();
    this.filled.clear();
  }

  /** The changes that make the links which are wanted and not there yet, each with what asked for it. */
  async changes<W extends WantedLink>(work: Work, wanted: readonly W[]): Promise<{ wanted: W; change: Change }[]> {
    if (wanted.length === 0) return [];
    await this.load(work, wanted);
    return wanted.flatMap((link) => {
      const fieldId = this.fields.get(link.target) ?? '';
      const { from: fromId, to: toId } = link;
      const slot = `${fieldId} ${fromId} ${toId}`;
      if (this.there.has(slot) || this.isLeft(link.target, fromId)) return [];
      this.there.add(slot);
      const values = { fieldId, fromId, toId, attributes: {}, position: 0 };
      return [{ wanted: link, change: { type: relationLinkType, op: 'create', id: newId(), values } }];
    });
  }

  private isLeft(target: string, from: string): boolean {
    const policy = this.policyFor(target);
    if (policy === 'overwrite' || this.mine.has(from)) return false;
    return policy === 'keep' || this.filled.has(`${this.fields.get(target)} ${from}`);
  }

  private async load(work: Work, wanted: readonly WantedLink[]): Promise<void> {
    const tenant = work.actor.tenantId;
    const fields = wanted.map(({ target }) => this.fields.get(target));
    const from = wanted.map((link) => link.from);
    const to = wanted.map((link) => link.to);
    const policies = new Set(wanted.map(({ target }) => this.policyFor(target)));
    const [links, made, filled] = await Promise.all([
      work.db.rows<{ field: string; from: string; to: string }>(sql`
        select l.field_id as field, l.from_id as "from", l.to_id as "to"
        from unnest(${sql.param(fields)}::uuid[], ${sql.param(from)}::uuid[], ${sql.param(to)}::uuid[]) as r (field, "from", "to")
        join app.relation_link l on l.tenant_id = ${tenant} and l.field_id = r.field and l.from_id = r."from" and l.to_id = r."to" and l.deleted_at is null`),
      policies.has('keep') && this.changeSetId
        ? work.db.rows<{ id: string }>(sql`
            select c.record_id as id from app.change c
            where c.tenant_id = ${tenant} and c.change_set_id = ${this.changeSetId} and c.record_id = any(${sql.param(from)}::uuid[]) and c.op = 'create'`)
        : [],
      policies.has('fillBlanks')
        ? work.db.rows<{ field: string; from: string }>(sql`
            select distinct l.field_id as field, l.from_id as "from" from app.relation_link l
            where l.tenant_id = ${tenant} and l.field_id = any(${sql.param(fields)}::uuid[]) and l.from_id = any(${sql.param(from)}::uuid[]) and l.deleted_at is null
              and not exists (select from app.change c where c.tenant_id = ${tenant} and c.change_set_id = ${this.changeSetId}::uuid and c.record_id = l.id)`)
        : [],
    ]);
    for (const link of links) this.there.add(`${link.field} ${link.from} ${link.to}`);
    for (const { id } of made) this.mine.add(id);
    for (const place of filled) this.filled.add(`${place.field} ${place.from}`);
  }
}
