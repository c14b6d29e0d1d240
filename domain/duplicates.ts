import { z } from 'zod';
import { clip } from './clip';
import { type FieldDefinition, isOwnObject } from './custom-fields';
import { recordOf, storable } from './fields';
import { domainKey, emailKey, nameKey } from './imports/matching';

/**
 * What records are compared by to tell that two of them are likely the same. A rule gives a record keys; records that
 * share a key under a rule are alike by that rule's weight. Blanks give no key, so they never match.
 */
export interface MatchKey {
  rule: string;
  key: string;
}

/** How much a rule says, 0 to 100: by itself the score of the two records. Zero switches it off. */
export type Weights = Record<string, number>;

export interface MatchConfig {
  weights: Weights;
  /** Pairs below it are neither listed nor warned of. */
  threshold: number;
}

export const defaultThreshold = 60;
/** At or above it, pairs are certain enough to be merged many at a time. */
export const certain = 95;
/** Keys of the same calculation; another number has every tenant's keys written anew. */
export const keysVersion = 1;
/** A key that more records share says nothing of any two of them: the switchboard of a company. */
export const commonKey = 20;

const maxKey = 200;

const standardWeights: Record<string, Weights> = {
  company: { taxId: 98, name: 85, domain: 75, similarName: 65, email: 60, phone: 50 },
  contact: { email: 95, nameCompany: 85, wechat: 80, mobile: 75, phone: 45, name: 40 },
  product: { code: 95, name: 70 },
};

/** The rules an object may have, with the weights it begins with. */
export function defaultWeights(object: string, own: readonly FieldDefinition[] = []): Weights {
  const begin = standardWeights[object] ?? (isOwnObject(object) ? { name: 75 } : {});
  const added = own.filter(comparable).map(({ key, settings }) => [key, settings.unique ? 95 : 70] as const);
  return object === 'deal'
    ? { name: 0, ...Object.fromEntries(added.map(([key]) => [key, 0])) }
    : { ...begin, ...Object.fromEntries(added) };
}

/** Own fields whose values tell records apart: addresses, numbers, and what is there once. */
const comparable = ({ type, settings }: FieldDefinition) =>
  type === 'email' || type === 'phone' || (type === 'text' && settings.unique === true);

/** The rules that hold: what the tenant chose, and what it says nothing of as it begins. */
export function matchConfig(
  object: string,
  own: readonly FieldDefinition[] | undefined,
  chosen: { weights?: Weights; threshold?: number } | undefined,
): MatchConfig {
  const weights = defaultWeights(object, own);
  for (const rule of Object.keys(weights)) weights[rule] = chosen?.weights?.[rule] ?? weights[rule] ?? 0;
  return { weights, threshold: chosen?.threshold ?? defaultThreshold };
}

export const matchConfigSchema = z.strictObject({
  weights: recordOf(z.string().max(60), z.int().min(0).max(100), 1000),
  threshold: z.int().min(30).max(100),
});

/** Score of two records that agree under these rules: each takes its share of what is left of doubt. */
export function scoreOf(weights: Weights, rules: readonly string[]): number {
  const doubt = rules.reduce((left, rule) => left * (1 - Math.min(100, weights[rule] ?? 0) / 100), 1);
  return Math.round((1 - doubt) * 100);
}

/** The keys of a record: one per rule and value, without those of blanks. */
export function matchKeys(
  object: string,
  own: readonly FieldDefinition[] | undefined,
  row: Record<string, unknown>,
): MatchKey[] {
  const keys = new Map<string, MatchKey>();
  const add = (rule: string, key: string | null | undefined) => {
    if (!key) return;
    const kept = clip(key, maxKey);
    keys.set(`${rule} ${kept}`, { rule, key: kept });
  };
  const text = (name: string): string => {
    const value = row[name];
    // What cannot be stored is the value of no record.
    return typeof value === 'string' && storable(value) ? value : '';
  };
  const country = text('country');
  if (object === 'company') companyKeys(text, country, add);
  else if (object === 'contact') contactKeys(text, country, add);
  else {
    if (object === 'product') add('code', codeKey(text('code')));
    if (object === 'product' || object === 'deal' || isOwnObject(object)) add('name', nameKey(text('name')));
  }
  for (const field of own ?? []) {
    if (!comparable(field)) continue;
    const value = text(field.key);
    if (field.type === 'email') add(field.key, mailKey(value));
    else if (field.type === 'phone') add(field.key, phoneKey(value));
    else add(field.key, codeKey(value));
  }
  return [...keys.values()];
}

