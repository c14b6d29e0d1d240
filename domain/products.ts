import * as f from './fields';

export const productFields = {
  name: f.text({ required: true, prominent: true }),
  code: f.text({ prominent: true, max: 80 }),
  series: f.text({ prominent: true }),
  price: f.money({ prominent: true }),
  currency: f.currency(),
  cost: f.money(),
  unit: f.text({ max: 40 }),
  taxPercent: f.percent(),
  active: f.boolean({ prominent: true }),
  description: f.longText(),
  createdAt: f.datetime({ readOnly: true }),
  updatedAt: f.datetime({ readOnly: true }),
} satisfies f.Fields;

export const productCreate = f.createSchema(productFields);
export const productUpdate = f.updateSchema(productFields);
