import { RE2JS } from 're2js';
import type { FieldDefinition } from '@/domain/custom-fields';

/** Compiled patterns of definitions; one of RE2's takes time in proportion to the text, whatever it says. */
const compiled = new WeakMap<FieldDefinition, RE2JS>();

/** A pattern as RE2 reads it; undefined for what is none. */
export function readPattern(expression: string): RE2JS | undefined {
  try {
    return RE2JS.compile(expression);
  } catch {
    return undefined;
  }
}

/** Whether a text is wholly of the form a field asks for; a field without a pattern takes every text. */
export function fitsPattern(field: FieldDefinition, text: string): boolean {
  const { pattern } = field.settings;
  if (!pattern) return true;
  let known = compiled.get(field);
  if (!known) {
    known = readPattern(pattern.expression);
    // Checked when the field was made; RE2 never takes back what it once took.
    if (!known) return true;
    compiled.set(field, known);
  }
  return known.matches(text);
}
