import { contactCompanyRoles } from '../contacts';
import { dealContactRoles } from '../deals';
import type { FieldType } from '../fields';
import { headerKey } from './keys';
import { ownLinkTargets } from './products/guanxi-links';
import type { Target } from './targets';

/** What a row says of somebody's place: on a deal, in a company. */
export interface Place {
  role?: string;
  isPrimary?: boolean;
  fromDate?: string;
  toDate?: string;
}

const target = (name: string, type: FieldType, place: keyof Place, choices?: readonly string[]): Target => ({
  ...{ name, kind: 'special', type, place, choices },
});

/** Targets of files whose rows are links: a row says nothing else about the record it names. */
export const placeTargets = {
  deal: [target('placeRole', 'choice', 'role', dealContactRoles), target('placePrimary', 'boolean', 'isPrimary')],
  contact: [
    target('placeRole', 'choice', 'role', contactCompanyRoles),
    target('placeFrom', 'date', 'fromDate'),
    target('placeTo', 'date', 'toDate'),
  ],
} satisfies Record<string, readonly Target[]>;

const names = new Set(Object.values(placeTargets).flatMap((list) => list.map(({ name }) => name)));
/** Whether the rows of a file are links. */
export const areLinks = (columns: readonly { target: string | null }[]): boolean =>
  columns.some(({ target: name }) => name !== null && names.has(name));

/** Salesforce's `OpportunityContactRole` and `AccountContactRelation`, by the record that a row's link belongs to. */
const files: Record<string, Record<string, string>> = {
  deal: {
    opportunityid: 'externalId',
    contactid: 'contactExternalId',
    role: 'placeRole',
    isprimary: 'placePrimary',
    isdeleted: 'deleted',
  },
  contact: {
    contactid: 'externalId',
    accountid: 'companyExternalId',
    roles: 'placeRole',
    startdate: 'placeFrom',
    enddate: 'placeTo',
    isdeleted: 'deleted',
  },
};

/** Where the columns of a list of links go; null for any other file. */
export function linkTargets(object: string, headers: readonly string[]): (string | null)[] | null {
  const ours = ownLinkTargets(object, headers);
  if (ours) return ours;
  const columns = files[object];
  const keys = headers.map(headerKey);
  const has = (key: string) => keys.includes(key);
  const isList =
    object === 'deal'
      ? has('opportunityid') && has('contactid') && (has('role') || has('isprimary'))
      : has('accountid') && has('contactid') && (has('roles') || has('isdirect'));
  if (!columns || !isList || has('name') || has('lastname')) return null;
  return keys.map((key) => columns[key] ?? null);
}
