import { type ImportPlan, type ImportPlanInput, importPlanSchema } from '@/domain/imports/mapping';

type Given = Partial<ImportPlanInput> & Pick<ImportPlanInput, 'columns'>;

/** What a person decides of a plain file of companies; a test says what else it is about. */
export const planInput = (given: Given): ImportPlanInput => ({
  object: 'company',
  source: 'file',
  encoding: 'utf-8',
  separator: ',',
  quote: '"',
  hasHeader: true,
  dateOrder: 'ymd',
  decimal: '.',
  currency: 'USD',
  timeZone: 'Etc/UTC',
  matchKey: null,
  policy: 'overwrite',
  ...given,
});

/** The same as the server reads it. */
export const importPlan = (given: Given): ImportPlan => importPlanSchema.parse(planInput(given));
