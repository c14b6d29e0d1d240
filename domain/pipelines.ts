import { z } from 'zod';
import { isBlank } from './blank';
import { lineSchema } from './fields';

export const stageKinds = ['open', 'won', 'lost'] as const;
export type StageKind = (typeof stageKinds)[number];

/** Eight stage colours; the values are CSS variables `--stage-<name>` that read in light and dark. */
export const stageColours = ['slate', 'blue', 'teal', 'green', 'amber', 'orange', 'red', 'violet'] as const;
export type StageColour = (typeof stageColours)[number];

/** Deal fields an admin may require before a deal enters a stage. */
export const gateFields = [
  'companyId',
  'amount',
  'expectedClose',
  'productId',
  'ownerId',
  'nextStep',
  'lossReason',
  'wonReason',
  'closedOn',
  'source',
  'description',
] as const;

export const pipelineName = lineSchema(80);

export const stageInput = z.strictObject({
  name: lineSchema(80),
  kind: z.enum(stageKinds),
  probability: z.int().min(0).max(100),
  colour: z.enum(stageColours),
  requiredFields: z.array(z.enum(gateFields)).max(gateFields.length).default([]),
});

export interface StageView {
  id: string;
  pipelineId: string;
  name: string;
  kind: StageKind;
  probability: number;
  colour: StageColour;
  position: number;
  requiredFields: string[];
}

export interface PipelineView {
  id: string;
  name: string;
  position: number;
  stages: StageView[];
}

/** Fields a deal still lacks before it may enter a stage: those required and empty in `values`. */
export function missingForStage(requiredFields: readonly string[], values: Record<string, unknown>): string[] {
  return requiredFields.filter((name) => isBlank(values[name]));
}
