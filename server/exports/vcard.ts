import type { VcardVersion } from '@/domain/exports';
import type { RecordRow } from '../core/records';

/** Fields of a contact that a card holds. */
export const cardFields = [
  'name',
  'firstName',
  'lastName',
  'salutation',
  'companyId',
  'department',
  'jobTitle',
  'email',
  'otherEmail',
  'phone',
  'mobile',
  'homePhone',
  'otherPhone',
  'fax',
  'assistant',
  'assistantPhone',
  'wechat',
  'whatsapp',
  'linkedin',
  'birthday',
  'street',
  'street2',
  'district',
  'city',
  'state',
  'postalCode',
  'country',
  'timeZone',
  'tags',
  'description',
  'updatedAt',
] as const;

/**
 * A contact as a vCard, 3.0 (RFC 2426) or 4.0 (RFC 6350), in UTF-8 without a mark, which telephones take for text. Labels
 * of numbers that the standard has no word for are written as Apple does. What is nobody's business but the
 * workspace's (owner, lead status, own fields) is not on a card that people pass on.
 */
export function cardOf(record: RecordRow, version: VcardVersion): string {
  const is4 = version === '4.0';
  const value = (name: (typeof cardFields)[number]) => {
    const found = record[name];
    return typeof found === 'string' ? found : '';
  };
  const lines: string[] = ['BEGIN:VCARD', `VERSION:${version}`, 'PRODID:-//Guanxi//Guanxi//EN'];
  // A semicolon parts a value of several; in a plain text only 3.0 escapes it (RFC 2426, 4; RFC 6350, 3.4).
  const plain = is4 ? escaped : parted;
  /** A property, where it has something to say. */
  const add = (property: string, text: string) => {
    if (text !== '') lines.push(`${property}:${plain(text)}`);
  };
  const addParts = (property: string, ...parts: string[]) => {
    if (parts.some((part) => part !== '')) lines.push(`${property}:${parts.map(parted).join(';')}`);
  };
  let labels = 0;
  const labelled = (label: string, property: string, text: string) => {
    if (text === '') return;
    labels += 1;
    lines.push(`item${labels}.${property}:${plain(text)}`, `item${labels}.X-ABLabel:${label}`);
  };
  if (is4) lines.push('KIND:individual');
  lines.push(`UID:urn:uuid:${record.id}`, `X-GUANXI-ID:${record.id}`);
  const [first, last] = [value('firstName'), value('lastName')];
  const isParted = first !== '' || last !== '';
  // Telephones show what is in N: a name that nobody has taken apart stands there whole.
  lines.push(
    `N:${[last, isParted ? first : value('name'), '', value('salutation'), ''].map(parted).join(';')}`,
    `FN:${plain(value('name'))}`,
  );
  const company = record.refs.companyId ?? '';
  // Two companies may be called the same.
  if (company !== '') add('X-GUANXI-COMPANY-ID', value('companyId'));
  const department = value('department');
  addParts('ORG', company, ...(department === '' ? [] : [department]));
  add('TITLE', value('jobTitle'));
  const preferred = is4 ? ';PREF=1' : ';TYPE=PREF';
  const mail = is4 ? 'EMAIL' : 'EMAIL;TYPE=INTERNET';
  add(`${mail}${preferred}`, value('email'));
  add(mail, value('otherEmail'));
  add('TEL;TYPE=WORK', value('phone'));
  add('TEL;TYPE=CELL', value('mobile'));
  add('TEL;TYPE=HOME', value('homePhone'));
  add('TEL;TYPE=FAX', value('fax'));
  labelled('Other', 'TEL', value('otherPhone'));
  labelled('Assistant', 'TEL', value('assistantPhone'));
  labelled('Assistant', 'X-ABRELATEDNAMES', value('assistant'));
  if (value('wechat') !== '') add('IMPP;X-SERVICE-TYPE=WeChat', `wechat:${value('wechat')}`);
  if (value('whatsapp') !== '') add('IMPP;X-SERVICE-TYPE=WhatsApp', `whatsapp:${value('whatsapp')}`);
  add('X-SOCIALPROFILE;TYPE=linkedin', value('linkedin'));
  const birthday = value('birthday');
  add('BDAY', is4 ? birthday.replaceAll('-', '') : birthday);
  addParts(
    'ADR;TYPE=WORK',
    '',
    value('street2'),
    value('street'),
    value('city'),
    value('state'),
    value('postalCode'),
    value('country'),
  );
  // Addresses of cards have no place for it.
  add('X-DISTRICT', value('district'));
  add(is4 ? 'TZ' : 'TZ;VALUE=text', value('timeZone'));
  const tags = Array.isArray(record.tags) ? record.tags.map(String) : [];
  if (tags.length > 0) lines.push(`CATEGORIES:${tags.map(plain).join(',')}`);
  add('NOTE', value('description'));
  const changed = Date.parse(value('updatedAt'));
  if (!Number.isNaN(changed)) lines.push(`REV:${stamp(new Date(changed), is4)}`);
  lines.push('END:VCARD');
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

/** Text as a value: line breaks, and what would end it, have a backslash. Other control characters have no place in it. */
const escaped = (text: string): string =>
  text
    .replace(/[\\,]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(/[^\P{Cc}\t]/gu, '');

/** The same as a part of a value that has several. */
const parted = (text: string): string => escaped(text).replaceAll(';', '\\;');

function stamp(moment: Date, basic: boolean): string {
  const text = moment.toISOString().replace(/\.\d+Z$/, 'Z');
  return basic ? text.replace(/[-:]/g, '') : text;
}

/** No line has more than 75 bytes (RFC 6350, 3.2), and no character is taken apart. */
function folded(line: string): string {
  if (Buffer.byteLength(line) <= 75) return line;
  const lines: string[] = [];
  let current = '';
  let bytes = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (bytes + size > 75) {
      lines.push(current);
      // The space that marks a fold counts too.
      current = ' ';
      bytes = 1;
    }
    current += character;
    bytes += size;
  }
  return [...lines, current].join('\r\n');
}
