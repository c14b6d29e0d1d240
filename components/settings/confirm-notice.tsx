'use client';

import { useMutation } from '@tanstack/react-query';
import { MailWarning } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { useMe } from './use-me';

/** Says that the person's address is not confirmed yet and sends the mail again. Nothing when it is. */
export function ConfirmNotice() {
  const me = useMe();
  return me.data && !me.data.user.emailConfirmed ? <UnconfirmedNotice /> : null;
}

/** The same for who knows already that it is not. */
export function UnconfirmedNotice() {
  const t = useTranslations('settings.security.email');
  const { user } = useBoot();
  const trpc = useTRPC();
  const send = useMutation(trpc.account.requestConfirmation.mutationOptions());
  return (
    <Alert variant="warning" className="flex-wrap items-center">
      <MailWarning aria-hidden />
      <AlertDescription className="basis-60 text-foreground">
        {send.isSuccess ? t('sent', { email: user.email }) : t('confirmHelp', { email: user.email })}
      </AlertDescription>
      {!send.isSuccess && (
        <Button variant="secondary" size="sm" busy={send.isPending} onClick={() => send.mutate()}>
          {t('sendAgain')}
        </Button>
      )}
    </Alert>
  );
}
