import { products } from '@/db/schema/records';
import { nameKey } from '@/domain/imports/matching';
import { productFields } from '@/domain/products';
import { sortKey } from '@/domain/search-keys';
import { defineRecord, type RecordValues } from '../core/record-types';
import { createRecord } from '../core/record-verbs';
import { texts } from '../core/texts';
import type { Work } from '../core/work';
import { settingsOf } from '../tenants/settings';

export const productType = defineRecord({
  object: 'product' as const,
  table: products,
  tableName: 'product',
  fields: productFields,
  title: 'name',
  topic: true,
  permission: 'product.write',
  derive: (row) => ({ nameKey: nameKey(String(row.name)), sortKey: sortKey(String(row.name)) }),
  searchTexts: (row) => texts(row, 'name', 'code'),
});

/** Makes a product, on sale and priced in the tenant's currency unless said otherwise. */
export async function createProduct(work: Work, values: RecordValues, id?: string) {
  const currency = values.currency ?? (await settingsOf(work)).currency;
  return createRecord(work, productType, { active: true, ...values, currency }, id);
}
