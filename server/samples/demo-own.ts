import type { FieldInput, FieldSettings, Labels, LinkAttribute, OwnFieldType } from '@/domain/custom-fields';
import en from '@/domain/messages/en/demo-own.json' with { type: 'json' };
import zh from '@/domain/messages/zh/demo-own.json' with { type: 'json' };
import type { Tone } from '@/domain/tones';
import type { Work } from '../core/work';
import { createField } from '../fields/fields';
import { createObject } from '../fields/objects';
import { setLayout } from '../layouts/layouts';

export type OwnWords = typeof en;
export const ownWords: Record<'en' | 'zh', OwnWords> = { en, zh };

/** The object the demo companies made for themselves. */
export const visitObject = 'o_visit';

type Words = { label: string; help?: string; inverse?: string };
type Plan = [key: string, type: OwnFieldType, settings?: FieldSettings, required?: boolean];

const tones: Record<string, Record<string, Tone>> = {
  c_tier: { gold: 'amber', silver: 'slate', bronze: 'orange' },
  c_channels: { phone: 'blue', mail: 'violet', chat: 'green', onsite: 'teal' },
  c_forecast: { commit: 'green', best: 'teal', pipeline: 'blue', omitted: 'slate' },
  c_status: { planned: 'blue', underway: 'amber', waiting: 'red', done: 'green' },
  c_kind: { regular: 'teal', repair: 'orange', handover: 'violet', training: 'blue' },
  c_parts: { a: 'slate', b: 'blue', c: 'amber', d: 'violet', e: 'teal', f: 'orange' },
};

/** Fields people fill in, by object, in their order. */
function filledFields(currency: string): Record<string, Plan[]> {
  const when = (field: string, ...value: string[]): FieldSettings => ({ showIf: { field, op: 'anyOf', value } });
  const yes = (field: string, value: string) => ({ field, op: 'is' as const, value });
  return {
    company: [
      ['c_tier', 'choice'],
      ['c_renewal', 'date', { requireIf: { field: 'c_tier', op: 'isNotEmpty' } }],
      ['c_fit', 'rating', { max: 5 }],
      ['c_sites', 'number', { decimals: 0, min: 0, max: 5000 }],
      ['c_channels', 'choices'],
      ['c_discount', 'percent', { decimals: 1, min: 0, max: 40 }],
      ['c_credit', 'money', { currency, min: 0 }],
      ['c_agreement', 'file'],
    ],
    contact: [
      ['c_best_time', 'time'],
      ['c_newsletter', 'boolean'],
      ['c_birthday', 'date'],
      ['c_profile', 'link'],
    ],
    deal: [
      ['c_forecast', 'choice', { prominent: true }],
      ['c_margin', 'percent', { decimals: 1, min: -50, max: 95 }],
      ['c_delivery', 'date'],
      ['c_demo_at', 'datetime'],
      ['c_needs', 'longText'],
      [
        'c_order_no',
        'text',
        { unique: true, maxLength: 40, pattern: { expression: 'PO-[0-9]{4,}' }, ...when('status', 'won') },
      ],
      ['c_ship_to', 'address', when('status', 'won')],
      ['c_partners', 'relation', { to: 'company', attributes: links('part', 'share', 'signed', 'since') }],
    ],
    [visitObject]: [
      ['c_status', 'choice', { default: 'planned', prominent: true }, true],
      ['c_company', 'reference', { to: 'company', prominent: true }, true],
      ['c_date', 'date', { prominent: true }, true],
      ['c_kind', 'choice', { default: 'regular', prominent: true }],
      ['c_technician', 'member', { prominent: true }],
      [
        'c_waiting_for',
        'text',
        { showIf: yes('c_status', 'waiting'), requireIf: yes('c_status', 'waiting'), maxLength: 200 },
      ],
      ['c_units', 'number', { decimals: 0, min: 0 }],
      ['c_hours', 'number', { decimals: 1, min: 0, max: 200 }],
      ['c_parts', 'choices'],
      ['c_cost', 'money', { currency }],
      ['c_rating', 'rating', { max: 5, ...when('c_status', 'done') }],
      ['c_report', 'longText'],
      ['c_photos', 'file'],
      ['c_people', 'relation', { to: 'contact', attributes: links('role', 'signedOff') }],
    ],
  };
}

