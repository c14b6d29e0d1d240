/**
 * The ways a request can be refused. A refusal is not a bug: it reaches the person in their language.
 * `code` names a text in `messages/*\/errors.json`; `params` fill it; `field` says which input is meant.
 */
export type RefusalKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'notFound'
  | 'conflict'
  | 'tooMany'
  | 'unavailable';

export interface RefusalDetail {
  code: string;
  params?: Record<string, string | number>;
  /** Path of the input the refusal is about, as in the zod issue: `values.name`. */
  field?: string;
}

export class Refusal extends Error {
  readonly kind: RefusalKind;
  readonly detail: RefusalDetail;
  /** For `tooMany` and `unavailable`: seconds after which a retry makes sense. */
  readonly retryAfter?: number;

  constructor(kind: RefusalKind, detail: RefusalDetail | string, retryAfter?: number) {
    const full = typeof detail === 'string' ? { code: detail } : detail;
    super(`${kind}: ${full.code}`);
    this.name = 'Refusal';
    this.kind = kind;
    this.detail = full;
    this.retryAfter = retryAfter;
  }
}

/** HTTP status of each refusal, used by both doors. */
export const refusalStatus: Record<RefusalKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  tooMany: 429,
  unavailable: 503,
};

/** Not there and not yours are the same answer. */
export function notFound(): Refusal {
  return new Refusal('notFound', 'notFound');
}
