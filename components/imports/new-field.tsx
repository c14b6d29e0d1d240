'use client';

import { Pencil } from 'lucide-react';
import { useLocale, useTranslations } from 'use-intl';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { labelIn } from '@/domain/custom-fields';
import type { ImportPlan } from '@/domain/imports/mapping';
import { type NewField, type NewFieldType, newFieldTypes } from '@/domain/imports/new-field';
import type { Analysis, DraftControls } from './use-draft';

/** Columns that fit no field: an offer to make one of each, or what has been taken up of it. */
export function NewFieldsOffer({
  analysis,
  draft,
  plan,
}: {
  analysis: Analysis;
  draft: DraftControls;
  plan: ImportPlan;
}) {
  const t = useTranslations('imports.newFields');
  // What products count for themselves is worth a field only to who asks for it.
  const open = plan.columns.flatMap(({ index, target, create }) => {
    const match = analysis.matches[index];
    const isOpen = target === null && !create && match?.offer && match.reason.code !== 'ignored';
    return isOpen && match.offer ? [[index, match.offer] as const] : [];
  });
  const made = plan.columns.filter(({ create }) => create !== undefined);
  if (open.length === 0 && made.length === 0) return null;
  return (
    <Alert className="items-center">
      <AlertDescription>
        {open.length > 0 ? t('open', { count: open.length }) : t('made', { count: made.length })}
      </AlertDescription>
      {open.length > 0 ? (
        <Button variant="secondary" size="sm" onClick={() => draft.setFields(Object.fromEntries(open))}>
          {t('makeAll', { count: open.length })}
        </Button>
      ) : (
        <Button
          variant="quiet"
          size="sm"
          onClick={() => draft.setFields(Object.fromEntries(made.map(({ index }) => [index, null])))}
        >
          {t('makeNone')}
        </Button>
      )}
    </Alert>
  );
}

interface NewFieldProps {
  /** Header of the column. */
  header: string;
  field: NewField;
  /** What was offered: the choices its values are. */
  offer: NewField | undefined;
  currency: string;
  onChange: (field: NewField) => void;
}

/** What the field made from a column will be, in a line that opens to change it. */
export function NewFieldLine({ header, field, offer, currency, onChange }: NewFieldProps) {
  const t = useTranslations('imports.newFields');
  const types = useTranslations('fieldsSettings.types');
  const choices = field.settings?.choices ?? [];
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button
          variant="quiet"
          size="sm"
          className="h-6 max-w-full basis-full justify-start px-1.5 font-normal"
          aria-label={t('edit', { column: header })}
        >
          <Pencil />
          <span className="truncate">
            {types(`${field.type}.name`)}
            {choices.length > 0 && ` · ${t('choices', { count: choices.length })}`}
          </span>
        </Button>
      </PopoverTrigger>
      <PopoverContent className="grid gap-3">
        <NewFieldForm header={header} field={field} offer={offer} currency={currency} onChange={onChange} />
      </PopoverContent>
    </Popover>
  );
}

function NewFieldForm({ field, offer, currency, onChange }: NewFieldProps) {
  const t = useTranslations('imports.newFields');
  const types = useTranslations('fieldsSettings.types');
  const locale = useLocale();
  const choices = offer?.settings?.choices;
  // Choices come from the values: without some there is nothing to choose from.
  const able: readonly NewField['type'][] =
    field.type === 'reference'
      ? [field.type]
      : newFieldTypes.filter((type) => choices !== undefined || (type !== 'choice' && type !== 'choices'));
  const languages = locale.startsWith('zh') ? (['zh', 'en'] as const) : (['en', 'zh'] as const);
  return (
    <>
      <Field label={t('type')}>
        <Select
          value={field.type}
          onValueChange={(value) => {
            const type = newFieldTypes.find((one) => one === value);
            if (type) onChange({ ...field, type, settings: settingsFor(type, offer, currency) });
          }}
        >
          <SelectTrigger>
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            {able.map((type) => (
              <SelectItem key={type} value={type}>
                {types(`${type}.name`)}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
      </Field>
      {languages.map((language) => (
        <Field key={language} label={t(`label.${language}`)}>
          <Input
            defaultValue={field.label[language] ?? ''}
            maxLength={80}
            onBlur={(event) => {
              const text = event.target.value.trim();
              const label = { ...field.label, [language]: text === '' ? undefined : text };
              // A field without any name is none: the last one stays.
              if (label.en || label.zh) onChange({ ...field, label });
              else event.target.value = field.label[language] ?? '';
            }}
          />
        </Field>
      ))}
      {(field.type === 'choice' || field.type === 'choices') && (
        <p className="line-clamp-4 text-muted-foreground text-sm">
          {(field.settings?.choices ?? []).map(({ label }) => labelIn(label, locale)).join(' · ')}
        </p>
      )}
    </>
  );
}

/** The rules of a field of a type: those that were offered, where it is the type that was. */
function settingsFor(type: NewFieldType, offer: NewField | undefined, currency: string): NewField['settings'] {
  if (type === offer?.type) return offer.settings;
  if (type === 'choice' || type === 'choices') return { choices: offer?.settings?.choices };
  if (type === 'money') return { currency };
  return type === 'percent' ? { decimals: 2 } : undefined;
}

/** The fields an import made, by name. */
export function MadeFields({ plan }: { plan: ImportPlan | null }) {
  const t = useTranslations('imports.newFields');
  const locale = useLocale();
  const common = useTranslations('imports.counts');
  const made = plan?.columns.flatMap(({ create, target }) => (create && target !== null ? [create] : [])) ?? [];
  if (made.length === 0) return null;
  return (
    <p className="text-muted-foreground text-sm">
      {t('list', { list: made.map(({ label }) => labelIn(label, locale)).join(common('comma')) })}
    </p>
  );
}
