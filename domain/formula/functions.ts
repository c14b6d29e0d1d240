import { FormulaProblem } from './problem';
import {
  beginningOf,
  type Circumstances,
  dayOf,
  daysBetween,
  daysLater,
  type FormulaType,
  type Kind,
  millis,
  monthsLater,
  type Part,
  rounded,
  tidy,
  type Value,
} from './values';

/** A function or an operator: how many values it takes, and what becomes of them. */
interface Function {
  args: [least: number, most: number];
  make(parts: Part[], call: { name: string; at: number }): Pick<Part, 'value'> & Kind;
}

const many = 50;
const numeric: readonly FormulaType[] = ['number', 'money', 'percent'];
const dated: readonly FormulaType[] = ['date', 'datetime'];

/** @throws FormulaProblem when a part is of none of the types */
function need(part: Part | undefined, name: string, ...types: FormulaType[]): Part {
  if (!part) throw new Error(`${name} without its values`);
  const [wanted = 'text'] = types;
  if (part.type !== 'nothing' && !types.includes(part.type))
    throw new FormulaProblem('formulaType', part.at, { name, wanted, given: part.type });
  return part;
}

/** A day among moments is the moment at which it begins. */
function alike(parts: Part[]): Part[] {
  const types = new Set(parts.map(({ type }) => type));
  if (!types.has('date') || !types.has('datetime')) return parts;
  return parts.map((part) =>
    part.type === 'date'
      ? { ...part, type: 'datetime', value: (about) => beginningOf(part.value(about), about.timeZone) }
      : part,
  );
}

/** What values of two kinds are together: the same, or a plain number beside an amount or a percentage. */
function united(a: Kind, b: Part): Kind {
  if (a.type === 'nothing') return b;
  if (b.type === 'nothing') return a;
  if (a.type === 'money' && b.type === 'money') {
    if (a.currency !== b.currency)
      throw new FormulaProblem('formulaCurrency', b.at, { left: a.currency ?? '', right: b.currency ?? '' });
    return a;
  }
  if (a.type === b.type) return a;
  if (a.type === 'number' && numeric.includes(b.type)) return b;
  if (b.type === 'number' && numeric.includes(a.type)) return a;
  if (dated.includes(a.type) && dated.includes(b.type)) return { type: 'datetime' };
  throw new FormulaProblem('formulaMixed', b.at, { left: a.type, right: b.type });
}

const unitedAll = (parts: Part[]): Kind =>
  parts.slice(1).reduce<Kind>(united, { type: parts[0]?.type ?? 'nothing', currency: parts[0]?.currency });

/** A function of values that gives nothing as soon as one of them is nothing. */
const of =
  (parts: Part[], work: (...values: Exclude<Value, null>[]) => Value) =>
  (about: Circumstances): Value => {
    const values: Exclude<Value, null>[] = [];
    for (const part of parts) {
      const value = part.value(about);
      if (value === null) return null;
      values.push(value);
    }
    const result = work(...values);
    return typeof result === 'number' ? tidy(result) : result;
  };
/** The same where days and hours are those of the workspace's time zone. */
const zoned =
  (parts: Part[], work: (timeZone: string, ...values: Exclude<Value, null>[]) => Value) =>
  (about: Circumstances): Value =>
    of(parts, (...values) => work(about.timeZone, ...values))(about);
const numbers = (parts: Part[], work: (...n: number[]) => number | null) => of(parts, (...v) => work(...v.map(Number)));
const texts = (parts: Part[], work: (...t: string[]) => Value) => of(parts, (...v) => work(...v.map(String)));

const num = (type: FormulaType, value: Part['value'], currency?: string) => ({ type, currency, value });

function pair(parts: Part[]): [Part, Part] {
  const [a, b] = parts;
  if (!a || !b) throw new Error('An operator without its values');
  return [a, b];
}

const mixed = (a: Part, b: Part) => new FormulaProblem('formulaMixed', b.at, { left: a.type, right: b.type });

