import { renderToString } from 'react-dom/server';
import { IntlProvider } from 'use-intl';
import { describe, expect, it } from 'vitest';
import { MadeFields, NewFieldsOffer } from '@/components/imports/new-field';
import type { Analysis, DraftControls } from '@/components/imports/use-draft';
import type { ImportPlan } from '@/domain/imports/mapping';
import type { NewField } from '@/domain/imports/new-field';
import en from '@/domain/messages/en';
import zh from '@/domain/messages/zh';

const field = (name: string, zhName = name): NewField => ({ type: 'text', label: { en: name, zh: zhName } });

interface Column {
  target: string | null;
  reason?: string;
  offer?: NewField;
  create?: NewField;
}

// As much of the plan and the analysis as the line reads.
const planOf = (columns: Column[]) =>
  ({ columns: columns.map(({ target, create }, index) => ({ index, header: '', target, create })) }) as ImportPlan;
const analysisOf = (columns: Column[]) =>
  ({ matches: columns.map(({ reason = 'none', offer }) => ({ reason: { code: reason }, offer })) }) as Analysis;

function shown(columns: Column[], locale: 'en' | 'zh' = 'en'): string {
  return renderToString(
    <IntlProvider locale={locale} messages={{ en, zh }[locale]} timeZone="UTC">
      <NewFieldsOffer
        analysis={analysisOf(columns)}
        draft={{ setFields: () => {} } as unknown as DraftControls}
        plan={planOf(columns)}
      />
      <MadeFields plan={planOf(columns)} />
    </IntlProvider>,
  ).replace(/<[^>]*>/g, '|');
}

describe('the line about new fields', () => {
  it('counts the columns that fit none, without what a product keeps for itself', () => {
    const columns = [
      { target: 'name' },
      { target: null, offer: field('Seats') },
      { target: null, reason: 'taken', offer: field('Other mail') },
      { target: null, reason: 'ignored', offer: field('Last viewed') },
      { target: null },
    ];
    expect(shown(columns)).toContain('2 columns fit no field yet');
    expect(shown(columns)).toContain('Make 2 fields');
    expect(shown(columns, 'zh')).toContain('有 2 列没有对应的字段');
  });

  it('says what will be made, and is silent where there is nothing to say', () => {
    expect(shown([{ target: null, offer: field('Seats'), create: field('Seats') }])).toContain('1 new field is made');
    expect(shown([{ target: 'name' }, { target: null }])).toBe('');
  });

  it('names the fields an import has made, in the language of who reads', () => {
    const columns = [
      { target: 'c_seats', create: field('Seats', '席位') },
      { target: 'c_plan', create: field('Plan', '套餐') },
      { target: 'name' },
    ];
    expect(shown(columns)).toContain('New fields: Seats, Plan.');
    expect(shown(columns, 'zh')).toContain('新建的字段：席位');
  });
});
