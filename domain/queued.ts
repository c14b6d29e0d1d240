import { objects, recordObjects } from './objects';

/**
 * Changes that may wait for a connection: what each concerns, how its records look until it is carried out, and what it is
 * answered meanwhile. What is not here (imports, exports, rights, whatever asks for a proof) needs the server at once.
 */
export interface Queued {
  /** What kind its records are of; null for what is no record. */
  object: string | null;
  /** The records it changes, or stands on: they are marked while it waits. */
  ids: readonly string[];
  /** Fields it sets, shown at once; undefined where it sets none. */
  values?: Record<string, unknown>;
  /** Text it adds to the timelines of the records `on`. */
  text?: string;
  on?: readonly string[];
}

type Input = Record<string, unknown>;
type Reading = (input: Input, object: string | null) => Queued | null;

const texts = (...values: unknown[]): string[] => values.filter((value) => typeof value === 'string');
const list = (value: unknown): string[] => (Array.isArray(value) ? texts(...value) : []);
const on =
  (...names: string[]): Reading =>
  (input) => ({ object: null, ids: texts(...names.map((name) => input[name])) });

const update: Reading = ({ id, values }, object) => ({ object, ids: texts(id), values: valuesOf(values) });

/** What every kind of record has. */
const ofRecords: Record<string, Reading> = {
  // One that has no id of its own beforehand could not be spoken of until it is made.
  create: ({ id, values }, object) => {
    const given = valuesOf(values);
    const anchors = Object.entries(given).flatMap(([name, value]) => (name.endsWith('Id') ? texts(value) : []));
    if (typeof id !== 'string') return null;
    return { object, ids: [id, ...anchors], on: anchors, text: texts(given.body ?? given.subject ?? given.name)[0] };
  },
  update,
  updateMany: ({ ids, values }, object) => ({ object, ids: list(ids), values: valuesOf(values) }),
  remove: ({ ids }, object) => ({ object, ids: list(ids) }),
};

const others: Record<string, Reading> = {
  'tasks.updateThis': update,
  'tasks.reschedule': ({ ids, dueOn }) => ({ object: 'task', ids: list(ids), values: { dueOn } }),
  'deals.move': ({ id, stageId, values }) => ({
    object: 'deal',
    ids: texts(id),
    values: { ...valuesOf(values), stageId },
  }),
  'deals.linkContact': on('dealId', 'contactId'),
  'deals.unlinkContact': on('dealId', 'contactId'),
  'contacts.linkCompany': on('contactId', 'companyId'),
  'contacts.unlinkCompany': on('contactId', 'companyId'),
  'relations.link': on('id', 'to'),
  'relations.unlink': on('id', 'to'),
  'conversation.add': ({ recordId, body }) => ({
    object: null,
    ids: texts(recordId),
    on: texts(recordId),
    text: texts(body)[0],
  }),
  'conversation.edit': on('id'),
  'conversation.remove': on('id'),
  'conversation.react': on('id'),
  'conversation.follow': on('recordId'),
  'notifications.markRead': ({ ids }) => ({ object: null, ids: list(ids) }),
  'notifications.markAllRead': () => ({ object: null, ids: [] }),
};

/**
 * What a change concerns that may wait for a connection.
 * @param path of its procedure: `deals.move`
 * @returns null for one that may not
 */
export function queued(path: string, input: unknown): Queued | null {
  const given = valuesOf(input);
  const [router = '', procedure = ''] = path.split('.');
  const object =
    router === 'records'
      ? (texts(given.object)[0] ?? null)
      : (recordObjects.find((name) => objects[name].plural === router) ?? null);
  const read = others[path] ?? (object && Object.hasOwn(ofRecords, procedure) ? ofRecords[procedure] : undefined);
  return read?.(given, object) ?? null;
}

const mark = 'queued:';

/** Stands for the change set that a waiting change will become. */
export const queuedSet = (key: string): string => mark + key;

/** The waiting change that a change set's id stands for; null for a real one. */
export const queuedKey = (changeSetId: string): string | null =>
  changeSetId.startsWith(mark) ? changeSetId.slice(mark.length) : null;

/** What a change that waits is answered until the server answers it. The version is left as it is by whoever patches. */
export function queuedAnswer(key: string, input: unknown): Record<string, unknown> {
  const { id, ids } = valuesOf(input);
  return { id, version: null, count: Array.isArray(ids) ? ids.length : 1, changeSetId: queuedSet(key) };
}

function valuesOf(value: unknown): Record<string, unknown> {
  // An object that is no list has its values by name.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Whether an answer stands for one that is still to come. */
export const isQueuedAnswer = (answer: unknown): answer is { changeSetId: string } =>
  queuedKey(String(valuesOf(answer).changeSetId)) !== null;
