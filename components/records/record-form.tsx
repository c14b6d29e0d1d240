'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { type ReactNode, type Ref, useImperativeHandle, useMemo, useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import type { z } from 'zod';
import { fieldErrors, useCodeText, useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { cn } from '@/components/ui/cn';
import { Field } from '@/components/ui/field';
import { createSchema } from '@/domain/fields';
import { objects, type RecordObject } from '@/domain/objects';
import { FieldControl } from './field-control';
import { checkValue } from './field-text';
import type { Values } from './record-data';

export interface RecordFormHandle {
  submit: () => void;
  reset: () => void;
}

export interface RecordFormProps {
  object: RecordObject;
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
  children,
}: RecordFormProps) {
  const labels = useLabels();
  const codeText = useCodeText();
  const refusalText = useRefusalText();
  const { fields } = objects[object];
  // What the schema takes and gives are values by field name, which is all the form needs to know of it.
  const schema = useMemo(() => createSchema(fields) as unknown as z.ZodType<Values, Values>, [fields]);
  const form = useForm<Values>({ resolver: zodResolver(schema), defaultValues: values, shouldFocusError: true });
  const [titles, setTitles] = useState(givenTitles);
  const [general, setGeneral] = useState<string | null>(null);

  const save = form.handleSubmit(
    async (parsed) => {
      setGeneral(null);
      const missing = required.filter((name) => (parsed[name] ?? null) === null);
      for (const name of missing) form.setError(name, { type: 'required' });
      if (missing.length > 0) return;
      onBusy?.(true);
      try {
        await onSubmit(filled(parsed));
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
  const errorText = (name: string, type: string, message: string | undefined): string => {
    if (type === 'server' && message) return message;
    const field = fields[name];
    const checked = field ? checkValue(field, form.getValues(name) ?? null) : null;
    return checked && 'code' in checked ? codeText(checked.code, checked.params) : codeText('required');
  };
  const currency = form.watch('currency');
  const pipelineId = form.watch('pipelineId');

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
        return field ? (
          <Controller
            key={name}
            name={name}
            control={form.control}
            render={({ field: { value, onChange }, fieldState: { error } }) => (
              <Field
                label={labels.field(object, name)}
                required={field.required || required.includes(name)}
                error={error && errorText(name, error.type, error.message)}
              >
                <FieldControl
                  object={object}
                  name={name}
                  value={value ?? null}
                  title={titles[name]}
                  currency={typeof currency === 'string' ? currency : null}
                  pipelineId={pipelineId}
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
      {children}
    </form>
  );
}

/** Without what nobody filled in, so that the server's own defaults hold. */
function filled(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));
}
