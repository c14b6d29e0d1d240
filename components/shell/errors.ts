'use client';

import { useTranslations } from 'use-intl';
import type { RefusalKind } from '@/domain/refusals';

/** A refusal as it arrives in the browser. */
export interface RefusalView {
  kind: RefusalKind;
  code: string;
  params?: Record<string, string | number>;
  field?: string;
  fields?: { field: string; code: string; params?: Record<string, string | number> }[];
  retryAfter?: number;
  requestId?: string;
}

/** The refusal inside an error of a procedure; null when the server was not reached or broke. */
export function refusalOf(error: unknown): RefusalView | null {
  if (!isObject(error) || !isObject(error.data) || !isObject(error.data.refusal)) return null;
  const refusal = error.data.refusal;
  if (typeof refusal.code !== 'string') return null;
  // `code` is there, so it is what server/core/trpc.ts formats; the rest of the shape follows from that one place.
  const view = refusal as unknown as RefusalView;
  return { ...view, retryAfter: view.retryAfter ?? retryAfterOf(error) };
}

/** The header's seconds: what stands in front of the procedures says them there only. */
function retryAfterOf(error: Record<string, unknown>): number | undefined {
  const response = isObject(error.meta) ? error.meta.response : undefined;
  const seconds = response instanceof Response ? Number(response.headers.get('retry-after')) : 0;
  return seconds > 0 ? seconds : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

export function isSignedOut(error: unknown): boolean {
  return refusalOf(error)?.kind === 'unauthenticated';
}

/** What is wrong with each input, by its own name: `values.name` is `name`. */
export function fieldErrors(error: unknown): Record<string, { code: string; params?: RefusalView['params'] }> {
  const refusal = refusalOf(error);
  if (!refusal) return {};
  const found = refusal.fields ?? (refusal.field ? [{ ...refusal, field: refusal.field }] : []);
  return Object.fromEntries(
    found.map(({ field, code, params }) => [field.replace(/^values\./, ''), { code, params }] as const),
  );
}

/** Turns an error into the person's words; with a label the field is named. */
export function useRefusalText(): (error: unknown, label?: string) => string {
  const text = useCodeText();
  return (error, label) => {
    const refusal = refusalOf(error);
    if (!refusal) return text(navigator.onLine ? 'unavailable' : 'offline');
    const { code, params, retryAfter, requestId } = refusal;
    return text(code, { seconds: retryAfter ?? 0, requestId: requestId ?? '', ...params }, label);
  };
}

/** The words of a refusal's code. */
export function useCodeText(): (code: string, params?: Record<string, string | number>, label?: string) => string {
  const t = useTranslations('errors');
  return (code, params, label) => {
    const known = t.has(code) ? code : 'invalid';
    // Nobody counts more than two minutes in seconds.
    const seconds = Number(params?.seconds ?? 0);
    const minutes = seconds > 120 ? Math.ceil(seconds / 60) : 0;
    const message = t(known, { requestId: '', min: 12, max: 128, count: 1, ...params, seconds, minutes });
    return label ? t('fieldMessage', { field: label, message }) : message;
  };
}

/** The words beside each field of a form, from the error its mutation ended with. */
export function useFieldErrors(): (error: unknown) => Record<string, string> {
  const text = useCodeText();
  return (error) =>
    Object.fromEntries(
      Object.entries(fieldErrors(error)).map(([field, { code, params }]) => [field, text(code, params)]),
    );
}
