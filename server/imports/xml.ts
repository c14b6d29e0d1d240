import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import { detectEncoding, textDecoder } from '@/domain/imports/encoding';
import { Refusal } from '@/domain/refusals';

export type Attributes = Readonly<Record<string, string>>;

/** What happens while a document is read. Names come without their namespace's prefix: writers differ in them. */
export interface XmlEvents {
  open(name: string, attributes: Attributes): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Characters between two events, which the parser keeps in memory: far more than a text or an element of a workbook has. */
const longestToken = 2_000_000;
/** Elements within elements; workbooks have less than thirty. */
const deepest = 200;

/**
 * Reads an XML document piece by piece. Entities that a document declares are none, so that none can grow.
 * @returns after every piece, for whoever waits for what the events brought
 * @throws Refusal invalid `fileBroken` for what is not well-formed
 */
export async function* readXml(source: Readable, events: XmlEvents): AsyncGenerator<void> {
  const parser = new SaxesParser({ position: false, xmlns: false as const });
  let depth = 0;
  let waiting = 0;
  parser.on('opentag', ({ name, attributes }) => {
    waiting = 0;
    if (++depth > deepest) throw broken();
    events.open(local(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    waiting = 0;
    depth--;
    events.close?.(local(name));
  });
  parser.on('text', (text) => events.text?.(text));
  parser.on('cdata', (text) => events.text?.(text));
  let decoder: ReturnType<typeof textDecoder> | undefined;
  try {
    for await (const chunk of source) {
      // A member of a zip is read as bytes.
      const bytes = chunk as Buffer;
      decoder ??= textDecoder(encodingOf(bytes));
      // Counted before: an event within the piece begins anew.
      waiting += bytes.length;
      if (waiting > longestToken) throw broken();
      parser.write(decoder.decode(bytes));
      yield;
    }
    parser.write(decoder?.end() ?? '').close();
    yield;
  } catch (error) {
    throw error instanceof Refusal ? error : broken();
  } finally {
    source.destroy();
  }
}

/** Reads a document to its end. */
export async function readAllXml(source: Readable, events: XmlEvents): Promise<void> {
  for await (const _ of readXml(source, events));
}

/** An attribute by its name without prefix, such as `r:id`. */
export function attribute(attributes: Attributes, name: string): string | undefined {
  const key = Object.keys(attributes).find((each) => local(each) === name);
  return key === undefined ? undefined : attributes[key];
}

const broken = () => new Refusal('invalid', { code: 'fileBroken', field: 'file' });

const local = (name: string) => name.slice(name.indexOf(':') + 1);

function encodingOf(bytes: Uint8Array) {
  const { encoding } = detectEncoding(bytes.subarray(0, 1000), { truncated: true });
  return encoding.startsWith('utf-16') ? encoding : 'utf-8';
}
