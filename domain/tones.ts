/** Colours with a name; `data-tone` puts them on an element (globals.css). */
export const tones = ['slate', 'blue', 'teal', 'green', 'amber', 'orange', 'red', 'violet'] as const;
export type Tone = (typeof tones)[number];
