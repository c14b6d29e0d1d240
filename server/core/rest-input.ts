import { z } from 'zod';
import { Refusal } from '@/domain/refusals';
import { refuseHugeJson } from './json-limits';

/** What a query parameter's text becomes before the procedure's own schema judges it. */
export type ParameterKind = 'text' | 'number' | 'boolean' | 'list' | 'sort' | 'json';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A procedure's input as JSON Schema; what has no counterpart there is left open. */
export function inputSchema(input: z.ZodType): JsonSchema {
  return z.toJSONSchema(input, { io: 'input', unrepresentable: 'any', reused: 'inline' });
}

/** The properties of a procedure's input, and how each is written in a query. */
export function parameterKinds(schema: JsonSchema | undefined): Map<string, ParameterKind> {
  return new Map(Object.entries(schema?.properties ?? {}).map(([name, property]) => [name, kindOf(name, property)]));
}

function kindOf(name: string, property: JsonSchema | boolean): ParameterKind {
  if (typeof property === 'boolean') return 'text';
  if (name === 'sort') return 'sort';
  // Nullable is any of the type and null.
  const schema =
    property.anyOf?.find((part) => typeof part === 'object' && part.type !== 'null' && part.type !== undefined) ??
    property;
  if (typeof schema === 'boolean') return 'text';
  switch (schema.type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array':
      return 'list';
    case 'string':
      return 'text';
    default:
      return property.$ref || schema.type === 'object' || property.anyOf ? 'json' : 'text';
  }
}

/**
 * Query parameters as the procedure takes them. Unknown ones go through as they are: the strict schema names them.
 * @throws Refusal invalid for a parameter given twice and for JSON that cannot be read
 */
export function readQuery(query: Record<string, unknown>, kinds: Map<string, ParameterKind>): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const name in query) {
    const text = query[name];
    if (typeof text !== 'string') throw new Refusal('invalid', { code: 'invalid', field: name });
    input[name] = read(name, text, kinds.get(name) ?? 'text');
  }
  return input;
}

function read(name: string, text: string, kind: ParameterKind): unknown {
  switch (kind) {
    case 'number':
      // What is no number stays a text, which the schema refuses.
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'list':
      return text === '' ? [] : text.split(',');
    case 'sort':
      return text
        .split(',')
        .map((by) => (by.startsWith('-') ? { field: by.slice(1), dir: 'desc' } : { field: by, dir: 'asc' }));
    case 'json':
      refuseHugeJson(text);
      try {
        return JSON.parse(text);
      } catch {
        throw new Refusal('invalid', { code: name === 'filter' ? 'filter' : 'invalid', field: name });
      }
    default:
      return text;
  }
}
