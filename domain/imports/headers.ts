import type { ImportObject } from './targets';

/** Words before ` - ` in Pipedrive's headers, by our names. */
const entities: Record<string, ImportObject | 'other'> = {
  person: 'contact',
  organization: 'company',
  deal: 'deal',
  product: 'product',
  lead: 'other',
  activity: 'activity',
  note: 'note',
};

/** Parts of an address carry its field's name, which anybody may change: `City/town/village/locality of Office`. */
const addressPart =
  /^(?:.{1,60} - )?(city\/town\/village\/locality|state\/county|region|country|zip\/postal code|street\/road name|house number|district\/sublocality|apartment\/suite no|full\/combined address) of .+$/i;

/** A header as two things: whose field it is, where it says so (`Deal - Title`), and the field without what surrounds it. */
export function splitEntity(text: string): { entity: ImportObject | 'other' | null; rest: string } {
  const header = text.slice(0, 200).trim();
  const parts = /^\s*(\p{L}+)\s+-\s+(.+)$/u.exec(header);
  const entity = entities[parts?.[1]?.toLowerCase() ?? ''];
  if (entity && parts?.[2]) return { entity, rest: parts[2].replace(addressPart, '$1 of Address') };
  // Salesforce's own fields end in `__c`, those of packages begin with the package too.
  const custom = /^\s*(?:[a-z]\w*?__)?(\w+?)__c\s*$/i.exec(header);
  return { entity: null, rest: custom?.[1] ?? header };
}
