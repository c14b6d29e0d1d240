import en from '@/domain/messages/en/setup.json' with { type: 'json' };
import zh from '@/domain/messages/zh/setup.json' with { type: 'json' };
import type { StageInput } from './pipelines';

const setup = { en, zh };

/** The stages a pipeline begins with, in a person's language. */
export function firstStages(locale: string): StageInput[] {
  const names = setup[locale === 'zh' ? 'zh' : 'en'].stages;
  return [
    { name: names.qualified, kind: 'open', probability: 10, colour: 'slate', requiredFields: [] },
    { name: names.discovery, kind: 'open', probability: 25, colour: 'blue', requiredFields: [] },
    { name: names.proposal, kind: 'open', probability: 50, colour: 'teal', requiredFields: [] },
    { name: names.negotiation, kind: 'open', probability: 75, colour: 'amber', requiredFields: [] },
    { name: names.won, kind: 'won', probability: 100, colour: 'green', requiredFields: [] },
    { name: names.lost, kind: 'lost', probability: 0, colour: 'red', requiredFields: [] },
  ];
}
