import type { Product } from './product';

/** Columns that come in pairs, `Phone 1 - Label` and `Phone 1 - Value`, are read by `labelled.ts`. */
export const google: Product = {
  marks:
    'given name, family name, additional name, yomi name, phonetic first name, phonetic last name, name prefix, name suffix, file as, group membership, organization name, organization title, organization department, e-mail 1 - value, phone 1 - value',
  form: /^(?:e-mail|phone|address|website|event|relation|im|organization|custom field) \d+ - /i,
  words: {
    contact: {
      firstName: 'first name, given name, +middle name, +additional name',
      lastName: 'last name, family name, +name suffix',
      salutation: 'name prefix',
      company: 'organization name, organization 1 - name',
      jobTitle: 'organization title, organization 1 - title, ~occupation',
      department: 'organization department, organization 1 - department',
      tags: 'labels, group membership',
      description: 'notes',
      street: 'address 1 - street, ~address 1 - formatted',
      street2: 'address 1 - extended address',
      city: 'address 1 - city',
      state: 'address 1 - region',
      postalCode: 'address 1 - postal code',
      country: 'address 1 - country',
      preferredLanguage: 'language',
    },
  },
  ignored:
    'file as, photo, initials, directory server, mileage, sensitivity, billing information, priority, subject, yomi name, given name yomi, additional name yomi, family name yomi, phonetic first name, phonetic middle name, phonetic last name, short name, organization 1 - type, organization 1 - yomi name, address 1 - label, address 1 - type, address 1 - formatted, address 1 - po box, website 1 - label, website 1 - type, organization 1 - symbol, organization 1 - location, organization 1 - job description',
};
