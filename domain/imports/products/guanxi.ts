import { idHeader } from '../../exports';
import en from '../../messages/en/fields.json' with { type: 'json' };
import zh from '../../messages/zh/fields.json' with { type: 'json' };
import { isRecordObject, objects } from '../../objects';
import { headerKey } from '../keys';
import { importObjects, type Target, targetsOf } from '../targets';
import type { Product } from './product';

type Table = Record<string, Record<string, string>>;
const languages = [en, zh] as unknown as (Table & { objects: Table })[];

/** What a field is called in each language. A comma would end the word; spelling is compared without it. */
const labelsOf = (object: string, field: string): string[] =>
  languages.flatMap((words) => words[object]?.[field]?.replaceAll(',', ' ') ?? []);

/** The column of ids beside one of names. */
const withIds = (labels: readonly string[]) => labels.map((label) => `${label} ID`);

/** The people of a deal stand in no field of it. */
const contacts = languages.flatMap(({ objects: nouns }) => nouns.contact?.Other ?? []);

/** Targets of files of tasks, calls, meetings and notes that are called otherwise than the field they are about. */
const elsewhere: Record<string, Record<string, string>> = {
  task: { kind: 'type', aboutExternalId: 'aboutId' },
  activity: { aboutExternalId: 'aboutId' },
  note: { description: 'body', aboutExternalId: 'aboutId' },
};

function namesOf(object: string, target: Target): string[] {
  if (target.name === 'externalId') return [idHeader];
  if (object === 'deal' && target.field === undefined && target.to === 'contact')
    return target.idOf ? withIds(contacts) : contacts;
  // The second is on cards, which have no headers of their own.
  if (object === 'contact' && target.name === 'companyExternalId')
    return [...withIds(labelsOf(object, 'companyId')), 'Guanxi Company ID'];
  const labels = labelsOf(object, elsewhere[object]?.[target.name] ?? target.field ?? target.name);
  // Beside an amount stands what it is in, where the record's currency is not a column itself.
  if (target.type === 'currency' && isRecordObject(object))
    for (const [field, { type }] of Object.entries(objects[object].fields))
      if (type === 'money')
        labels.push(...labelsOf(object, field).flatMap((label) => [`${label} (currency)`, `${label}（币种）`]));
  return target.idOf || target.name === 'aboutExternalId' ? withIds(labels) : labels;
}

const words = Object.fromEntries(
  importObjects.map((object) => [
    object,
    Object.fromEntries(
      targetsOf(object).flatMap((target) => {
        const names = namesOf(object, target);
        return names.length > 0 ? [[target.name, names.join(',')] as const] : [];
      }),
    ),
  ]),
);

/** Columns of what follows from other fields, or cannot be brought: they are no fields to be made. */
function ignored(): string[] {
  const known = new Set(
    Object.values(words).flatMap((list) => Object.values(list).join(',').split(',').map(headerKey)),
  );
  const labels = importObjects
    .filter(isRecordObject)
    .flatMap((object) => Object.keys(objects[object].fields).flatMap((field) => labelsOf(object, field)));
  // Of people, whom another workspace calls by other teams.
  return ['Team', '团队', ...labels, ...withIds(labels)].filter((label) => !known.has(headerKey(label)));
}

/** What the tables of the kinds that everybody has are called where all of a workspace is written. */
const tables = new Set(
  [
    ...languages.flatMap(({ objects: nouns }) => Object.values(nouns).flatMap(({ Other }) => Other ?? [])),
    'Members',
    '成员',
  ].map(headerKey),
);

/** Whether a file in an export of everything holds records of a kind that every workspace has. */
export const isCommonTable = (fileName: string): boolean => tables.has(headerKey(fileName.replace(/\.csv$/i, '')));

/** Our own exports: headers are the labels people see, in both languages, and ids stand beside names. */
export const guanxi: Product = {
  marks: idHeader,
  form: new RegExp(`^${idHeader}$`, 'i'),
  words,
  ignored: ignored().join(','),
};
