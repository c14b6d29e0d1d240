import { z } from 'zod';
import { objectKeySchema } from '../custom-fields';
import { type OwnObject, recordOf, textSchema } from '../fields';
import { stageKinds } from '../pipelines';
import { isTimeZone } from '../time-zones';
import { dateOrders } from './dates';
import { quotes, separators } from './dialect';
import { encodings } from './encoding';
import { isOwnTarget } from './own-targets';
import { importObjects, type Target, targetOf } from './targets';

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

/** A text as it stands in a cell; longer ones are nobody's name. */
const cellText = textSchema(1000);
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
});
export type PlanColumn = z.infer<typeof columnSchema>;

/** Everything a person has decided about a file; the dry run and the job read it, and it is kept with the import. */
export const importPlanSchema = z
  .strictObject({
    object: importObjectSchema,
    /** The system the source ids belong to, such as `hubspot`: ids are unique per system. */
    source: textSchema(60).trim().min(1),
    encoding: z.enum(encodings),
    separator: z.enum(separators),
    quote: z.enum(quotes).nullable(),
    skipLines: z.int().min(0).max(10).default(0),
    hasHeader: z.boolean(),
    dateOrder: z.enum(dateOrders),
    decimal: z.enum(['.', ',']),
    currency: z.string().regex(/^[A-Z]{3}$/),
    timeZone: z.string().max(60).refine(isTimeZone, { error: 'timeZone' }),
    columns: z.array(columnSchema).min(1).max(mostColumns),
    /** Target that says which rows are already here; null when every row is new. */
    matchKey: z.string().max(100).nullable(),
    policy: z.enum(policies),
    missing: z
      .strictObject({
        company: missing,
        contact: missing,
        product: missing,
        owner: missing,
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
    for (const [i, { index, target }] of plan.columns.entries()) {
      const refuse = (message: string) => context.addIssue({ code: 'custom', message, path: ['columns', i, 'target'] });
      if (index !== i) refuse('columnOrder');
      if (target === null) continue;
      // Which fields a tenant has made the server knows.
      const known: { glue?: string } | undefined =
        targetOf(plan.object, target) ?? (isOwnTarget(target) ? {} : undefined);
      if (!known) refuse('unknownTarget');
      else if (seen.has(target) && known.glue === undefined) refuse('targetTaken');
      seen.add(target);
    }
    if (plan.matchKey !== null && !seen.has(plan.matchKey)) {
      context.addIssue({ code: 'custom', message: 'matchKeyMissing', path: ['matchKey'] });
    }
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

/** What an update writes: fields whose value the policy lets change. Blank cells are never among the incoming. */
export function mergeValues(
  policy: ImportPolicy,
  current: Record<string, unknown>,
  incoming: Record<string, unknown>,
): Record<string, unknown> {
  if (policy === 'keep') return {};
  return Object.fromEntries(
    Object.entries(incoming).filter(([name, value]) => {
      if (policy === 'fillBlanks' && !isBlank(current[name])) return false;
      return JSON.stringify(current[name] ?? null) !== JSON.stringify(value ?? null);
    }),
  );
}

const isBlank = (value: unknown) =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
