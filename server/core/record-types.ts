import type { SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { TenantTable } from '@/db/tenant';
import { type FieldDefinition, isOwnField } from '@/domain/custom-fields';
import type { Fields, OwnObject } from '@/domain/fields';
import type { ObjectRights, Permission } from '@/domain/permissions';
import type { Change, Entry } from './changes';
import type { Types } from './types';
import type { Work } from './work';

/** A table whose rows are records: they have an id, a version, and a bin. */
export type RecordTable = TenantTable & { id: PgColumn; version: PgColumn; updatedAt: PgColumn; deletedAt: PgColumn };

export type RecordValues = Record<string, unknown>;

/** What the core must know of a kind of record to write, list, search, show and undo it. */
export interface RecordType {
  /** Name in change sets, permissions and messages: `deal`. */
  object: string;
  table: RecordTable;
  /** Name of the table in schema `app`. */
  tableName: string;
  fields: Fields;
  /** Column a row is called by. */
  title: string;
  /** Right a person needs to change such records, also by undo. */
  permission: Permission;
  /** Column of the member whose scope the record is in; without one everybody with the right sees all. */
  owner?: string;
  /** Columns that follow from others (sort and match keys); computed on every write, never in history. */
  derive?(row: RecordValues): RecordValues;
  /** Texts a record is found by. Without it records of this kind are not searched. */
  searchTexts?(row: RecordValues): (string | null | undefined)[];
  /**
   * Rules that hold however a change comes about: undo asks them before it writes, verbs keep them themselves.
   * @throws Refusal when the changes would break one
   */
  guard?(work: Work, changes: Change[]): Promise<void>;
  /** What follows from changes of such records, in their transaction, however they come about. */
  applied?(work: Work, entries: Entry[]): Promise<void>;
  /** Records whose timeline also shows this one's changes: names of its reference columns. */
  shownOn?: string[];
  /** The same for reference columns that lead to records of any kind. */
  shownOnAny?: string[];
  /** The kind of record a column leads to where that depends on the row. */
  leadsTo?(types: Types, name: string, row: RecordValues): string | undefined;
  /**
   * Hangs on a record of whichever kind, named by its columns `object` and `recordId`: in scope are only those on a
   * record that the actor may read, within rights of its own; the record's timeline shows them.
   */
  hangsOn?: ObjectRights;
  /** A reference column: what leads to a record by it is in scope only with that record. */
  within?: string;
  /** Notes, tasks, calls and meetings can be about such a record though they have no field for its kind. */
  topic?: boolean;
  /**
   * What is looked up for each row `t` that is read, among records of an object: values by name that are no fields, read
   * in the same statement. Where what the actor may see of the object is limited, `sql` says so.
   */
  looked?: Record<string, { object: string; sql(work: Work): SQL }>;
  /** Fields the tenant added, which are in `custom` and in `field_value`. */
  own?: readonly FieldDefinition[];
  /** Which rows of a table that holds several kinds are of this one. */
  rows?: OwnObject;
  /** Rights of a kind the tenant made. */
  rights?: ObjectRights;
}

const types = new Map<string, RecordType>();

/** Declares a kind of record; called once per domain, at import. */
export function defineRecord<T extends RecordType>(type: T): T {
  types.set(type.object, type);
  return type;
}

/** A kind of record as its domain declared it: without what a tenant added, which `work.types` has. */
export function standardType(object: string): RecordType {
  const type = types.get(object);
  if (!type) throw new Error(`No record type ${object}`);
  return type;
}

export function standardTypes(): RecordType[] {
  return [...types.values()];
}

/** Column name of a property: `stageId` is `stage_id`. */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A stored row with the tenant's own values beside the others, as verbs, history and undo see it. */
export function flat({ custom, ...row }: RecordValues): RecordValues {
  return custom ? { ...row, ...custom } : row;
}

/** The tenant's own values of a record that are set, as `custom` holds them. */
export function ownValues(row: RecordValues): RecordValues {
  return Object.fromEntries(
    Object.entries(row).filter(([name, value]) => isOwnField(name) && value !== null && value !== undefined),
  );
}