type Text = (name: string) => string;
type Add = (rule: string, key: string | null | undefined) => void;

function companyKeys(text: Text, country: string, add: Add): void {
  for (const name of ['name', 'legalName', 'englishName']) {
    add('name', nameKey(text(name)));
    add('similarName', coreName(text(name)));
  }
  add('similarName', coreName(text('shortName')));
  for (const name of ['domain', 'website']) add('domain', ownDomain(text(name)));
  add('domain', ownDomain(text('email')));
  add('email', mailKey(text('email')));
  add('taxId', codeKey(text('taxId')));
  add('phone', phoneKey(text('phone'), country));
}

function contactKeys(text: Text, country: string, add: Add): void {
  for (const name of ['email', 'otherEmail']) add('email', mailKey(text(name)));
  for (const name of ['mobile', 'phone', 'whatsapp', 'homePhone', 'otherPhone'])
    add('phone', phoneKey(text(name), country));
  // A colleague has the same switchboard, not the same mobile; Chinese mobiles are known by their look wherever they stand.
  for (const name of ['mobile', 'whatsapp']) add('mobile', phoneKey(text(name), country));
  for (const name of ['phone', 'otherPhone']) {
    const key = phoneKey(text(name), country);
    if (key && /^861[3-9]\d{9}$/.test(key)) add('mobile', key);
  }
  add('wechat', text('wechat').trim().toLowerCase());
  const name = personKey(text('name'));
  if (!name) return;
  add('name', name);
  // People of one name are many; of one name in one company they are few.
  const company = text('companyId') || ownDomain(text('email'));
  if (company) add('nameCompany', `${name}|${company}`);
}

/** Words of a name in one order, so that `Lovelace, Ada` is `Ada Lovelace`; Chinese names stay as they are. */
function personKey(name: string): string {
  return nameKey(name).split(' ').sort().join(' ');
}

/** Numbers given to things and to companies: letters and digits, of which there are enough. */
function codeKey(text: string): string | null {
  const key = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return key.length >= 3 && !/^(.)\1*$/u.test(key) ? key : null;
}

function mailKey(text: string): string | null {
  if (text === '') return null;
  const key = emailKey(text);
  return /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(key) ? key : null;
}

/** Domains of mail anybody may have: they say nothing of a company. */
const publicMail = new Set(
  'gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.jp yahoo.co.uk icloud.com me.com mac.com aol.com gmx.de gmx.net web.de t-online.de mail.ru yandex.ru proton.me protonmail.com qq.com vip.qq.com foxmail.com 163.com 126.com yeah.net 188.com sina.com sina.cn sohu.com 139.com 189.cn wo.cn tom.com 21cn.com aliyun.com naver.com'.split(
    ' ',
  ),
);

function ownDomain(text: string): string | null {
  if (text === '') return null;
  const key = domainKey(text);
  return key && !publicMail.has(key) ? key : null;
}

/** Countries whose own numbers are often written without their code. */
const dialCodes: Record<string, string> = {
  cn: '86',
  china: '86',
  中国: '86',
  hk: '852',
  香港: '852',
  tw: '886',
  台湾: '886',
  us: '1',
  usa: '1',
  'united states': '1',
  美国: '1',
  ca: '1',
  canada: '1',
  gb: '44',
  uk: '44',
  'united kingdom': '44',
  英国: '44',
  de: '49',
  germany: '49',
  德国: '49',
  fr: '33',
  france: '33',
  法国: '33',
  jp: '81',
  japan: '81',
  日本: '81',
  sg: '65',
  singapore: '65',
  新加坡: '65',
  au: '61',
  australia: '61',
  澳大利亚: '61',
  in: '91',
  india: '91',
  印度: '91',
};

