import { type FieldDefinition, labelIn } from '@/domain/custom-fields';
import en from '@/domain/messages/en/common.json' with { type: 'json' };
import enExports from '@/domain/messages/en/export-files.json' with { type: 'json' };
import enFields from '@/domain/messages/en/fields.json' with { type: 'json' };
import zh from '@/domain/messages/zh/common.json' with { type: 'json' };
import zhExports from '@/domain/messages/zh/export-files.json' with { type: 'json' };
import zhFields from '@/domain/messages/zh/fields.json' with { type: 'json' };
import type { RecordType } from '../core/record-types';
import type { Types } from '../core/types';

/** What a file is written in: the same words the person's screen has. */
export interface Words {
  field(name: string): string;
  choice(field: string, value: string): string;
  /** One record of the kind, `Company`, and all of them, `Companies`. */
  object: string;
  objects: string;
  yes: string;
  no: string;
  /** The people of a deal. */
  contacts: string;
  /** Header of the column with the ids of the records that the column before it names. */
  idOf(label: string): string;
  /** Header of the column that says what an amount is in. */
  currencyOf(label: string): string;
  /** Header of the column with the parts of the addresses that the column before it has on one line. */
  partsOf(label: string): string;
  locale: string;
}

type Table = Record<string, Record<string, string>>;
type Choices = Record<string, Record<string, Record<string, string>>>;

/** What a file of all records is called. */
export const everythingIn = (locale: string): string => fileWords(locale).everything;

/** What tables of links say. */
export function linkWords(locale: string) {
  const chinese = locale.startsWith('zh');
  const { yes, no } = chinese ? zh : en;
  const { contactCompanyRoles, dealContactRoles } = chinese ? zhFields : enFields;
  const companyRoles: Record<string, string> = contactCompanyRoles;
  const dealRoles: Record<string, string> = dealContactRoles;
  return { ...fileWords(locale).links, companyRoles, dealRoles, yes, no };
}

/** What the table of a workspace's people says. */
export function peopleWords(locale: string) {
  const { roles }: { roles: Record<string, string> } = locale.startsWith('zh') ? zhFields : enFields;
  return { ...fileWords(locale).people, roles };
}

const fileWords = (locale: string) => (locale.startsWith('zh') ? zhExports : enExports);

export function wordsOf(types: Types, type: RecordType, locale: string): Words {
  const chinese = locale.startsWith('zh');
  const common = chinese ? zh : en;
  const file = fileWords(locale);
  const texts = chinese ? zhFields : enFields;
  // Messages by object and field; one without a text is called by its own name.
  const { choices, objects, ...rest } = texts;
  const labels = rest as unknown as Table;
  const choiceLabels = choices as unknown as Choices;
  const definition = types.objects.find(({ key }) => key === type.object);
  const own = (name: string): FieldDefinition | undefined => type.fields[name]?.own;
  return {
    field: (name) => {
      const field = own(name);
      if (field) return labelIn(field.label, locale) || name;
      if (definition?.titleLabel && name === type.title) return labelIn(definition.titleLabel, locale);
      return labels[definition ? 'ownObject' : type.object]?.[name] ?? name;
    },
    choice: (field, value) => {
      const known = own(field)?.settings.choices?.find((choice) => choice.value === value);
      if (known) return labelIn(known.label, locale);
      return choiceLabels[type.object]?.[field]?.[value] ?? value;
    },
    object: definition
      ? labelIn({ en: definition.label.en?.one, zh: definition.label.zh?.one }, locale)
      : ((objects as unknown as Table)[type.object]?.One ?? type.object),
    objects: definition
      ? labelIn({ en: definition.label.en?.other, zh: definition.label.zh?.other }, locale)
      : ((objects as unknown as Table)[type.object]?.Other ?? type.object),
    yes: common.yes,
    no: common.no,
    contacts: (objects as unknown as Table).contact?.Other ?? 'Contacts',
    idOf: (label) => file.idOf.replace('{field}', () => label),
    currencyOf: (label) => file.currency.replace('{field}', () => label),
    partsOf: (label) => file.parts.replace('{field}', () => label),
    locale,
  };
}
