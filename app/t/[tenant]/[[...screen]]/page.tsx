import { Product } from '../product';

export const dynamic = 'force-static';

/** One file serves every address of every tenant; what is at an address is decided in the browser (screens.ts). */
export function generateStaticParams() {
  return [{ tenant: '_', screen: [] }];
}

export default function ProductPage() {
  return <Product />;
}
