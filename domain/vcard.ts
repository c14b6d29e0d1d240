import { decodeText, detectEncoding, type Encoding } from './imports/encoding';

/** A property of a vCard: `item1.TEL;TYPE=work,voice:+1 212 555 0100`. */
export interface VcardProperty {
  /** In capitals, without its group. */
  name: string;
  /** What ties properties together, such as Apple's labels; `''` for none. */
  group: string;
  /** By name in capitals; the bare words of 2.1 are TYPEs. */
  params: Readonly<Record<string, readonly string[]>>;
  /** As it is written, with its escapes, but out of quoted-printable. */
  value: string;
}

export interface Vcard {
  /** `2.1`, `3.0` or `4.0`, as the card says; `''` when it does not. */
  version: string;
  properties: VcardProperty[];
}

/** Far more than people write on one card; what is beyond is cut off, pictures and keys are not kept at all. */
const mostProperties = 2000;
const longestValue = 500_000;
/** Characters of a card: what becomes of it is a row. */
const longestCard = 500_000;
/** A card within a card, such as an assistant's. */
const deepest = 4;
const binary = new Set(['PHOTO', 'LOGO', 'SOUND', 'KEY']);

/**
 * Reads vCards 2.1 (versit, 1996), 3.0 (RFC 2426) and 4.0 (RFC 6350) from text that comes piece by piece; nothing but the
 * card it is in is kept. Text between cards is passed over.
 */
export class VcardReader {
  /** Pictures and keys that were passed over. */
  binaries = 0;
  /** Cards that are not whole: the file breaks off within them, or they are longer than any. */
  unfinished = 0;
  readonly #found: Vcard[] = [];
  readonly #open: Vcard[] = [];
  /** Characters of the card it is in. */
  #length = 0;
  #isCut = false;
  /** The property before says that a card within the card follows. */
  #isAgent = false;
  #rest = '';
  /** The property that is being put together from its lines. */
  #property = '';
  #isQuotedPrintable = false;
  #isBinary = false;

  /** Takes more text. @returns the cards that end in it */
  push(text: string): Vcard[] {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    // A picture on a line of its own; no text is that long.
    this.#rest = this.#rest.slice(0, longestValue);
    for (const line of lines) this.#line(line);
    return this.#found.splice(0);
  }

  /** Says that there is no more. @returns the cards that end only now */
  end(): Vcard[] {
    this.#line(this.#rest.replace(/\r$/, ''));
    this.#rest = '';
    this.#flush();
    this.unfinished += this.#open.length;
    this.#endOpen();
    return this.#found.splice(0);
  }

