import * as f from './fields';

export const dealStatuses = ['open', 'won', 'lost'] as const;
export type DealStatus = (typeof dealStatuses)[number];
export const dealPriorities = ['low', 'medium', 'high'] as const;
export const dealContactRoles = [
  'decisionMaker',
  'influencer',
  'champion',
  'user',
  'buyer',
  'blocker',
  'other',
] as const;

export const dealFields = {
  name: f.text({ required: true, prominent: true }),
  companyId: f.reference('company', { prominent: true }),
  pipelineId: f.reference('pipeline'),
  stageId: f.reference('stage', { prominent: true }),
  amount: f.money({ prominent: true }),
  currency: f.currency(),
  ownerId: f.member({ prominent: true }),
  expectedClose: f.date({ prominent: true }),
  productId: f.reference('product'),
  type: f.text(),
  priority: f.choice(dealPriorities),
  source: f.text(),
  nextStep: f.text({ max: 500 }),
  lossReason: f.text({ max: 500 }),
  wonReason: f.text({ max: 500 }),
  competitor: f.text(),
  startedOn: f.date(),
  closedOn: f.date(),
  tags: f.tags(),
  description: f.longText(),
  status: { ...f.choice(dealStatuses, { prominent: true }), readOnly: true },
  probability: { ...f.percent(), readOnly: true },
  stageEnteredAt: f.datetime({ readOnly: true }),
  createdAt: f.datetime({ readOnly: true, prominent: true }),
  updatedAt: f.datetime({ readOnly: true }),
  createdBy: f.member({ readOnly: true }),
} satisfies f.Fields;

export const dealCreate = f.createSchema(dealFields);
export const dealUpdate = f.updateSchema(dealFields);

/** A moment of the working day kept as the deal's last stage change; days in stage counts whole days. */
export function daysInStage(stageEnteredAt: string, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - Date.parse(stageEnteredAt)) / 86_400_000));
}
