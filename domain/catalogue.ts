import { type FieldDefinition, fieldOf, type Labels, type ObjectLabels } from './custom-fields';
import * as f from './fields';
import { objects as standard } from './objects';
import type { ObjectRights } from './permissions';

/** An object a tenant made. */
export interface ObjectDefinition {
  id: string;
  version: number;
  /** `o_asset`. */
  key: string;
  label: ObjectLabels;
  description: Labels | null;
  titleLabel: Labels | null;
  icon: string;
  tone: string;
  rights: ObjectRights;
  position: number;
}

/** What both sides know of a kind of record of a tenant. */
export interface CatalogueObject {
  /** `deal`, `o_asset`. */
  name: string;
  /** Router of the standard objects; the tenant's own are all behind `records`. */
  plural: string;
  title: string;
  fields: f.Fields;
  /** Fields the tenant added, in order. */
  own: readonly FieldDefinition[];
  /** Set for objects the tenant made. */
  definition?: ObjectDefinition;
}

/** Names of fields every record has that nobody types in; they stand at the end. */
const authored = ['createdAt', 'updatedAt', 'createdBy'] as const;

/** Fields of a kind with those the tenant added before the ones nobody types in. */
export function withOwn(fields: f.Fields, own: readonly FieldDefinition[]): f.Fields {
  const last = authored.flatMap((name) => (fields[name] ? [[name, fields[name]] as const] : []));
  const rest = Object.entries(fields).filter(([name]) => !last.some(([known]) => known === name));
  const added = own.map((definition) => [definition.key, fieldOf(definition)] as const);
  return Object.fromEntries([...rest, ...added, ...last]);
}

/** Fields of a record of an object a tenant made, before those it gave it. */
export const ownObjectFields: f.Fields = {
  name: f.text({ required: true, prominent: true }),
  ownerId: f.member({ prominent: true }),
  createdAt: f.datetime({ readOnly: true, prominent: true }),
  updatedAt: f.datetime({ readOnly: true }),
  createdBy: f.member({ readOnly: true }),
};

const shownOf = new WeakMap<f.Fields, f.Fields>();

/** Fields without those that no screen shows by themselves; the same object for the same fields. */
function shown(fields: f.Fields): f.Fields {
  if (!Object.values(fields).some(({ hidden }) => hidden)) return fields;
  const known = shownOf.get(fields) ?? Object.fromEntries(Object.entries(fields).filter(([, { hidden }]) => !hidden));
  shownOf.set(fields, known);
  return known;
}

/**
 * All kinds of records of a tenant: the standard ones first, then its own in their order.
 * @param whole with the fields that no screen shows by themselves
 */
export function catalogueOf(
  objects: readonly ObjectDefinition[],
  fields: readonly FieldDefinition[],
  whole = false,
): Map<string, CatalogueObject> {
  const ownOf = Map.groupBy(fields, ({ object }) => object);
  const catalogue = new Map<string, CatalogueObject>();
  for (const [name, { plural, title, fields: all }] of Object.entries(standard)) {
    const known = whole ? all : shown(all);
    const own = ownOf.get(name) ?? [];
    catalogue.set(name, { name, plural, title, own, fields: own.length > 0 ? withOwn(known, own) : known });
  }
  for (const definition of objects) {
    const own = ownOf.get(definition.key) ?? [];
    catalogue.set(definition.key, {
      name: definition.key,
      plural: 'records',
      title: 'name',
      own,
      fields: withOwn(ownObjectFields, own),
      definition,
    });
  }
  return catalogue;
}
