import { describe, expect, it } from 'vitest';
import { objectIcons } from '@/components/objects/icons';
import { offered, toggled } from '@/components/records/choices-input';
import { defaultsOf, formFields, isAsked, isShown, toSend } from '@/components/records/field-rules';
import { checkValue, currencyOf, fromText, toText } from '@/components/records/field-text';
import { readNumber } from '@/components/records/link-details';
import { ratingAfter } from '@/components/records/rating';
import { listPath, titleField } from '@/components/records/use-object';
import {
  draftOf,
  freeValue,
  freshDraft,
  inputOf,
  isSame,
  problemOf,
  withChoice,
  withChoices,
} from '@/components/settings/objects/draft';
import { typeGroups, typeIcons } from '@/components/settings/objects/field-types';
import { functionNames, signatures } from '@/components/settings/objects/formula-functions';
import { filledNouns } from '@/components/settings/objects/object-dialog';
import { nounOf } from '@/components/shell/labels';
import { addressText, filledAddress } from '@/domain/address-text';
import { catalogueOf, type ObjectDefinition } from '@/domain/catalogue';
import {
  convertible,
  type FieldDefinition,
  type FieldSettings,
  fieldInput,
  fieldOf,
  type OwnFieldType,
  ownFieldTypes,
} from '@/domain/custom-fields';
import { functions } from '@/domain/formula/functions';
import en from '@/domain/messages/en/fields-settings.json' with { type: 'json' };
import zh from '@/domain/messages/zh/fields-settings.json' with { type: 'json' };
import { newObjectRights } from '@/domain/permissions';

function own(type: OwnFieldType, settings: FieldSettings = {}, more: Partial<FieldDefinition> = {}): FieldDefinition {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    version: 1,
    object: 'company',
    key: `c_${type.toLowerCase()}`,
    type,
    label: { en: type },
    help: null,
    required: false,
    settings,
    position: 1,
    ...more,
  };
}

/** Written as signs. */
const operators = new Set(['negative', 'positive']);

const about = { now: Date.parse('2026-03-01T00:00:00Z'), memberId: 'me' };
const kindWith = (...fields: FieldDefinition[]) => {
  const kind = catalogueOf([], fields).get('company');
  if (!kind) throw new Error('no company');
  return kind;
};
const choices = [
  { value: 'small', label: { en: 'Small', zh: '小' }, tone: 'blue' as const },
  { value: 'old', label: { en: 'Old' }, tone: 'red' as const, retired: true },
  { value: 'big', label: { en: 'Big' }, tone: 'green' as const },
];

describe('values of own fields', () => {
  it('are written and read in the currency of the field, not of the record', () => {
    const yen = fieldOf(own('money', { currency: 'JPY' }));
    expect(currencyOf(yen, 'USD', 'CNY')).toBe('JPY');
    expect(currencyOf(fieldOf(own('money')), 'USD', 'CNY')).toBe('USD');
    expect(fromText(yen, '1250', 'USD')).toBe(1250);
    expect(toText(yen, 1250, 'USD')).toBe('1250');
  });

  it('that are amounts beyond a limit are told the limit as amounts are written', () => {
    const budget = fieldOf(own('money', { min: 1000, max: 250_050 }));
    expect(checkValue(budget, 300_000, 'USD')).toEqual({ code: 'numberTooBig', params: { max: 2500.5 } });
    expect(checkValue(budget, 1, 'JPY')).toEqual({ code: 'numberTooSmall', params: { min: 1000 } });
    expect(checkValue(fieldOf(own('number', { max: 10 })), 11, 'USD')).toMatchObject({ params: { max: 10 } });
  });

  it('may be percentages with decimals and beyond 100', () => {
    const share = fieldOf(own('percent', { decimals: 1 }));
    expect(checkValue(share, fromText(share, '112.5 %', 'USD'))).toEqual({ value: 112.5 });
    expect(checkValue(share, fromText(share, 'half', 'USD'))).toHaveProperty('code');
  });

  it('keep what is chosen in the order of the choices, and offer retired ones only where they are set', () => {
    const field = fieldOf(own('choices', { choices }));
    expect(toggled(field, ['big'], 'small')).toEqual(['small', 'big']);
    expect(toggled(field, ['small', 'big'], 'small')).toEqual(['big']);
    expect(offered(choices, []).map(({ value }) => value)).toEqual(['small', 'big']);
    expect(offered(choices, ['old']).map(({ value }) => value)).toEqual(['small', 'old', 'big']);
  });

  it('are rated with the keyboard', () => {
    expect(ratingAfter('ArrowRight', 4, 5)).toBe(5);
    expect(ratingAfter('ArrowRight', 5, 5)).toBe(5);
    expect(ratingAfter('ArrowLeft', 1, 5)).toBeNull();
    expect(ratingAfter('9', null, 5)).toBe(5);
    expect(ratingAfter('Backspace', 3, 5)).toBeNull();
    expect(ratingAfter('Tab', 3, 5)).toBeUndefined();
  });

  it('are addresses as each language writes them', () => {
    const address = { street: '世纪大道100号', city: '上海市', district: '浦东新区', country: '中国' };
    expect(addressText(address, 'zh')).toBe('中国上海市浦东新区世纪大道100号');
    expect(addressText({ street: '1 Main St', city: 'Oslo', country: 'Norway' }, 'en')).toBe('1 Main St, Oslo, Norway');
    expect(filledAddress({ street: '  ', city: '' })).toBeNull();
  });
});

