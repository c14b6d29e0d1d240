import { type ImportObject, importObjects } from '@/domain/imports/targets';

/** Who is named by others comes first: people, products, companies, contacts, deals. */
const dependencies: readonly ImportObject[] = ['member', 'product', 'company', 'contact', 'deal'];

/** The place of a file's object in the order files should be imported in; unknown ones come last. */
export function orderOf(object: ImportObject | null): number {
  return object && importObjects.includes(object) ? dependencies.indexOf(object) : dependencies.length;
}
