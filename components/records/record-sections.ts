import type { CatalogueObject } from '@/domain/catalogue';
import { isOwnObject } from '@/domain/custom-fields';
import type { ObjectKey } from './use-object';

/** Sections of a record's fields on its page; titles are in `messages/*\/records.json` under `sections`. */
export const sectionNames = [
  'about',
  'own',
  'contact',
  'sales',
  'outcome',
  'address',
  'shipping',
  'extra',
  'system',
] as const;
export type SectionName = (typeof sectionNames)[number];

const placed: Record<string, SectionName> = {
  phone: 'contact',
  mobile: 'contact',
  email: 'contact',
  otherEmail: 'contact',
  homePhone: 'contact',
  otherPhone: 'contact',
  fax: 'contact',
  wechat: 'contact',
  whatsapp: 'contact',
  linkedin: 'contact',
  website: 'contact',
  preferredLanguage: 'contact',
  doNotCall: 'contact',
  doNotMail: 'contact',
  lifecycleStage: 'sales',
  leadStatus: 'sales',
  rating: 'sales',
  source: 'sales',
  type: 'sales',
  competitor: 'outcome',
  lossReason: 'outcome',
  wonReason: 'outcome',
  closedOn: 'outcome',
  startedOn: 'outcome',
  street: 'address',
  street2: 'address',
  district: 'address',
  city: 'address',
  state: 'address',
  postalCode: 'address',
  country: 'address',
  timeZone: 'address',
  shippingStreet: 'shipping',
  shippingCity: 'shipping',
  shippingState: 'shipping',
  shippingPostalCode: 'shipping',
  shippingCountry: 'shipping',
  createdAt: 'system',
  updatedAt: 'system',
  createdBy: 'system',
  stageEnteredAt: 'system',
  probability: 'sales',
};

/** Fields a newcomer does not look for first. */
const secondary = new Set([
  'shortName',
  'englishName',
  'legalName',
  'taxId',
  'industryGroup',
  'ownership',
  'ticker',
  'yearFounded',
  'accountNumber',
  'site',
  'salutation',
  'firstName',
  'lastName',
  'seniority',
  'assistant',
  'assistantPhone',
  'birthday',
]);

/** The fields of an object by section but those hidden, in the catalogue's order; the title stands above all of them. */
export function sectionsOf(
  { name: object, fields, title, definition }: CatalogueObject,
  hidden: readonly string[] = [],
): { name: SectionName; fields: string[] }[] {
  const small = object === 'product' || object === 'task' || definition !== undefined;
  const sectionOf = (name: string): SectionName => {
    const place = placed[name];
    // A small object's fields stay together; elsewhere what the tenant added has a place of its own.
    if (fields[name]?.own && !small) return 'own';
    if (small) return place === 'system' ? 'system' : 'about';
    return place ?? (secondary.has(name) ? 'extra' : 'about');
  };
  return sectionNames
    .map((name) => ({
      name,
      fields: Object.keys(fields).filter(
        (field) => field !== title && !hidden.includes(field) && sectionOf(field) === name,
      ),
    }))
    .filter((section) => section.fields.length > 0);
}

/** The reference by which notes, tasks, calls and meetings hang on a record; null where none do. */
export function attachedBy(object: ObjectKey): 'companyId' | 'contactId' | 'dealId' | 'aboutId' | null {
  if (object === 'company') return 'companyId';
  if (object === 'contact') return 'contactId';
  if (object === 'deal') return 'dealId';
  return object === 'product' || isOwnObject(object) ? 'aboutId' : null;
}
