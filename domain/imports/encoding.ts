/**
 * The character encoding of an uploaded file. A guess with a confidence: the person may correct it.
 * Names are those of the WHATWG Encoding standard, which TextDecoder implements; it has no UTF-32, so that is here.
 */
export const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'utf-32le',
  'utf-32be',
  'gb18030',
  'big5',
  'windows-1252',
] as const;
export type Encoding = (typeof encodings)[number];

/** Whether a letter of English takes more than a byte: a text in such an encoding is no text in another, and the other way round. */
export const isWide = (encoding: Encoding): boolean => /^utf-(?:16|32)/.test(encoding);

export interface DetectedEncoding {
  encoding: Encoding;
  /** 0 to 1; 1 means a byte order mark says so. */
  confidence: number;
  /** Bytes of the byte order mark. */
  bom: number;
}

/** Byte order marks (Unicode 16, table 23-1). UTF-32LE before UTF-16LE, whose mark is its beginning. */
const marks: readonly [Encoding, readonly number[]][] = [
  ['utf-32le', [0xff, 0xfe, 0x00, 0x00]],
  ['utf-32be', [0x00, 0x00, 0xfe, 0xff]],
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
  ['gb18030', [0x84, 0x31, 0x95, 0x33]],
];

/** Enough bytes to judge which 8-bit encoding a text has. */
const evidence = 200_000;

/** Says which encoding bytes are in. `truncated` means that they are only the beginning of the file. */
export function detectEncoding(bytes: Uint8Array, options: { truncated?: boolean } = {}): DetectedEncoding {
  for (const [encoding, mark] of marks) {
    if (!mark.every((byte, i) => bytes[i] === byte)) continue;
    // Some exporters put the two-byte mark before UTF-32.
    const wide = mark.length === 2 ? byZeros(bytes.subarray(2)) : null;
    if (wide?.encoding.startsWith('utf-32')) return { ...wide, bom: 2 };
    return { encoding, confidence: 1, bom: mark.length };
  }
  return { ...(byZeros(bytes) ?? byUtf8(bytes, options.truncated ?? false) ?? byCharset(bytes)), bom: 0 };
}

type Guess = Omit<DetectedEncoding, 'bom'>;

/** Only wide encodings hold zero bytes in a text; where they stand tells which. */
function byZeros(bytes: Uint8Array): Guess | null {
  const length = Math.min(bytes.length, evidence) & ~3;
  const zeros = [0, 0, 0, 0];
  for (let i = 0; i < length; i++) if (bytes[i] === 0) zeros[i & 3] = (zeros[i & 3] ?? 0) + 1;
  const [a = 0, b = 0, c = 0, d = 0] = zeros;
  const quads = length / 4;
  if (quads === 0 || a + b + c + d < length / 200) return null;
  if (d === quads && c > quads * 0.9) return { encoding: 'utf-32le', confidence: 0.95 };
  if (a === quads && b > quads * 0.9) return { encoding: 'utf-32be', confidence: 0.95 };
  const even = a + c;
  const odd = b + d;
  if (Math.min(even, odd) > Math.max(even, odd) / 10) return null;
  return { encoding: odd > even ? 'utf-16le' : 'utf-16be', confidence: even + odd > length / 4 ? 0.95 : 0.8 };
}

/** Bytes that are valid UTF-8 throughout are UTF-8: other encodings hardly ever are by chance. */
function byUtf8(bytes: Uint8Array, truncated: boolean): Guess | null {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    decoder.decode(bytes, { stream: truncated });
  } catch {
    return null;
  }
  // Pure ASCII reads the same in every 8-bit encoding; the rest of a truncated file may still differ.
  return { encoding: 'utf-8', confidence: truncated && !bytes.some((byte) => byte > 0x7f) ? 0.8 : 0.99 };
}

interface Tally {
  high: number;
  betweenLetters: number;
  undefined1252: number;
}

/** Chinese double-byte text is mostly of the commonest characters of its set; Latin text has lone high bytes. */
function byCharset(bytes: Uint8Array): Guess {
  const sample = bytes.subarray(0, evidence * 5);
  const gb = commonShare(sample, isCommonGb);
  const big5 = commonShare(sample, isCommonBig5);
  const { high, betweenLetters, undefined1252 } = tally(sample);
  const latin = undefined1252 > 0 ? 0 : betweenLetters / Math.max(1, high);
  if (latin > 0.7 || Math.max(gb, big5) < 0.5)
    return { encoding: 'windows-1252', confidence: latin > 0.7 ? 0.85 : 0.5 };
  const encoding = gb >= big5 ? 'gb18030' : 'big5';
  const margin = Math.abs(gb - big5);
  return { encoding, confidence: Math.min(0.98, 0.6 + margin) };
}

