import { z } from 'zod';
import { addressJson, addressText, asAddress, filledAddress } from '../address-text';
import { isBlank } from '../blank';
import { objectKeySchema } from '../custom-fields';
import { type OwnObject, recordOf, textSchema } from '../fields';
import { stageKinds } from '../pipelines';
import { isTimeZone } from '../time-zones';
import { dateOrders } from './dates';
import { quotes, separators } from './dialect';
import { encodings } from './encoding';
import { newFieldSchema } from './new-field';
import { newObjectSchema } from './new-object';
import { isOwnTarget } from './own-targets';
import { importObjects, type Target, targetIn, targetOf } from './targets';

/** Characters of a cell that may be a name; longer texts are nobody's. */
export const longestName = 1000;

/** What becomes of the text of a reference: an existing record, a new one, or none. */
const choice = z.union([
  z.strictObject({ id: z.uuid() }),
  z.strictObject({ create: z.strictObject({ name: textSchema(200).trim().min(1) }) }),
  z.strictObject({ skip: z.literal(true) }),
]);
export type RefChoice = z.infer<typeof choice>;

const stageChoice = z.union([
  z.strictObject({ stageId: z.uuid() }),
  z.strictObject({ create: z.strictObject({ name: textSchema(80).trim().min(1), kind: z.enum(stageKinds) }) }),
  z.strictObject({ skip: z.literal(true) }),
]);
export type StageChoice = z.infer<typeof stageChoice>;

const cellText = textSchema(longestName);
/** Decisions by text; a person decides about a thousand at most. */
const decided = <T extends z.ZodType>(decision: T) => recordOf(cellText, decision, mostDecided);
const mostDecided = 1000;
/** Objects that own fields of one file may name. */
const mostOthers = 100;
const choices = decided(choice).default({});

export const policies = ['overwrite', 'fillBlanks', 'keep'] as const;
export type ImportPolicy = (typeof policies)[number];

/** What becomes of texts nobody has decided about and no record answers to: a new record, or none. */
const missing = z.enum(['create', 'leave']).default('leave');

/** What a file may be imported as. */
export const importObjectSchema = z.union([
  z.enum(importObjects),
  // What the expression lets pass begins as every own object's key does.
  objectKeySchema as unknown as z.ZodType<OwnObject, OwnObject>,
]);

/** Kinds of records without a group of their own: deals, tasks, and the objects a tenant made. */
const otherObject = textSchema(60);

/** Units a column of amounts may be in: ones, thousands, 万, millions, 亿. */
const scales = [1, 1e3, 1e4, 1e6, 1e8] as const;

/** More ways to recognise a record than any object has. */
const mostKeys = 20;

/** Titles and blank rows above a table. */
export const mostBefore = 50;
/** A spreadsheet of more columns is not a list of records. */
export const mostColumns = 1000;

const columnSchema = z.strictObject({
  index: z
    .int()
    .min(0)
    .max(mostColumns - 1),
  header: textSchema(1000),
  target: z.string().max(100).nullable(),
  scale: z.literal(scales).optional(),
  /** What this column may change of a record that is here; the plan's own policy where nothing is said. */
  policy: z.enum(policies).optional(),
  /** The column that says what a record is called that is made of a cell of this one. */
  called: z
    .int()
    .min(0)
    .max(mostColumns - 1)
    .optional(),
  /** The field to make from it; together with a target, the field the import has made. */
  create: newFieldSchema.optional(),
});
export type PlanColumn = z.infer<typeof columnSchema>;

/** Everything a person has decided about a file; the dry run and the job read it, and it is kept with the import. */
export const importPlanSchema = z
  .strictObject({
    object: importObjectSchema,
    /** The object is to be made from the file; `object` is then `draftObjectKey`. */
    make: newObjectSchema.optional(),
    /** The import has made it. */
    made: z.literal(true).optional(),
    /** The system the source ids belong to, such as `hubspot`: ids are unique per system. */
    source: textSchema(60).trim().min(1),
    encoding: z.enum(encodings),
    separator: z.enum(separators),
    quote: z.enum(quotes).nullable(),
    skipLines: z
      .int()
      .min(0)
      .max(mostBefore + 1)
      .default(0),
    hasHeader: z.boolean(),
    dateOrder: z.enum(dateOrders),
    decimal: z.enum(['.', ',']),
    currency: z.string().regex(/^[A-Z]{3}$/),
    timeZone: z.string().max(60).refine(isTimeZone, { error: 'timeZone' }),
    columns: z.array(columnSchema).min(1).max(mostColumns),
    /** Target that says which rows are already here; null when every row is new. */
    matchKey: z.string().max(100).nullable(),
    /** The targets rows are recognised by, in the order they are tried; where it is given, `matchKey` says nothing. */
    matchKeys: z.array(z.string().max(100)).max(mostKeys).optional(),
    policy: z.enum(policies),
    missing: z
      .strictObject({
        company: missing,
        contact: missing,
        product: missing,
        owner: missing,
        /** Pipelines and stages nobody has decided about: taken as they are offered, for files loaded without a person at hand. */
        stage: z.literal('create').optional(),
        others: recordOf(otherObject, missing, mostOthers).optional(),
      })
      .prefault({}),
    values: z
      .strictObject({
        pipeline: choices,
        /** By the text of the pipeline (`''` when the file has none), then of the stage: names recur across pipelines. */
        stage: decided(decided(stageChoice)).default({}),
        product: choices,
        owner: choices,
        company: choices,
        contact: choices,
        /** By object: what own fields name. */
        others: recordOf(otherObject, decided(choice), mostOthers).optional(),
      })
      .prefault({}),
  })
  .superRefine((plan, context) => {
    const seen = new Set<string>();
    const labels = new Set<string>();
    for (const [i, { index, target, create }] of plan.columns.entries()) {
      const refuse = (message: string, of = 'target') =>
        context.addIssue({ code: 'custom', message, path: ['columns', i, of] });
      if (index !== i) refuse('columnOrder');
      if (create) {
        const named = [create.label.en, create.label.zh].filter((label) => label !== undefined);
        if (named.some((label) => labels.has(label))) refuse('nameTaken', 'create');
        for (const label of named) labels.add(label);
      }
      if (target === null) continue;
      // Which fields a tenant has made the server knows.
      const known: { glue?: string } | undefined =
        targetOf(plan.object, target) ?? (isOwnTarget(target) ? {} : undefined);
      if (!known) refuse('unknownTarget');
      else if (seen.has(target) && known.glue === undefined) refuse('targetTaken');
      seen.add(target);
    }
    const keys = plan.matchKeys ?? (plan.matchKey === null ? [] : [plan.matchKey]);
    const path = [plan.matchKeys ? 'matchKeys' : 'matchKey'];
    if (keys.some((key) => !seen.has(key))) context.addIssue({ code: 'custom', message: 'matchKeyMissing', path });
    else if (new Set(keys).size < keys.length) context.addIssue({ code: 'custom', message: 'targetTaken', path });
  });

