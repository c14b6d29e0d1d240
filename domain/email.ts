/**
 * Whether a text is a mail address: the dot-atom form of RFC 5321 §4.1.2 and RFC 5322 §3.4.1, with letters of every
 * script (RFC 6531). Comments, folding, quoted local parts and address literals are legal there but are nobody's
 * address in a CRM; they are refused everywhere alike.
 */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (at < 1 || text.length > 254 || local.length > 64 || domain.length > 253) return false;
  if (!local.split('.').every((atom) => atomPattern.test(atom))) return false;
  const labels = domain.split('.');
  return labels.every((label) => labelPattern.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
}

/** The address without the spaces round it. Only spaces are forgiven: a line break there is a fault (RFC 5322 §3.2.2). */
export function strippedEmail(text: string): string {
  return text.replace(/^[ \t\u00A0\u3000]+|[ \t\u00A0\u3000]+$/g, '');
}

const atomPattern = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+$/u;
/** RFC 1035 §2.3.1: letters, digits, hyphens inside, at most 63. */
const labelPattern = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u;
