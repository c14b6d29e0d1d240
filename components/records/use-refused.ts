'use client';

import { fieldErrors, useCodeText, useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { type ObjectKey, useObject } from './use-object';

/**
 * The words of a refused change of a record. What is wrong with the field that was changed stands beside it, so it is
 * not named; what is wrong with others (one that must be filled in now) is said with their names.
 */
export function useRefusedText(object: ObjectKey): (error: unknown, changed?: string) => string {
  const text = useRefusalText();
  const codeText = useCodeText();
  const labels = useLabels();
  const { fields } = useObject(object);
  return (error, changed) => {
    const wrong = Object.entries(fieldErrors(error));
    if (wrong.length === 0) return text(error);
    return wrong
      .map(([path, { code, params }]) => {
        const [name = ''] = path.split('.');
        const named = name !== changed && Object.hasOwn(fields, name);
        return codeText(code, params, named ? labels.field(object, name) : undefined);
      })
      .join(' ');
  };
}
