import type { Labels, ObjectLabels } from './custom-fields';
import type { ObjectRights } from './permissions';

/** An object a tenant made. */
export interface ObjectDefinition {
  id: string;
  version: number;
  /** `o_asset`. */
  key: string;
  label: ObjectLabels;
  description: Labels | null;
  titleLabel: Labels | null;
  icon: string;
  tone: string;
  rights: ObjectRights;
  position: number;
}
