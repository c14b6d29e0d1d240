import { productCreate, productUpdate } from '@/domain/products';
import { recordProcedures } from '../core/record-router';
import { router } from '../core/trpc';
import { createProduct, productType } from './products';

export const productsRouter = router({
  ...recordProcedures(productType, productCreate, productUpdate, { create: createProduct }),
});
