import { describe, expect, it } from 'vitest';
import { checkValue, fromText, toText } from '@/components/records/field-text';
import { moveOf } from '@/components/records/grid-moves';
import { safeHref, shortLink } from '@/components/records/hrefs';
import { sectionsOf } from '@/components/records/record-sections';
import { columnsToLoad, defaultColumns } from '@/components/records/table-columns';
import { type CatalogueObject, catalogueOf, type ObjectDefinition } from '@/domain/catalogue';
import type { FieldDefinition, OwnFieldType } from '@/domain/custom-fields';
import * as f from '@/domain/fields';
import en from '@/domain/messages/en/records.json' with { type: 'json' };
import { objects, type RecordObject } from '@/domain/objects';
import { newObjectRights } from '@/domain/permissions';

describe('typing a value', () => {
  it('reads money in major units of the record', () => {
    expect(fromText(f.money(), '1,250.50', 'USD')).toBe(125_050);
    expect(fromText(f.money(), '1.5万', 'CNY')).toBe(1_500_000);
    expect(fromText(f.money(), '1250', 'JPY')).toBe(1250);
    expect(toText(f.money(), 125_050, 'USD')).toBe('1250.5');
  });

  it('never takes an amount of another currency for one of the record', () => {
    expect(fromText(f.money(), '€500', 'USD')).toBeNaN();
  });

  it('says which rule a text breaks', () => {
    expect(checkValue(f.integer(), fromText(f.integer(), 'many', 'USD'))).toMatchObject({ code: 'integer' });
    expect(checkValue(f.money(), fromText(f.money(), 'much', 'USD'))).toMatchObject({ code: 'money' });
    expect(checkValue(f.email(), 'nobody')).toMatchObject({ code: 'email' });
    expect(checkValue(f.percent(), 140)).toMatchObject({ code: 'percent' });
    expect(checkValue(f.text({ required: true }), null)).toMatchObject({ code: 'required' });
    expect(checkValue(f.text(), '')).toEqual({ value: null });
  });
});

describe('links made of stored texts', () => {
  it('follow web, mail and phone only', () => {
    expect(safeHref('link', 'https://example.com/a')).toBe('https://example.com/a');
    expect(safeHref('link', 'javascript:alert(1)')).toBeNull();
    expect(safeHref('link', 'data:text/html,x')).toBeNull();
    expect(safeHref('email', 'a b@example.com?bcc=x')).toBe('mailto:a%20b@example.com%3Fbcc%3Dx');
    expect(safeHref('phone', '+86 (0571) 5550-0142')).toBe('tel:+86057155500142');
    expect(safeHref('phone', 'none')).toBeNull();
    expect(shortLink('https://www.example.com/')).toBe('example.com');
  });
});

describe('the cursor of a table', () => {
  const at = { row: 5, column: 2, rows: 100, columns: 8, page: 20 };
  const press = (key: string, mod = false) => moveOf({ key, ctrlKey: mod, metaKey: false }, at);
  it('moves by one, by page and to the ends', () => {
    expect(press('ArrowDown')).toEqual({ row: 6 });
    expect(press('ArrowUp', true)).toEqual({ row: 0 });
    expect(press('PageDown')).toEqual({ row: 25 });
    expect(press('End')).toEqual({ row: 5, column: 7 });
    expect(press('End', true)).toEqual({ row: 99 });
    expect(press('q')).toBeNull();
  });
});

const catalogue = catalogueOf([], []);
function kindOf(object: RecordObject): CatalogueObject {
  const kind = catalogue.get(object);
  if (!kind) throw new Error(object);
  return kind;
}

const assets: ObjectDefinition = {
  id: '1',
  version: 1,
  key: 'o_asset',
  label: { en: { one: 'Asset', other: 'Assets' } },
  description: null,
  titleLabel: null,
  icon: 'box',
  tone: 'teal',
  rights: newObjectRights,
  position: 0,
};

describe('what is shown of an object', () => {
  it.each(Object.keys(objects) as RecordObject[])(
    'places every field of %s once, in a section with a name',
    (object) => {
      const { fields, title } = objects[object];
      const sections = sectionsOf(kindOf(object));
      const placed = sections.flatMap((section) => section.fields);
      expect(placed.toSorted()).toEqual(
        Object.keys(fields)
          .filter((name) => name !== title && !fields[name]?.hidden)
          .toSorted(),
      );
      for (const { name } of sections) expect(en.sections).toHaveProperty(name);
    },
  );

  it('asks for the currency along with money and for the pipeline along with the stage', () => {
    expect(defaultColumns(kindOf('deal'))[0]).toBe('name');
    expect(columnsToLoad(kindOf('deal'), ['name', 'amount', 'stageId'])).toEqual(
      expect.arrayContaining(['currency', 'pipelineId']),
    );
    expect(columnsToLoad(kindOf('contact'), ['name'])).toEqual(['name']);
  });

  it('shows the first few fields of an object the workspace made, or those it has marked', () => {
    const types: OwnFieldType[] = ['longText', 'choice', 'date', 'file', 'number', 'text', 'boolean', 'text'];
    const asset = (prominent: boolean) => {
      const fields = types.map(
        (type, position): FieldDefinition => ({
          id: `${position}`,
          version: 1,
          object: 'o_asset',
          key: `c_${position}`,
          type,
          label: { en: type },
          help: null,
          required: false,
          settings: { prominent: prominent && position === 7 },
          position,
        }),
      );
      return catalogueOf([assets], fields).get(assets.key) ?? kindOf('deal');
    };
    expect(defaultColumns(asset(false))).toEqual(['name', 'c_1', 'c_2', 'c_4', 'c_5', 'c_6', 'ownerId', 'createdAt']);
    expect(defaultColumns(asset(true))).toEqual(['name', 'ownerId', 'c_7', 'createdAt']);
  });
});
