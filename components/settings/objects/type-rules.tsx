'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { FieldControl } from '@/components/records/field-control';
import { fromText, toText } from '@/components/records/field-text';
import { usePickWords } from '@/components/records/pickers';
import type { ObjectKey } from '@/components/records/use-object';
import { useBoot, useCatalogue } from '@/components/shell/boot';
import { useCodeText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { useTRPC } from '@/components/shell/trpc';
import { Combobox } from '@/components/ui/combobox';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Switch } from '@/components/ui/switch';
import { type FieldSettings, fieldOf, settingsByType } from '@/domain/custom-fields';
import { currencies } from '@/domain/money';
import { AttributesEditor } from './attributes-editor';
import { ChoicesEditor } from './choices-editor';
import { ConditionEditor } from './condition-editor';
import { type FieldDraft, problemOf } from './draft';
import { FormulaEditor } from './formula-editor';
import { LabelsInput } from './labels-input';
import { RollupEditor } from './rollup-editor';

export interface RulesProps {
  object: ObjectKey;
  draft: FieldDraft;
  problems: Record<string, string>;
  /** Key of the field that is changed; none for a new one. */
  own?: string;
  /** Choices, or details of links, that are stored already. */
  kept: ReadonlySet<string>;
  onChange: (settings: Partial<FieldSettings>) => void;
}

/** What a field of its type is made of: choices, where it points, what it is worked out from. */
export function TypeRules({ object, draft, problems, own, kept, onChange }: RulesProps) {
  const t = useTranslations('fieldsSettings');
  const { type, settings } = draft;
  if (type === 'choice' || type === 'choices') {
    return (
      <ChoicesEditor
        choices={settings.choices ?? []}
        kept={kept}
        error={problemOf(problems, 'settings.choices')}
        onChange={(choices) => onChange({ choices })}
      />
    );
  }
  if (type === 'formula')
    return (
      <FormulaEditor
        object={object}
        own={own}
        settings={settings}
        error={problemOf(problems, 'settings.formula')}
        onChange={onChange}
      />
    );
  if (type === 'rollup')
    return <RollupEditor object={object} settings={settings} problems={problems} onChange={onChange} />;
  if (type === 'reference' || type === 'relation') {
    return (
      <>
        <TargetInput
          value={settings.to}
          fixed={own !== undefined}
          error={problemOf(problems, 'settings.to')}
          onChange={(to) => onChange({ to })}
        />
        <LabelsInput
          label={t('inverse')}
          help={t('inverseHelp')}
          error={problemOf(problems, 'settings.inverse')}
          value={settings.inverse ?? {}}
          onChange={(inverse) => onChange({ inverse: inverse.en || inverse.zh ? inverse : undefined })}
        />
        {type === 'relation' && (
          <AttributesEditor
            attributes={settings.attributes ?? []}
            kept={kept}
            error={problemOf(problems, 'settings.attributes')}
            onChange={(attributes) => onChange({ attributes: attributes.length > 0 ? attributes : undefined })}
          />
        )}
      </>
    );
  }
  return null;
}

const targets: ReadonlySet<string> = new Set(['company', 'contact', 'deal', 'product', 'task']);

/** The object a field points to. */
function TargetInput({
  value,
  fixed,
  error,
  onChange,
}: {
  value: string | undefined;
  fixed: boolean;
  error?: string;
  onChange: (to: string | undefined) => void;
}) {
  const t = useTranslations('fieldsSettings');
  const c = useTranslations('common');
  const labels = useLabels();
  const words = usePickWords();
  const catalogue = useCatalogue();
  const options = [...catalogue.values()]
    .filter((kind) => kind.definition !== undefined || targets.has(kind.name))
    .map(({ name }) => ({ id: name, title: labels.object(name as ObjectKey, 'Other') }));
  return (
    <Field label={t('to')} help={fixed ? t('toFixed') : undefined} required error={error}>
      <Combobox
        {...words}
        value={value ?? null}
        label={options.find(({ id }) => id === value)?.title ?? null}
        disabled={fixed}
        load={async (query) => options.filter(({ title }) => title.toLowerCase().includes(query.toLowerCase()))}
        onChange={(option) => onChange(option?.id)}
        placeholder={c('choose')}
      />
    </Field>
  );
}

