'use client';

import { CircleCheck } from 'lucide-react';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { type ObjectKey, useObject } from '@/components/records/use-object';
import { useCodeText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { Field } from '@/components/ui/field';
import { Textarea } from '@/components/ui/textarea';
import type { FieldSettings } from '@/domain/custom-fields';
import type { Fields } from '@/domain/fields';
import { compileFormula, type Formula } from '@/domain/formula/formula';
import { FormulaProblem } from '@/domain/formula/problem';
import { functionNames, signatures } from './formula-functions';

/** The formula with what it gives, or what is wrong with it and where; the fields it may use beside it. */
export function FormulaEditor({
  object,
  own,
  settings,
  error,
  onChange,
}: {
  object: ObjectKey;
  /** The field's own key, which a formula cannot use. */
  own?: string;
  settings: FieldSettings;
  error?: string;
  onChange: (settings: Partial<FieldSettings>) => void;
}) {
  const t = useTranslations('fieldsSettings.formula');
  const types = useTranslations('fieldsSettings.results');
  const codeText = useCodeText();
  const labels = useLabels();
  const input = useRef<HTMLTextAreaElement>(null);
  const kind = useObject(object);
  const fields = Object.fromEntries(Object.entries(kind.fields).filter(([name]) => name !== own));
  const text = settings.formula ?? '';
  const read = text.trim() === '' ? null : tried(text, fields);
  const write = (formula: string) => {
    const next = tried(formula, fields);
    const compiled = next instanceof FormulaProblem ? null : next;
    onChange({
      formula,
      ...(compiled ? { result: compiled.result, currency: isoOf(compiled.currency) } : {}),
    });
  };
  const insert = (words: string) => {
    const area = input.current;
    if (!area) return;
    const { selectionStart: from, selectionEnd: to } = area;
    const next = text.slice(0, from) + words + text.slice(to);
    // The caret goes on behind it, or between the brackets of a function; a text set later would send it to the end.
    const caret = from + words.length - (words.endsWith(')') ? 1 : 0);
    area.value = next;
    area.focus();
    area.setSelectionRange(caret, caret);
    write(next);
  };
  const problem = read instanceof FormulaProblem ? codeText(read.code, read.params) : undefined;
  return (
    <div className="grid gap-2">
      <Field label={t('label')} required error={problem ?? (read ? undefined : error)} help={t('help')}>
        {(control) => (
          <Textarea
            {...control}
            ref={input}
            value={text}
            rows={4}
            maxLength={2000}
            spellCheck={false}
            className="font-mono text-sm"
            onChange={(event) => write(event.target.value)}
          />
        )}
      </Field>
      {read && !problem && (
        <p role="status" className="flex items-center gap-1.5 text-muted-foreground text-sm">
          <CircleCheck aria-hidden className="size-4 text-success" />
          {read instanceof FormulaProblem ? null : t('gives', { result: types(read.result) })}
        </p>
      )}
      <Insertable
        label={t('fields')}
        rows={Object.keys(fields)
          .filter((name) => !unusable.has(fields[name]?.type ?? ''))
          .map((name) => ({ label: labels.field(object, name), code: name, insert: name }))}
        onInsert={insert}
      />
      <Insertable
        label={t('functions')}
        rows={functionNames.map((name) => ({
          label: t(`functionHelp.${name}`),
          code: signatures[name],
          insert: `${name}()`,
        }))}
        onInsert={insert}
      />
    </div>
  );
}

/** What may be put into the formula with a click, each with how it is written. */
function Insertable({
  label,
  rows,
  onInsert,
}: {
  label: string;
  rows: readonly { label: string; code: string; insert: string }[];
  onInsert: (words: string) => void;
}) {
  return (
    <details className="rounded-md border">
      <summary className="cursor-pointer px-3 py-1.5 text-sm">{label}</summary>
      <ul className="max-h-48 overflow-y-auto border-t p-1">
        {rows.map(({ label, code, insert }) => (
          <li key={code}>
            <button
              type="button"
              onClick={() => onInsert(insert)}
              className="flex min-h-7 w-full items-center justify-between gap-3 rounded-xs px-2 text-left text-sm hover:bg-accent"
            >
              <span className="truncate">{label}</span>
              <code className="shrink-0 text-muted-foreground text-xs">{code}</code>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

const unusable: ReadonlySet<string> = new Set([
  'member',
  'team',
  'reference',
  'relation',
  'choices',
  'tags',
  'address',
  'file',
]);

const isoOf = (currency: string | undefined) => (currency && /^[A-Z]{3}$/.test(currency) ? currency : undefined);

/** The formula read, or what is wrong with it. */
function tried(text: string, fields: Fields): Formula | FormulaProblem | null {
  if (text.trim() === '') return null;
  try {
    return compileFormula(text, fields);
  } catch (error) {
    if (error instanceof FormulaProblem) return error;
    throw error;
  }
}
