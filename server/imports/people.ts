import { eq, isNull } from 'drizzle-orm';
import { externalIds } from '@/db/schema/records';
import { members, teams } from '@/db/schema/tenants';
import { ownSource } from '@/domain/exports';
import type { ImportPlan } from '@/domain/imports/mapping';
import { mergeValues, policyOf } from '@/domain/imports/mapping';
import { emailKey } from '@/domain/imports/matching';
import { type PlannedRow, planRow } from '@/domain/imports/rows';
import { grantableRoles, type Role } from '@/domain/permissions';
import { Refusal } from '@/domain/refusals';
import { newId } from '../core/ids';
import { type RecordValues, standardType } from '../core/record-types';
import type { Work } from '../core/work';
import type { Batch, Outcome } from './engine';
import { type ImportProblem, refusal } from './problems';
import type { FileRow } from './rows';

/** People of a company fit into one batch: who leads whom can only be told from all of them. */
export const mostPeople = 5000;

interface Person {
  id: string;
  name: string;
  /** What is stored; null for somebody this import makes. */
  current: RecordValues | null;
  values: RecordValues;
  written: boolean;
}

/**
 * People and teams. A row is a person; whoever it names as manager becomes one too, and leads a team of that name.
 * People without a login are placeholders until they are invited; who has a login keeps the role an admin gave.
 */
export async function takePeople(work: Work, plan: ImportPlan, rows: readonly FileRow[]): Promise<Batch> {
  if (rows.length > mostPeople) throw new Refusal('invalid', { code: 'tooManyPeople', params: { max: mostPeople } });
  const [people, groups, known] = await Promise.all([
    work.db.find(members, isNull(members.deletedAt)),
    work.db.find(teams, isNull(teams.deletedAt)),
    work.db.find(externalIds, eq(externalIds.object, 'member')),
  ]);
  const staff = new Staff(
    plan,
    people,
    groups,
    known.filter(({ system }) => system === plan.source),
  );
  const planned = rows
    .map((row) => ({ ...row, planned: planRow(plan, row.cells) }))
    .filter(({ planned: p }) => p.kind !== 'blank');
  const open = planned.filter(({ planned: p }) => !p.refused);
  staff.addTeams(open.map(({ planned: p }) => p));
  const results = planned.map(({ planned: p, ...row }) => {
    const problems: ImportProblem[] = [...p.problems];
    const { outcome, id } = p.refused
      ? { outcome: 'refused' as Outcome, id: null }
      : staff.place(p, problems, grantableRoles(work.actor.role));
    return { ...row, outcome, problems, recordId: id, money: null, held: null, again: false, differs: [] };
  });
  return { rows: results, ...staff.changes(open.map(({ planned: p }) => p)), unmatched: [] };
}

class Staff {
  private readonly byName = new Map<string, Person[]>();
  private readonly byEmail = new Map<string, Person>();
  private readonly bySource = new Map<string, Person>();
  /** The id that a person has in the source. */
  private readonly sourceIds = new Map<string, string>();
  private readonly everyone: Person[] = [];
  private readonly teamByName = new Map<string, { id: string; current: RecordValues | null; values: RecordValues }>();
  private readonly newIds: Batch['externalIds'] = [];
  private readonly rowIds = new Set<string>();
  private readonly plan: ImportPlan;

  constructor(
    plan: ImportPlan,
    people: readonly (typeof members.$inferSelect)[],
    groups: readonly (typeof teams.$inferSelect)[],
    known: readonly (typeof externalIds.$inferSelect)[],
  ) {
    this.plan = plan;
    const byId = new Map(
      people.map((row) => [
        row.id,
        this.add({ id: row.id, name: row.name, current: row, values: {}, written: false }, row.email),
      ]),
    );
    // A file of ours names people by their own ids.
    if (plan.source === ownSource) for (const [id, person] of byId) this.know(id, person);
    for (const { externalId, recordId } of known) {
      const person = byId.get(recordId);
      if (person) this.know(externalId, person);
    }
    for (const row of groups) this.teamByName.set(keyOf(row.name), { id: row.id, current: row, values: {} });
  }

  private know(sourceId: string, person: Person): void {
    this.bySource.set(sourceId, person);
    this.sourceIds.set(person.id, sourceId);
  }

  private add(person: Person, email: string | null): Person {
    this.everyone.push(person);
    this.byName.set(keyOf(person.name), [...(this.byName.get(keyOf(person.name)) ?? []), person]);
    if (email) this.byEmail.set(emailKey(email), person);
    return person;
  }

