/** Chords are `c`, `mod+k` (together) and `g d` (one after the other), at most two of them. */
const wide: Record<string, string> = { '？': '?', '／': '/', '。': '.', '，': ',', '【': '[', '】': ']', '；': ';' };

interface Pressed {
  key: string;
  code: string;
  metaKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** What was pressed, or null while only modifiers are. */
export function chordOf(event: Pressed): string | null {
  // A Chinese input method reports "Process"; the key itself is still known.
  const raw = event.key === 'Process' ? event.code.replace(/^Key/, '') : event.key;
  if (['Shift', 'Control', 'Alt', 'Meta'].includes(raw)) return null;
  const key = (wide[raw] ?? raw).toLowerCase();
  const letter = /^[a-z]$/.test(key) || key.length > 1;
  return [
    (event.metaKey || event.ctrlKey) && 'mod',
    event.altKey && 'alt',
    event.shiftKey && letter && 'shift',
    key === ' ' ? 'space' : key.replace(/^arrow/, ''),
  ]
    .filter(Boolean)
    .join('+');
}

/** Chords with which a browser or a page does something of its own wherever one is. */
const taken =
  /^(?:mod\+(?:[acflnpqrtvwx+=0-9-]|shift\+[ijnt])|tab|shift\+tab|enter|escape|space|backspace|delete|up|down|left|right|home|end|pageup|pagedown|f\d+)$/;

export type ChordProblem = { code: 'reserved' } | { code: 'used'; by: string };

/**
 * Whether keys can be given to an action.
 * @param used the other actions' keys, by what they are called
 * @returns what speaks against it: the browser needs them, or another action has them or begins with them
 */
export function chordProblem(
  keys: string,
  used: readonly { label: string; keys?: string | undefined }[],
): ChordProblem | undefined {
  if (keys.split(' ').some((chord) => taken.test(chord))) return { code: 'reserved' };
  const other = used.find(
    (each) => each.keys && (each.keys === keys || each.keys.startsWith(`${keys} `) || keys.startsWith(`${each.keys} `)),
  );
  return other && { code: 'used', by: other.label };
}
