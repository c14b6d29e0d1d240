import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** Strings that are read from disk together. */
const perGroup = 32;
/** Bytes of groups that are kept in memory: many of short texts, few of long ones. */
const keptBytes = 32 * 1024 * 1024;
const bufferBytes = 256 * 1024;

/**
 * The texts that the cells of a workbook share, by number. A workbook may have millions, so they lie in a file; cells
 * mostly ask for them in the order in which they were written.
 */
export class SharedStrings {
  readonly #file: number;
  /** Where each group begins. */
  readonly #starts: number[] = [];
  readonly #kept = new Map<number, { texts: string[]; bytes: number }>();
  #keptBytes = 0;
  #group: string[] = [];
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #size = 0;
  #count = 0;

  /** @param path a file of this machine that does not exist yet */
  constructor(path: string) {
    this.#file = openSync(path, 'wx+', 0o600);
  }

  add(text: string): void {
    this.#group.push(text);
    this.#count++;
    if (this.#group.length === perGroup) this.#writeGroup();
  }

  /** Nothing is added after this. */
  finish(): void {
    if (this.#group.length > 0) this.#writeGroup();
    this.#flush();
  }

  /** @returns undefined for a number that no text has */
  get(index: number): string | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.#count) return undefined;
    const group = Math.floor(index / perGroup);
    const texts = this.#kept.get(group)?.texts ?? this.#readGroup(group);
    return texts[index % perGroup];
  }

  close(): void {
    closeSync(this.#file);
  }

  #writeGroup(): void {
    // JSON keeps every text apart from the next, whatever is in it.
    const bytes = Buffer.from(JSON.stringify(this.#group));
    this.#group = [];
    this.#starts.push(this.#size);
    this.#size += bytes.length;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes > bufferBytes) this.#flush();
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
  }

  #readGroup(group: number): string[] {
    const start = this.#starts[group] ?? 0;
    const bytes = Buffer.alloc((this.#starts[group + 1] ?? this.#size) - start);
    readSync(this.#file, bytes, 0, bytes.length, start);
    // Written by `#writeGroup` only.
    const texts = JSON.parse(bytes.toString()) as string[];
    this.#kept.set(group, { texts, bytes: bytes.length });
    this.#keptBytes += bytes.length;
    for (const [oldest, { bytes: freed }] of this.#kept) {
      if (this.#keptBytes <= keptBytes || oldest === group) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= freed;
    }
    return texts;
  }
}
