'use client';

import { ShieldAlert, ShieldCheck, ShieldQuestion } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useRefusalText } from '@/components/shell/errors';
import { useFormat } from '@/components/shell/format';
import { type Outputs, useTRPCClient } from '@/components/shell/trpc';
import { Alert, AlertDescription, AlertTitle } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';

type Check = Outputs['audit']['verify'];

interface Verification {
  run: () => void;
  /** Entries checked so far; null when nothing is being checked. */
  checked: number | null;
  outcome: { check: Check; entries: number } | { error: unknown } | null;
}

/** Has the seals of the log checked, part by part. */
export function useVerification(): Verification {
  const client = useTRPCClient();
  const [checked, setChecked] = useState<number | null>(null);
  const [outcome, setOutcome] = useState<Verification['outcome']>(null);
  const run = async () => {
    setOutcome(null);
    setChecked(0);
    try {
      let entries = 0;
      let after: number | undefined;
      for (;;) {
        const check = await client.audit.verify.mutate({ after });
        entries += check.entries;
        setChecked(entries);
        if (!check.ok || check.next === null) {
          setOutcome({ check, entries });
          break;
        }
        after = check.next;
      }
    } catch (error) {
      setOutcome({ error });
    }
    setChecked(null);
  };
  return { run: () => void run(), checked, outcome };
}

export function VerifyButton({ run, checked }: Verification) {
  const t = useTranslations('audit.page');
  return (
    <Button variant="secondary" busy={checked !== null} onClick={run}>
      <ShieldCheck />
      {t('verify')}
    </Button>
  );
}

/** How far the check is, and what came of it in plain words. */
export function VerifyOutcome({ checked, outcome }: Verification) {
  const t = useTranslations('audit.page');
  const text = useRefusalText();
  return (
    <div aria-live="polite" className="empty:hidden">
      {checked !== null && checked > 0 && (
        <p className="text-muted-foreground text-sm">{t('checking', { entries: checked })}</p>
      )}
      {outcome && 'error' in outcome && (
        <Alert variant="destructive">
          <AlertDescription>{text(outcome.error)}</AlertDescription>
        </Alert>
      )}
      {outcome && 'check' in outcome && <Outcome {...outcome} />}
    </div>
  );
}

function Outcome({ check, entries }: { check: Check; entries: number }) {
  const t = useTranslations('audit');
  const format = useFormat();
  const { brokenAt, sealedTo } = check;
  if (brokenAt) {
    const { from, to } = brokenAt;
    const why = t(`broken.${brokenAt.why}`);
    return (
      <Alert variant="destructive">
        <ShieldAlert aria-hidden />
        <AlertDescription>
          <AlertTitle>{t('page.broken')}</AlertTitle>
          {from && to
            ? t('page.brokenHelp', { from: format.dateTime(from), to: format.dateTime(to), why })
            : t('page.brokenPlain', { why })}
        </AlertDescription>
      </Alert>
    );
  }
  return (
    <Alert variant={sealedTo ? 'success' : 'default'}>
      {sealedTo ? <ShieldCheck aria-hidden /> : <ShieldQuestion aria-hidden />}
      <AlertDescription>
        <AlertTitle>{t(sealedTo ? 'page.intact' : 'page.unsealed')}</AlertTitle>
        <p className="text-foreground">
          {sealedTo ? t('page.intactHelp', { entries, when: format.dateTime(sealedTo) }) : t('page.unsealedHelp')}
        </p>
      </AlertDescription>
    </Alert>
  );
}
