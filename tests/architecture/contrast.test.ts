import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tones } from '@/domain/tones';

/** Both values of every colour token. */
const tokens = new Map<string, [string, string]>();
for (const [, name, light, dark] of readFileSync('app/globals.css', 'utf8').matchAll(
  /--([\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(?=#)(#\w{6}));/g,
)) {
  if (name && light && dark) tokens.set(name, [light, dark]);
}
tokens.set('primary-foreground', ['#ffffff', '#ffffff']);
tokens.set('destructive-foreground', ['#ffffff', '#ffffff']);

/** Relative luminance of WCAG 2.2. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ['background', 'canvas', 'subtle', 'card', 'popover', 'muted', 'accent'];
const texts: [string, string[]][] = [
  ['foreground', grounds],
  ['muted-foreground', [...grounds, 'sidebar', 'sidebar-accent']],
  ['sidebar-foreground', ['sidebar', 'sidebar-accent']],
  ['link', [...grounds, 'primary-soft']],
  ['primary-foreground', ['primary', 'primary-hover']],
  ['destructive-foreground', ['destructive-solid']],
  ...['success', 'warning', 'destructive'].map((name): [string, string[]] => [
    name,
    ['background', 'canvas', 'popover', `${name}-soft`],
  ]),
  ...tones.map((tone): [string, string[]] => [`stage-${tone}-text`, ['background', 'card', `stage-${tone}-soft`]]),
];
const shapes: [string, string[]][] = [
  ['control', ['background', 'canvas', 'popover']],
  ['ring', ['background', 'canvas', 'popover', 'sidebar']],
  ...tones.map((tone): [string, string[]] => [`stage-${tone}`, ['background', 'canvas', 'card']]),
];

describe('colours', () => {
  it.each([
    ...texts.map(([front, behind]) => [front, behind, 4.5] as const),
    ...shapes.map(([front, behind]) => [front, behind, 3] as const),
  ])('%s reads on %j', (front, behind, least) => {
    for (const ground of behind) {
      for (const mode of [0, 1] as const) {
        const [a, b] = [tokens.get(front)?.[mode] ?? '', tokens.get(ground)?.[mode] ?? ''];
        expect(contrast(a, b), `${front} on ${ground}, ${mode ? 'dark' : 'light'}`).toBeGreaterThanOrEqual(least);
      }
    }
  });
});
