/**
 * A text as a cell that a spreadsheet shows and does not run: what begins like a formula gets an apostrophe in front
 * (https://owasp.org/www-community/attacks/CSV_Injection). So does what begins with an apostrophe before such a sign,
 * so that `plainCell` gives back every text as it was. `number`: the column holds numbers, and what is one stays one.
 */
export function safeCell(text: string, { number }: { number: boolean }): string {
  return startsFormula.test(text) && !(number && isNumber.test(text)) ? `'${text}` : text;
}

/** What `safeCell` was given. */
export function plainCell(cell: string): string {
  return marked.test(cell) ? cell.slice(1) : cell;
}

/** A text that has not been made safe, so that `plainCell` gives it back as it is. */
export function keptCell(text: string): string {
  return marked.test(text) ? `'${text}` : text;
}

// Full-width signs are formulas too where the keyboard writes them; line ends are skipped before one.
const startsFormula = /^'*[=+\-@＝＋－＠\t\r\n]/;
const marked = /^'+[=+\-@＝＋－＠\t\r\n]/;
/** Digits in groups with points or commas, an exponent, a percent sign; nothing that could call anything. */
const isNumber = /^[+-]?(?:\d+(?:[.,]\d+)*|[.,]\d+)(?:e[+-]?\d+)? ?%?$/i;

/** A line of a delimited file, its cells quoted where they must be. */
export function csvLine(cells: readonly string[], separator: string): string {
  return `${cells.map((cell) => quoted(cell, separator)).join(separator)}\r\n`;
}

function quoted(cell: string, separator: string): string {
  // Space round an unquoted cell is padding to a reader.
  const quotes = cell.includes('"') || cell.includes(separator) || /[\r\n]|^\s|\s$/.test(cell);
  return quotes ? `"${cell.replaceAll('"', '""')}"` : cell;
}