describe('a form with own fields', () => {
  const size = own('choice', { choices, default: 'small' }, { key: 'c_size' });
  const reason = own(
    'text',
    { showIf: { field: 'c_size', op: 'anyOf', value: ['big'] } },
    { key: 'c_reason', required: true },
  );
  const code = own('text', { requireIf: { field: 'city', op: 'is', value: 'Oslo' } }, { key: 'c_code' });
  const hidden = own('text', {}, { key: 'c_note' });
  const link = own('relation', { to: 'contact', prominent: true }, { key: 'c_people' });
  const sum = own('formula', { formula: '1', result: 'number' }, { key: 'c_sum' });
  const kind = kindWith(size, reason, code, hidden, link, sum);

  it('shows and asks for fields by their conditions', () => {
    expect(isShown(kind, 'c_reason', { c_size: 'small' }, about)).toBe(false);
    expect(isAsked(kind, 'c_reason', { c_size: 'small' }, about)).toBe(false);
    expect(isAsked(kind, 'c_reason', { c_size: 'big' }, about)).toBe(true);
    expect(isAsked(kind, 'c_code', { city: 'Oslo' }, about)).toBe(true);
    expect(isAsked(kind, 'c_code', { city: 'Bergen' }, about)).toBe(false);
    expect(isShown(kind, 'name', {}, about)).toBe(true);
  });

  it('begins with the defaults and asks first for what is prominent or required', () => {
    expect(defaultsOf(kind)).toEqual({ c_size: 'small' });
    const { first, rest } = formFields(kind, {});
    expect(first).toContain('c_reason');
    expect(first).toContain('c_code');
    expect(rest).toContain('c_note');
    expect([...first, ...rest]).not.toContain('c_people');
    expect([...first, ...rest]).not.toContain('c_sum');
  });

  it('sends neither what is hidden nor what is empty, but an emptied default', () => {
    expect(toSend(kind, { name: 'A', city: null, c_size: null, c_reason: 'x' }, about)).toEqual({
      name: 'A',
      c_size: null,
    });
  });
});

describe('objects of the tenant', () => {
  const asset: ObjectDefinition = {
    id: '00000000-0000-4000-8000-000000000002',
    version: 1,
    key: 'o_asset',
    label: { en: { one: 'Asset', other: 'Assets' }, zh: { one: '设备', other: '设备' } },
    description: null,
    titleLabel: null,
    icon: 'box',
    tone: 'teal',
    rights: newObjectRights,
    position: 1,
  };

  it('have their own addresses and are called as a sentence takes it', () => {
    expect(listPath('o_asset')).toBe('/objects/o_asset');
    expect(listPath('company')).toBe('/companies');
    expect(titleField('o_asset')).toBe('name');
    expect(nounOf(asset, 'one', 'en')).toBe('asset');
    expect(nounOf(asset, 'Other', 'en')).toBe('Assets');
    expect(nounOf(asset, 'other', 'zh')).toBe('设备');
    expect(nounOf({ ...asset, label: { en: { one: 'SLA', other: 'SLAs' } } }, 'other', 'zh')).toBe('SLAs');
  });

  it('take one form of a name for the other, and leave out a language without any', () => {
    expect(filledNouns({ en: { one: ' Asset ', other: '' }, zh: { one: '', other: '' } })).toEqual({
      en: { one: 'Asset', other: 'Asset' },
    });
  });
});

