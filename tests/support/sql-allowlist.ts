// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is listed here is code.
/** A place where a statement is made from pieces. */
export interface AllowedSqlText {
  file: string;
  /** How the place begins, as `sqlTexts` writes it. */
  code: string;
  /** Why nothing of a caller's can be among the pieces. */
  reason: string;
}

/**
 * Every place where a statement's text is not all written down where it runs. Only names and texts of the project's
 * own belong here; a value is a parameter, always.
 */
export const allowedSqlTexts: readonly AllowedSqlText[] = [
  {
    file: 'db/tenant.ts',
    code: "`begin${mode === 'read'",
    reason: 'SET LOCAL takes no parameter; the id is held to the shape of a UUID just above',
  },
  { file: 'db/tenant.ts', code: 'this.client.query(text, values)', reason: 'the text is what drizzle made of `sql`' },
  {
    file: 'db/tenant.ts',
    code: 'this.client.query<T>({ name, text, values })',
    reason: 'the text is the caller’s, and every caller of `prepared` is looked at here too',
  },
  {
    file: 'db/tenant.ts',
    code: 'this.client.query({ name: nameOf(text), text, values })',
    reason: 'the text is what drizzle made of `sql`',
  },
  {
    file: 'db/tenant.ts',
    code: 'this.client.query({ name: kept ?',
    reason: 'the text is the caller’s, and every caller of `arrays` is looked at here too',
  },
  {
    file: 'db/tenant.ts',
    code: '`with ${texts.map(',
    reason: 'texts of `Part`s, each looked at here where it is written; only the numbers of the parameters are moved',
  },
  { file: 'db/tenant.ts', code: 'sql.raw(dialect.sqlToQuery(', reason: 'columns of the schema as drizzle quotes them' },
  {
    file: 'server/core/records.ts',
    code: 'work.db.arrays(`${head.text} ${shifted}`',
    reason: 'both halves are what drizzle made of `sql`; only the numbers of the parameters are moved',
  },
  {
    file: 'server/core/record-order.ts',
    code: "sql.raw(`'${name}'`)",
    reason: 'the key or id of a field, held to its shape just above; a kept statement has no parameter for it',
  },
  {
    file: 'server/core/field-values.ts',
    code: '`values.${key}`',
    reason: 'no statement: the name of an input in a refusal',
  },
  {
    file: 'server/core/changes.ts',
    code: '`insert into app.${type.tableName}',
    reason: 'names of tables and columns of the schema',
  },
  {
    file: 'server/core/changes.ts',
    code: '`update app.${type.tableName} set',
    reason: 'names of tables and columns of the schema',
  },
  {
    file: 'server/core/changes.ts',
    code: 'sql.raw(column.sqlType)',
    reason: 'types of columns of the schema',
  },
  {
    file: 'db/global.ts',
    code: '`select * from auth.${name}(',
    reason: 'names of functions written in that file; arguments are parameters',
  },
  { file: 'db/global.ts', code: 'runner.query({ name: `auth.', reason: 'the text of the line above it' },
  { file: 'server/core/jobs.ts', code: 'db.query(text, values)', reason: 'pg-boss brings its own statements' },
  { file: 'server/core/jobs.ts', code: 'db.client.query(text, values)', reason: 'pg-boss brings its own statements' },
  {
    file: 'server/core/readiness.ts',
    code: 'probe.query<{ open: number }>(openTables)',
    reason: 'a constant of that file',
  },
  {
    file: 'db/listen.ts',
    code: '`listen ${pg.escapeIdentifier(',
    reason: 'LISTEN takes no parameter; the name is quoted',
  },
  { file: 'db/alone.ts', code: 'client.query(statement)', reason: 'our own migrations, and the queues’ index' },
  { file: 'db/alone.ts', code: '`drop index concurrently', reason: 'a name of the catalogue, quoted by it' },
  { file: 'db/backup.ts', code: 'client.query<T>(text)', reason: 'statements written in that file' },
  { file: 'db/move.ts', code: '`select pg_try_advisory_lock(', reason: 'numbers of our own' },
  {
    file: 'db/move.ts',
    code: '`create publication ${this.name}',
    reason: 'DDL takes no parameters: a name made of the tenant’s id, tables quoted by the catalogue',
  },
  {
    file: 'db/move.ts',
    code: '`create subscription ${this.name}',
    reason: 'DDL takes no parameters: the address is quoted by the driver, the rest is ours',
  },
  { file: 'db/move.ts', code: '`analyze ${', reason: 'tables of the catalogue, quoted there' },
  {
    file: 'db/move.ts',
    code: '`update app.tenant set moving_until = ${lease}',
    reason: 'an expression written just above',
  },
  { file: 'db/move.ts', code: '`begin; set local lock_timeout', reason: 'a number reckoned just there' },
  { file: 'db/move.ts', code: '`select pg_advisory_xact_lock(', reason: 'numbers of our own' },
  { file: 'db/move.ts', code: '`select ${place}`', reason: 'an expression written just above' },
  {
    file: 'db/move.ts',
    code: "`select count(*) || ' ' ||",
    reason: 'columns quoted by the driver, a table quoted by the catalogue',
  },
  { file: 'db/move.ts', code: 'client.query(`set statement_timeout', reason: 'a number reckoned just there' },
  { file: 'db/move.ts', code: '`select id, to_jsonb(job)', reason: 'a condition written just above' },
  { file: 'db/move.ts', code: 'this.from.query(`delete ${waiting}`', reason: 'a condition written just above' },
  { file: 'db/move.ts', code: '`select ctid from ${table}', reason: 'tables of the catalogue, quoted there' },
  { file: 'db/move.ts', code: '`delete from ${table} where ctid', reason: 'tables of the catalogue, quoted there' },
  { file: 'db/move.ts', code: '`drop subscription ${this.name}`', reason: 'a name made of the tenant’s id' },
  { file: 'db/move.ts', code: '`drop publication if exists', reason: 'a name made of the tenant’s id' },
  {
    file: 'db/move.ts',
    code: 'client.query<T & pg.QueryResultRow>(text, values)',
    reason: 'the texts made further up',
  },
  { file: 'db/distribute.ts', code: 'client.query(statement)', reason: 'the texts made further down' },
  { file: 'db/distribute.ts', code: '`alter role ${role} set citus', reason: 'one of two roles named there' },
  { file: 'db/distribute.ts', code: '`select create_', reason: 'names of our own tables, quoted by the catalogue' },
  { file: 'db/migrate.ts', code: '`create schema if not exists', reason: 'a name of that file' },
  { file: 'db/migrate.ts', code: '`insert into ${journal}', reason: 'a name, hash and number of our own migrations' },
  { file: 'db/migrate.ts', code: '`set local role', reason: 'our own db/secure.sql' },
  { file: 'db/migrate.ts', code: '`select ', reason: 'a name of that file' },
  { file: 'db/migrate.ts', code: '`begin', reason: 'our own migrations' },
  { file: 'db/migrate.ts', code: 'client.query(insert)', reason: 'the text made above it' },
  { file: 'db/provision.ts', code: "client.query(await readFile(path.resolve('db/roles.sql')", reason: 'our own file' },
  {
    file: 'db/provision.ts',
    code: '`alter role ${role} password',
    reason: 'ALTER ROLE takes no parameter; the role is one of three, the password is escaped',
  },
  {
    file: 'db/provision.ts',
    code: '`create database ${name}',
    reason: 'CREATE DATABASE takes no parameter; the name is checked above it',
  },
];