/** Fields that follow from others; made last, so that the story is told without them. */
function computedFields(currency: string): Record<string, Plan[]> {
  const deals = (status: string): FieldSettings => ({
    currency,
    rollup: {
      object: 'deal',
      through: 'companyId',
      fn: 'sum',
      field: 'amount',
      filter: { field: 'status', op: 'is', value: status },
    },
  });
  const done = { field: 'c_status', op: 'is', value: 'done' } as const;
  const visits = { object: visitObject, through: 'c_company', filter: done };
  return {
    company: [
      ['c_open', 'rollup', deals('open')],
      ['c_won', 'rollup', deals('won')],
      ['c_total', 'formula', { formula: 'c_won + c_open', currency }],
      ['c_visits', 'rollup', { rollup: { ...visits, fn: 'count' } }],
      ['c_last_visit', 'rollup', { rollup: { ...visits, fn: 'max', field: 'c_date' } }],
      ['c_days_left', 'formula', { formula: 'daysbetween(today(), c_renewal)', decimals: 0 }],
    ],
    deal: [['c_profit', 'formula', { formula: 'amount * c_margin' }]],
    [visitObject]: [['c_cost_each', 'formula', { formula: 'if(c_units > 0, c_cost / c_units)' }]],
  };
}

const attributeTypes = {
  part: 'text',
  share: 'number',
  signed: 'boolean',
  since: 'date',
  role: 'text',
  signedOff: 'boolean',
} as const satisfies Record<keyof OwnWords['attributes'], LinkAttribute['type']>;

function links(...names: (keyof typeof attributeTypes)[]): LinkAttribute[] {
  return names.map((name) => ({
    // Keys are lower case; names of the words need not be.
    key: name.toLowerCase(),
    label: { en: en.attributes[name], zh: zh.attributes[name] },
    type: attributeTypes[name],
  }));
}

/** Makes the object of the demo companies, and the fields people fill in. */
export async function makeOwnFields(work: Work, currency: string): Promise<void> {
  await createObject(work, {
    key: visitObject,
    label: {
      en: { one: en.object.one, other: en.object.other },
      zh: { one: zh.object.one, other: zh.object.other },
    },
    titleLabel: { en: en.object.title, zh: zh.object.title },
    description: { en: en.object.about, zh: zh.object.about },
    icon: 'wrench',
    tone: 'teal',
  });
  await make(work, filledFields(currency));
}

/** Makes the fields that are worked out, and lays out the page of a visit. */
export async function makeComputedFields(work: Work, currency: string): Promise<void> {
  await make(work, computedFields(currency));
  const section = (id: keyof OwnWords['layout'], fields: string[], status?: string[]) => ({
    id,
    label: { en: en.layout[id], zh: zh.layout[id] },
    fields,
    lists: [],
    showIf: status ? { field: 'c_status', op: 'anyOf' as const, value: status } : null,
  });
  await setLayout(work, {
    object: visitObject,
    role: 'all',
    config: {
      sections: [
        section('visit', ['c_status', 'c_company', 'c_date', 'c_kind', 'c_technician', 'ownerId', 'c_people']),
        section('waiting', ['c_waiting_for'], ['waiting']),
        section(
          'result',
          ['c_rating', 'c_units', 'c_hours', 'c_parts', 'c_cost', 'c_cost_each', 'c_report', 'c_photos'],
          ['underway', 'waiting', 'done'],
        ),
        { id: 'system', label: null, fields: ['createdAt', 'updatedAt', 'createdBy'], lists: [], showIf: null },
      ],
      hidden: [],
      related: ['c_company', 'activities', 'tasks'],
      hiddenLists: [],
    },
  });
}

async function make(work: Work, plans: Record<string, Plan[]>): Promise<void> {
  for (const [object, fields] of Object.entries(plans)) {
    for (const [key, type, settings = {}, required = false] of fields)
      await createField(work, fieldFor(object, key, type, settings, required));
  }
}

function fieldFor(
  object: string,
  key: string,
  type: OwnFieldType,
  settings: FieldSettings,
  required: boolean,
): FieldInput {
  const [first, second] = [wordsOf(en, object, key), wordsOf(zh, object, key)];
  const both = (name: keyof Words): Labels | undefined => {
    const [e, z] = [first[name], second[name]];
    return e && z ? { en: e, zh: z } : undefined;
  };
  const choices = Object.entries(tones[key] ?? {}).map(([value, tone]) => ({
    value,
    tone,
    label: { en: choiceLabel(en, key, value), zh: choiceLabel(zh, key, value) },
  }));
  const inverse = both('inverse');
  return {
    object,
    key,
    type,
    required,
    label: both('label') ?? {},
    help: both('help') ?? null,
    settings: { ...settings, ...(choices.length > 0 ? { choices } : {}), ...(inverse ? { inverse } : {}) },
  };
}

// The keys above are those of the words; a missing one leaves a field without a label, which is refused.
function wordsOf(words: OwnWords, object: string, key: string): Words {
  const ofObject = words.fields[object as keyof OwnWords['fields']] as Record<string, Words>;
  return ofObject[key] ?? { label: '' };
}

function choiceLabel(words: OwnWords, key: string, value: string): string {
  const ofField = words.choices[key as keyof OwnWords['choices']] as Record<string, string>;
  return ofField[value] ?? '';
}