/** `own`: the tenant's own fields as targets, which the server adds. */
export type ImportPlan = z.infer<typeof importPlanSchema> & { own?: readonly Target[] };
export type ImportPlanInput = z.input<typeof importPlanSchema>;

type RefChoices = Record<string, RefChoice>;
/** Kinds of records whose decisions have a group of their own in a plan. */
const choiceGroups = { product: 'product', member: 'owner', company: 'company', contact: 'contact' } as const;
export type ChoiceGroup = (typeof choiceGroups)[keyof typeof choiceGroups];

/** The group of a plan that holds the decisions about texts that name records of a kind; null for the others. */
export function choiceGroupOf(object: string): ChoiceGroup | null {
  return Object.hasOwn(choiceGroups, object) ? choiceGroups[object as keyof typeof choiceGroups] : null;
}

/** What a plan says about the texts that name records of a kind. */
export function choicesFor({ values }: ImportPlan, object: string): RefChoices {
  const group = choiceGroupOf(object);
  if (group) return values[group];
  return values.others && Object.hasOwn(values.others, object) ? (values.others[object] ?? {}) : {};
}

/** What becomes of texts that name no record of a kind, where nobody has decided. */
export function missingFor({ missing }: ImportPlan, object: string): 'create' | 'leave' {
  const group = choiceGroupOf(object);
  if (group) return missing[group];
  return missing.others && Object.hasOwn(missing.others, object) ? (missing.others[object] ?? 'leave') : 'leave';
}

/** Kinds of records an import may make beside the rows' own: those that are something by their name alone. */
export const makeable = (object: string): boolean => choiceGroupOf(object) !== null || object.startsWith('o_');

/** Fields of deals that targets set which are no fields themselves. */
const setBy: Record<string, readonly string[]> = {
  stage: ['stageId', 'pipelineId'],
  status: ['stageId', 'pipelineId'],
  stageEntered: ['stageEnteredAt'],
  closeDate: ['expectedClose', 'closedOn'],
};

/** The fields of a record that a column sets. */
export function fieldsSetBy(plan: ImportPlan, { target }: Pick<PlanColumn, 'target'>): readonly string[] {
  const known = target === null ? undefined : targetIn(plan, target);
  // A reference and its id are two columns of one field.
  const name = known?.idOf ?? known?.name;
  const others = plan.object === 'deal' && name ? setBy[name] : undefined;
  return known && name ? (known.refuses ?? others ?? [known.field ?? name]) : [];
}

/** What each field of a record that is here may take from the file: its column's policy, or the plan's. */
export function policyOf(plan: ImportPlan): (field: string) => ImportPolicy {
  const chosen = new Map<string, ImportPolicy>();
  for (const column of plan.columns) {
    const known = column.target === null ? undefined : targetIn(plan, column.target);
    // Somebody's refusal to be called or mailed is more than a value that was there before.
    const policy = column.policy ?? (known?.refuses && plan.policy === 'fillBlanks' ? 'overwrite' : undefined);
    if (policy) for (const field of fieldsSetBy(plan, column)) chosen.set(field, policy);
  }
  return (field) => chosen.get(field) ?? plan.policy;
}

/** What an update writes: fields whose value the policy lets change. Blank cells are never among the incoming. */
export function mergeValues(
  policyFor: (field: string) => ImportPolicy,
  current: Record<string, unknown>,
  incoming: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(incoming).filter(([name, value]) => {
      const policy = policyFor(name);
      if (policy === 'keep' || (policy === 'fillBlanks' && !isBlank(current[name]))) return false;
      return !isSame(current[name] ?? null, value ?? null);
    }),
  );
}

/** One moment is written in more than one way. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string')
    return a === b || (isMoment.test(a) && isMoment.test(b) && Date.parse(a) === Date.parse(b));
  return JSON.stringify(a) === JSON.stringify(b) || isOneAddress(a, b);
}

/** Addresses of the same parts, or one that a file has on one line, where it stands in its parts and is written so. */
function isOneAddress(current: unknown, incoming: unknown): boolean {
  const given = asAddress(incoming);
  if (!filledAddress(given)) return false;
  if (addressJson(asAddress(current)) === addressJson(given)) return true;
  const { street, ...rest } = given;
  if (!street || Object.keys(rest).length > 0) return false;
  return ['en', 'zh'].some((locale) => addressText(asAddress(current), locale) === street);
}
const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