type Pair = (lead: number, trail: number) => boolean;

/** GB 2312 level 1: the 3,755 commonest simplified characters, and its punctuation rows. */
const isCommonGb: Pair = (lead, trail) =>
  trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xd7) || lead === 0xa1 || lead === 0xa3);
/** Big5 level 1: the 5,401 commonest traditional characters, and its punctuation rows. */
const isCommonBig5: Pair = (lead, trail) =>
  ((trail >= 0x40 && trail <= 0x7e) || trail >= 0xa1) && lead >= 0xa4 && lead <= 0xc6;

/** Of the characters that high bytes begin, the share that is common in the set. */
function commonShare(bytes: Uint8Array, common: Pair): number {
  let pairs = 0;
  let good = 0;
  for (let i = 0; i < bytes.length - 1; i++) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x80) continue;
    pairs++;
    const trail = bytes[i + 1] ?? 0;
    if (common(lead, trail)) good++;
    // A trail below 0x40 ends no pair, except in the four-byte form of GB 18030.
    if (trail >= 0x40) i++;
    else if (trail >= 0x30 && trail <= 0x39 && (bytes[i + 2] ?? 0) >= 0x81) i += 3;
  }
  return pairs === 0 ? 0 : good / pairs;
}

function tally(bytes: Uint8Array): Tally {
  const found: Tally = { high: 0, betweenLetters: 0, undefined1252: 0 };
  const isHigh = (byte: number | undefined) => byte !== undefined && byte >= 0x80;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x80) continue;
    found.high++;
    if (holes1252.has(byte)) found.undefined1252++;
    if (!isHigh(bytes[i - 1]) && !isHigh(bytes[i + 1])) found.betweenLetters++;
  }
  return found;
}

/** The five bytes windows-1252 leaves undefined. */
const holes1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

export interface StreamDecoder {
  decode(chunk: Uint8Array): string;
  /** What an unfinished character at the very end gives. */
  end(): string;
}

/** Decodes a file piece by piece and drops its byte order mark; what cannot be decoded becomes U+FFFD. */
export function textDecoder(encoding: Encoding): StreamDecoder {
  return encoding === 'utf-32le' || encoding === 'utf-32be' ? utf32(encoding) : native(encoding);
}

/** Decodes a whole file held in memory. */
export function decodeText(bytes: Uint8Array, encoding: Encoding): string {
  const decoder = textDecoder(encoding);
  return decoder.decode(bytes) + decoder.end();
}

function native(encoding: Encoding): StreamDecoder {
  const decoder = new TextDecoder(encoding);
  let first = true;
  // TextDecoder drops the mark of the UTF family; GB 18030 has one too, which it keeps.
  const unmark = (text: string) => {
    const stripped = first && text.startsWith('\uFEFF') ? text.slice(1) : text;
    if (text !== '') first = false;
    return stripped;
  };
  return {
    decode: (chunk) => unmark(decoder.decode(chunk, { stream: true })),
    end: () => unmark(decoder.decode()),
  };
}

function utf32(encoding: 'utf-32le' | 'utf-32be'): StreamDecoder {
  const little = encoding === 'utf-32le';
  let rest = new Uint8Array(0);
  let first = true;
  return {
    decode(chunk) {
      const bytes = new Uint8Array(rest.length + chunk.length);
      bytes.set(rest);
      bytes.set(chunk, rest.length);
      const view = new DataView(bytes.buffer);
      const parts: string[] = [];
      let at = first && bytes.length >= 4 ? markLength(view, little) : 0;
      if (bytes.length >= 4) first = false;
      for (; at + 4 <= bytes.length; at += 4) {
        const code = view.getUint32(at, little);
        parts.push(isScalar(code) ? String.fromCodePoint(code) : '\uFFFD');
      }
      rest = bytes.slice(at);
      return parts.join('');
    },
    end() {
      const text = rest.length > 0 ? '\uFFFD' : '';
      rest = new Uint8Array(0);
      return text;
    },
  };
}

/** Bytes of the mark at the beginning of UTF-32: four, or the two that some exporters write. */
function markLength(view: DataView, little: boolean): number {
  if (view.getUint32(0, little) === 0xfeff) return 4;
  const two = view.getUint16(0, false);
  return two === 0xfeff || two === 0xfffe ? 2 : 0;
}

const isScalar = (code: number) => code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
