import { type Address, addressParts } from './custom-fields';

/** Parts of an address in the order in which a language writes them. */
export function addressOrder(locale: string): (keyof Address)[] {
  if (!locale.startsWith('zh')) return [...addressParts];
  return ['country', 'state', 'city', 'district', 'street', 'street2', 'postalCode'];
}

/** An address on one line, as its language writes it: Chinese from the country down, without commas. */
export function addressText(address: Address, locale: string): string {
  const parts = addressOrder(locale).flatMap((part) => address[part]?.trim() || []);
  const han = locale.startsWith('zh') && parts.some((part) => /\p{Script=Han}/u.test(part));
  return han ? parts.join(' ').replace(/(\p{Script=Han}) (?=\p{Script=Han})/gu, '$1') : parts.join(', ');
}

/** What is stored as an address, or an empty one for what is none. */
export function asAddress(value: unknown): Address {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Address) : {};
}

/** The address without what is blank; null when nothing is left. */
export function filledAddress(address: Address): Address | null {
  const filled = Object.entries(address).filter(([, text]) => text?.trim());
  return filled.length > 0 ? Object.fromEntries(filled) : null;
}
