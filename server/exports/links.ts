import { type SQL, sql } from 'drizzle-orm';
import { type FieldDefinition, type LinkAttribute, labelIn } from '@/domain/custom-fields';
import { linkHeader } from '@/domain/exports';
import { type RecordType, snake } from '../core/record-types';
import { inScope } from '../core/scope';
import { andKind } from '../core/types';
import type { Work } from '../core/work';
import { type Cell, text } from './cells';
import { linkWords, type Words, wordsOf } from './words';

/** What links between records of two kinds say besides their two ends: a table where everything is written. */
export interface LinkTable {
  name: string;
  headers: string[];
  /** The next links by id, as far as the actor may read both ends. */
  read(work: Work, after: string | null): Promise<{ rows: Cell[][]; last: string | null }>;
}

const pageRows = 1000;

interface Side {
  type: RecordType;
  /** Column of the link's table. */
  column: string;
  /** What the file calls this end, where that is not what one record of the kind is called. */
  label?: string;
}

interface Extra {
  header: string;
  /** On alias `l`. */
  sql: SQL;
  cell(value: unknown): Cell;
}

/** The tables of links that say more than that there is one. @param types what the actor may read */
export function linkTables(work: Work, types: readonly RecordType[]): LinkTable[] {
  const { locale } = work.actor;
  const find = (object: string) => types.find((type) => type.object === object);
  const [company, contact, deal] = ['company', 'contact', 'deal'].map(find);
  const words = linkWords(locale);
  const role = (roles: Record<string, string>): Extra => ({
    header: words.role,
    sql: sql`l.role`,
    cell: (value) => text(roles[String(value)] ?? String(value)),
  });
  const primary: Extra = { header: words.primary, sql: sql`l.is_primary`, cell: (value) => asBoolean(words, value) };
  const day = (header: string, column: SQL): Extra => ({ header, sql: column, cell: asDay });
  const list: LinkTable[] = [];
  if (contact && company)
    list.push(
      linkTable(
        work,
        sql`app.contact_company`,
        sql`true`,
        [
          { type: contact, column: 'contactId' },
          { type: company, column: 'companyId' },
        ],
        [role(words.companyRoles), primary, day(words.from, sql`l.from_date`), day(words.until, sql`l.to_date`)],
      ),
    );
  if (deal && contact)
    list.push(
      linkTable(
        work,
        sql`app.deal_contact`,
        sql`true`,
        [
          { type: deal, column: 'dealId' },
          { type: contact, column: 'contactId' },
        ],
        [role(words.dealRoles), primary],
      ),
    );
  for (const from of types)
    for (const field of from.own ?? []) {
      const to = find(field.settings.to ?? '');
      if (field.type !== 'relation' || !field.settings.attributes?.length || !to) continue;
      const label = labelIn(field.label, locale) || field.key;
      const sides: [Side, Side] = [
        { type: from, column: 'fromId' },
        { type: to, column: 'toId', label },
      ];
      list.push(
        linkTable(work, sql`app.relation_link`, sql`l.field_id = ${field.id}`, sides, attributesOf(field, work)),
      );
    }
  return list;
}

function attributesOf({ settings }: FieldDefinition, { actor }: Work): Extra[] {
  const words = linkWords(actor.locale);
  return (settings.attributes ?? []).map(({ key, label, type }) => ({
    header: labelIn(label, actor.locale) || key,
    sql: sql`l.attributes->${key}::text`,
    cell: (value) => attributeCell(type, words, value),
  }));
}

function attributeCell(type: LinkAttribute['type'], words: Pick<Words, 'yes' | 'no'>, value: unknown): Cell {
  if (type === 'boolean') return asBoolean(words, value);
  if (type === 'date') return asDay(value);
  return type === 'number' ? { kind: 'number', text: String(value) } : text(String(value));
}

const asBoolean = (words: Pick<Words, 'yes' | 'no'>, value: unknown): Cell => ({
  kind: 'boolean',
  value: value === true,
  text: value === true ? words.yes : words.no,
});
const asDay = (value: unknown): Cell => ({ kind: 'day', text: String(value) });

function linkTable(work: Work, table: SQL, which: SQL, [from, to]: [Side, Side], extras: Extra[]): LinkTable {
  const { locale } = work.actor;
  const fromWords = wordsOf(work.types, from.type, locale);
  const toWords = wordsOf(work.types, to.type, locale);
  const ends = [fromWords.object, to.label ?? toWords.object].flatMap((label) => [fromWords.idOf(label), label]);
  return {
    name: `${fromWords.objects} – ${to.label ?? toWords.objects}`,
    headers: [linkHeader, ...ends, ...extras.map(({ header }) => header)],
    read: async (now, after) => {
      const values = extras.map((extra, i) => sql`${extra.sql} as ${sql.identifier(`x${i}`)}`);
      const rows = await now.db.rows<Record<string, unknown> & { id: string }>(sql`
        select l.id, a.id as "fromId", a.${titleOf(from)} as "from", b.id as "toId", b.${titleOf(to)} as "to"${values.length > 0 ? sql`, ${sql.join(values, sql`, `)}` : sql``}
        from ${table} l ${joined(now, from, 'a')} ${joined(now, to, 'b')}
        where l.tenant_id = ${now.actor.tenantId} and l.deleted_at is null and ${which} ${after ? sql`and l.id > ${after}` : sql``}
        order by l.id limit ${pageRows}`);
      return {
        rows: rows.map((row) => [
          ...['id', 'fromId', 'from', 'toId', 'to'].map((name) => text(String(row[name] ?? ''))),
          ...extras.map(({ cell }, i) =>
            row[`x${i}`] === null || row[`x${i}`] === undefined ? null : cell(row[`x${i}`]),
          ),
        ]),
        last: rows.length === pageRows ? (rows.at(-1)?.id ?? null) : null,
      };
    },
  };
}

const titleOf = ({ type }: Side) => sql.identifier(snake(type.title));

/** A link's end, where the actor may read it. */
function joined(work: Work, { type, column }: Side, alias: 'a' | 'b'): SQL {
  const scope = inScope(work, type, 'read', alias);
  const t = sql.identifier(alias);
  return sql`join ${type.table} ${t} on ${t}.tenant_id = ${work.actor.tenantId} and ${t}.id = l.${sql.identifier(snake(column))}
    and ${t}.deleted_at is null ${andKind(type, alias)} ${scope ? sql`and ${scope}` : sql``}`;
}
