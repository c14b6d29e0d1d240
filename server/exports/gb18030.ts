/**
 * GB18030, which spreadsheets in China read without being asked. The runtime can only read it, so the table to write it
 * by is made from what it reads: whatever is written here, our own import reads as it was.
 */
let table: Map<number, number> | undefined;

/** Bytes of a text; half a character becomes a question mark. */
export function toGb18030(text: string): Uint8Array {
  table ??= makeTable();
  const bytes = Buffer.alloc(text.length * 4);
  let end = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) {
      bytes[end++] = point;
      continue;
    }
    const known = table.get(point) ?? (point > 0xffff ? fourBytes(beyond + point - 0x1_0000) : question);
    if (known > 0xffff) {
      bytes.writeUInt32BE(known, end);
      end += 4;
    } else if (known > 0xff) {
      bytes.writeUInt16BE(known, end);
      end += 2;
    } else bytes[end++] = known;
  }
  return bytes.subarray(0, end);
}

const question = 0x3f;
/** Where the characters beyond the first plane begin among those of four bytes: 0x90308130. */
const beyond = 189_000;
/** Those of the first plane end at 0x8431A439. */
const plane = 39_420;

const fourBytes = (pointer: number): number =>
  (0x81 + Math.floor(pointer / 12_600)) * 0x100_0000 +
  (0x30 + (Math.floor(pointer / 1260) % 10)) * 0x1_0000 +
  (0x81 + (Math.floor(pointer / 10) % 126)) * 0x100 +
  (0x30 + (pointer % 10));

/** Code points of the first plane to their bytes as one number. */
function makeTable(): Map<number, number> {
  const decoder = new TextDecoder('gb18030');
  const found = new Map<number, number>();
  const note = (bytes: Uint8Array, code: number) => {
    const text = decoder.decode(bytes);
    const point = text.codePointAt(0);
    // What cannot be read comes out as several characters or as the sign for it.
    if (point === undefined || text.length !== 1 || point === 0xfffd || found.has(point)) return;
    found.set(point, code);
  };
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail !== 0x7f) note(Uint8Array.of(lead, trail), lead * 0x100 + trail);
    }
  }
  for (let pointer = 0; pointer < plane; pointer++) {
    const code = fourBytes(pointer);
    note(Uint8Array.of(code >>> 24, (code >>> 16) & 0xff, (code >>> 8) & 0xff, code & 0xff), code);
  }
  return found;
}
