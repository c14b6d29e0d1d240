/**
 * Money is a whole number of minor units (cents, fen, yen) plus an ISO 4217 code.
 * Number of decimals per currency: ISO 4217 table, as the runtime's Intl data has it.
 */
const decimalsByCurrency = new Map<string, number>();

/** ISO 4217 decimals of a currency: USD 2, JPY 0, KWD 3. Unknown codes count as 2. */
export function currencyDecimals(currency: string): number {
  const known = decimalsByCurrency.get(currency);
  if (known !== undefined) return known;
  let decimals = 2;
  try {
    decimals =
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    // Not a well-formed code: callers validate currencies, this only must not throw.
  }
  decimalsByCurrency.set(currency, decimals);
  return decimals;
}

/** Major units (12.5) to minor units (1250), rounded half away from zero. */
export function toMinor(major: number, currency: string): number {
  const scaled = Number(`${major}e${currencyDecimals(currency)}`);
  return Number.isFinite(scaled) ? Math.sign(scaled) * Math.round(Math.abs(scaled)) : Number.NaN;
}

/** Minor units (1250) to major units (12.5). */
export function toMajor(minor: number, currency: string): number {
  return minor / 10 ** currencyDecimals(currency);
}

const formatters = new Map<string, Intl.NumberFormat>();

/**
 * An amount for people: `$1,250` or `¥1,250.50`. Decimals only when they are not zero, or always with `exact`.
 * `compact` gives `$1.3M` / `¥130万` for headers and charts.
 */
export function formatMoney(
  minor: number,
  currency: string,
  locale: string,
  style: 'short' | 'exact' | 'compact' = 'short',
): string {
  const major = toMajor(minor, currency);
  const whole = style === 'short' && Number.isInteger(major);
  const key = `${locale}|${currency}|${style}|${whole}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      ...(whole ? { maximumFractionDigits: 0, minimumFractionDigits: 0 } : {}),
      ...(style === 'compact' ? { notation: 'compact', maximumFractionDigits: 1, minimumFractionDigits: 0 } : {}),
    });
    formatters.set(key, formatter);
  }
  return formatter.format(major);
}

/** Currencies offered in pickers, the most used first. Any ISO 4217 code is accepted. */
export const currencies = [
  'USD',
  'EUR',
  'CNY',
  'GBP',
  'JPY',
  'HKD',
  'TWD',
  'SGD',
  'AUD',
  'CAD',
  'CHF',
  'SEK',
  'NOK',
  'DKK',
  'KRW',
  'INR',
  'BRL',
  'MXN',
  'NZD',
  'ZAR',
  'THB',
  'MYR',
  'IDR',
  'PHP',
  'VND',
  'AED',
  'PLN',
  'CZK',
  'HUF',
  'TRY',
] as const;