describe('the dialog of a field', () => {
  it('offers every type once, with a sign', () => {
    expect(typeGroups.flatMap(({ types }) => types).toSorted()).toEqual([...ownFieldTypes].toSorted());
    expect(Object.keys(typeIcons).toSorted()).toEqual([...ownFieldTypes].toSorted());
  });

  it('sends what the server takes, without rules that say nothing', () => {
    for (const type of ownFieldTypes) {
      const draft = freshDraft(type);
      draft.label = { en: ' Budget ', zh: '' };
      if (draft.settings.choices) draft.settings.choices = withChoice([], 'One', 'en');
      const input = inputOf('company', { ...draft, settings: { ...draft.settings, unique: false } });
      expect(input.label).toEqual({ en: 'Budget' });
      expect(input.settings).not.toHaveProperty('unique');
      expect(fieldInput.safeParse(input).success, type).toBe(true);
    }
  });

  it('gives each choice a value and colour of its own', () => {
    const list = ['Very big', 'Very big', '大'].reduce<ReturnType<typeof withChoice>>(
      (known, text) => withChoice(known, text, 'en'),
      [],
    );
    expect(list.map(({ value }) => value)).toEqual(['very_big', 'very_big_2', 'choice_3']);
    expect(new Set(list.map(({ tone }) => tone)).size).toBe(3);
    expect(freeValue('A', new Set(['a', 'a_2']))).toBe('a_3');
  });

  it('takes pasted lines as they are and a name once', () => {
    const names = (text: string) => withChoices(choices, text, 'en').map(({ label }) => label.en);
    expect(names('Acme, Inc.\r\nsmall\n\n Big \nMedium')).toEqual(['Small', 'Old', 'Big', 'Acme, Inc.', 'Medium']);
    expect(names('Low，High、')).toEqual(['Small', 'Old', 'Big', 'Low', 'High']);
  });

  it('knows when nothing was changed, and finds the message of an input and of its parts', () => {
    const field = own('text', { unique: true });
    expect(isSame(draftOf(field), draftOf({ ...field, settings: { unique: true, prominent: false } }))).toBe(true);
    expect(isSame(draftOf(field), draftOf({ ...field, required: true }))).toBe(false);
    const problems = { 'settings.choices.0.label': 'wrong', label: 'taken' };
    expect(problemOf(problems, 'settings.choices')).toBe('wrong');
    expect(problemOf(problems, 'label')).toBe('taken');
    expect(problemOf(problems, 'settings.min')).toBeUndefined();
  });
});

describe('the icons of objects', () => {
  it('each have a name in both languages', () => {
    for (const { object } of [en, zh]) expect(Object.keys(object.icons)).toEqual(Object.keys(objectIcons));
  });
});

describe('the functions of formulas', () => {
  it('are offered all, with as many values as each takes', () => {
    const named = [...functions.keys()].filter((name) => /^[a-z]+$/.test(name) && !operators.has(name));
    expect(functionNames.map((name) => name.toLowerCase()).toSorted()).toEqual(named.toSorted());
    for (const name of functionNames) {
      const [least, most] = functions.get(name.toLowerCase())?.args ?? [0, -1];
      const given = signatures[name].match(/\w+(?=[,)])/g)?.length ?? 0;
      expect(given, name).toBeGreaterThanOrEqual(least);
      expect(given, name).toBeLessThanOrEqual(most);
    }
  });
});

describe('what a link of a relation says', () => {
  it('is part of what the dialog sends', () => {
    const attributes = [{ key: 'detail', label: { en: 'Role' }, type: 'text' as const }];
    const draft = { ...freshDraft('relation'), label: { en: 'Advisers' }, settings: { to: 'contact', attributes } };
    expect(inputOf('company', draft).settings).toEqual({ to: 'contact', attributes });
    expect(fieldInput.safeParse(inputOf('company', draft)).success).toBe(true);
    // One without a name is refused, and the message stands at the details.
    const nameless = { ...draft, settings: { to: 'contact', attributes: [{ ...attributes[0], label: {} }] } };
    const read = fieldInput.safeParse(inputOf('company', nameless as typeof draft));
    expect(read.error?.issues.map(({ path }) => path.slice(0, 2).join('.'))).toContain('settings.attributes');
  });

  it('is a number however it is typed, and none where it is not', () => {
    expect(['12.5', '12,5', '1,250', '１２', '-3', ' '].map(readNumber)).toEqual([12.5, 12.5, 1250, 12, -3, null]);
    expect(['half', '1.2.3', '12a'].map(readNumber)).toEqual([undefined, undefined, undefined]);
  });
});

describe('fields nobody fills in', () => {
  it('are never asked for, whatever their definition says', () => {
    const types = ['formula', 'rollup', 'relation'] as const;
    for (const type of types) expect(fieldOf(own(type, { to: 'contact' }, { required: true })).required).toBe(false);
    expect(fieldOf(own('file', {}, { required: true })).required).toBe(true);
  });
});

describe('types a field can become', () => {
  it('are some for what is filled in, and none for what is worked out or leads elsewhere', () => {
    for (const list of Object.values(convertible)) expect(list.length).toBeGreaterThan(0);
    for (const type of ['formula', 'rollup', 'reference', 'relation', 'file'] as const)
      expect(convertible[type]).toBeUndefined();
  });
});
