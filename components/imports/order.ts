import { isOwnObject } from '@/domain/custom-fields';
import type { ImportObject, StandardImport } from '@/domain/imports/targets';

/** Who is named by others comes first: people, products, companies, contacts, deals; then what the tenant made. */
const dependencies: readonly StandardImport[] = ['member', 'product', 'company', 'contact', 'deal'];

/** The place of a file's object in the order files should be imported in; unknown ones come last. */
export function orderOf(object: ImportObject | null): number {
  if (object === null) return dependencies.length + 1;
  return isOwnObject(object) ? dependencies.length : dependencies.indexOf(object);
}
