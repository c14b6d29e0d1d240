import { inArray, type SQL, sql } from 'drizzle-orm';
import { soundsOf } from '@/domain/search-keys';
import { type Mark, marksOf } from '@/domain/search-marks';
import { lastTitleRank } from '@/domain/search-ranks';
import { flat, type RecordType, snake } from '../core/record-types';
import { inScope } from '../core/scope';
import { topicFields, topicTitle } from '../core/topics';
import type { Work } from '../core/work';
import type { Candidate } from './candidates';

export interface Hit {
  object: string;
  id: string;
  title: string;
  /** What tells two of the same name apart. */
  subtitle: string | null;
  /** The day a task is due, the moment a call or meeting begins; null for all else. */
  when: string | null;
  /** Whether it is a task that is done. */
  done: boolean;
  /** Parts of the title that were found, in UTF-16 units. */
  marks: Mark[];
  /** The other text it was found by, when it was not the title. */
  found: { field: string; text: string; marks: Mark[] } | null;
}

/** A candidate with what it was looked for by, and how far that is from what was typed: the smaller the better. */
export interface Found extends Candidate {
  tokens: readonly string[];
  far: number;
}

interface Row {
  id: string;
  title: string;
  subtitle: string | null;
  when: string | null;
  done: boolean;
  mine: boolean;
  updatedAt: string;
}

export interface Ranked {
  hit: Hit;
  score: readonly (number | string)[];
}

/**
 * The records of the candidates of one kind as they are shown, the best first: the title before other texts, a whole word
 * before the beginning of one, and among equals what is still to be done, what is the actor's own and what changed last.
 */
export async function hitsOf(work: Work, type: RecordType, found: readonly Found[], most: number): Promise<Ranked[]> {
  if (found.length === 0) return [];
  const rows = new Map(
    (
      await rowsOf(
        work,
        type,
        found.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  );
  const ranked = found
    .flatMap((candidate) => {
      const row = rows.get(candidate.id);
      return row ? [{ row, candidate, score: scoreOf(candidate, row) }] : [];
    })
    .sort((a, b) => compare(a.score, b.score))
    .slice(0, most);
  const others = ranked.filter(({ candidate }) => candidate.rank > lastTitleRank);
  const texts =
    others.length > 0
      ? await otherTexts(
          work,
          type,
          others.map(({ row }) => row.id),
        )
      : new Map();
  return ranked.map(({ row, candidate, score }) => ({
    score,
    hit: {
      object: type.object,
      id: row.id,
      title: row.title,
      subtitle: row.subtitle,
      when: row.when,
      done: row.done,
      marks: marksOf(row.title, candidate.tokens, soundsOf),
      found: foundIn(texts.get(row.id), candidate),
    },
  }));
}

/** Orders by the first number or text that differs. */
export function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [i, one] of a.entries()) {
    const other = b[i];
    if (other !== undefined && one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

function scoreOf({ far, rank, key, tokens }: Found, row: Row): (number | string)[] {
  const whole = key !== null && tokens.includes(key);
  const title = row.title.toLowerCase();
  // A mail address or number that was typed in full is as good as a title.
  const place = rank === 4 && whole && key !== null && /@|^\d{7}/.test(key) ? 0 : rank;
  const closeness = tokens.length === 1 && title === tokens[0] ? 0 : whole ? 1 : 2;
  return [far, place, closeness, row.done ? 1 : 0, row.mine ? 0 : 1, -Date.parse(row.updatedAt), title.length, row.id];
}

function rowsOf(work: Work, type: RecordType, ids: string[]): Promise<Row[]> {
  const scope = inScope(work, type, 'read');
  const owner = type.owner
    ? sql`coalesce(t.${sql.identifier(snake(type.owner))} = ${work.actor.memberId}, false)`
    : sql`false`;
  return work.db.kept<Row>(sql`
    select t.id, t.${sql.identifier(snake(type.title))} as title, ${subtitle(work, type)} as subtitle,
      ${whenOf(type)} as "when", ${type.object === 'task' ? sql`t.done is true` : sql`false`} as done, ${owner} as mine, t.updated_at as "updatedAt"
    from ${type.table} t where t.tenant_id = ${work.actor.tenantId} and t.id = any(${sql.param(ids)}::uuid[]) and t.deleted_at is null
      ${type.rows ? sql`and t.object = ${type.rows}` : sql``} ${scope ? sql`and ${scope}` : sql``}`);
}

export function whenOf(type: RecordType): SQL {
  if (type.object === 'task') return sql`t.due_on`;
  return type.object === 'activity' ? sql`t.starts_at` : sql`null`;
}

/** Names of other records in it are of those the actor may see. */
export function subtitle(work: Work, type: RecordType): SQL {
  switch (type.object) {
    case 'company':
      return sql`t.domain`;
    case 'contact':
      return sql`coalesce(t.email, ${titleOf(work, 'company', sql`t.company_id`)})`;
    case 'deal':
      return sql`nullif(concat_ws(' · ', ${titleOf(work, 'stage', sql`t.stage_id`)}, ${titleOf(work, 'company', sql`t.company_id`)}), '')`;
    case 'product':
      return sql`t.code`;
    case 'task':
    case 'activity':
      return sql`coalesce(${sql.join(
        [
          ...['deal', 'company', 'contact'].map((object) =>
            titleOf(work, object, sql`t.${sql.identifier(`${object}_id`)}`),
          ),
          ...topicFields(type).map(([name]) => topicTitle(work.actor.tenantId, name)),
        ],
        sql`, `,
      )})`;
    default:
      return type.owner ? titleOf(work, 'member', sql`t.${sql.identifier(snake(type.owner))}`) : sql`null`;
  }
}

function titleOf(work: Work, object: string, id: SQL): SQL {
  const type = work.types.get(object);
  const scope = inScope(work, type, 'read', 'r');
  return sql`(select r.${sql.identifier(snake(type.title))} from ${type.table} r
    where r.tenant_id = ${work.actor.tenantId} and r.id = ${id} and r.deleted_at is null ${scope ? sql`and ${scope}` : sql``})`;
}

/** Fields and their texts besides the title by which records are found. */
async function otherTexts(work: Work, type: RecordType, ids: string[]): Promise<Map<string, [string, string][]>> {
  const rows = await work.db.find(type.table, inArray(type.table.id, ids));
  return new Map(
    rows.map((stored) => {
      const row = flat(stored);
      const texts = new Set(type.searchTexts?.(row));
      const fields = Object.keys(type.fields).filter((name) => name !== type.title);
      return [
        String(row.id),
        fields.flatMap((name): [string, string][] => {
          const value = row[name];
          return typeof value === 'string' && texts.has(value) ? [[name, value]] : [];
        }),
      ];
    }),
  );
}

function foundIn(texts: readonly [string, string][] | undefined, { tokens }: Found): Hit['found'] {
  for (const [field, text] of texts ?? []) {
    const marks = marksOf(text, tokens, soundsOf);
    if (marks.length > 0) return { field, text, marks };
  }
  return null;
}
