import { ownObjectFields } from '../catalogue';
import { type FieldDefinition, isOwnObject } from '../custom-fields';
import { type Field, type FieldType, isObjectName, type ObjectName, type OwnObject } from '../fields';
import { objects } from '../objects';

/** What a file may bring to any tenant: four record objects, and the people of the company. */
export const importObjects = ['company', 'contact', 'deal', 'product', 'member'] as const;
export type StandardImport = (typeof importObjects)[number];
/** The same, and records of the objects the tenant made. */
export type ImportObject = StandardImport | OwnObject;

/** Where a column may go. */
export interface Target {
  name: string;
  /** `value` is written as it stands, `reference` is looked up, `special` steers the import. */
  kind: 'value' | 'reference' | 'special';
  type: FieldType;
  /** Field of the record that it sets, where there is exactly one. */
  field?: string;
  /** What a reference points to. */
  to?: ObjectName | OwnObject;
  /** The reference is given by the id it has in the source, as another target names it by text. */
  idOf?: string;
  choices?: readonly string[];
  required?: boolean;
  /** Several columns may go here; their texts are joined with this. */
  glue?: string;
  /** A cell may name several (`namesIn`). */
  many?: boolean;
  /** Only `true` is taken over: an import never withdraws a refusal to be called or mailed. */
  tightenOnly?: boolean;
  /** A field the tenant made. */
  own?: FieldDefinition;
}

/** A contact may be in several companies, so its company column may name several. */
const manyFields = new Set(['companyId']);
const tightenOnly = new Set(['doNotCall', 'doNotMail']);
/** Types whose columns may be several: texts are joined, tags united. */
const glues: Partial<Record<FieldType, string>> = { longText: '\n', tags: ';' };
const gluedFields: Record<string, string> = { street: ' ', shippingStreet: ' ' };

const externalId: Target = { name: 'externalId', kind: 'special', type: 'text' };
const createdAt: Target = { name: 'createdAt', kind: 'special', type: 'datetime', field: 'createdAt' };
/** Rows the source has in its bin are left out. */
const deleted: Target = { name: 'deleted', kind: 'special', type: 'boolean' };
const recordTargets = [externalId, createdAt, deleted];

const memberTargets: readonly Target[] = [
  { name: 'name', kind: 'special', type: 'text', required: true },
  { name: 'email', kind: 'special', type: 'email' },
  /** The team is named by the person who leads it. */
  { name: 'team', kind: 'special', type: 'text', to: 'team' },
  { name: 'office', kind: 'special', type: 'text' },
  { name: 'role', kind: 'special', type: 'choice', choices: ['owner', 'admin', 'manager', 'member', 'viewer'] },
  externalId,
];

/** The deal's close date in sources that have one date for both: expected while open, real once closed. */
const closeDate: Target = { name: 'closeDate', kind: 'special', type: 'date' };
const status: Target = { name: 'status', kind: 'special', type: 'choice', choices: ['open', 'won', 'lost'] };
const dealContact: Target = { name: 'contact', kind: 'reference', type: 'reference', to: 'contact', many: true };

export const targets: Record<StandardImport, readonly Target[]> = {
  company: [...fieldTargets(objects.company.fields), ...recordTargets],
  contact: [...fieldTargets(objects.contact.fields), ...recordTargets],
  deal: [...fieldTargets(objects.deal.fields), dealContact, byId(dealContact), closeDate, status, ...recordTargets],
  product: [...fieldTargets(objects.product.fields), ...recordTargets],
  member: memberTargets,
};
/** What records of every object a tenant made have; the fields it gave them come beside. */
const ownRecordTargets: readonly Target[] = [...fieldTargets(ownObjectFields), ...recordTargets];

/** Where the columns of a file of such records may go, the tenant's own fields apart. */
export function targetsOf(object: ImportObject): readonly Target[] {
  return isOwnObject(object) ? ownRecordTargets : targets[object];
}

const matchKeys: Record<StandardImport, readonly string[]> = {
  company: ['externalId', 'domain', 'taxId', 'name'],
  contact: ['externalId', 'email', 'name'],
  deal: ['externalId', 'name'],
  product: ['externalId', 'code', 'name'],
  member: ['externalId', 'email', 'name'],
};

/** Targets by which rows may be joined to what is there, the surest first. */
export function matchKeysOf(object: ImportObject): readonly string[] {
  return isOwnObject(object) ? ['externalId', 'name'] : matchKeys[object];
}

/**
 * The targets a plan joins rows by, the surest first: down to its `matchKey`, or the source's id and then the own field
 * of values that are there once.
 */
export function keysInTurn(plan: { object: ImportObject; matchKey: string | null; own?: readonly Target[] }): string[] {
  const { object, matchKey } = plan;
  if (matchKey === null) return [];
  if (isKey(plan.own?.find(({ name }) => name === matchKey))) return ['externalId', matchKey];
  const order = matchKeysOf(object);
  return order.slice(0, order.indexOf(matchKey) + 1);
}

/** Whether rows may be joined by an own field: no two records have the same value of it. */
export const isKey = (target: Target | undefined): target is Target & { own: FieldDefinition } =>
  target?.own?.settings.unique === true && target.idOf === undefined;

const named = (list: readonly Target[]) => new Map(list.map((target) => [target.name, target]));
const byName = new Map<string, Map<string, Target>>(importObjects.map((object) => [object, named(targets[object])]));
const ownByName = named(ownRecordTargets);

/** The target of that name; undefined when the object has none. */
export function targetOf(object: ImportObject, name: string): Target | undefined {
  return (isOwnObject(object) ? ownByName : byName.get(object))?.get(name);
}

/** The target of that name in a plan, which may know a tenant's own fields. */
export function targetIn(plan: { object: ImportObject; own?: readonly Target[] }, name: string): Target | undefined {
  return targetOf(plan.object, name) ?? plan.own?.find((target) => target.name === name);
}

function fieldTargets(fields: Record<string, Field>): Target[] {
  const isContact = fields === objects.contact.fields;
  return Object.entries(fields).flatMap(([name, field]): Target[] => {
    if (field.readOnly || field.kindIn) return [];
    if (field.to && isObjectName(field.to)) {
      const target: Target = {
        name: name.replace(/Id$/, ''),
        kind: 'reference',
        type: field.type,
        field: name,
        to: field.to,
        many: isContact && manyFields.has(name) ? true : undefined,
      };
      // Pipelines and stages are chosen in the plan, by name.
      return field.to === 'pipeline' || field.to === 'stage' ? [target] : [target, byId(target)];
    }
    return [
      {
        name,
        kind: 'value',
        type: field.type,
        field: name,
        choices: field.choices,
        required: field.required,
        glue: gluedFields[name] ?? glues[field.type],
        tightenOnly: tightenOnly.has(name) ? true : undefined,
      },
    ];
  });
}

/**
 * The names in a cell: of targets that take several, each by itself. Of a relation they are separated by `;`, `|` or line
 * breaks, elsewhere by `;` alone.
 */
export function namesIn({ many, own }: Target, cell: string): string[] {
  const names = !many ? [cell] : cell.split(own?.type === 'relation' ? /[;；|｜\r\n]/ : ';');
  return names.map((name) => (many ? name.trim() : name)).filter((name) => name !== '');
}

/** The same reference, given by the id it has in the source. */
export function byId(target: Target): Target {
  return { ...target, name: `${target.name}ExternalId`, type: 'text', idOf: target.name };
}
