'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { type ReactNode, type Ref, useImperativeHandle, useMemo, useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import type { z } from 'zod';
import { FormDuplicateHint } from '@/components/duplicates/duplicate-hint';
import { useBoot } from '@/components/shell/boot';
import { fieldErrors, useCodeText, useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { cn } from '@/components/ui/cn';
import { Field } from '@/components/ui/field';
import type { CatalogueObject } from '@/domain/catalogue';
import { type Field as CatalogueField, createSchema } from '@/domain/fields';
import { FieldControl } from './field-control';
import { type Circumstances, isAsked, isShown, toSend } from './field-rules';
import { checkValue, currencyOf } from './field-text';
import type { Values } from './record-data';
import { type ObjectKey, useObject } from './use-object';

export interface RecordFormHandle {
  submit: () => void;
  reset: () => void;
}

export interface RecordFormProps {
  object: ObjectKey;
  /** The fields shown, in order. */
  names: readonly string[];
  /** What they begin with; kept values that have no control are sent too. */
  values?: Values;
  /** What references among the values are called. */
  titles?: Record<string, string | null>;
  /** Fields that must be filled in besides those of the catalogue. */
  required?: readonly string[];
  /** Saves; what it throws is shown beside the fields it is about. */
  onSubmit: (values: Values) => Promise<void>;
  onBusy?: (busy: boolean) => void;
  /** Told of fields with errors that are not shown. */
  onHiddenErrors?: (names: string[]) => void;
  autoFocus?: string;
  ref?: Ref<RecordFormHandle>;
  className?: string;
  /** Says while one types that the record may be there already. */
  checkDuplicates?: boolean;
  /** After the fields, inside the form. */
  children?: ReactNode;
}

/** A form over the field catalogue: the same rules as the server, errors of both beside the fields. */
export function RecordForm({
  object,
  names,
  values = {},
  titles: givenTitles = {},
  required = [],
  onSubmit,
  onBusy,
  onHiddenErrors,
  autoFocus,
  ref,
  className,
  checkDuplicates,
  children,
}: RecordFormProps) {
  const labels = useLabels();
  const codeText = useCodeText();
  const refusalText = useRefusalText();
  const kind = useObject(object);
  const { fields } = kind;
  const { member, tenant } = useBoot();
  const about = { now: Date.now(), memberId: member.id };
  // What the schema takes and gives are values by field name, which is all the form needs to know of it.
  const schema = useMemo(() => createSchema(fields) as unknown as z.ZodType<Values, Values>, [fields]);
  const form = useForm<Values>({ resolver: zodResolver(schema), defaultValues: values, shouldFocusError: true });
  const [titles, setTitles] = useState(givenTitles);
  const [general, setGeneral] = useState<string | null>(null);

  const save = form.handleSubmit(
    async (parsed) => {
      setGeneral(null);
      const wrong = wrongOwn(kind, parsed, about, unitOf);
      const missing = required.filter((name) => (parsed[name] ?? null) === null);
      for (const name of missing) form.setError(name, { type: 'required' });
      for (const [name, { code, params }] of wrong)
        form.setError(name, { type: 'server', message: codeText(code, params) });
      const unseen = [...missing, ...wrong.keys()].filter((name) => !names.includes(name));
      if (unseen.length > 0) onHiddenErrors?.(unseen);
      if (missing.length > 0 || wrong.size > 0) return;
      onBusy?.(true);
      try {
        await onSubmit(toSend(kind, parsed, about));
      } catch (error) {
        const refused = Object.entries(fieldErrors(error)).filter(([name]) => Object.hasOwn(fields, name));
        for (const [name, { code, params }] of refused)
          form.setError(name, { type: 'server', message: codeText(code, params) });
        const elsewhere = refused.filter(([name]) => !names.includes(name)).map(([name]) => name);
        if (elsewhere.length > 0) onHiddenErrors?.(elsewhere);
        if (refused.length === 0) setGeneral(refusalText(error));
      } finally {
        onBusy?.(false);
      }
    },
    (errors) => {
      const elsewhere = Object.keys(errors).filter((name) => !names.includes(name));
      if (elsewhere.length > 0) onHiddenErrors?.(elsewhere);
    },
  );
  useImperativeHandle(ref, () => ({
    submit: () => void save(),
    reset: () => {
      form.reset(values);
      setTitles(givenTitles);
      setGeneral(null);
    },
  }));
  const unitOf = (field: CatalogueField) => currencyOf(field, form.getValues('currency'), tenant.currency);
  const errorText = (name: string, type: string, message: string | undefined): string => {
    if (type === 'server' && message) return message;
    const field = fields[name];
    const checked = field ? checkValue(field, form.getValues(name) ?? null, unitOf(field)) : null;
    return checked && 'code' in checked ? codeText(checked.code, checked.params) : codeText('required');
  };
  // Only the tenant's own conditions need to hear of every key pressed.
  const current = kind.own.some(({ settings }) => settings.showIf ?? settings.requireIf) ? form.watch() : values;
  const currency = form.watch('currency');
  const pipelineId = form.watch('pipelineId');
  const dueOn = form.watch('dueOn');

  return (
    <form
      noValidate
      className={cn('grid gap-4', className)}
      onSubmit={(event) => {
        // A form inside a panel of another form must not send both.
        event.stopPropagation();
        void save(event);
      }}
    >
      {general && (
        <Alert variant="destructive">
          <AlertDescription>{general}</AlertDescription>
        </Alert>
      )}
      {names.map((name) => {
        const field = fields[name];
        return field && isShown(kind, name, current, about) ? (
          <Controller
            key={name}
            name={name}
            control={form.control}
            render={({ field: { value, onChange }, fieldState: { error } }) => (
              <Field
                label={labels.field(object, name)}
                required={isAsked(kind, name, current, about) || required.includes(name)}
                help={labels.help(object, name)}
                error={error && errorText(name, error.type, error.message)}
              >
                <FieldControl
                  object={object}
                  name={name}
                  value={value ?? null}
                  title={titles[name]}
                  currency={typeof currency === 'string' ? currency : null}
                  pipelineId={pipelineId}
                  day={dueOn}
                  autoFocus={autoFocus === name}
                  onChange={(next, title) => {
                    onChange(next);
                    if (title !== undefined) setTitles((before) => ({ ...before, [name]: title }));
                  }}
                />
              </Field>
            )}
          />
        ) : null;
      })}
      {checkDuplicates && <FormDuplicateHint object={object} control={form.control} />}
      {children}
    </form>
  );
}

/** What is wrong with the tenant's own fields, which the standard schema lets pass. */
function wrongOwn(
  kind: CatalogueObject,
  values: Values,
  about: Circumstances,
  unitOf: (field: CatalogueField) => string,
) {
  const wrong = new Map<string, { code: string; params?: Record<string, string | number> }>();
  for (const { key } of kind.own) {
    const field = kind.fields[key];
    if (!field || field.readOnly || !isShown(kind, key, values, about)) continue;
    const value = values[key] ?? null;
    if (value === null && isAsked(kind, key, values, about)) wrong.set(key, { code: 'required' });
    else if (value !== null) {
      const checked = checkValue(field, value, unitOf(field));
      if ('code' in checked) wrong.set(key, checked);
    }
  }
  return wrong;
}
