'use client';

import { useTranslations } from 'use-intl';
import { usePreference } from '@/components/shell/boot';
import { Switch } from '@/components/ui/switch';
import { notificationChoices, notificationKinds, notificationPreference } from '@/domain/notifications';
import { Section } from './section';

type Stored = Record<string, { product: boolean; mail: boolean }>;
const unset: Stored = {};

/** What a person hears of, and where. */
export function NotificationsPage() {
  const t = useTranslations('conversation.settings');
  const [stored, store] = usePreference<Stored>(notificationPreference, unset);
  const choices = notificationChoices(stored);
  return (
    <Section title={t('title')} description={t('description')}>
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b text-muted-foreground text-xs">
            <td />
            {(['product', 'mail'] as const).map((place) => (
              <th key={place} scope="col" className="w-28 py-2 text-center font-medium">
                {t(place)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {notificationKinds.map((kind) => (
            <tr key={kind} className="border-b last:border-0">
              <th scope="row" className="py-2.5 pr-4 text-left font-normal">
                {t(`kinds.${kind}`)}
              </th>
              {(['product', 'mail'] as const).map((place) => (
                <td key={place} className="text-center">
                  <Switch
                    aria-label={`${t(`kinds.${kind}`)}: ${t(place)}`}
                    checked={choices[kind][place]}
                    onCheckedChange={(on) => store({ ...choices, [kind]: { ...choices[kind], [place]: on } })}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