  /** Everybody named as a manager leads a team of that name, in the office their people are in. */
  addTeams(rows: readonly PlannedRow[]): void {
    for (const { values } of rows) {
      if (typeof values.team !== 'string') continue;
      const key = keyOf(values.team);
      const team = this.teamByName.get(key) ?? { id: newId(), current: null, values: { name: values.team } };
      this.teamByName.set(key, team);
      if (typeof values.office === 'string' && team.values.office === undefined) team.values.office = values.office;
      if (team.values.managerId !== undefined || team.current?.managerId) continue;
      const [named] = this.byName.get(key) ?? [];
      const manager =
        named ??
        this.add(
          {
            id: newId(),
            name: values.team,
            current: null,
            values: { name: values.team, role: 'manager', status: 'placeholder' },
            written: false,
          },
          null,
        );
      team.values.managerId = manager.id;
      // Only who has no login yet, and so no role that somebody gave on purpose, is made a manager.
      if (manager.current?.status === 'placeholder' && manager.current.role === 'member')
        manager.values.role = 'manager';
      if (!manager.current?.teamId) manager.values.teamId = team.id;
    }
  }

  /** Finds or makes the person a row is about. */
  place(
    planned: PlannedRow,
    problems: ImportProblem[],
    roles: readonly Role[],
  ): { outcome: Outcome; id: string | null } {
    const name = String(planned.values.name);
    const email = typeof planned.values.email === 'string' ? planned.values.email : null;
    const known =
      (planned.externalId ? this.bySource.get(planned.externalId) : undefined) ??
      (email ? this.byEmail.get(emailKey(email)) : undefined);
    const named = known ? [known] : this.namesakes(name, planned.externalId, email);
    if (named.length > 1) {
      problems.push(refusal('ambiguous', { names: named.map((person) => person.name).join(', ') }));
      return { outcome: 'refused', id: null };
    }
    const incoming: RecordValues = { name, ...(email ? { email } : {}) };
    const team = typeof planned.values.team === 'string' ? this.teamByName.get(keyOf(planned.values.team)) : undefined;
    if (team) incoming.teamId = team.id;
    const role = planned.values.role as Role | undefined;
    const person =
      named[0] ??
      this.add(
        { id: newId(), name, current: null, values: { role: 'member', status: 'placeholder' }, written: false },
        email,
      );
    if (role && roles.includes(role) && person.current?.status !== 'active' && person.current?.status !== 'invited')
      incoming.role = role;
    if (planned.externalId && !this.bySource.has(planned.externalId)) {
      this.know(planned.externalId, person);
      const given = person.current ? true : undefined;
      this.newIds.push({ externalId: planned.externalId, recordId: person.id, given });
    }
    if (person.written) return this.again(person, incoming, problems);
    person.written = true;
    this.rowIds.add(person.id);
    if (!person.current) {
      Object.assign(person.values, incoming);
      return { outcome: 'created', id: person.id };
    }
    Object.assign(person.values, mergeValues(policyOf(this.plan), person.current, incoming));
    return { outcome: Object.keys(person.values).length > 0 ? 'updated' : 'unchanged', id: person.id };
  }

  /** People of that name whom neither an address nor an id of the same source tells apart from the row's. */
  private namesakes(name: string, externalId: string | null, email: string | null): Person[] {
    const other = (known: string | undefined, given: string | null) =>
      known !== undefined && given !== null && known !== given;
    return (this.byName.get(keyOf(name)) ?? []).filter(({ id, current, values }) => {
      const address = values.email ?? current?.email;
      const known = typeof address === 'string' ? emailKey(address) : undefined;
      return !other(this.sourceIds.get(id), externalId) && !other(known, email && emailKey(email));
    });
  }

  private again(
    person: Person,
    incoming: RecordValues,
    problems: ImportProblem[],
  ): { outcome: Outcome; id: string | null } {
    const now = { ...person.current, ...person.values };
    if (Object.keys(mergeValues(() => 'overwrite', now, incoming)).length === 0)
      return { outcome: 'unchanged', id: person.id };
    problems.push(refusal('repeated', { name: person.name }));
    return { outcome: 'refused', id: null };
  }

  /** Teams before the people who are in them. */
  changes(rows: readonly PlannedRow[]): Pick<Batch, 'changes' | 'externalIds' | 'also'> {
    const team = standardType('team');
    const member = standardType('member');
    const wanted = new Set(rows.flatMap(({ values }) => (typeof values.team === 'string' ? [keyOf(values.team)] : [])));
    const also: Record<string, number> = {};
    const list: Batch['changes'] = [];
    for (const key of wanted) {
      const group = this.teamByName.get(key);
      if (!group) continue;
      const values = group.current ? mergeValues(() => this.plan.policy, group.current, group.values) : group.values;
      if (!group.current) also.team = (also.team ?? 0) + 1;
      if (!group.current) list.push({ type: team, op: 'create', id: group.id, values });
      else if (Object.keys(values).length > 0) list.push({ type: team, op: 'update', id: group.id, values });
    }
    for (const person of this.everyone) {
      if (Object.keys(person.values).length === 0) continue;
      if (!person.current && !this.rowIds.has(person.id)) also.member = (also.member ?? 0) + 1;
      list.push({ type: member, op: person.current ? 'update' : 'create', id: person.id, values: person.values });
    }
    return { changes: list, externalIds: this.newIds, also };
  }
}

const keyOf = (name: string) => name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
