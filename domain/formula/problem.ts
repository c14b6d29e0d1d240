/** Codes of what can be wrong with a formula; each is a text in `messages/*\/errors.json`. */
export type FormulaCode =
  | 'formulaSyntax'
  | 'formulaUnknownField'
  | 'formulaUnknownFunction'
  | 'formulaFieldType'
  | 'formulaArguments'
  | 'formulaType'
  | 'formulaMixed'
  | 'formulaCurrency'
  | 'formulaResult';

/** What is wrong with a formula, and where. */
export class FormulaProblem extends Error {
  readonly code: FormulaCode;
  readonly params: Record<string, string | number>;

  /** @param at characters before the place; told to people as the number of the character, from 1 */
  constructor(code: FormulaCode, at: number, params: Record<string, string | number> = {}) {
    super(`${code} at ${at}`);
    this.name = 'FormulaProblem';
    this.code = code;
    this.params = { ...params, at: at + 1 };
  }
}
