import { screens } from '@/app/t/[tenant]/screens';
import { Shell } from '@/components/shell/shell';

/**
 * The signed-in product: one page, built once, for every address of every tenant; what is at an address is decided in the
 * browser (screens.ts).
 */
export default function ProductPage() {
  return <Shell screens={screens} />;
}
