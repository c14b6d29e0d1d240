import type { FieldDefinition } from '@/domain/custom-fields';
import { compileFormula } from '@/domain/formula/formula';
import { FormulaProblem } from '@/domain/formula/problem';
import { Refusal } from '@/domain/refusals';
import { askedBy, rollupPlan } from '../core/rollups';
import type { Types } from '../core/types';

/** Most computed fields that may build on each other in a row. */
const maxChain = 10;

/** `deal.c_margin`. */
const nodeOf = (object: string, key: string) => `${object}.${key}`;

export const isComputed = ({ type }: FieldDefinition): boolean => type === 'formula' || type === 'rollup';

/** What each computed field of a tenant is worked out from. */
function sourcesOf(types: Types): Map<string, { field: FieldDefinition; from: string[] }> {
  return new Map(
    types.fields.filter(isComputed).map((field) => {
      const { rollup } = field.settings;
      const from = rollup
        ? askedBy(rollup).map((name) => nodeOf(rollup.object, name))
        : usedBy(types, field).map((name) => nodeOf(field.object, name));
      return [nodeOf(field.object, field.key), { field, from }] as const;
    }),
  );
}

/** Fields a formula uses; none where it makes no sense any more. */
export function usedBy(types: Types, { object, key, settings }: FieldDefinition): string[] {
  const type = types.find(object);
  if (!type || !settings.formula) return [];
  try {
    // Itself among them, so that a formula that uses itself is found out as a circle.
    return [...compileFormula(settings.formula, type.fields).uses];
  } catch (error) {
    if (error instanceof FormulaProblem) return namesIn(settings.formula, key);
    throw error;
  }
}

/** Names that stand in a formula that cannot be read with the fields there are: one of them may come back. */
const namesIn = (formula: string, key: string): string[] =>
  [...new Set(formula.match(/\bc_[a-z0-9_]+\b/g))].filter((name) => name !== key);

/** @throws Refusal invalid `fieldCycle` for a field worked out from itself, `fieldChain` for more than 10 in a row */
export function refuseCircles(types: Types): void {
  const sources = sourcesOf(types);
  const lengths = new Map<string, number>();
  const lengthOf = (node: string, above: readonly string[]): number => {
    const known = lengths.get(node);
    if (known !== undefined) return known;
    const source = sources.get(node);
    if (!source) return 0;
    const field = `settings.${source.field.type}`;
    if (above.includes(node)) {
      const path = [...above.slice(above.indexOf(node)), node].join(' → ');
      throw new Refusal('invalid', { code: 'fieldCycle', field, params: { path } });
    }
    const length = 1 + Math.max(0, ...source.from.map((from) => lengthOf(from, [...above, node])));
    if (length > maxChain) throw new Refusal('invalid', { code: 'fieldChain', field, params: { max: maxChain } });
    lengths.set(node, length);
    return length;
  };
  for (const node of sources.keys()) lengthOf(node, []);
}

/** Computed fields that follow from these, themselves included, with all that follows from those. */
export function dependents(types: Types, fields: readonly { object: string; key: string }[]): FieldDefinition[] {
  const sources = sourcesOf(types);
  const reached = new Set(fields.map(({ object, key }) => nodeOf(object, key)));
  for (let more = true; more; ) {
    more = false;
    for (const [node, { from }] of sources) {
      if (reached.has(node) || !from.some((name) => reached.has(name))) continue;
      reached.add(node);
      more = true;
    }
  }
  return [...sources].flatMap(([node, { field }]) => (reached.has(node) ? [field] : []));
}

/** Objects of these fields, those that are summed up before those they are summed up in. */
export function objectsOf(types: Types, fields: readonly FieldDefinition[]): string[] {
  const { rank } = rollupPlan(types);
  return [...new Set(fields.map(({ object }) => object))].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
}
