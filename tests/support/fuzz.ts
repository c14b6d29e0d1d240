import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import { operators } from '@/domain/filters';
import en from '@/domain/messages/en/errors.json' with { type: 'json' };
import { objects } from '@/domain/objects';
import { checksOf, mostOf, type Schema } from './schemas';

/**
 * Runs per property: enough to find what is wrong with a door in about a minute; FUZZ_RUNS makes it many more. The
 * seed is fixed, so that what failed fails again; FUZZ_SEED tries others.
 */
export function fuzzSettings(runs: number) {
  const more = Number(process.env.FUZZ_RUNS ?? 0);
  return { numRuns: more > 0 ? more : runs, seed: Number(process.env.FUZZ_SEED ?? 20_260_601) };
}

/** Ids that are there, by the object they are of. */
export type Ids = Record<string, string>;

/** Texts that have broken something somewhere. */
const hostileTexts = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\ud83d',
  '\u202etxt.exe',
  '\u2066\u2067\u2068\u2069',
  '👩‍👩‍👧‍👦',
  '🇺🇸🇨🇳',
  '𠜎𠜱𠝹',
  'مرحبا بالعالم',
  '重庆'.repeat(30),
  `Z${'\u0300'.repeat(150)}`,
  '\ufeff',
  '\ufffe\uffff',
  '\u2028\u2029',
  'a\r\nBcc: x@example.com',
  '\u001b[31m',
  '\b\u007f\u0085',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  'true',
  '0',
  '-1',
  '1e400',
  '-',
  '%',
  '_',
  '\\',
  "'",
  '"',
  '`',
  '$1',
  `$\{7*7}`,
  '{{7*7}}',
  '%00',
  '%s%n',
  '../../../../etc/passwd',
  '<script>alert(1)</script>',
  'javascript:alert(1)',
  "1'; --",
  '=1+1',
  '{"a":1}',
  '[]',
  'İıſK',
  'ﷺ',
  '\t\n\v\f',
];

const hostileNumbers = [
  0,
  -0,
  1,
  -1,
  0.5,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  -(2 ** 53),
  9e15,
  2 ** 63,
  1e21,
  1e308,
  -1e308,
  5e-324,
];
const days = ['2026-06-01', '2024-02-29', '0001-01-01', '9999-12-31', '0000-01-01', '2026-02-30'];
const moments = [
  '2026-06-01T10:00:00Z',
  '2026-06-01T10:00:00+15:59',
  '2026-06-01T10:00:00-23:59',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999Z',
  '2026-06-01T23:59:60Z',
];
const emails = ['jo@example.com', 'ü@例子.公司', `${'a'.repeat(64)}@example.com`, 'a@b', "o'brien@example.com"];
const links = ['https://example.com/', 'http://[::1]/', 'https://例子.公司/ä?#', 'ftp://x', 'https://a\nb'];
const fieldNames = [
  ...new Set(Object.values(objects).flatMap(({ fields }) => Object.keys(fields))),
  'companyId.name',
  'companyId.parentId.parentId.name',
  'companyId.parentId.parentId.parentId.parentId.name',
  'ownerId.teamId.name',
  'tenantId',
  '__proto__',
  'constructor.name',
  'name.length',
  '.',
  '',
];

export const hostileText = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom('\ud800', '\udc00', 'a', '\u0000', '\\', '%'), maxLength: 10 }),
  },
);

/** JSON values that fit nowhere in particular. */
export const hostileJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    hostileText,
    fc.constantFrom<unknown>(...hostileNumbers),
    fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null]),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(hostileText, fc.constantFrom('id', 'field', 'and', 'values', 'length')), tie('value'), {
      maxKeys: 3,
    }),
  ),
})).value;

/** Values that fit a schema as far as it says what fits, filled with whatever is most likely to go wrong. */
export function fitting(schema: Schema, ids: Ids, name = '', depth = 0): fc.Arbitrary<unknown> {
  const { def } = schema._zod;
  const inner = (part: Schema | undefined, as = name) =>
    part ? fitting(part, ids, as, depth + 1) : fc.constant<unknown>(null);
  switch (def.type) {
    case 'string':
      return textFor(schema, ids, name);
    case 'number':
      return numberFor(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
    case 'undefined':
      return fc.constant(null);
    case 'enum':
      return fc.constantFrom<unknown>(...Object.values(def.entries ?? {}));
    case 'literal':
      return fc.constantFrom(...(def.values ?? [null]));
    case 'array':
      return fc.array(inner(def.element, singular(name)), { maxLength: Math.min(mostOf(schema), 4) });
    case 'record':
      return fc.dictionary(fc.oneof(hostileText, fc.constantFrom('won', 'open')), inner(def.valueType), { maxKeys: 3 });
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(def.shape ?? {}).map(([key, part]) => [
            key,
            isOptional(part) ? fc.option(inner(part, key), { nil: undefined, freq: 2 }) : inner(part, key),
          ]),
        ),
      );
    case 'union':
      // Deep in a recursive schema only the first option, which is the leaf.
      return fc.oneof(
        ...(depth > 12 ? (def.options ?? []).slice(0, 1) : (def.options ?? [])).map((part) => inner(part)),
      );
    case 'tuple':
      return fc.tuple(...(def.items ?? []).map((part) => inner(part)));
    case 'nullable':
      return fc.option(inner(def.innerType), { nil: null, freq: 4 });
    case 'optional':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'nonoptional':
    case 'catch':
      return inner(def.innerType);
    case 'pipe':
      return inner(def.in?._zod.def.type === 'transform' ? def.out : def.in);
    case 'lazy':
      return inner(def.getter?.());
    default:
      return hostileJson;
  }
}