function plus(parts: Part[], sign: 1 | -1): Pick<Part, 'value'> & Kind {
  const [a, b] = pair(parts);
  if (sign === 1 && a.type === 'text' && b.type === 'text')
    return num(
      'text',
      texts(parts, (x, y) => x + y),
    );
  if (dated.includes(a.type) && b.type === 'number')
    return num(
      a.type,
      of(parts, (from, n) => daysLater(String(from), sign * Number(n))),
    );
  if (sign === -1 && dated.includes(a.type) && dated.includes(b.type))
    return num(
      'number',
      of(alike(parts), (to, from) => (millis(to) - millis(from)) / 86_400_000),
    );
  const kind = united(a, b);
  if (kind.type !== 'nothing' && !numeric.includes(kind.type)) throw mixed(a, b);
  return num(
    kind.type,
    numbers(parts, (x, y) => x + sign * y),
    kind.currency,
  );
}

/** A percentage of an amount or a number is that share of it. */
function times(parts: Part[]): Pick<Part, 'value'> & Kind {
  const [a, b] = pair(parts);
  for (const part of [a, b]) need(part, '*', ...numeric);
  if (a.type === 'money' && b.type === 'money') throw mixed(a, b);
  const share = (a.type === 'percent' || b.type === 'percent') && !(a.type === 'nothing' || b.type === 'nothing');
  const main = a.type === 'money' ? a : b.type === 'money' ? b : a.type === 'percent' ? b : a;
  return num(
    main.type,
    numbers(parts, (x, y) => (x * y) / (share ? 100 : 1)),
    main.currency,
  );
}

function divided(parts: Part[]): Pick<Part, 'value'> & Kind {
  const [a, b] = pair(parts);
  for (const part of [a, b]) need(part, '/', ...numeric);
  if (b.type === 'money' && a.type !== 'money') throw mixed(a, b);
  if (a.type === 'money' && b.type === 'money') united(a, b);
  const ratio = a.type === b.type && a.type !== 'number';
  const factor = b.type === 'percent' && !ratio ? 100 : 1;
  // Nothing is what divided by zero gives, not an error: a list of records has to show something.
  const value = numbers(parts, (x, y) => (y === 0 ? null : (x / y) * factor));
  return ratio ? num('number', value) : num(a.type, value, a.currency);
}

const folded = (value: Value) => (typeof value === 'string' ? value.toLowerCase() : value);

function compared(parts: Part[], type: FormulaType, test: (order: number) => boolean): Part['value'] {
  const key = (value: Value): Value => (dated.includes(type) ? millis(value) : folded(value));
  return of(alike(parts), (x, y) => {
    const [a, b] = [key(x), key(y)];
    if (a === null || b === null) return null;
    return test(a < b ? -1 : a > b ? 1 : 0);
  });
}

function equal(parts: Part[], wanted: boolean): Pick<Part, 'value'> & Kind {
  const [a, b] = pair(parts);
  const { type } = united(a, b);
  const same = compared(parts, type, (order) => order === 0);
  return num('boolean', (about) => {
    const [x, y] = [a.value(about), b.value(about)];
    const result = x === null || y === null ? x === y : same(about) === true;
    return result === wanted;
  });
}

const order = (test: (order: number) => boolean): Function => ({
  args: [2, 2],
  make: (parts, { name }) => {
    const { type } = united(
      need(parts[0], name, 'number', 'text', 'money', 'percent', 'date', 'datetime'),
      pair(parts)[1],
    );
    return num('boolean', compared(parts, type, test));
  },
});

/** A value as it stands in a text. */
const written = (value: Value): string => (value === null ? '' : String(value));
const joined = (parts: Part[]) => num('text', (about) => parts.map((part) => written(part.value(about))).join(''));

const logic = (stop: boolean): Function => ({
  args: [2, many],
  make: (parts, { name }) => {
    for (const part of parts) need(part, name, 'boolean');
    return num('boolean', (about) => (parts.some((part) => (part.value(about) === true) === stop) ? stop : !stop));
  },
});

