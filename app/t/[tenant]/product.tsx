'use client';

import { Shell } from '@/components/shell/shell';
import { screens } from './screens';

/** The shell with this product's screens. */
export function Product() {
  return <Shell screens={screens} />;
}
