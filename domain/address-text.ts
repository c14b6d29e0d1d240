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

/** An address in its parts as one text, which `addressIn` reads; none of what is blank. */
export const addressJson = (address: Address): string =>
  JSON.stringify(Object.fromEntries(addressParts.flatMap((part) => (address[part] ? [[part, address[part]]] : []))));

/** The address a text holds in its parts; null where it is any other text. */
export function addressIn(text: string): Address | null {
  if (!text.startsWith('{')) return null;
  try {
    const parts = Object.entries(JSON.parse(text) as object);
    const known = parts.every(([part, value]) => part in partNames && typeof value === 'string');
    return known && parts.length > 0 ? Object.fromEntries(parts) : null;
  } catch {
    return null;
  }
}
const partNames: Record<string, string> = Object.fromEntries(addressParts.map((part) => [part, part]));

/** What is stored as an address, or an empty one for what is none. */
export function asAddress(value: unknown): Address {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Address) : {};
}

/** The address without what is blank; null when nothing is left. */
export function filledAddress(address: Address): Address | null {
  const filled = Object.entries(address).filter(([, text]) => text?.trim());
  return filled.length > 0 ? Object.fromEntries(filled) : null;
}
