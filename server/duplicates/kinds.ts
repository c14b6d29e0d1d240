import { type RecordObject, recordObjects } from '@/domain/objects';
import { type RecordAction, scopeOf } from '@/domain/permissions';
import { notFound } from '@/domain/refusals';
import type { RecordType } from '../core/record-types';
import type { Work } from '../core/work';

/** Whether the actor's role may do something to any record of a kind at all. */
function may(work: Work, type: RecordType, action: RecordAction): boolean {
  const { role } = work.actor;
  if (type.rights) return type.rights[action][role] !== 'none';
  return (
    recordObjects.includes(type.object as RecordObject) && scopeOf(role, type.object as RecordObject, action) !== 'none'
  );
}

/** Kinds of records, standard and the tenant's own, that the actor may do something to. */
export function kinds(work: Work, action: RecordAction): RecordType[] {
  return work.types.all().filter((type) => may(work, type, action));
}

/** @throws Refusal notFound where the tenant has no such kind, or the actor no right to any of it */
export function kindOf(work: Work, object: string, action: RecordAction): RecordType {
  const type = work.types.find(object);
  if (!type || !may(work, type, action)) throw notFound();
  return type;
}
