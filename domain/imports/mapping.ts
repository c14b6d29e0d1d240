import { z } from 'zod';
import { isOwnField } from '../custom-fields';
import { textSchema } from '../fields';
import { stageKinds } from '../pipelines';
import { isTimeZone } from '../time-zones';
import { dateOrders } from './dates';
import { quotes, separators } from './dialect';
import { encodings } from './encoding';
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
const cellText = z.string().max(1000);
/** Decisions by text; a person decides about a thousand at most. */
const decided = <T extends z.ZodType>(decision: T) =>
  z
    .record(cellText, decision)
    .refine((record) => Object.keys(record).length <= mostDecided, { error: 'tooMany' })
    .meta({ maxProperties: mostDecided });
const mostDecided = 1000;
const choices = decided(choice).default({});

export const policies = ['overwrite', 'fillBlanks', 'keep'] as const;
export type ImportPolicy = (typeof policies)[number];

/** What becomes of texts nobody has decided about and no record answers to: a new record, or none. */
const missing = z.enum(['create', 'leave']).default('leave');

/** Units a column of amounts may be in: ones, thousands, 万, millions, 亿. */
const scales = [1, 1e3, 1e4, 1e6, 1e8] as const;

/** A spreadsheet of more columns is not a list of records. */
export const mostColumns = 1000;

const columnSchema = z.strictObject({
  index: z
    .int()
    .min(0)
    .max(mostColumns - 1),
  header: z.string().max(1000),
  target: z.string().max(100).nullable(),
  scale: z.literal(scales).optional(),
});
export type PlanColumn = z.infer<typeof columnSchema>;

/** Everything a person has decided about a file; the dry run and the job read it, and it is kept with the import. */
export const importPlanSchema = z
  .strictObject({
    object: z.enum(importObjects),
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
    missing: z.strictObject({ company: missing, contact: missing, product: missing, owner: missing }).prefault({}),
    values: z
      .strictObject({
        pipeline: choices,
        /** By the text of the pipeline (`''` when the file has none), then of the stage: names recur across pipelines. */
        stage: decided(decided(stageChoice)).default({}),
        product: choices,
        owner: choices,
        company: choices,
        contact: choices,
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
        targetOf(plan.object, target) ?? (isOwnField(target) ? {} : undefined);
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
