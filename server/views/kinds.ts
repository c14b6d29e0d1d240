import { type RecordObject, recordObjects } from '@/domain/objects';
import { can, type RecordAction } from '@/domain/permissions';
import { notFound } from '@/domain/refusals';
import type { RecordType } from '../core/record-types';
import type { Work } from '../core/work';

/**
 * A kind of record by its name, standard or the tenant's own, that the actor may do something with.
 * @throws Refusal notFound when there is none, or the actor has no right to any of its records
 */
function typeFor(work: Work, object: string, action: RecordAction): RecordType {
  const type = allowed(work, object, action);
  if (!type) throw notFound();
  return type;
}

function allowed(work: Work, object: string, action: RecordAction): RecordType | undefined {
  const type = work.types.find(object);
  const standard = recordObjects.includes(object as RecordObject);
  if (!type || !(type.rights || standard)) return undefined;
  const { role } = work.actor;
  // The list of standard objects was asked just above.
  const may = type.rights ? type.rights[action][role] !== 'none' : can(role, `${object as RecordObject}.${action}`);
  return may ? type : undefined;
}

/** All kinds of records that the actor may read some of, the tenant's own last. */
export const typesToRead = (work: Work): RecordType[] =>
  [...recordObjects, ...work.types.objects.map(({ key }) => key)].flatMap(
    (object) => allowed(work, object, 'read') ?? [],
  );

export const typeToRead = (work: Work, object: string): RecordType => typeFor(work, object, 'read');
export const typeToWrite = (work: Work, object: string): RecordType => typeFor(work, object, 'write');
export const typeToDelete = (work: Work, object: string): RecordType => typeFor(work, object, 'delete');
