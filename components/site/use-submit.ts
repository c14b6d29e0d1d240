'use client';

import { type FormEvent, useState } from 'react';
import { fieldErrors, refusalOf, useCodeText, useRefusalText } from '@/components/shell/errors';

export interface Problems {
  /** By the field's name. */
  fields: Record<string, string>;
  /** What is not about one field. */
  form?: string;
}

/** A refusal found before anything is sent. */
export class FormProblem extends Error {
  constructor(
    readonly code: string,
    readonly fields: readonly string[] = [],
    readonly params?: Record<string, string | number>,
  ) {
    super(code);
  }
}

/**
 * Sends a form: keeps what was typed, shows each refusal beside its field and puts the focus there.
 * `fields` are the names the form shows; refusals of others stand above the button.
 */
export function useSubmit(fields: readonly string[], send: (values: Record<string, string>) => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<Problems>({ fields: {} });
  const codeText = useCodeText();
  const refusalText = useRefusalText();

  const explain = (error: unknown): Problems => {
    if (error instanceof FormProblem) {
      const text = codeText(error.code, error.params);
      if (error.fields.length === 0) return { fields: {}, form: text };
      return { fields: Object.fromEntries(error.fields.map((field) => [field, text])) };
    }
    const named = Object.entries(fieldErrors(error)).filter(([field]) => fields.includes(field));
    if (named.length === 0) return { fields: {}, form: refusalText(error) };
    return { fields: Object.fromEntries(named.map(([field, { code, params }]) => [field, codeText(code, params)])) };
  };

  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    setBusy(true);
    setProblems({ fields: {} });
    try {
      await send(values);
      // Busy stays: the page is being left. Whoever stays says so with `done`.
    } catch (error) {
      const found = explain(error);
      setProblems(found);
      setBusy(false);
      const first = fields.find((field) => found.fields[field]);
      const input = first ? form.elements.namedItem(first) : null;
      if (input instanceof HTMLElement) input.focus();
      if (!refusalOf(error) && !(error instanceof FormProblem)) console.error(error);
    }
  };
  // What is being corrected is no longer wrong until it is sent again.
  const onInput = (event: FormEvent<HTMLFormElement>) => {
    // Only form controls send input events that reach a form.
    const { name } = event.target as HTMLInputElement;
    if (!problems.fields[name]) return;
    const { [name]: _, ...fields } = problems.fields;
    setProblems({ ...problems, fields });
  };
  return { busy, problems, form: { noValidate: true, onSubmit, onInput }, done: () => setBusy(false) };
}

/** What the browser can tell without asking: nothing there, or no e-mail address. */
export function demand(values: Record<string, string>, names: readonly string[]): void {
  const empty = names.filter((name) => !values[name]?.trim());
  if (empty.length > 0) throw new FormProblem('required', empty);
  const { email } = values;
  if (email !== undefined && !/^\S+@\S+\.\S+$/.test(email.trim())) throw new FormProblem('email', ['email']);
}

/** As the server has it (ASVS 6.2.1). */
export const shortest = 12;
