/**
 * Rich text is Markdown without HTML: what stands between angle brackets is text. A person is named by
 * `[@Name](member:<id>)`. One line break is a line break, so that plain text written before stays as it was.
 */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'break' }
  | { kind: 'code'; text: string }
  | { kind: 'mention'; id: string; name: string }
  | { kind: 'link'; href: string; content: Inline[] }
  | { kind: 'strong' | 'em' | 'strike' | 'underline'; content: Inline[] };

export type Block =
  | { kind: 'paragraph'; content: Inline[] }
  | { kind: 'heading'; level: 1 | 2 | 3; content: Inline[] }
  | { kind: 'list'; ordered: boolean; start: number; items: Block[][] }
  | { kind: 'quote'; content: Block[] }
  | { kind: 'code'; text: string }
  | { kind: 'rule' };

/** Lists and quotes inside of each other beyond this are text. */
const deepest = 6;

const bullet = /^( {0,3})([-*+])( +|$)(.*)$/;
const numbered = /^( {0,3})(\d{1,9})([.)])( +|$)(.*)$/;
const heading = /^ {0,3}(#{1,6})[ \t]+(.*)$/;
const rule = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const fence = /^ {0,3}(`{3,}|~{3,})/;

/** Reads Markdown. Never fails: what is no markup is text. */
export function readRichText(text: string): Block[] {
  return readBlocks(text.replace(/\r\n?/g, '\n').split('\n'), 0);
}

function readBlocks(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', content: readInline(paragraph.join('\n')) });
    paragraph = [];
  };
  let i = 0;
  while (i < lines.length) {
    const line = lines[i] ?? '';
    const opened = fence.exec(line)?.[1];
    if (line.trim() === '') {
      flush();
      i += 1;
    } else if (opened) {
      flush();
      const end = lines.findIndex((each, at) => at > i && each.trim().startsWith(opened));
      const last = end < 0 ? lines.length : end;
      blocks.push({ kind: 'code', text: lines.slice(i + 1, last).join('\n') });
      i = last + 1;
    } else if (rule.test(line)) {
      flush();
      blocks.push({ kind: 'rule' });
      i += 1;
    } else if (heading.test(line)) {
      flush();
      const [, marks = '#', content = ''] = heading.exec(line) ?? [];
      blocks.push({ kind: 'heading', level: levelOf(marks.length), content: readInline(titleOf(content)) });
      i += 1;
    } else if (depth < deepest && /^ {0,3}>/.test(line)) {
      flush();
      const quoted: string[] = [];
      for (; i < lines.length && /^ {0,3}>/.test(lines[i] ?? ''); i++)
        quoted.push((lines[i] ?? '').replace(/^ {0,3}> ?/, ''));
      blocks.push({ kind: 'quote', content: readBlocks(quoted, depth + 1) });
    } else if (depth < deepest && itemOf(line)) {
      flush();
      const { list, next } = readList(lines, i, depth);
      blocks.push(list);
      i = next;
    } else {
      paragraph.push(line);
      i += 1;
    }
  }
  flush();
  return blocks;
}

/** The text of a heading without the signs that may close it. */
function titleOf(content: string): string {
  const text = content.trimEnd();
  const open = withoutTail(text, '#');
  return /\s$/.test(open) ? open.trimEnd() : text;
}

/** A text without the same sign at its end: an expression would begin anew at each of them in the middle of it. */
function withoutTail(text: string, sign: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === sign) end -= 1;
  return text.slice(0, end);
}

const levelOf = (marks: number): 1 | 2 | 3 => (marks === 1 ? 1 : marks === 2 ? 2 : 3);

interface Item {
  ordered: boolean;
  number: number;
  /** Columns before the item's text. */
  indent: number;
  text: string;
}

function itemOf(line: string): Item | undefined {
  const plain = bullet.exec(line);
  if (plain) {
    const [, before = '', mark = '', space = '', text = ''] = plain;
    return { ordered: false, number: 1, indent: before.length + mark.length + Math.min(space.length || 1, 4), text };
  }
  const counted = numbered.exec(line);
  if (!counted) return undefined;
  const [, before = '', number = '1', sign = '', space = '', text = ''] = counted;
  const indent = before.length + number.length + sign.length + Math.min(space.length || 1, 4);
  return { ordered: true, number: Number(number), indent, text };
}

/** Items one after the other; what is indented as far as an item's text belongs to it. */
function readList(lines: readonly string[], from: number, depth: number): { list: Block; next: number } {
  const first = itemOf(lines[from] ?? '');
  const ordered = first?.ordered ?? false;
  const items: Block[][] = [];
  let i = from;
  while (i < lines.length) {
    const item = itemOf(lines[i] ?? '');
    if (!item || item.ordered !== ordered || rule.test(lines[i] ?? '')) break;
    const own = [item.text];
    i += 1;
    while (i < lines.length) {
      const line = lines[i] ?? '';
      const indented = /^ */.exec(line)?.[0].length ?? 0;
      if (line.trim() === '') {
        const following = lines[i + 1] ?? '';
        const inside = (/^ */.exec(following)?.[0].length ?? 0) >= Math.min(item.indent, 2) && following.trim() !== '';
        if (!inside) break;
        own.push('');
      } else if (indented >= Math.min(item.indent, 2)) own.push(line.slice(Math.min(indented, item.indent)));
      else break;
      i += 1;
    }
    items.push(readBlocks(own, depth + 1));
    // An empty line between two items of a list.
    if ((lines[i] ?? '').trim() === '' && itemOf(lines[i + 1] ?? '')?.ordered === ordered && i + 1 < lines.length)
      i += 1;
  }
  return { list: { kind: 'list', ordered, start: first?.number ?? 1, items }, next: i };
}

const mention = /^\[@((?:\\.|[^\]\\\n]){1,240})\]\(member:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)/;
const link = /^\[((?:\\.|[^[\]\\]){1,1000})\]\(\s*<?([^\s()<>]{1,2000})>?(?:\s+"[^"\n]{0,500}")?\s*\)/;
const bare = /^https?:\/\/[^\s<>"'`\])}，。；！？、]{1,2000}/i;
const escaped = /^\\([!-/:-@[-`{-~])/;
/** How the editor writes signs that would be HTML elsewhere. */
const entity = /^&(lt|gt|amp|quot|nbsp|#39);/;
const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: ' ', '#39': "'" };
const spans = [
  ['**', 'strong'],
  ['__', 'strong'],
  ['~~', 'strike'],
  ['++', 'underline'],
  ['*', 'em'],
  ['_', 'em'],
] as const;

/** Marks inside of each other beyond this are text, so that no text takes long to read. */
const deepestInline = 8;

function readInline(text: string, depth = 0): Inline[] {
  const found: Inline[] = [];
  // Marks that nothing closes from here on: looked for once, not again from each of them.
  const unclosed = new Set<string>();
  let plain = '';
  const flush = () => {
    if (plain !== '') found.push({ kind: 'text', text: plain });
    plain = '';
  };
  const push = (node: Inline) => {
    flush();
    found.push(node);
  };
  for (let i = 0; i < text.length; ) {
    const char = text.charAt(i);
    const rest = () => text.slice(i, i + 3300);
    if (char === '\n') {
      plain = plain.endsWith('\\') ? plain.slice(0, -1) : withoutTail(plain, ' ');
      push({ kind: 'break' });
      i += 1;
    } else if (char === '\\' && escaped.test(rest())) {
      plain += text.charAt(i + 1);
      i += 2;
    } else if (char === '&' && entity.test(rest())) {
      const [whole, name = ''] = entity.exec(rest()) ?? [''];
      plain += entities[name] ?? whole;
      i += whole.length;
    } else if (char === '`') {
      const ticks = /^`+/.exec(rest())?.[0] ?? '`';
      const end = text.indexOf(ticks, i + ticks.length);
      if (end < 0) plain += ticks;
      else push({ kind: 'code', text: text.slice(i + ticks.length, end).replace(/^ (.*) $/s, '$1') });
      i = end < 0 ? i + ticks.length : end + ticks.length;
    } else if (char === '[') {
      const named = mention.exec(rest());
      const linked = named ? null : link.exec(rest());
      const href = linked?.[2] ? safeLink(linked[2]) : null;
      if (named) push({ kind: 'mention', name: withoutEscapes(named[1] ?? ''), id: named[2] ?? '' });
      else if (linked && href && depth < deepestInline)
        push({ kind: 'link', href, content: readInline(linked[1] ?? '', depth + 1) });
      else plain += char;
      i += named ? named[0].length : linked && href && depth < deepestInline ? linked[0].length : 1;
    } else if ((char === 'h' || char === 'H') && bare.test(rest())) {
      const href = (bare.exec(rest())?.[0] ?? '').replace(/[.,;:!?]+$/, '');
      push({ kind: 'link', href, content: [{ kind: 'text', text: href }] });
      i += href.length;
    } else {
      const span = depth < deepestInline ? spanAt(text, i, unclosed) : undefined;
      if (span) push({ kind: span.kind, content: readInline(text.slice(span.from, span.to), depth + 1) });
      else plain += char;
      i = span ? span.end : i + 1;
    }
  }
  flush();
  return found;
}

