import { linkHeader } from '../../exports';
import enFiles from '../../messages/en/export-files.json' with { type: 'json' };
import en from '../../messages/en/fields.json' with { type: 'json' };
import zhFiles from '../../messages/zh/export-files.json' with { type: 'json' };
import zh from '../../messages/zh/fields.json' with { type: 'json' };
import { headerKey } from '../keys';

const languages = [
  { nouns: en.objects, file: enFiles },
  { nouns: zh.objects, file: zhFiles },
];

/** Our tables of links, by the object whose records the rows are about: the other end, and what a row says of the link. */
const tables = {
  deal: { to: 'contact', says: { role: 'placeRole', primary: 'placePrimary' } },
  // A contact's primary company stands in the contact.
  contact: { to: 'company', says: { role: 'placeRole', from: 'placeFrom', until: 'placeTo' } },
} as const;

/** Targets by header, in both languages. */
const columns = new Map(
  Object.entries(tables).map(([from, { to, says }]) => {
    const entries = languages.flatMap(({ nouns, file }) => {
      const named = (object: string) => (nouns as Record<string, { One: string }>)[object]?.One ?? object;
      const idOf = (object: string) => headerKey(file.idOf.replace('{field}', named(object)));
      return [
        [idOf(from), 'externalId'],
        [idOf(to), `${to}ExternalId`],
        [headerKey(named(to)), to],
        ...Object.entries(says).map(([word, target]) => [
          headerKey(file.links[word as keyof typeof file.links]),
          target,
        ]),
      ] as [string, string][];
    });
    return [from, new Map(entries)];
  }),
);

/** Where the columns of our own table of links go, where it is one of links of the object's records; null otherwise. */
export function ownLinkTargets(object: string, headers: readonly string[]): (string | null)[] | null {
  const keys = headers.map(headerKey);
  const found = columns.get(object);
  if (!found || !keys.includes(headerKey(linkHeader))) return null;
  const list = keys.map((key) => found.get(key) ?? null);
  const [from, to] = ['externalId', `${tables[object as keyof typeof tables].to}ExternalId`];
  return list.includes(from) && list.includes(to) ? list : null;
}

/** The object whose links one of our tables lists; null for any other file. */
export const ownLinksOf = (headers: readonly string[]): 'deal' | 'contact' | null =>
  (['deal', 'contact'] as const).find((object) => ownLinkTargets(object, headers) !== null) ?? null;
