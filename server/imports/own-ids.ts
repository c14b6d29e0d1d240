import { ownSource } from '@/domain/exports';

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Those of a file's ids that may be ids of our own records: a file we have written names records by them. */
export const ownIdsAmong = (source: string, ids: readonly string[]): string[] =>
  source === ownSource ? ids.filter((id) => uuid.test(id)) : [];
