import type { Filter, Sort } from '@/domain/filters';
import { addressName, type ViewConfig, writePart } from '@/domain/views';

/** The address part of a list: `?filter=…&sort=-amount`. */
export function listSearch({ filter, sort, q }: { filter?: Filter; sort?: Sort[]; q?: string }): string {
  const params = new URLSearchParams();
  const config: ViewConfig = { filter, sort, q: q || undefined };
  for (const part of ['q', 'filter', 'sort'] as const) {
    const text = writePart(part, config);
    if (text) params.set(addressName(part), text);
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}