/**
 * A phone number as E.164 digits, as far as they can be known: `+86 139 0000 0000`, `0086-13900000000` and
 * `139 0000 0000` are one. Extensions do not count. Null for what is too short to be anybody's.
 */
export function phoneKey(text: string, country = ''): string | null {
  if (text.length < 6) return null;
  const plain = text
    .slice(0, 100)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?:ext\.?|extension|转|分机|#|x).*$/u, '')
    .trim();
  const international = /^\(?\s*(?:\+|00)/.test(plain);
  // `+44 (0)20 …`: the zero is for calls from within the country.
  const digits = plain.replace(international ? /\(0\)/ : /$^/, '').replace(/\D/g, '');
  if (digits.length < 6 || digits.length > 17 || /^(\d)\1*$/.test(digits)) return null;
  if (international) return digits.replace(/^00/, '');
  if (/^1[3-9]\d{9}$/.test(digits)) return `86${digits}`;
  if (/^861[3-9]\d{9}$/.test(digits)) return digits;
  const code = dialCodes[country.trim().toLowerCase()];
  const national = digits.replace(/^0/, '');
  if (code) return `${code}${national}`;
  // A Chinese area code and seven or eight digits.
  if (/^0(?:10|2\d|[3-9]\d{2})\d{7,8}$/.test(digits)) return `86${national}`;
  return digits;
}

const places =
  '北京 上海 天津 重庆 广州 深圳 杭州 南京 苏州 无锡 常州 宁波 温州 嘉兴 绍兴 金华 台州 成都 武汉 西安 郑州 长沙 合肥 福州 厦门 泉州 青岛 济南 烟台 潍坊 大连 沈阳 长春 哈尔滨 石家庄 唐山 太原 呼和浩特 南昌 昆明 贵阳 南宁 海口 兰州 银川 西宁 乌鲁木齐 拉萨 佛山 东莞 珠海 中山 惠州 汕头 江门 南通 徐州 扬州 镇江 盐城 泰州 芜湖 洛阳 襄阳 宜昌 香港 澳门 台北 广东 江苏 浙江 山东 河南 四川 湖北 湖南 福建 安徽 河北 陕西 辽宁 江西 广西 云南 贵州 山西 吉林 黑龙江 海南 甘肃 宁夏 青海 新疆 西藏 内蒙古 台湾 中国'
    .split(' ')
    .sort((a, b) => b.length - a.length)
    .join('|');
const leadingPlace = new RegExp(`^(?:${places})(?:省|市|自治区|特别行政区)?`, 'u');
const trailingPlace = new RegExp(`(?:${places})(?:省|市)?$`, 'u');
const bracketedPlace = new RegExp(`[（(](?:${places})(?:省|市)?[）)]`, 'gu');
const looseForms = /(?: (?:group|holding|holdings|international|global|worldwide|china|the))+$/u;
const looseChinese = /(?:集团|集團|股份|控股|总公司|總公司|分公司|有限责任|有限)+$/u;

/**
 * What is left of a company's name without its legal form, its place and words like group and 集团:
 * 上海宏达贸易有限公司, 宏达贸易（上海）股份有限公司 and 宏达贸易 are one. Null where nothing telling is left.
 */
export function coreName(text: string): string | null {
  let name = nameKey(clip(text, 400).replace(bracketedPlace, '')).replace(/^the /, '');
  for (let before = ''; before !== name; ) {
    before = name;
    for (const part of [looseForms, looseChinese, leadingPlace, trailingPlace]) {
      const shorter = name.replace(part, '').trim();
      if (shorter.length >= 2) name = shorter;
    }
  }
  const key = name.replace(/ /g, '');
  return key.length >= 2 ? key : null;
}
