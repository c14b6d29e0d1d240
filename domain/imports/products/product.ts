import type { StandardImport } from '../targets';

/** What tells the files of one product, and what its columns mean. Lists are written as those in `synonyms.ts`. */
export interface Product {
  /** Headers hardly anybody else writes, in the languages it speaks. */
  marks: string;
  /** Headers of a form only it has. */
  form?: RegExp;
  /** Ids of a form only it gives. */
  ids?: RegExp;
  /** What its headers mean where the common reading would mislead, or has none. */
  words?: Partial<Record<StandardImport, Record<string, string>>>;
  /** Its own figures and workings, which say nothing here. */
  ignored?: string;
}