/** The rules that hold for values: limits, form, default, uniqueness, conditions. */
export function ValueRules(props: RulesProps & { onRequired: (required: boolean) => void }) {
  const { object, draft, problems, onChange, onRequired } = props;
  const t = useTranslations('fieldsSettings');
  const { type, settings } = draft;
  const knows = (name: keyof FieldSettings) => settingsByType[type].includes(name);
  const derived = type === 'formula' || type === 'rollup' || type === 'relation';
  return (
    <>
      <div className="grid gap-4 empty:hidden sm:grid-cols-2">
        {knows('currency') && type === 'money' && (
          <CurrencyInput
            value={settings.currency}
            error={problemOf(problems, 'settings.currency')}
            onChange={(currency) => onChange({ currency })}
          />
        )}
        {knows('decimals') && type !== 'money' && (
          <NumberRule
            name="decimals"
            {...props}
            min={0}
            max={6}
            help={type === 'formula' ? t('decimalsHelp') : undefined}
          />
        )}
        {knows('min') && <NumberRule name="min" {...props} />}
        {knows('max') && type !== 'rating' && <NumberRule name="max" {...props} />}
        {type === 'rating' && <NumberRule name="max" {...props} label={t('stars')} min={2} max={10} />}
        {knows('maxLength') && <NumberRule name="maxLength" {...props} min={1} max={20_000} />}
      </div>
      {knows('pattern') && <PatternRule {...props} />}
      {knows('default') && <DefaultRule {...props} />}
      {!derived && (
        <SwitchRow
          label={t('required')}
          help={t('requiredHelp')}
          checked={draft.required}
          onChange={onRequired}
          error={problems.required}
        />
      )}
      {knows('unique') && (
        <SwitchRow
          label={t('unique')}
          help={t('uniqueHelp')}
          checked={settings.unique === true}
          onChange={(unique) =>
            onChange({ unique: unique || undefined, ...(unique && limited.has(type) ? shortened(settings) : {}) })
          }
          error={problemOf(problems, 'settings.unique')}
        />
      )}
      {knows('prominent') && (
        <SwitchRow
          label={t('prominent')}
          help={t('prominentHelp')}
          checked={settings.prominent === true}
          onChange={(prominent) => onChange({ prominent: prominent || undefined })}
        />
      )}
      <ConditionEditor
        object={object}
        direct
        label={t('showIf')}
        help={t('showIfHelp')}
        error={problemOf(problems, 'settings.showIf')}
        value={settings.showIf}
        onChange={(showIf) => onChange({ showIf })}
      />
      {knows('requireIf') && !draft.required && (
        <ConditionEditor
          object={object}
          direct
          label={t('requireIf')}
          error={problemOf(problems, 'settings.requireIf')}
          value={settings.requireIf}
          onChange={(requireIf) => onChange({ requireIf })}
        />
      )}
    </>
  );
}

// Values that must differ are told apart by their first 200 characters.
const limited: ReadonlySet<string> = new Set(['text', 'link']);
const shortened = ({ maxLength }: FieldSettings) => ({ maxLength: Math.min(maxLength ?? 200, 200) });

function SwitchRow({
  label,
  help,
  checked,
  onChange,
  error,
}: {
  label: string;
  help: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  error?: string;
}) {
  return (
    <Field
      label={label}
      help={help}
      error={error}
      className="grid-cols-[1fr_auto] [&>div:last-child]:contents [&_p]:col-span-2"
    >
      <Switch checked={checked} onCheckedChange={onChange} />
    </Field>
  );
}

