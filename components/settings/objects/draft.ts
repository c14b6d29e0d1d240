import {
  type Choice,
  type FieldDefinition,
  type FieldInput,
  type FieldSettings,
  type Labels,
  type OwnFieldType,
  settingsByType,
} from '@/domain/custom-fields';
import { tones } from '@/domain/tones';

/** A field as the dialog holds it while it is being written. */
export interface FieldDraft {
  type: OwnFieldType;
  label: Labels;
  help: Labels;
  required: boolean;
  settings: FieldSettings;
}

/** What a field of a type begins with. */
export function freshDraft(type: OwnFieldType): FieldDraft {
  const settings: FieldSettings = {};
  if (type === 'choice' || type === 'choices') settings.choices = [];
  if (type === 'percent' || type === 'number') settings.decimals = 0;
  if (type === 'rating') settings.max = 5;
  return { type, label: {}, help: {}, required: false, settings };
}

/** The dialog's beginning for a field that is there. */
export function draftOf({ type, label, help, required, settings }: FieldDefinition): FieldDraft {
  return { type, label, help: help ?? {}, required, settings };
}

/** What is sent: blank texts and rules that say nothing are left out. */
export function inputOf(object: string, draft: FieldDraft): FieldInput {
  const { type, required } = draft;
  const help = filledLabels(draft.help);
  return {
    object,
    type,
    label: filledLabels(draft.label),
    help: help.en || help.zh ? help : null,
    required,
    settings: filledSettings(type, draft.settings),
  };
}

function filledSettings(type: OwnFieldType, settings: FieldSettings): FieldSettings {
  const known = new Set<string>(settingsByType[type]);
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => known.has(name) && value !== undefined && value !== null && value !== '' && value !== false,
    ),
  );
}

/** Labels without surrounding and blank text. */
export function filledLabels(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).flatMap(([locale, text]) => (text?.trim() ? [[locale, text.trim()]] : [])),
  );
}

/**
 * The choices with those of a text that are not among them yet: pasted lines, each a choice, or words between commas.
 * Two of one name nobody could tell apart.
 */
export function withChoices(choices: readonly Choice[], text: string, locale: 'en' | 'zh'): Choice[] {
  const between = text.includes('\n') ? /[\r\n]+/ : /[,，、;；]/;
  return text.split(between).reduce<Choice[]>(
    (list, line) => {
      const name = line.trim().slice(0, 80);
      const isThere = list.some(({ label }) => label[locale]?.toLowerCase() === name.toLowerCase());
      return name === '' || isThere ? list : withChoice(list, name, locale);
    },
    [...choices],
  );
}

/** One more choice, named in a language, with a stored value and a colour nothing else has while there is one left. */
export function withChoice(choices: readonly Choice[], text: string, locale: 'en' | 'zh'): Choice[] {
  const used = new Set(choices.map(({ tone }) => tone));
  const tone = tones.find((each) => !used.has(each)) ?? tones[choices.length % tones.length] ?? 'slate';
  const taken = new Set(choices.map(({ value }) => value));
  return [...choices, { value: freeValue(text, taken), label: { [locale]: text }, tone }];
}

/** The stored value of a choice: the Latin words of its name, else a number; never changed after. */
export function freeValue(text: string, taken: ReadonlySet<string>): string {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  const base = words?.join('_').slice(0, 40).replace(/_$/, '') || `choice_${taken.size + 1}`;
  if (!taken.has(base)) return base;
  for (let n = 2; ; n++) if (!taken.has(`${base}_${n}`)) return `${base}_${n}`;
}

/** Whether a field stays as it is when the dialog is saved. */
export function isSame(a: FieldDraft, b: FieldDraft): boolean {
  return JSON.stringify(inputOf('', a)) === JSON.stringify(inputOf('', b));
}

/** The message about an input or about a part of it, by the names the server gives: `settings.choices.0.label`. */
export function problemOf(problems: Readonly<Record<string, string>>, name: string): string | undefined {
  const found = Object.keys(problems).find((key) => key === name || key.startsWith(`${name}.`));
  return found === undefined ? undefined : problems[found];
}
