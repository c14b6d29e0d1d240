import { joinList } from './lists';
import { type Vcard, type VcardProperty, vcardParts, vcardText } from './vcard';

/** A person of a vCard as the cells of a table, by header. */
export type VcardRow = Map<string, string>;

/** More columns than this a table of people does not get; what is beyond goes to the notes, with its header. */
const mostColumns = 200;

/** The order of columns; those of one kind follow its first, and what is not listed comes before the notes. */
const order = [
  'Full Name',
  'First Name',
  'Middle Name',
  'Last Name',
  'Salutation',
  'Suffix',
  'Nickname',
  'Company',
  'Department',
  'Job Title',
  'Role',
  'Email',
  'Other Email',
  'Phone',
  'Mobile Phone',
  'Home Phone',
  'Other Phone',
  'Fax',
  'Street',
  'Street 2',
  'City',
  'State',
  'Postal Code',
  'Country',
  'Website',
  'Birthday',
];
const last = ['Tags', 'Notes', 'UID'];

/**
 * Brings people together under common headers.
 * @param headers those of all cards, in the order in which they were met
 */
export function vcardHeaders(headers: Iterable<string>): string[] {
  const place = (header: string) => {
    const base = header.replace(/ \d+$/, '');
    const first = order.indexOf(base);
    return first >= 0 ? first : last.includes(base) ? order.length + 1 + last.indexOf(base) : order.length;
  };
  const sorted = [...new Set(headers)].sort((a, b) => place(a) - place(b));
  const kept = new Set(sorted.slice(0, mostColumns));
  return sorted.length <= mostColumns ? sorted : sorted.filter((header) => kept.has(header) || last.includes(header));
}

/** The cells of a person under these headers; what has no header of its own is added to the notes. */
export function vcardCells(row: VcardRow, headers: readonly string[]): string[] {
  const known = new Set(headers);
  const beyond = [...row].filter(([header]) => !known.has(header)).map(([header, text]) => `${header}: ${text}`);
  return headers.map((header) => {
    const text = row.get(header) ?? '';
    return header === 'Notes' && beyond.length > 0 ? [text, ...beyond].filter((each) => each !== '').join('\n') : text;
  });
}

/**
 * What a card says of a person. Null for a group of people, and for a card that says nothing.
 * Names, labels and the properties that begin with X are those of Apple, Google, Microsoft and phones in Chinese.
 */
export function vcardRow(card: Vcard): VcardRow | null {
  const { properties } = card;
  if (properties.some(({ name, value }) => /KIND$/.test(name) && /^group$/i.test(value.trim()))) return null;
  const row: VcardRow = new Map();
  const labels = labelsOf(properties);
  // Preferred ones first, so that they get the columns without a number.
  const ordered = [...properties].sort((a, b) => preference(a) - preference(b));
  addName(row, ordered);
  for (const property of ordered) addProperty(row, property, labels.get(property.group) ?? null);
  if (row.size === 0) return null;
  if (!row.has('Full Name')) {
    const name = ['Nickname', 'Company', 'Email', 'Phone', 'Mobile Phone', 'Home Phone', 'Other Phone']
      .map((header) => row.get(header))
      .find((text) => text !== undefined);
    if (name) row.set('Full Name', name);
  }
  return row;
}

/** Puts a text under a header, or under the next with a number when the person has another one there already. */
function put(row: VcardRow, header: string, text: string): void {
  const value = text.trim();
  if (value === '') return;
  for (let n = 1; ; n++) {
    const numbered = n === 1 ? header : `${header} ${n}`;
    const there = row.get(numbered);
    if (there === value) return;
    if (there !== undefined) continue;
    row.set(numbered, value);
    return;
  }
}

const han = /\p{Script=Han}/u;

