import { activityFields } from './activities';
import { companyFields } from './companies';
import { contactFields } from './contacts';
import { dealFields } from './deals';
import type { Fields } from './fields';
import { noteFields } from './notes';
import { productFields } from './products';
import { taskFields } from './tasks';

/**
 * The standard record objects: their fields, which field is the title, and the name of their router (`plural`),
 * which is also their address and their REST path.
 */
export const objects = {
  company: { plural: 'companies', title: 'name', fields: companyFields as Fields },
  contact: { plural: 'contacts', title: 'name', fields: contactFields as Fields },
  deal: { plural: 'deals', title: 'name', fields: dealFields as Fields },
  product: { plural: 'products', title: 'name', fields: productFields as Fields },
  task: { plural: 'tasks', title: 'subject', fields: taskFields as Fields },
  note: { plural: 'notes', title: 'body', fields: noteFields as Fields },
  activity: { plural: 'activities', title: 'subject', fields: activityFields as Fields },
} as const;

export type RecordObject = keyof typeof objects;
export const recordObjects = Object.keys(objects) as RecordObject[];

/** The object a reference field may point to that has a page of its own. */
export function isRecordObject(name: string): name is RecordObject {
  return Object.hasOwn(objects, name);
}
