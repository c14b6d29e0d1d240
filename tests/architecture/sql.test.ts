// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is tried here is code.
import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allowedSqlTexts } from '../support/sql-allowlist';
import { sqlTexts } from '../support/sql-texts';

const files = [...globSync('server/**/*.ts'), ...globSync('db/**/*.ts')];
const found = files.flatMap((file) => sqlTexts(file, readFileSync(file, 'utf8')));

it('J1: no statement is made from pieces but where the allowlist says why', () => {
  const unknown = found.filter(
    ({ file, code }) => !allowedSqlTexts.some((allowed) => allowed.file === file && code.startsWith(allowed.code)),
  );
  expect(
    unknown.map(({ file, line, code }) => `${file}:${line} ${code}`),
    'make values parameters of sql`…`; for names of the project’s own add the place to tests/support/sql-allowlist.ts',
  ).toEqual([]);
  expect(files.length).toBeGreaterThan(100);
});

it('J1: the allowlist names no place that is gone', () => {
  const gone = allowedSqlTexts.filter(
    (allowed) => !found.some(({ file, code }) => allowed.file === file && code.startsWith(allowed.code)),
  );
  expect(gone).toEqual([]);
});

it.each([
  'work.db.rows(sql.raw(input.order))',
  'sql`select * from t where ${sql.raw(name)} = 1`',
  "client.query(`select * from app.company where name = '${name}'`)",
  "client.query('select * from app.company where name = ' + name)",
  "client.query('select 1 where a = ' + a + ' and b = ' + b)",
  'const text = `delete from app.${table}`',
  'work.db.prepared("x", `select ${column} from app.company`, [])',
  'work.db.prepared("x", text, [])',
  'work.db.arrays(text + tail, [], true)',
  'client.query({ text, values })',
  'client.query({ name, text: `update t set ${set}`, values })',
  'client.query(statementOf(input))',
  'const order = ` ORDER BY ${input.sort}`',
  'sql.unsafe(text)',
])('J1: the look at the code sees %s', (code) => {
  expect(sqlTexts('planted.ts', code)).toHaveLength(1);
});

it.each([
  'work.db.rows(sql`select * from app.company where name = ${name}`)',
  "client.query('select 1 where id = $1', [id])",
  'client.query(`select 1`)',
  'work.db.prepared("x", `select $1`, [id])',
  'const text = `selected ${n} rows`',
  'search.query(term)?.length',
])('J1: and lets %s be', (code) => {
  expect(sqlTexts('planted.ts', code).filter(() => !code.startsWith('search'))).toEqual([]);
});