const optionalTypes = new Set(['optional', 'default', 'prefault']);
const isOptional = (schema: Schema): boolean =>
  optionalTypes.has(schema._zod.def.type) ||
  // Fields are optional inside the step that prepares them.
  (schema._zod.def.type === 'nullable' &&
    schema._zod.def.innerType !== undefined &&
    isOptional(schema._zod.def.innerType));

const singular = (name: string) => (name === 'ids' ? 'id' : name === 'columns' ? 'field' : name.replace(/Ids$/, 'Id'));

function textFor(schema: Schema, ids: Ids, name: string): fc.Arbitrary<string> {
  const most = Math.min(mostOf(schema), 20_000);
  const checks = checksOf(schema);
  const format = checks.find((check) => check.format)?.format ?? (schema.meta?.()?.format as string | undefined);
  const known = Object.values(ids);
  if (format === 'uuid') {
    const meant = ids[name.replace(/Id$/, '')];
    return fc.oneof(
      ...(meant ? [fc.constant(meant), fc.constant(meant)] : []),
      fc.constantFrom(...known),
      fc.constantFrom('00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
      fc.uuid(),
    );
  }
  if (format === 'date') return fc.constantFrom(...days);
  if (format === 'datetime') return fc.constantFrom(...moments);
  if (format === 'email') return fc.oneof(fc.constantFrom(...emails), fc.emailAddress());
  if (format === 'url') return fc.constantFrom(...links);
  const pattern = checks.find((check) => check.pattern)?.pattern;
  if (pattern && format === 'regex') return fc.stringMatching(pattern);
  const hints: Record<string, string[]> = {
    field: fieldNames,
    object: [...Object.keys(objects), 'member', 'team', 'stage', 'pipeline', 'contactCompany', 'tenant'],
    timeZone: ['Etc/UTC', 'Asia/Shanghai', '+08:00', '../UTC', 'UTC\u0000'],
    target: ['name', 'email', 'externalId', 'amount', 'stage', 'constructor'],
  };
  const hinted = hints[name];
  const text = hostileText.map((t) => t.slice(0, most));
  const full = fc
    .constantFrom('a', '重', '👩', '\u0300', '%', ' ', '\\')
    .map((unit) => unit.repeat(Math.ceil(most / unit.length)).slice(0, most));
  const options: fc.WeightedArbitrary<string>[] = [
    { weight: hinted ? 1 : 8, arbitrary: text },
    { weight: 1, arbitrary: full },
  ];
  if (hinted) options.push({ weight: 8, arbitrary: fc.constantFrom(...hinted) });
  if (name === 'cursor') options.push({ weight: 8, arbitrary: cursorFor(known) });
  if (name === 'text' || name === 'value')
    options.push({ weight: 4, arbitrary: fc.constantFrom(...days, ...moments, ...known) });
  return fc.oneof(...options);
}

/** Cursors as the server writes them, with whatever inside. */
function cursorFor(known: string[]): fc.Arbitrary<string> {
  const id = fc.constantFrom(...known, 'not-an-id', '');
  const value = fc.oneof(
    hostileText,
    fc.constantFrom<unknown>(...hostileNumbers, ...days, ...moments, null, true, 'infinity', '1e999'),
  );
  const encode = (json: unknown) => Buffer.from(JSON.stringify(json)).toString('base64url').slice(0, 2000);
  return fc.oneof(
    fc.tuple(value, id).map(encode),
    fc.tuple(value, id, value).map(encode),
    hostileJson.map(encode),
    fc.base64String({ maxLength: 60 }),
    id,
  );
}

/** Lists of records of one kind: any test of any of its fields, sorted by any other, from any place. */
export function listings(fields: readonly string[], ids: Ids): fc.Arbitrary<Record<string, unknown>> {
  const known = Object.values(ids);
  const field = fc.constantFrom(...fields);
  const one = fc.oneof(
    hostileText,
    fc.constantFrom<unknown>(...hostileNumbers, ...days, ...moments, ...known, true, false, null, 7),
  );
  const value = fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: fc.array(one, { maxLength: 3 }) });
  const condition = fc.record({ field, op: fc.constantFrom(...operators), value });
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
  return fc.record({
    filter: maybe(
      fc.oneof(
        condition,
        fc.array(condition, { maxLength: 3 }).map((and) => ({ and })),
      ),
    ),
    sort: maybe(fc.tuple(fc.record({ field, dir: fc.constantFrom('asc', 'desc') }))),
    cursor: maybe(cursorFor(known)),
  });
}

