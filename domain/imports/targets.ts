import { ownObjectFields } from '../catalogue';
import { type FieldDefinition, isOwnObject } from '../custom-fields';
import { type Field, type FieldType, isObjectName, type ObjectName, type OwnObject } from '../fields';
import { objects } from '../objects';
import { activityTargets } from './activity-targets';
import { type Place, placeTargets } from './places';

/** What a file may bring to any tenant: records, and the people of the company. */
export const importObjects = ['company', 'contact', 'deal', 'product', 'member', 'task', 'activity', 'note'] as const;
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
  /** The fields of a refusal that the column is about: an import makes it, and never withdraws it. */
  refuses?: readonly string[];
  /** The column says what somebody allows: that they do not is the refusal, and that they do says nothing. */
  allows?: true;
  /** What it says of a link, in files whose rows are links. */
  place?: keyof Place;
  /** A field the tenant made. */
  own?: FieldDefinition;
}

/** A contact may be in several companies, so its company column may name several. */
const manyFields = new Set(['companyId']);
const refusals = ['doNotCall', 'doNotMail'];
/** Types whose columns may be several: texts are joined, tags united. */
const glues: Partial<Record<FieldType, string>> = { longText: '\n', tags: ';' };
/** Parts of an address or a name; of refusals, any is enough (`refusalMeant`). */
const gluedFields: Record<string, string> = { street: ' ', shippingStreet: ' ', firstName: ' ', lastName: ' ' };

const externalId: Target = { name: 'externalId', kind: 'special', type: 'text' };
const createdAt: Target = { name: 'createdAt', kind: 'special', type: 'datetime', field: 'createdAt' };
/** Who made a record and when it was changed last: of records that are made anew, as dates of making are. */
const createdBy: Target = { name: 'createdBy', kind: 'reference', type: 'reference', field: 'createdBy', to: 'member' };
const updatedAt: Target = { name: 'updatedAt', kind: 'special', type: 'datetime', field: 'updatedAt' };
/** Refusals that are put otherwise than our fields are. */
const refusalTargets: readonly Target[] = [
  { name: 'doNotContact', refuses: refusals },
  { name: 'mayCall', refuses: ['doNotCall'], allows: true as const },
  { name: 'mayMail', refuses: ['doNotMail'], allows: true as const },
].map((target) => ({ ...target, kind: 'special', type: 'boolean', glue: ';' }));
/** Rows the source has in its bin are left out. */
const deleted: Target = { name: 'deleted', kind: 'special', type: 'boolean' };
const recordTargets = [externalId, createdAt, createdBy, byId(createdBy), updatedAt, deleted];

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
/** When a deal entered the stage that the column's header names; there is a column for every stage. */
const stageEntered: Target = { name: 'stageEntered', kind: 'special', type: 'datetime', glue: '\n' };
const dealContact: Target = {
  ...{ name: 'contact', kind: 'reference', type: 'reference', to: 'contact', many: true, glue: ';' },
};

export const targets: Record<StandardImport, readonly Target[]> = {
  company: [...fieldTargets(objects.company.fields), ...recordTargets],
  contact: [...fieldTargets(objects.contact.fields), ...placeTargets.contact, ...refusalTargets, ...recordTargets],
  deal: [
    ...fieldTargets(objects.deal.fields),
    dealContact,
    byId(dealContact),
    closeDate,
    status,
    stageEntered,
    ...placeTargets.deal,
    ...recordTargets,
  ],
  product: [...fieldTargets(objects.product.fields), ...recordTargets],
  member: memberTargets,
  task: [...activityTargets, ...recordTargets],
  activity: [...activityTargets, ...recordTargets],
  note: [...activityTargets, ...recordTargets],
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
  task: ['externalId'],
  activity: ['externalId'],
  note: ['externalId'],
};

/** Targets by which rows may be joined to what is there, the surest first. */
export function matchKeysOf(object: ImportObject): readonly string[] {
  return isOwnObject(object) ? ['externalId', 'name'] : matchKeys[object];
}

/** What of a plan says how rows find the records that are here. */
export interface Recognition {
  object: ImportObject;
  matchKey: string | null;
  matchKeys?: readonly string[];
  own?: readonly Target[];
}

/**
 * The targets a plan joins rows by, in the order they are tried: those chosen, or the surest first down to its `matchKey`,
 * or the source's id and then the own field of values that are there once.
 */
export function keysInTurn(plan: Recognition): string[] {
  const { object, matchKey } = plan;
  if (plan.matchKeys) return [...plan.matchKeys];
  if (matchKey === null) return [];
  if (isKey(plan.own?.find(({ name }) => name === matchKey))) return ['externalId', matchKey];
  const order = matchKeysOf(object);
  return order.slice(0, order.indexOf(matchKey) + 1);
}

/** Whether rows may be joined by an own field: no two records have the same value of it. */
export const isKey = (target: Target | undefined): target is Target & { own: FieldDefinition } =>
  target?.own?.settings.unique === true && target.idOf === undefined;

/** The own fields among the targets a plan joins rows by. */
export function ownKeysOf(plan: Recognition): (Target & { own: FieldDefinition })[] {
  return keysInTurn(plan).flatMap((key) => {
    const target = plan.own?.find(({ name }) => name === key);
    return isKey(target) ? [target] : [];
  });
}

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
        ...(isContact && manyFields.has(name) ? { many: true, glue: ';' } : {}),
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
        glue: refusals.includes(name) ? ';' : (gluedFields[name] ?? glues[field.type]),
        refuses: refusals.includes(name) ? [name] : undefined,
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
