/**
 * Signs and names of currencies as people write them, each with the ISO 4217 codes it may mean. A sign of several
 * currencies is read as the one the file is in, when that is among them; otherwise the cell is a problem, not a guess.
 */
const signs: Record<string, readonly string[]> = {
  $: ['USD', 'AUD', 'CAD', 'HKD', 'SGD', 'TWD', 'NZD', 'MXN', 'CLP', 'COP', 'ARS'],
  US$: ['USD'],
  A$: ['AUD'],
  AU$: ['AUD'],
  C$: ['CAD'],
  CA$: ['CAD'],
  HK$: ['HKD'],
  NT$: ['TWD'],
  S$: ['SGD'],
  NZ$: ['NZD'],
  MX$: ['MXN'],
  R$: ['BRL'],
  '€': ['EUR'],
  '£': ['GBP'],
  '¥': ['CNY', 'JPY'],
  'CN¥': ['CNY'],
  'JP¥': ['JPY'],
  RMB: ['CNY'],
  'RMB¥': ['CNY'],
  '₩': ['KRW'],
  '₹': ['INR'],
  '₽': ['RUB'],
  '₺': ['TRY'],
  '₫': ['VND'],
  '฿': ['THB'],
  '₱': ['PHP'],
  '₪': ['ILS'],
  '₴': ['UAH'],
  KR: ['SEK', 'NOK', 'DKK', 'ISK'],
  ZŁ: ['PLN'],
  KČ: ['CZK'],
  FT: ['HUF'],
  FR: ['CHF'],
  元: ['CNY', 'TWD', 'HKD', 'MOP'],
  圆: ['CNY', 'JPY'],
  円: ['JPY'],
  人民币: ['CNY'],
  美元: ['USD'],
  美金: ['USD'],
  欧元: ['EUR'],
  英镑: ['GBP'],
  日元: ['JPY'],
  港元: ['HKD'],
  港币: ['HKD'],
  台币: ['TWD'],
  新台币: ['TWD'],
  澳元: ['AUD'],
  加元: ['CAD'],
  新加坡元: ['SGD'],
  瑞士法郎: ['CHF'],
  韩元: ['KRW'],
  卢布: ['RUB'],
};

/** ISO 4217 codes the runtime knows. */
let isoCodes: Set<string> | undefined;

/** Whether a text is a current ISO 4217 code. */
export function isCurrencyCode(text: string): boolean {
  isoCodes ??= new Set(Intl.supportedValuesOf('currency'));
  return isoCodes.has(text);
}

/** The currencies a code, sign or name may mean; empty when it is none. */
function currenciesOf(text: string): readonly string[] {
  const key = text.normalize('NFKC').replace(/[\s.]/g, '').toUpperCase();
  if (/^[A-Z]{3}$/.test(key) && isCurrencyCode(key)) return [key];
  return Object.hasOwn(signs, key) ? (signs[key] ?? []) : [];
}

/** What is in each of several lists. */
const common = ([first = [], ...others]: (readonly string[])[]) =>
  first.filter((code) => others.every((list) => list.includes(code)));

/** The one currency a text means in a file of `expected`; undefined when it means none, null when it cannot be told. */
export function currencyMeant(text: string, expected: string): string | null | undefined {
  const whole = currenciesOf(text);
  const meant = whole.length > 0 ? whole : common(text.trim().split(/\s+/).map(currenciesOf));
  if (meant.length === 0) return undefined;
  if (meant.includes(expected)) return expected;
  return meant.length === 1 ? meant[0] : null;
}