const onText = (args: [number, number], type: FormulaType, work: (...t: string[]) => Value): Function => ({
  args,
  make: (parts, { name }) => {
    for (const part of parts) need(part, name, 'text');
    return num(type, texts(parts, work));
  },
});

const ends = (cut: (letters: string[], n: number) => string[]): Function => ({
  args: [2, 2],
  make: (parts, { name }) => {
    need(parts[0], name, 'text');
    need(parts[1], name, 'number');
    return num(
      'text',
      of(parts, (text, n) => cut([...String(text)], Math.max(0, Math.trunc(Number(n)))).join('')),
    );
  },
});

const rounding = (work: (n: number, digits: number) => number): Function => ({
  args: [1, 2],
  make: (parts, { name }) => {
    const part = need(parts[0], name, ...numeric);
    if (parts[1]) need(parts[1], name, 'number');
    const digits = (n: number | undefined) => Math.max(-9, Math.min(9, Math.trunc(n ?? 0)));
    return num(
      part.type,
      numbers(parts, (n, places) => work(n, digits(places))),
      part.currency,
    );
  },
});

const extreme = (sign: 1 | -1): Function => ({
  args: [1, many],
  make: (parts, { name }) => {
    for (const part of parts) need(part, name, ...numeric, ...dated);
    const kind = unitedAll(parts);
    const values = alike(parts);
    const key = (value: Value) => (typeof value === 'string' ? millis(value) : Number(value));
    // What is empty has no part in it.
    const value = (about: Circumstances) =>
      values
        .map((part) => part.value(about))
        .filter((v) => v !== null)
        .reduce<Value>((best, v) => (best === null || sign * (key(v) - key(best)) > 0 ? v : best), null);
    return num(kind.type, value, kind.currency);
  },
});

const dayPart = (work: (day: Date) => number): Function => ({
  args: [1, 1],
  make: (parts, { name }) => {
    need(parts[0], name, ...dated);
    return num(
      'number',
      zoned(parts, (timeZone, value) => work(new Date(millis(dayOf(String(value), timeZone))))),
    );
  },
});

const later = (work: (value: string, n: number, timeZone: string) => string | null): Function => ({
  args: [2, 2],
  make: (parts, { name }) => {
    const from = need(parts[0], name, ...dated);
    need(parts[1], name, 'number');
    return num(
      from.type,
      zoned(parts, (timeZone, value, n) => work(String(value), Number(n), timeZone)),
    );
  },
});

const signed = (sign: 1 | -1): Function => ({
  args: [1, 1],
  make: (parts) => {
    const part = need(parts[0], sign === 1 ? '+' : '-', ...numeric);
    return num(
      part.type,
      numbers(parts, (n) => sign * n),
      part.currency,
    );
  },
});

