const between = '; ';
/** What parts a list in one of its readers. */
const parting = /[;；,，、|"\r\n]|:::|^\s|\s$/;

/** Texts in one cell; one that would be taken apart, such as `Berlin, DE`, stands in quotes as it would in CSV. */
export const joinList = (list: readonly string[]): string =>
  list.map((text) => (parting.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(between);

/**
 * The texts of a cell, none of them blank.
 * @param separator what parts them outside of quotes; without groups
 */
export function splitList(text: string, separator: RegExp): string[] {
  const pieces = text.split(new RegExp(`(${separator.source})`));
  const list: string[] = [];
  for (let i = 0; i < pieces.length; i += 2) {
    let item = pieces[i] ?? '';
    if (item.trimStart().startsWith('"')) {
      const end = closedAt(pieces, i);
      if (end !== null) {
        item = pieces
          .slice(i, end + 1)
          .join('')
          .trim()
          .slice(1, -1)
          .replaceAll('""', '"');
        i = end;
      }
    }
    list.push(item.trim());
  }
  return list.filter((item) => item !== '');
}

/** Pieces a text in quotes may be looked for in: a quote that never ends is a sign like any other. */
const mostPieces = 200;

/** The piece in which a text in quotes ends; null where it does not. */
function closedAt(pieces: readonly string[], from: number): number | null {
  let quotes = 0;
  for (let i = from; i < Math.min(pieces.length, from + mostPieces); i += 1) {
    const piece = pieces[i] ?? '';
    quotes += piece.split('"').length - 1;
    if (quotes % 2 === 0 && (i - from) % 2 === 0) return piece.trimEnd().endsWith('"') ? i : null;
  }
  return null;
}