const withoutEscapes = (text: string) => text.replace(/\\([!-/:-@[-`{-~])/g, '$1');

/** A pair of marks around a text that neither begins nor ends with a space. */
function spanAt(text: string, at: number, unclosed: Set<string>) {
  for (const [mark, kind] of spans) {
    if (!text.startsWith(mark, at)) continue;
    if (unclosed.has(mark)) return undefined;
    const from = at + mark.length;
    if (/^\s?$/.test(text.charAt(from))) return undefined;
    // A line inside a word is part of it: `c_first_name`.
    if (mark[0] === '_' && /[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return undefined;
    for (let end = text.indexOf(mark, from + 1); end > 0; end = text.indexOf(mark, end + 1)) {
      const single = mark.length === 1 && (text.charAt(end + 1) === mark || text.charAt(end - 1) === mark);
      if (single || /\s/.test(text.charAt(end - 1)) || text.charAt(end - 1) === '\\') continue;
      return { kind, from, to: end, end: end + mark.length };
    }
    unclosed.add(mark);
    return undefined;
  }
  return undefined;
}

/** An address that may be opened: http, https, mailto. Everything else is text, so that no link ever runs script. */
export function safeLink(href: string): string | null {
  const address = href.trim();
  return /^(?:https?:\/\/|mailto:)[^\s\p{Cc}]+$/iu.test(address) ? address : null;
}

const everyMention = new RegExp(mention.source.slice(1), 'g');

/** Ids of the people a text names, each once. */
export function mentionsIn(text: string): string[] {
  return [...new Set([...text.matchAll(everyMention)].map(([, , id = '']) => id))];
}

/** How a person is named in a text. */
export function mentionText(id: string, name: string): string {
  return `[@${name.replace(/[\\[\]]/g, '\\$&').replace(/\s+/g, ' ')}](member:${id})`;
}

/** What a text says without its marks, on one line: for lists, notices and mails. */
export function plainText(text: string, max = 200): string {
  const words = readRichText(text).flatMap(blockText).join(' ').replace(/\s+/g, ' ').trim();
  const chars = [...words];
  return chars.length > max ? `${chars.slice(0, max - 1).join('')}…` : words;
}

function blockText(block: Block): string[] {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return [inlineText(block.content)];
    case 'list':
      return block.items.flat().flatMap(blockText);
    case 'quote':
      return block.content.flatMap(blockText);
    case 'code':
      return [block.text];
    case 'rule':
      return [];
  }
}

function inlineText(content: readonly Inline[]): string {
  return content
    .map((node) => {
      if (node.kind === 'text' || node.kind === 'code') return node.text;
      if (node.kind === 'break') return ' ';
      return node.kind === 'mention' ? `@${node.name}` : inlineText(node.content);
    })
    .join('');
}
