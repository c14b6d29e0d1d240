/** Why a cell or a row is not taken as it stands; texts in `messages/*\/imports.json` under `problems`. */
export const problemCodes = [
  'number',
  'numberTooLarge',
  'integer',
  'percent',
  'money',
  'currency',
  'currencyUnclear',
  'currencyConflict',
  'date',
  'dateOrder',
  'yearMissing',
  'datetime',
  'boolean',
  'choice',
  'email',
  'link',
  'damagedBySpreadsheet',
  'spreadsheetError',
  'tooLong',
  'unstorable',
  'undecoded',
  'invalid',
  'required',
  'ragged',
  'unmapped',
  'tooManyNames',
  'moreValues',
  'endBeforeStart',
  // Taken, but said how:
  'rounded',
  'readAsFraction',
  'readAsSerial',
  'readAsTimestamp',
  'readAsBlank',
  'twoDigitYear',
  'nameComposed',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

export interface Problem {
  code: ProblemCode;
  params?: Record<string, string | number>;
}

/** A value, perhaps with a word on how it was read; or why there is none. */
export type Parsed<T> = { value: T; warning?: Problem } | { problem: Problem };

export const problem = (code: ProblemCode, params?: Problem['params']): { problem: Problem } => ({
  problem: { code, params },
});