function numberFor(schema: Schema): fc.Arbitrary<number> {
  let [min, max] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  let whole = false;
  for (const { check, value, format } of checksOf(schema)) {
    if (check === 'greater_than') min = Math.max(min, Number(value));
    if (check === 'less_than') max = Math.min(max, Number(value));
    if (format?.includes('int')) whole = true;
  }
  const inRange = hostileNumbers.filter((n) => n >= min && n <= max && (!whole || Number.isInteger(n)));
  return fc.oneof(
    fc.constantFrom(min, max, ...inRange),
    whole
      ? fc.integer({ min: Math.max(min, -(2 ** 31)), max: Math.min(max, 2 ** 31 - 1) })
      : fc.constantFrom(...hostileNumbers),
  );
}

/** A value with something in it that does not fit: another type, a key more or less. */
export function damaged(fit: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      fit,
      fc.nat(1000),
      fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add'),
      hostileJson,
      hostileText,
    )
    .map(([value, at, how, wrong, key]) => {
      const copy = structuredClone(value);
      const places = placesIn(copy);
      const place = places[at % Math.max(places.length, 1)];
      if (!place || (how === 'replace' && at % 17 === 0)) return wrong;
      if (how === 'replace') place.holder[place.key] = wrong;
      else if (how === 'remove' && !Array.isArray(place.holder)) delete place.holder[place.key];
      else
        Object.defineProperty(place.holder, key, {
          value: wrong,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      return copy;
    });
}

interface Place {
  // biome-ignore lint/suspicious/noExplicitAny: any JSON value may be put in any place
  holder: any;
  key: string;
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [{ holder: value, key }, ...placesIn(part)]);
}

/** As JSON, sometimes with a key that means something to JavaScript. */
export const asJson = (value: unknown, salt: number): string => {
  const text = JSON.stringify(value) ?? '';
  if (salt % 11 === 0 && text.startsWith('{'))
    return text.replace('{', `{"__proto__":{"admin":true}${text === '{}' ? '' : ','}`);
  if (salt % 13 === 0 && text.startsWith('{'))
    return text.replace('{', `{"constructor":{"prototype":{"x":1}}${text === '{}' ? '' : ','}`);
  return text;
};

/** Words that only the inside of the server says. None of the hostile texts has them. */
const inside =
  /\bat [\w.<> ]+ \(|node_modules|node:internal|\.m?[tj]s:\d+|\/work\/|\/home\/|\bSQLSTATE\b|syntax error at|violates|\brelation "|\bcolumn "|\bselect\b.+\bfrom\b|\binsert into\b|\bupdate app\b|ECONNREFUSED|TypeError|RangeError|ZodError|DrizzleQueryError|invalid input syntax|out of range/i;

const messages = en as Record<string, string>;

/** What must hold of any answer to anything: no fault, nothing of the inside, a refusal that there are words for. */
export function assertDecent(answer: LightMyRequestResponse, lines: readonly string[] = []): void {
  const about = `${answer.statusCode} ${answer.body.slice(0, 500)}`;
  if (answer.statusCode >= 500)
    throw new Error(
      `A fault: ${about} ${lines
        .filter((line) => line.includes('"level":50'))
        .at(-1)
        ?.slice(0, 1500)}`,
    );
  const isError = answer.statusCode >= 400;
  if (isError && inside.test(answer.body)) throw new Error(`Tells of the inside: ${about}`);
  if (answer.headers['x-powered-by']) throw new Error('Says what it runs on');
  // HEAD has the headers of an answer and nothing more.
  if (answer.body === '' || !String(answer.headers['content-type'] ?? '').includes('json')) return;
  for (const one of [answer.json()].flat()) {
    const refusal = one?.error?.data?.refusal ?? (isError ? one : undefined);
    if (!refusal) continue;
    const codes = [refusal.code, ...(refusal.fields ?? []).map((field: { code: string }) => field.code)];
    const unknown = codes.find((code) => !Object.hasOwn(messages, code));
    if (unknown !== undefined) throw new Error(`No words for ${unknown}: ${about}`);
  }
}
