import { type FieldDefinition, labelIn } from '@/domain/custom-fields';
import en from '@/domain/messages/en/common.json' with { type: 'json' };
import enExports from '@/domain/messages/en/exports.json' with { type: 'json' };
import enFields from '@/domain/messages/en/fields.json' with { type: 'json' };
import zh from '@/domain/messages/zh/common.json' with { type: 'json' };
import zhExports from '@/domain/messages/zh/exports.json' with { type: 'json' };
import zhFields from '@/domain/messages/zh/fields.json' with { type: 'json' };
import type { RecordType } from '../core/record-types';
import type { Types } from '../core/types';

/** What a file is written in: the same words the person's screen has. */
export interface Words {
  field(name: string): string;
  choice(field: string, value: string): string;
  /** All records of the kind: `Companies`. */
  objects: string;
  yes: string;
  no: string;
  id: string;
  /** Header of the column that says what an amount is in. */
  currencyOf(label: string): string;
  locale: string;
}

type Table = Record<string, Record<string, string>>;
type Choices = Record<string, Record<string, Record<string, string>>>;

export function wordsOf(types: Types, type: RecordType, locale: string): Words {
  const chinese = locale.startsWith('zh');
  const common = chinese ? zh : en;
  const { file } = chinese ? zhExports : enExports;
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
    objects: definition
      ? labelIn({ en: definition.label.en?.other, zh: definition.label.zh?.other }, locale)
      : ((objects as unknown as Table)[type.object]?.Other ?? type.object),
    yes: common.yes,
    no: common.no,
    id: file.id,
    currencyOf: (label) => file.currency.replace('{field}', () => label),
    locale,
  };
}
