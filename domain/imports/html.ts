/** Elements that are written by the editors of other systems; a text without any of them is taken as it stands. */
const tag =
  /<(\/?)(a|b|strong|i|em|u|s|p|br|div|span|ul|ol|li|h[1-6]|blockquote|table|tr|td|th|tbody|thead|img|hr|font|pre|code)\b([^<>]{0,2000})>/gi;

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  rsquo: '’',
  lsquo: '‘',
  rdquo: '”',
  ldquo: '“',
};

/**
 * A text that another system wrote as HTML, as Markdown, or as plain text; anything else stays letter for letter.
 * @param rich whether what is bold or a heading is to be marked so
 */
export function markdownOf(text: string, rich: boolean): string {
  if (text.search(tag) < 0) return text;
  const lists: ('ul' | 'ol')[] = [];
  let link = '';
  const marked = text
    // White space means nothing between tags; lines are made by elements.
    .replace(/\s+/g, ' ')
    .replace(tag, (_, slash: string, name: string, attributes: string) => {
      const opens = slash === '';
      const element = name.toLowerCase();
      switch (element) {
        case 'b':
        case 'strong':
          return rich ? '**' : '';
        case 'i':
        case 'em':
          return rich ? '*' : '';
        case 's':
          return rich ? '~~' : '';
        case 'br':
          return '\n';
        case 'a': {
          const address = /\bhref ?= ?["']?(https?:[^"' ]+)/i.exec(attributes)?.[1] ?? '';
          if (opens) link = address;
          if (!link) return '';
          if (rich) return opens ? '[' : `](${link})`;
          return opens ? '' : ` (${link})`;
        }
        case 'ul':
        case 'ol':
          if (opens) lists.push(element);
          else lists.pop();
          return '\n';
        case 'li':
          return opens ? `\n${lists.at(-1) === 'ol' ? '1.' : '-'} ` : '';
        case 'td':
        case 'th':
          return opens ? ' ' : '';
        case 'span':
        case 'u':
        case 'font':
        case 'code':
        case 'img':
          return '';
        default:
          if (opens && rich && /^h[1-6]$/.test(element)) return `\n\n${'#'.repeat(Math.min(3, Number(element[1])))} `;
          return element === 'p' || /^h/.test(element) ? '\n\n' : '\n';
      }
    });
  return unescaped(marked)
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/(\*\*|~~)\s*\1/g, '')
    .trim();
}

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    if (name) return entities[String(name).toLowerCase()] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(String(hex), 16);
    const isScalar = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    return isScalar ? String.fromCodePoint(code) : whole;
  });
}
