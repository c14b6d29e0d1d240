'use client';

import { useCatalogue } from '@/components/shell/boot';
import type { CatalogueObject } from '@/domain/catalogue';
import type { OwnObject } from '@/domain/fields';
import { isRecordObject, objects, type RecordObject } from '@/domain/objects';

/** A kind of record: one every tenant has, or one the tenant made. */
export type ObjectKey = RecordObject | OwnObject;

/**
 * What is known of a kind of record in this tenant, its own fields among them. The same object as long as the
 * catalogue is the same.
 * @throws Error for an object the tenant has not; screens ask `useCatalogue()` before they show one
 */
export function useObject(object: ObjectKey): CatalogueObject {
  const kind = useCatalogue().get(object);
  if (!kind) throw new Error(`no object ${object}`);
  return kind;
}

/** Whether a name is one of a kind of record the tenant has. */
export function useIsObject(): (name: string) => name is ObjectKey {
  const catalogue = useCatalogue();
  return (name): name is ObjectKey => catalogue.has(name);
}

/** Where the list of an object is. */
export function listPath(object: ObjectKey): string {
  return isRecordObject(object) ? `/${objects[object].plural}` : `/objects/${object}`;
}

/** The field that says what a record is called. */
export function titleField(object: ObjectKey): string {
  return isRecordObject(object) ? objects[object].title : 'name';
}
