import { isNull } from 'drizzle-orm';
import { members, teams } from '@/db/schema/tenants';
import { idHeader } from '@/domain/exports';
import type { Work } from '../core/work';
import { type Cell, text } from './cells';
import { peopleWords } from './words';

/** The people of a workspace as a table: owners of records are named by them. */
export const peopleHeaders = (locale: string): string[] => {
  const { name, email, role, team } = peopleWords(locale);
  return [idHeader, name, email, role, team];
};

/** All of them: no workspace has more than a page holds. */
export async function readPeople(work: Work): Promise<Cell[][]> {
  const [people, groups] = await Promise.all([
    work.db.find(members, isNull(members.deletedAt), { orderBy: members.id }),
    work.db.find(teams, isNull(teams.deletedAt)),
  ]);
  const teamNames = new Map(groups.map(({ id, name }) => [id, name]));
  const { roles } = peopleWords(work.actor.locale);
  return people.map(({ id, name, email, role, teamId }) =>
    [id, name, email ?? '', roles[role] ?? role, teamNames.get(teamId ?? '') ?? ''].map(text),
  );
}