/** All there are, by their names in small letters; operators go by their signs. */
export const functions: ReadonlyMap<string, Function> = new Map<string, Function>([
  ['+', { args: [2, 2], make: (parts) => plus(parts, 1) }],
  ['-', { args: [2, 2], make: (parts) => plus(parts, -1) }],
  ['*', { args: [2, 2], make: times }],
  ['/', { args: [2, 2], make: divided }],
  [
    '%',
    {
      args: [2, 2],
      make: (parts) => {
        for (const part of parts) need(part, '%', 'number');
        return num(
          'number',
          numbers(parts, (x, y) => (y === 0 ? null : x % y)),
        );
      },
    },
  ],
  ['negative', signed(-1)],
  ['positive', signed(1)],
  ['&', { args: [2, 2], make: joined }],
  ['concat', { args: [1, many], make: joined }],
  ['=', { args: [2, 2], make: (parts) => equal(parts, true) }],
  ['<>', { args: [2, 2], make: (parts) => equal(parts, false) }],
  ['<', order((o) => o < 0)],
  ['>', order((o) => o > 0)],
  ['<=', order((o) => o <= 0)],
  ['>=', order((o) => o >= 0)],
  ['and', logic(false)],
  ['or', logic(true)],
  [
    'not',
    {
      args: [1, 1],
      make: (parts) => {
        const part = need(parts[0], 'not', 'boolean');
        return num('boolean', (about) => part.value(about) !== true);
      },
    },
  ],
  [
    'if',
    {
      args: [2, 3],
      make: ([test, yes, no]) => {
        const asked = need(test, 'if', 'boolean');
        if (!yes) throw new Error('if without its values');
        const kind = no ? united(yes, no) : yes;
        const [then = yes, otherwise] = alike(no ? [yes, no] : [yes]);
        return num(
          kind.type,
          (about) => (asked.value(about) === true ? then.value(about) : (otherwise?.value(about) ?? null)),
          kind.currency,
        );
      },
    },
  ],
  [
    'coalesce',
    {
      args: [1, many],
      make: (parts) => {
        const kind = unitedAll(parts);
        const values = alike(parts);
        const value = (about: Circumstances) => {
          for (const part of values) {
            const found = part.value(about);
            if (found !== null && found !== '') return found;
          }
          return null;
        };
        return num(kind.type, value, kind.currency);
      },
    },
  ],
  [
    'isempty',
    {
      args: [1, 1],
      make: ([part]) => num('boolean', (about) => [null, ''].includes((part?.value(about) ?? null) as null | '')),
    },
  ],
  ['round', rounding(rounded)],
  ['floor', rounding((n, digits) => tidy(Math.floor(Number((n * 10 ** digits).toPrecision(15))) / 10 ** digits) ?? n)],
  ['ceil', rounding((n, digits) => tidy(Math.ceil(Number((n * 10 ** digits).toPrecision(15))) / 10 ** digits) ?? n)],
  [
    'abs',
    {
      args: [1, 1],
      make: (parts) => {
        const part = need(parts[0], 'abs', ...numeric);
        return num(part.type, numbers(parts, Math.abs), part.currency);
      },
    },
  ],
  ['min', extreme(-1)],
  ['max', extreme(1)],
  ['lower', onText([1, 1], 'text', (text) => text.toLowerCase())],
  ['upper', onText([1, 1], 'text', (text) => text.toUpperCase())],
  ['trim', onText([1, 1], 'text', (text) => text.trim())],
  ['length', onText([1, 1], 'number', (text) => [...text].length)],
  ['contains', onText([2, 2], 'boolean', (text, part) => text.toLowerCase().includes((part ?? '').toLowerCase()))],
  ['startswith', onText([2, 2], 'boolean', (text, part) => text.toLowerCase().startsWith((part ?? '').toLowerCase()))],
  ['left', ends((letters, n) => letters.slice(0, n))],
  ['right', ends((letters, n) => (n === 0 ? [] : letters.slice(-n)))],
  [
    'daysbetween',
    {
      args: [2, 2],
      make: (parts, { name }) => {
        for (const part of parts) need(part, name, ...dated);
        return num(
          'number',
          of(alike(parts), (from, to) => daysBetween(from, to)),
        );
      },
    },
  ],
  ['adddays', later(daysLater)],
  ['addmonths', later(monthsLater)],
  ['year', dayPart((day) => day.getUTCFullYear())],
  ['month', dayPart((day) => day.getUTCMonth() + 1)],
  ['day', dayPart((day) => day.getUTCDate())],
  /** Monday is 1, Sunday 7. */
  ['weekday', dayPart((day) => day.getUTCDay() || 7)],
  [
    'date',
    {
      args: [1, 1],
      make: (parts, { name }) => {
        need(parts[0], name, ...dated);
        return num(
          'date',
          zoned(parts, (timeZone, value) => dayOf(String(value), timeZone)),
        );
      },
    },
  ],
  ['today', { args: [0, 0], make: () => num('date', ({ today }) => today) }],
]);
