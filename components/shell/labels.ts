'use client';

import { useTranslations } from 'use-intl';
import type { CatalogueObject } from '@/domain/catalogue';
import { labelIn } from '@/domain/custom-fields';
import type { ObjectName, OwnObject } from '@/domain/fields';
import { useBoot, useCatalogue } from './boot';

type Form = 'one' | 'other' | 'One' | 'Other';

/** Names of objects, fields and choices in the person's language: messages/*\/fields.json, and the tenant's own. */
export function useLabels() {
  const t = useTranslations('fields');
  const catalogue = useCatalogue();
  const { locale } = useBoot().user;
  return {
    /** A field of an object: `deal`, `expectedClose`. The stored name if there is no label. */
    field: (object: string, name: string): string => {
      const kind = catalogue.get(object);
      const own = kind?.fields[name]?.own;
      if (own) return labelIn(own.label, locale) || name;
      if (kind?.definition && name === kind.title && kind.definition.titleLabel)
        return labelIn(kind.definition.titleLabel, locale);
      const key = `${kind?.definition ? 'ownObject' : object}.${name}`;
      return t.has(key) ? t(key) : name;
    },
    /** What is said about a field of the tenant where it is filled in; undefined when nothing is. */
    help: (object: string, name: string): string | undefined =>
      labelIn(catalogue.get(object)?.fields[name]?.own?.help, locale) || undefined,
    /** A value of a choice field. */
    choice: (object: string, field: string, value: string): string => {
      const own = catalogue.get(object)?.fields[field]?.own;
      const choice = own?.settings.choices?.find((each) => each.value === value);
      if (choice) return labelIn(choice.label, locale);
      const key = `choices.${object}.${field}.${value}`;
      return t.has(key) ? t(key) : value;
    },
    /** An object inside a sentence (`one`, `other`) or at the beginning of one (`One`, `Other`). */
    object: (object: ObjectName | OwnObject, form: Form): string => {
      const definition = catalogue.get(object)?.definition;
      if (definition) return nounOf(definition, form, locale);
      const key = `objects.${object}.${form}`;
      return t.has(key) ? t(key) : object;
    },
    role: (role: string): string => t(`roles.${role}`),
  };
}

/** What a tenant calls one or many records of its object, as a sentence takes it. */
export function nounOf(definition: NonNullable<CatalogueObject['definition']>, form: Form, locale: string): string {
  const { en, zh } = definition.label;
  const number = form === 'one' || form === 'One' ? 'one' : 'other';
  const noun = labelIn({ en: en?.[number], zh: zh?.[number] }, locale);
  // Inside a sentence a word begins small, an abbreviation does not.
  if (form === number) return /^\p{Lu}\p{Ll}/u.test(noun) ? noun.charAt(0).toLowerCase() + noun.slice(1) : noun;
  return noun.charAt(0).toUpperCase() + noun.slice(1);
}
