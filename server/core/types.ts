import { asc, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import { customFields, customObjects, customRecords } from '@/db/schema/catalogue';
import { matchRules } from '@/db/schema/duplicates';
import type { TenantDb } from '@/db/tenant';
import { type ObjectDefinition, ownObjectFields, withOwn } from '@/domain/catalogue';
import {
  type FieldDefinition,
  isOwnField,
  isOwnObject,
  type OwnFieldType,
  ownFieldTypes,
} from '@/domain/custom-fields';
import type { MatchConfig } from '@/domain/duplicates';
import { nameKey } from '@/domain/imports/matching';
import { sortKey } from '@/domain/search-keys';
import { afterCommit } from './after-commit';
import { type RecordType, type RecordValues, standardTypes } from './record-types';
import type { Work } from './work';

type Matching = ReadonlyMap<string, Partial<MatchConfig>>;

/**
 * The kinds of records of a tenant: the standard ones with the fields it added, and its own. Remembered per process
 * while the process hears of changes (docs/decisions/0022-own-fields.md).
 */
export class Types {
  readonly objects: readonly ObjectDefinition[];
  readonly fields: readonly FieldDefinition[];
  /** By object what its tenant has set about the comparing of its records (core/match-keys.ts reads it). */
  readonly matching: Matching;
  private readonly byName = new Map<string, RecordType>();

  constructor(
    objects: readonly ObjectDefinition[] = [],
    fields: readonly FieldDefinition[] = [],
    matching: Matching = new Map(),
  ) {
    this.objects = objects;
    this.fields = fields;
    this.matching = matching;
    const fieldsOf = Map.groupBy(fields, ({ object }) => object);
    for (const type of standardTypes()) {
      const own = fieldsOf.get(type.object);
      this.byName.set(type.object, own ? extended(type, own) : type);
    }
    for (const definition of objects) {
      this.byName.set(definition.key, ownType(definition, fieldsOf.get(definition.key) ?? []));
    }
  }

  find(object: string): RecordType | undefined {
    return this.byName.get(object);
  }

  /** @throws Error when there is no such kind: for names the program itself wrote */
  get(object: string): RecordType {
    const type = this.byName.get(object);
    if (!type) throw new Error(`No record type ${object}`);
    return type;
  }

  /** The tenant's version of a kind that the program names by its standard one. */
  of(type: RecordType): RecordType {
    return this.byName.get(type.object) ?? type;
  }

  all(): RecordType[] {
    return [...this.byName.values()];
  }
}

function extended(type: RecordType, own: readonly FieldDefinition[]): RecordType {
  const { searchTexts } = type;
  return {
    ...type,
    own,
    fields: withOwn(type.fields, own),
    searchTexts: searchTexts && ((row) => [...searchTexts(row), ...searchedTexts(own, row)]),
  };
}

function ownType(definition: ObjectDefinition, own: readonly FieldDefinition[]): RecordType {
  const { key, rights } = definition;
  if (!isOwnObject(key)) throw new Error(`Not a key of an object: ${key}`);
  return {
    object: key,
    rows: key,
    rights,
    own,
    table: customRecords,
    tableName: 'custom_record',
    title: 'name',
    permission: 'records.write',
    owner: 'ownerId',
    fields: withOwn(ownObjectFields, own),
    derive: (row) => ({ nameKey: nameKey(String(row.name)), sortKey: sortKey(String(row.name)) }),
    searchTexts: (row) => [String(row.name), ...searchedTexts(own, row)],
  };
}

const searched = new Set<OwnFieldType>(['text', 'email', 'phone', 'link']);

/** Whether records are found by what such a field holds. */
export const isSearched = (type: unknown): boolean => searched.has(type as OwnFieldType);

/** Texts of a tenant's own fields a record is found by. */
export function searchedTexts(own: readonly FieldDefinition[], row: RecordValues): string[] {
  return own.flatMap(({ key, type }) => {
    const value = searched.has(type) ? row[key] : undefined;
    return typeof value === 'string' ? [value] : [];
  });
}

/** Only rows of this kind, where a table holds several; on the table itself. */
export function ofKind(type: RecordType): SQL | undefined {
  return type.rows ? sql`${type.table}.object = ${type.rows}` : undefined;
}

/** The same with an alias of the table: ` and t.object = 'o_asset'`, or nothing. */
export function andKind(type: RecordType, alias = 't'): SQL {
  return type.rows ? sql`and ${sql.identifier(alias)}.object = ${type.rows}` : sql``;
}

const standard = () => {
  base ??= new Types();
  return base;
};
let base: Types | undefined;

/** What a tenant has that has just been made. */
export const standardCatalogue = standard;

const memory = { listening: false, heard: 0, tenants: new Map<string, Types>() };
/** Tenants remembered by one process; a catalogue of 500 fields is some 200 kB. */
const remembered = 1000;

/** The kinds of records of the transaction's tenant. */
export async function typesOf(db: TenantDb): Promise<Types> {
  const known = memory.tenants.get(db.tenantId);
  if (known) return known;
  const { heard } = memory;
  const types = await loadTypes(db);
  // What somebody changed while it was read may be in it by half, and nobody would tell of it again.
  if (memory.listening && heard === memory.heard) {
    if (memory.tenants.size >= remembered) memory.tenants.delete(memory.tenants.keys().next().value ?? '');
    memory.tenants.set(db.tenantId, types);
  }
  return types;
}

/**
 * Reads them as they are in this very transaction, which may be changing them.
 * @param binned definitions that count although they are in the bin: those about to come back
 */
export async function loadTypes(db: TenantDb, binned: readonly string[] = []): Promise<Types> {
  const [stored, fields, rules] = await Promise.all([
    db.find(customObjects, or(isNull(customObjects.deletedAt), inArray(customObjects.id, [...binned])), {
      orderBy: asc(customObjects.position),
    }),
    db.find(customFields, or(isNull(customFields.deletedAt), inArray(customFields.id, [...binned])), {
      orderBy: asc(customFields.position),
    }),
    db.find(matchRules),
  ]);
  // What else stands there is how far the search for duplicates has come, of which nobody is told.
  const chosen = rules.filter(({ config }) => config.weights !== undefined || config.threshold !== undefined);
  if (stored.length === 0 && fields.length === 0 && chosen.length === 0) return standard();
  const objects = stored.filter(({ key }) => isOwnObject(key));
  const made = new Set(objects.map(({ key }) => key));
  return new Types(
    objects.map(({ id, version, key, label, description, titleLabel, icon, tone, rights, position }) => {
      return { id, version, key, label, description, titleLabel, icon, tone, rights, position };
    }),
    fields.flatMap(
      ({ id, version, object, key, type, label, help, required, settings, position }): FieldDefinition[] => {
        // A field goes with its object and comes back with it.
        if (isOwnObject(object) && !made.has(object)) return [];
        // What a newer version of the program has made is not this one's to show.
        if (!isOwnField(key) || !ownFieldTypes.some((known) => known === type)) return [];
        // Looked at in the line above.
        return [{ id, version, object, key, type: type as OwnFieldType, label, help, required, settings, position }];
      },
    ),
    new Map(chosen.map(({ object, config }) => [object, config])),
  );
}

/** Every process forgets a tenant's kinds once the transaction that changes them is committed. */
export async function forgetTypes(work: Work): Promise<void> {
  const { tenantId } = work.actor;
  await work.db.rows(sql`select pg_notify('guanxi_sessions', ${`types ${tenantId}`})`);
  afterCommit(work.db, () => typesChanged(tenantId));
  typesChanged(tenantId);
}

/** Told by the listener, and by changes made here: which tenant's kinds changed. */
export function typesChanged(tenantId: string): void {
  memory.heard++;
  memory.tenants.delete(tenantId);
}

/** Whether this process hears of changes: only then it remembers anything. */
export function rememberTypes(listening: boolean): void {
  memory.listening = listening;
  memory.heard++;
  memory.tenants.clear();
}