  #line(line: string): void {
    if (this.#isQuotedPrintable && this.#property.endsWith('=')) this.#join(this.#property.slice(0, -1), line);
    else if (/^[ \t]/.test(line) && this.#property !== '') {
      // In 2.1 the space belongs to the text; since 3.0 it only marks the fold.
      this.#join(this.#property, this.#open.at(-1)?.version === '2.1' ? ` ${line.trimStart()}` : line.slice(1));
    } else if (this.#isBinary && line !== '' && !line.includes(':')) return;
    else {
      this.#flush();
      this.#property = line;
      const head = line.slice(0, 300);
      this.#isQuotedPrintable = /^[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]/i.test(head);
      this.#isBinary =
        binary.has((/^(?:[\w-]+\.)?([\w-]+)[;:]/.exec(head)?.[1] ?? '').toUpperCase()) ||
        /^[^:]*;(?:ENCODING=)?(?:BASE64|B)[;:]/i.test(head);
    }
  }

  #join(before: string, more: string): void {
    if (!this.#isBinary) this.#property = (before + more).slice(0, longestValue);
  }

  #flush(): void {
    const line = this.#property.trim();
    this.#property = '';
    if (line === '') return;
    const isAgent = this.#isAgent;
    this.#isAgent = /^(?:[\w-]+\.)?agent\b[^:]*:$/i.test(line);
    if (/^(?:[\w-]+\.)?begin:\s*vcard$/i.test(line)) {
      // Some programs leave the ends out: a card that is not within another one ends it.
      if (!isAgent) this.#endOpen();
      if (this.#open.length < deepest) this.#open.push({ version: '', properties: [] });
      this.#length = 0;
      this.#isCut = false;
      return;
    }
    const card = this.#open.at(-1);
    if (!card) return;
    if (/^(?:[\w-]+\.)?end:\s*vcard$/i.test(line)) {
      this.#open.pop();
      this.#found.push(card);
      return;
    }
    if (this.#isBinary) this.binaries++;
    const property = this.#isBinary ? null : readProperty(line);
    if (property?.name === 'VERSION') card.version = property.value.trim();
    else if (property) this.#add(card, property, line.length);
  }

  #add(card: Vcard, property: VcardProperty, length: number): void {
    this.#length += length;
    if (this.#length <= longestCard && card.properties.length < mostProperties) card.properties.push(property);
    else {
      if (!this.#isCut) this.unfinished++;
      this.#isCut = true;
    }
  }

  #endOpen(): void {
    this.#found.push(...this.#open.splice(0).filter(({ properties }) => properties.length > 0));
  }
}

const head = /^(?:(?<group>[\w-]+)\.)?(?<name>[\w-]+)/;
const param = /^;\s*(?<key>[^=:;"]*)(?:=(?<value>(?:"[^"]*"|[^:;"])*))?/;

function readProperty(line: string): VcardProperty | null {
  const start = head.exec(line);
  if (!start?.groups) return null;
  const params: Record<string, string[]> = {};
  let rest = line.slice(start[0].length);
  for (let found = param.exec(rest); found?.groups; found = param.exec(rest)) {
    rest = rest.slice(found[0].length);
    const key = (found.groups.key ?? '').trim().toUpperCase();
    const value = found.groups.value;
    // 2.1 writes values without their names: `TEL;WORK;FAX:`, `NOTE;QUOTED-PRINTABLE:`.
    const name = value === undefined ? bareName(key) : key;
    const values = value === undefined ? [key] : value.split(',').map((each) => each.replace(/"/g, '').trim());
    params[name] = [...(Object.hasOwn(params, name) ? (params[name] ?? []) : []), ...values];
  }
  if (!rest.startsWith(':')) return null;
  const [encoding = ''] = params.ENCODING ?? [];
  const isQuoted = encoding.toUpperCase() === 'QUOTED-PRINTABLE';
  const value = rest.slice(1);
  return {
    name: (start.groups.name ?? '').toUpperCase(),
    group: (start.groups.group ?? '').toLowerCase(),
    params,
    value: isQuoted ? fromQuotedPrintable(value, params.CHARSET?.[0]) : value,
  };
}

const bareName = (word: string) => (/^(?:QUOTED-PRINTABLE|BASE64|8BIT|7BIT|B)$/.test(word) ? 'ENCODING' : 'TYPE');

/**
 * Text out of quoted-printable (RFC 2045, 6.7). What is no escape is kept as it is.
 * @param charset what the card says; found out from the bytes where it says nothing or what nobody knows
 */
function fromQuotedPrintable(text: string, charset: string | undefined): string {
  const plain = text.replace(/=$/, '');
  if (!plain.includes('=')) return plain;
  const bytes: number[] = [];
  for (let i = 0; i < plain.length; i++) {
    const code = plain[i] === '=' ? /^[\da-f]{2}/i.exec(plain.slice(i + 1, i + 3)) : null;
    if (code) {
      bytes.push(Number.parseInt(code[0], 16));
      i += 2;
    } else bytes.push(...encoder.encode(plain.slice(i, i + 1)));
  }
  const whole = Uint8Array.from(bytes);
  return decodeText(whole, charsetOf(charset) ?? detectEncoding(whole, { truncated: true }).encoding);
}

const encoder = new TextEncoder();

/** The encodings cards name; undefined for others. */
function charsetOf(name: string | undefined): Encoding | undefined {
  const key = name?.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (key === 'utf8') return 'utf-8';
  if (key === 'gb2312' || key === 'gbk' || key === 'gb18030' || key === 'cp936') return 'gb18030';
  if (key === 'big5' || key === 'cp950') return 'big5';
  if (key === 'iso88591' || key === 'windows1252' || key === 'cp1252') return 'windows-1252';
  return undefined;
}

/** A text value without its escapes (RFC 6350, 3.4); 3.0 and its writers also escape colons and quotation marks. */
export function vcardText(value: string): string {
  return value
    .replace(/\\([nN,;:"\\])/g, (_, char: string) => (char.toLowerCase() === 'n' ? '\n' : char))
    .replace(/\r\n?/g, '\n')
    .trim();
}

/** The parts of a structured value such as a name or an address, or the members of a list, without their escapes. */
export function vcardParts(value: string, separator: ';' | ','): string[] {
  const parts: string[] = [];
  let part = '';
  for (let i = 0; i < value.length; i++) {
    const char = value[i] ?? '';
    if (char === '\\') {
      part += char + (value[i + 1] ?? '');
      i++;
    } else if (char === separator) {
      parts.push(vcardText(part));
      part = '';
    } else part += char;
  }
  return [...parts, vcardText(part)];
}
