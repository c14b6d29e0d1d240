import type { PlanColumn } from './mapping';
import type { Target } from './targets';

interface Filled {
  target: Target;
  column: PlanColumn;
  text: string;
}

/** Fields of one sort, in the order in which further values take those that are empty. */
const rooms: Partial<Record<Target['type'], readonly string[]>> = {
  email: ['email', 'otherEmail'],
  phone: ['phone', 'mobile', 'otherPhone', 'homePhone'],
};

/** Google joins values with `:::`, HubSpot with `;`. What else may stand in an address or a number separates nothing. */
function partsOf({ target, text }: Filled): string[] {
  const parts = text.split(target.type === 'email' ? /:::|[;；,，\s]+/ : /:::|[;；\r\n]+/).map((part) => part.trim());
  const filled = [...new Set(parts.filter((part) => part !== ''))];
  const isList =
    target.type === 'email' ? filled.every((part) => part.includes('@')) : filled.every((part) => /\d{3}/.test(part));
  return isList ? filled : [text];
}

/**
 * Spreads cells of several addresses or numbers over the fields of their sort that the row leaves empty.
 * @param find the target of a name, where the file's object has one
 * @returns what found no room, with the cell it stood in
 */
export function spreadSeveral(
  filled: Map<string, Filled>,
  find: (name: string) => Target | undefined,
): { column: PlanColumn; texts: string[] }[] {
  const left: { column: PlanColumn; texts: string[] }[] = [];
  for (const [name, cell] of [...filled]) {
    const names = rooms[cell.target.type];
    // Somebody else's number, or that of a fax, is none to call them by.
    if (!names?.includes(name) || cell.target.own || !/[;；,，\s]|:::/.test(cell.text)) continue;
    const [first, ...more] = partsOf(cell);
    if (first === undefined || more.length === 0) continue;
    filled.set(name, { ...cell, text: first });
    const texts = more.filter((text) => {
      if ([...filled.values()].some((other) => other.text === text)) return false;
      const room = names.map(find).find((target) => target && !filled.has(target.name));
      if (room) filled.set(room.name, { target: room, column: cell.column, text });
      return !room;
    });
    if (texts.length > 0) left.push({ column: cell.column, texts });
  }
  return left;
}
