import { Refusal } from '@/domain/refusals';

/** How deep a JSON text may nest and how many items one of its lists may have (security I2). */
export const maxJsonDepth = 20;
export const maxJsonItems = 1000;

/**
 * Refuses a JSON text that would cost more to work through than its length says. It is judged before it is parsed, so
 * nothing that follows can be made to recurse.
 * @param envelope levels that a door has put round the input
 * @throws Refusal invalid `tooDeep` or `tooManyItems`
 */
export function refuseHugeJson(text: string, envelope = 0): void {
  const deepest = maxJsonDepth + envelope;
  // Shorter texts can neither nest nor list that much.
  if (text.length <= 2 * maxJsonDepth) return;
  // Items of each open list so far; -1 stands for an object.
  const open: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) i = endOfString(text, i);
    else if (code === openBrace || code === openBracket) {
      if (open.push(code === openBracket ? 1 : -1) > deepest)
        throw new Refusal('invalid', { code: 'tooDeep', params: { max: maxJsonDepth } });
    } else if (code === closeBrace || code === closeBracket) open.pop();
    else if (code === comma) {
      const last = open.length - 1;
      const items = open[last];
      if (items === undefined || items < 0) continue;
      if (items >= maxJsonItems) throw new Refusal('invalid', { code: 'tooManyItems', params: { max: maxJsonItems } });
      open[last] = items + 1;
    }
  }
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Place of the quotation mark that ends the string beginning at `start`, or of the text's end. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === backslash) i++;
    else if (code === quote) return i;
  }
  return text.length;
}
