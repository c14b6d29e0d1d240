import type { z } from 'zod';
import { appRouter } from '@/server/router';

/** What zod keeps of a schema, as far as tests look at it. */
export interface SchemaDef {
  type: string;
  shape?: Record<string, Schema>;
  catchall?: Schema;
  element?: Schema;
  items?: Schema[];
  options?: Schema[];
  entries?: Record<string, string | number>;
  values?: unknown[];
  keyType?: Schema;
  valueType?: Schema;
  innerType?: Schema;
  in?: Schema;
  out?: Schema;
  left?: Schema;
  right?: Schema;
  getter?: () => Schema;
}
/** One demand of a schema: a size, a format, a function. */
export interface Check {
  check?: string;
  format?: string;
  pattern?: RegExp;
  maximum?: number;
  minimum?: number;
  length?: number;
  value?: number | bigint;
  inclusive?: boolean;
}
export interface Schema {
  _zod: { def: SchemaDef & Check & { checks?: { _zod: { def: Check } }[] } };
  meta?: () => Record<string, unknown> | undefined;
}

/** What a schema demands: its own format first, then what was added. */
export function checksOf({ _zod: { def } }: Schema): Check[] {
  return [...(def.check ? [def] : []), ...(def.checks ?? []).map((check) => check._zod.def)];
}

/** The greatest length of a text or list; infinite where nobody has said one. */
export function mostOf(schema: Schema): number {
  const sizes = checksOf(schema).flatMap(({ check, maximum, length }) =>
    check === 'max_length' ? [maximum ?? Number.POSITIVE_INFINITY] : check === 'length_equals' ? [length ?? 0] : [],
  );
  return Math.min(Number.POSITIVE_INFINITY, ...sizes);
}

export interface InputInfo {
  path: string;
  type: 'query' | 'mutation';
  input: Schema | undefined;
}

/** Every procedure with the schema of its input. */
export function inputs(): InputInfo[] {
  // tRPC keeps procedures as functions with a `_def`; every input is a zod schema, for nothing else is ever given.
  const all = appRouter._def.procedures as unknown as Record<
    string,
    { _def: { type: InputInfo['type']; inputs: z.ZodType[] } }
  >;
  return Object.entries(all).map(([path, { _def }]) => {
    if (_def.inputs.length > 1) throw new Error(`${path} has several inputs`);
    return { path, type: _def.type, input: _def.inputs[0] as unknown as Schema | undefined };
  });
}

/** Formats whose own pattern lets through a fixed number of characters. */
const fixedFormats = new Set(['uuid', 'date']);
const mostText = 20_000;
const mostItems = 1000;

/** What of a schema takes in more than anybody has looked at: each as `place: what is missing`. */
export function openEnds(schema: Schema, place = 'input', seen = new Set<Schema>()): string[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { def } = schema._zod;
  const size = schema.meta?.();
  const within = (part: Schema | undefined, name = '') => (part ? openEnds(part, `${place}${name}`, seen) : []);
  // A value whose whole size is bounded may be anything inside.
  if (typeof size?.maxBytes === 'number' && size.maxBytes <= mostText) return [];
  switch (def.type) {
    case 'string':
      if (mostOf(schema) <= mostText) return [];
      if (
        checksOf(schema).some(
          ({ format, pattern }) => fixedFormats.has(format ?? '') || (pattern && isBounded(pattern)),
        )
      )
        return [];
      return [`${place}: a text without a greatest length`];
    case 'number':
    case 'boolean':
    case 'null':
    case 'undefined':
    case 'enum':
    case 'literal':
    case 'never':
      return [];
    case 'array':
      return [
        ...(mostOf(schema) <= mostItems ? [] : [`${place}: a list without a greatest length`]),
        ...within(def.element, '[]'),
      ];
    case 'record':
      return [
        ...(typeof size?.maxProperties === 'number' && size.maxProperties <= mostItems
          ? []
          : [`${place}: a record without a greatest size`]),
        ...within(def.keyType, '{key}'),
        ...within(def.valueType, '{}'),
      ];
    case 'object':
      return [
        ...(def.catchall?._zod.def.type === 'never' ? [] : [`${place}: takes keys it does not know`]),
        ...Object.entries(def.shape ?? {}).flatMap(([name, part]) => within(part, `.${name}`)),
      ];
    case 'union':
      return (def.options ?? []).flatMap((part, i) => within(part, `|${i}`));
    case 'tuple':
      return (def.items ?? []).flatMap((part, i) => within(part, `[${i}]`));
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'nonoptional':
    case 'catch':
      return within(def.innerType);
    case 'pipe':
      // The first step judges what comes in; after one that only prepares, it is the second.
      return def.in?._zod.def.type === 'transform' ? within(def.out) : within(def.in);
    case 'transform':
      return [];
    case 'intersection':
      return [...within(def.left), ...within(def.right)];
    case 'lazy':
      return within(def.getter?.());
    default:
      return [`${place}: ${def.type} takes in anything`];
  }
}

/** Whether a pattern is held at both ends and repeats nothing without end. */
const isBounded = ({ source }: RegExp) =>
  /^\^.*\$$/.test(source) && !/(?<!\\)[*+]|\{\d+,\}/.test(source.replace(/\[[^\]]*\]/g, '[]'));