/** Names: as they are shown, and in their parts. Chinese ones are written family first and without a space. */
function addName(row: VcardRow, properties: readonly VcardProperty[]): void {
  const shown = properties.find(({ name }) => name === 'FN');
  const parts = vcardParts(properties.find(({ name }) => name === 'N')?.value ?? '', ';').map((part) =>
    part.replace(/\s+/g, ' ').trim(),
  );
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = parts;
  const chinese = han.test(family + given) && !/[a-z]/i.test(family + given);
  const together = chinese
    ? `${family}${middle}${given}`
    : [prefix, given, middle, family, suffix].filter((part) => part !== '').join(' ');
  const name = vcardText(shown?.value ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  // Some phones put a Chinese name together as if it were a Western one: given name, space, family name.
  const turned = chinese && family !== '' && given !== '' && name === `${given} ${family}`;
  put(row, 'Full Name', name === '' || turned ? together : name);
  // Our own cards have a name that nobody has taken apart where telephones look for one.
  const isWhole = given === name && properties.some((property) => property.name === 'X-GUANXI-ID');
  if (!isWhole) put(row, 'First Name', given);
  put(row, 'Middle Name', middle);
  put(row, 'Last Name', family);
  put(row, 'Salutation', prefix);
  put(row, 'Suffix', suffix);
}

type Adder = (row: VcardRow, property: VcardProperty, label: string | null) => void;

const asText =
  (header: string): Adder =>
  (row, { value }) =>
    put(row, header, vcardText(value));

const adders: Record<string, Adder> = {
  NICKNAME: asText('Nickname'),
  TITLE: asText('Job Title'),
  ROLE: asText('Role'),
  NOTE: (row, { value }) => {
    const text = vcardText(value);
    const before = row.get('Notes');
    if (text !== '') row.set('Notes', before ? `${before}\n${text}` : text);
  },
  UID: (row, { value }) => put(row, 'UID', vcardText(value).replace(/^urn:uuid:/i, '')),
  LANG: asText('Preferred Language'),
  TZ: asText('Time Zone'),
  GENDER: (row, { value }) => put(row, 'Gender', vcardText(value).replace(/^;/, '')),
  GEO: (row, { value }) => put(row, 'Coordinates', vcardText(value).replace(/^geo:/i, '').replace(';', ',')),
  BDAY: (row, property) => put(row, 'Birthday', dayOf(property)),
  ANNIVERSARY: (row, property) => put(row, 'Anniversary', dayOf(property)),
  'X-ABDATE': (row, property, label) => put(row, label ?? 'Date', dayOf(property)),
  'X-ANDROID-CUSTOM': (row, { value }) => {
    const [type = '', text = '', kind = ''] = vcardParts(value, ';');
    if (type.endsWith('/nickname')) put(row, 'Nickname', text);
    else if (type.endsWith('/relation')) put(row, 'Related Name', text);
    // 1 and 3 are what ContactsContract.CommonDataKinds.Event calls anniversary and birthday.
    else if (type.endsWith('/contact_event'))
      put(row, kind === '1' ? 'Anniversary' : kind === '3' ? 'Birthday' : 'Date', vcardDay(text));
    else put(row, titled(type.replace(/^.*\//, '') || 'other'), text);
  },
  CATEGORIES: (row, { value }) => {
    const tags = vcardParts(value, ',').filter((tag) => tag !== '');
    const before = row.get('Tags');
    if (tags.length > 0) row.set('Tags', [...(before ? [before] : []), joinList(tags)].join(';'));
  },
  ORG: (row, { value }) => {
    const [company = '', ...units] = vcardParts(value, ';');
    const before = row.get('Company');
    // A contact may be in several companies; the importer takes their names from one cell.
    if (company !== '' && before !== company) row.set('Company', before ? `${before}; ${company}` : company);
    put(row, 'Department', units.filter((unit) => unit !== '').join(' / '));
  },
  EMAIL: (row, { value }) =>
    put(row, row.has('Email') ? 'Other Email' : 'Email', vcardText(value).replace(/^mailto:/i, '')),
  TEL: (row, property, label) => {
    const text = phoneText(property.value);
    const header = phoneHeader(row, property, label);
    const isSecond = row.has(header) && row.get(header) !== text && /^(?:Mobile|Home) Phone$/.test(header);
    put(row, isSecond ? 'Other Phone' : header, text);
  },
  URL: (row, { value }) => {
    const link = vcardText(value);
    put(row, /linkedin\.com\//i.test(link) ? 'LinkedIn' : 'Website', link);
  },
  ADR: addAddress,
  IMPP: (row, { value, params }, label) => {
    const [, scheme = '', name = ''] = /^(?:([\w+-]+):)?(.*)$/s.exec(vcardText(value)) ?? [];
    put(row, messengerHeader(params['X-SERVICE-TYPE']?.[0] ?? label ?? scheme), name.replace(/^\/\//, ''));
  },
  'X-SOCIALPROFILE': (row, { value, params }) => put(row, messengerHeader(params.TYPE?.[0] ?? ''), vcardText(value)),
  'X-ABRELATEDNAMES': (row, { value }, label) => put(row, label ?? 'Related Name', vcardText(value)),
  RELATED: (row, { value, params }) => put(row, titled(params.TYPE?.[0] ?? 'related name'), vcardText(value)),
};

/** Properties that say how a card was made, or the same once more. */
const passedOver =
  /^(?:N|FN|VERSION|PRODID|REV|SOURCE|NAME|MAILER|PROFILE|CLASS|LABEL|SORT-STRING|KIND|MEMBER|CLIENTPIDMAP|XML|AGENT|X-AB(?:LABEL|ADR|UID|SHOWAS|ORDER)|X-MS-OL-.*|X-COUCHDB.*|X-ETAG|X-ID|X-FC.*|X-GENERATOR|X-LONG-STRING|X-EVOLUTION-FILE-AS|X-IMAGE.*)$/;
/** What messengers and others call the names people have with them. */
const messengers: Record<string, string> = {
  wechat: 'WeChat',
  weixin: 'WeChat',
  微信: 'WeChat',
  whatsapp: 'WhatsApp',
  qq: 'QQ',
  tencent: 'QQ',
  linkedin: 'LinkedIn',
  skype: 'Skype',
  icq: 'ICQ',
  msn: 'MSN',
  aim: 'AIM',
};

function addProperty(row: VcardRow, property: VcardProperty, label: string | null): void {
  const { name, value } = property;
  if (passedOver.test(name)) return;
  const add = Object.hasOwn(adders, name) ? adders[name] : undefined;
  if (add) {
    add(row, property, label);
    return;
  }
  const own = name.replace(/^X-(?:MS-|EVOLUTION-)?/, '');
  const text = own === 'ANNIVERSARY' ? vcardDay(value) : vcardText(value);
  if (own.length <= 40 && text.length <= 5000) put(row, label ?? messengerHeader(own), text);
}

function labelsOf(properties: readonly VcardProperty[]): Map<string, string> {
  return new Map(
    properties
      .filter(({ name, group }) => name === 'X-ABLABEL' && group !== '')
      // Apple marks the labels it has words for: `_$!<Anniversary>!$_`.
      .map(({ group, value }) => [group, titled(vcardText(value).replace(/^_\$!<(.*)>!\$_$/, '$1'))]),
  );
}

const typesOf = ({ params }: VcardProperty) => (params.TYPE ?? []).map((type) => type.toLowerCase());

/** 1 for what is preferred most, 101 for what says nothing (RFC 6350, 5.3). */
function preference(property: VcardProperty): number {
  if (typesOf(property).includes('pref')) return 1;
  const rank = Number(property.params.PREF?.[0] ?? 101);
  return rank >= 1 && rank <= 100 ? rank : 101;
}

function phoneHeader(row: VcardRow, property: VcardProperty, label: string | null): string {
  const types = typesOf(property);
  const named = (label ?? '').toLowerCase().replace(/\s/g, '');
  if (types.includes('fax') || named.includes('fax') || named.includes('传真')) return 'Fax';
  if (named.startsWith('assistant')) return 'Assistant Phone';
  if (types.includes('pager')) return 'Pager';
  if (types.some((type) => type === 'cell' || type === 'iphone') || /mobile|手机/.test(named)) return 'Mobile Phone';
  if (types.includes('home') || /^home|家/.test(named)) return 'Home Phone';
  // The first without a meaning of its own is the phone; what has a label of its own is none.
  return row.has('Phone') || (label !== null && !/work|main|phone|工作|公司/.test(named)) ? 'Other Phone' : 'Phone';
}

/** `tel:+1-418-656-9254;ext=102` (RFC 3966) as people write it. */
function phoneText(value: string): string {
  const text = vcardText(value);
  const uri = /^tel:([^;]+)(?:.*;ext=([^;]+))?/i.exec(text);
  return uri ? `${uri[1]}${uri[2] ? ` ext. ${uri[2]}` : ''}` : text;
}

const addressParts = ['Street 2', 'Street 2', 'Street', 'City', 'State', 'Postal Code', 'Country'] as const;

/** PO box, extended address, street, city, region, postal code, country. The second address has its label in front. */
function addAddress(row: VcardRow, property: VcardProperty, label: string | null): void {
  const parts = vcardParts(property.value, ';').map((part) => part.replace(/[\s,]+$/, ''));
  const [, extended = '', street = ''] = parts;
  // Google writes what it could not take apart where the extension stands.
  const whole = street === '' && extended.includes('\n') ? parts.with(1, '').with(2, extended) : parts;
  const types = typesOf(property);
  const kind = label ?? (types.includes('home') ? 'Home' : types.includes('work') ? 'Work' : 'Other');
  const taken = ['Street', 'Street 2', 'City', 'State', 'Postal Code', 'Country'].some((header) => row.has(header));
  const merged = new Map<string, string>();
  for (const [i, header] of addressParts.entries()) {
    const text = (whole[i] ?? '').replace(/\n+/g, ', ');
    if (text !== '') merged.set(header, merged.has(header) ? `${merged.get(header)}, ${text}` : text);
  }
  for (const [header, text] of merged) put(row, taken ? `${kind} ${header}` : header, text);
}

/** The day a property says; Apple gives one without a year the year its parameter names. */
function dayOf({ value, params }: VcardProperty): string {
  const omitted = params['X-APPLE-OMIT-YEAR']?.[0];
  return vcardDay(omitted && value.startsWith(`${omitted}-`) ? value.replace(omitted, '-') : value);
}

/** A date as ISO 8601; one without a year as month and day, which the importer asks about. */
function vcardDay(value: string): string {
  const text = vcardText(value);
  const full = /^(\d{4})-?(\d{2})-?(\d{2})(?!\d)/.exec(text);
  if (full) return `${full[1]}-${full[2]}-${full[3]}`;
  const open = /^--(\d{2})-?(\d{2})/.exec(text);
  return open ? `${months[Number(open[1]) - 1] ?? open[1]} ${Number(open[2])}` : text;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const messengerHeader = (name: string) => messengers[name.toLowerCase()] ?? titled(name === '' ? 'messenger' : name);

/** `DOMESTIC_PARTNER` and `domestic-partner` as a header. */
function titled(text: string): string {
  const words = text
    .replace(/[_-]+/g, ' ')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 60);
  return words
    .split(' ')
    .map((word) => (word === word.toUpperCase() ? word.charAt(0) + word.slice(1).toLowerCase() : word))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
