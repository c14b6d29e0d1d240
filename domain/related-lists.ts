import type { CatalogueObject } from './catalogue';
import { isOwnField } from './custom-fields';
import type { RecordObject } from './objects';

/**
 * What stands beside a record, by name: lists of the product's own (`deals`), the record that a field of the tenant
 * points to (`c_partner`), and the records whose field points here (`o_visit.c_company`).
 */
const standard: Record<RecordObject, readonly string[]> = {
  company: ['companyContacts', 'deals', 'tasks', 'parent', 'subsidiaries'],
  contact: ['contactCompanies', 'contactDeals', 'tasks', 'reportsTo', 'reports'],
  deal: ['company', 'dealContacts', 'product', 'tasks'],
  product: ['deals', 'tasks', 'activities'],
  task: ['about', 'deal', 'company', 'contact'],
  note: ['about', 'deal', 'company', 'contact'],
  activity: ['about', 'deal', 'company', 'contact'],
};
const ofOwnObject = ['tasks', 'activities'] as const;

/** Names of all that can stand beside a record of a kind, in the product's order; what the tenant added comes last. */
export function relatedLists(
  kind: Pick<CatalogueObject, 'name' | 'own' | 'definition'>,
  catalogue: ReadonlyMap<string, CatalogueObject>,
): string[] {
  // The kinds that are not the tenant's own are those of the table.
  const first = kind.definition ? ofOwnObject : standard[kind.name as RecordObject];
  const above = kind.own.filter(({ type, settings: { to = '' } }) => type === 'reference' && catalogue.has(to));
  const pointing = [...catalogue.values()].flatMap(({ name, own }) =>
    own.filter(({ settings }) => settings.to === kind.name).map(({ key }) => `${name}.${key}`),
  );
  return [...first, ...above.map(({ key }) => key), ...pointing];
}

type RelatedName =
  | { by: 'product'; name: string }
  /** One record, which the field of this one points to. */
  | { by: 'reference'; field: string }
  /** The records of an object that point here through a field of theirs. */
  | { by: 'pointing'; object: string; field: string };

/** What a name of `relatedLists` says. */
export function readRelated(name: string): RelatedName {
  const [object = '', field] = name.split('.');
  if (field !== undefined) return { by: 'pointing', object, field };
  return isOwnField(name) ? { by: 'reference', field: name } : { by: 'product', name };
}