function NumberRule({
  name,
  label,
  help,
  min,
  max,
  draft,
  problems,
  onChange,
}: RulesProps & {
  name: 'min' | 'max' | 'decimals' | 'maxLength';
  label?: string;
  help?: string;
  min?: number;
  max?: number;
}) {
  const t = useTranslations('fieldsSettings');
  const codeText = useCodeText();
  const { tenant } = useBoot();
  const field = fieldOf({ ...blank, type: 'number', settings: {} });
  // Limits of an amount are written as amounts are, and kept in minor units.
  const shown = draft.type === 'money' ? { ...field, type: 'money' as const } : field;
  const currency = draft.settings.currency ?? tenant.currency;
  const value = draft.settings[name];
  const [typed, setTyped] = useState(toText(shown, value, currency));
  const read = readLimit(fromText(shown, typed, currency));
  // A limit that came from elsewhere, as what has to be unique brings its own, replaces what was typed.
  const text = Object.is(read, value) ? typed : toText(shown, value, currency);
  const error = Number.isNaN(read) ? codeText('number') : problemOf(problems, `settings.${name}`);
  return (
    <Field label={label ?? t(name)} help={help} error={error}>
      <Input
        inputMode="decimal"
        className="tabular"
        value={text}
        placeholder={min !== undefined && max !== undefined ? `${min} – ${max}` : undefined}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange({ [name]: readLimit(fromText(shown, event.target.value, currency)) });
        }}
      />
    </Field>
  );
}

// What is no number is kept as such: the server refuses it, and a limit is never dropped unseen.
const readLimit = (value: unknown) => (typeof value === 'number' ? value : undefined);

const blank = {
  id: '',
  version: 1,
  object: '',
  key: 'c_draft',
  label: {},
  help: null,
  required: false,
  position: 0,
};

function CurrencyInput({
  value,
  error,
  onChange,
}: {
  value?: string;
  error?: string;
  onChange: (currency: string | undefined) => void;
}) {
  const t = useTranslations('fieldsSettings');
  const words = usePickWords();
  const { tenant, user } = useBoot();
  const names = new Intl.DisplayNames(user.locale, { type: 'currency' });
  const options = currencies.map((id) => ({ id, title: id, subtitle: names.of(id) ?? null }));
  return (
    <Field label={t('currency')} help={t('currencyHelp', { currency: tenant.currency })} error={error}>
      <Combobox
        {...words}
        value={value ?? null}
        label={value ?? null}
        load={async (query) =>
          options.filter(({ title, subtitle }) => `${title} ${subtitle}`.toLowerCase().includes(query.toLowerCase()))
        }
        onChange={(option) => onChange(option?.id)}
        placeholder={t('currencyOfRecord')}
        clearLabel={t('currencyOfRecord')}
      />
    </Field>
  );
}

function PatternRule({ draft, problems, onChange }: RulesProps) {
  const t = useTranslations('fieldsSettings');
  const { pattern } = draft.settings;
  const set = (expression: string) => onChange({ pattern: expression ? { ...pattern, expression } : undefined });
  return (
    <>
      <Field label={t('pattern')} help={t('patternHelp')} error={problemOf(problems, 'settings.pattern')}>
        <Input
          className="font-mono"
          value={pattern?.expression ?? ''}
          maxLength={500}
          spellCheck={false}
          placeholder="[A-Z]{2}-\d{4}"
          onChange={(event) => set(event.target.value)}
        />
      </Field>
      {pattern && (
        <LabelsInput
          label={t('patternMessage')}
          value={pattern.message ?? {}}
          onChange={(message) =>
            onChange({ pattern: { ...pattern, message: message.en || message.zh ? message : undefined } })
          }
        />
      )}
    </>
  );
}

/** What new records begin with, in the very control in which the field will be filled in. */
function DefaultRule({ object, draft, problems, onChange }: RulesProps) {
  const t = useTranslations('fieldsSettings');
  const trpc = useTRPC();
  const [picked, setPicked] = useState<string | null>(null);
  const value = draft.settings.default ?? null;
  const isMember = draft.type === 'member' && value !== null;
  const { data } = useQuery(trpc.members.list.queryOptions(undefined, { enabled: isMember, staleTime: 5 * 60_000 }));
  const title = picked ?? data?.members.find(({ id }) => id === value)?.name ?? (isMember ? '…' : null);
  const field = fieldOf({ ...blank, object, type: draft.type, settings: draft.settings });
  return (
    <Field label={t('default')} help={t('defaultHelp')} error={problemOf(problems, 'settings.default')}>
      <FieldControl
        // Another type or other choices are another control.
        key={`${draft.type} ${draft.settings.choices?.length} ${draft.settings.currency}`}
        object={object}
        name="c_draft"
        field={field}
        value={value}
        title={title}
        onChange={(value, chosen) => {
          setPicked(chosen ?? null);
          onChange({ default: value === null || Number.isNaN(value) ? undefined : value });
        }}
      />
    </Field>
  );
}
