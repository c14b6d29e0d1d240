import { z } from 'zod';

/**
 * What a person is told of. Where several fit one change, the first of them is told:
 * somebody named me, answered me, gave me something, a task is due, wrote on, moved or handed over what I follow, what
 * I export is ready.
 */
export const notificationKinds = [
  'mention',
  'reply',
  'assigned',
  'reminder',
  'comment',
  'stage',
  'owner',
  'export',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

export interface NotificationChoice {
  /** In the product, behind the bell. */
  product: boolean;
  /** By mail, if it is unread after ten minutes. */
  mail: boolean;
}

/** Kept among a person's preferences in a tenant. */
export const notificationPreference = 'notifications';

const choice = z.object({ product: z.boolean(), mail: z.boolean() });
const stored = z.partialRecord(z.enum(notificationKinds), choice).catch({});

const initial: Record<NotificationKind, NotificationChoice> = {
  mention: { product: true, mail: true },
  reply: { product: true, mail: true },
  assigned: { product: true, mail: false },
  reminder: { product: true, mail: false },
  comment: { product: true, mail: false },
  stage: { product: true, mail: false },
  owner: { product: true, mail: false },
  export: { product: true, mail: false },
};

/** A person's choices, completed; whatever cannot be read is as for somebody who never chose. */
export function notificationChoices(value: unknown): Record<NotificationKind, NotificationChoice> {
  return { ...initial, ...stored.parse(value ?? {}) };
}
