import { toMinor } from '@/domain/money';

/** What one US dollar is roughly worth: invented amounts should look usual in the tenant's currency, no more. */
const perDollar: Record<string, number> = {
  CNY: 7,
  HKD: 8,
  TWD: 32,
  JPY: 150,
  KRW: 1350,
  INR: 84,
  THB: 35,
  MYR: 4.5,
  IDR: 16_000,
  PHP: 57,
  VND: 25_000,
  SEK: 10,
  NOK: 11,
  DKK: 7,
  BRL: 5,
  MXN: 18,
  ZAR: 18,
  AED: 3.7,
  PLN: 4,
  CZK: 23,
  HUF: 360,
  TRY: 35,
};

/** A round amount of about so many dollars, in minor units of a currency. */
export function about(dollars: number, currency: string): number {
  const major = dollars * (perDollar[currency] ?? 1);
  const step = 10 ** Math.max(0, Math.floor(Math.log10(major)) - 1);
  return toMinor(Math.round(major / step) * step, currency);
}
