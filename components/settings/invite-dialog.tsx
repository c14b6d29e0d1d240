'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { refusalOf, useCodeText, useFieldErrors, useRefusalText } from '@/components/shell/errors';
import { useLabels } from '@/components/shell/labels';
import { useTRPC } from '@/components/shell/trpc';
import { Alert, AlertDescription } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { grantableRoles, type Role } from '@/domain/permissions';
import { UnconfirmedNotice } from './confirm-notice';
import { CopyField } from './copy-field';
import type { InvitationView, MemberView } from './people';

/** Somebody new, the person a placeholder stands for, or the same again with a new link. */
export interface InviteFor {
  member?: MemberView;
  invitation?: InvitationView;
}

const noTeam = 'none';

export function InviteDialog({ target, onClose }: { target: InviteFor; onClose: () => void }) {
  const t = useTranslations('settings.invite');
  const c = useTranslations('common');
  const fields = useTranslations('fields');
  const labels = useLabels();
  const { member: me, teams } = useBoot();
  const trpc = useTRPC();
  const errors = useFieldErrors();
  const refusal = useRefusalText();
  const code = useCodeText();
  const { member, invitation } = target;
  const roles = grantableRoles(me.role);
  const wanted = invitation?.role ?? member?.role;
  const [email, setEmail] = useState(invitation?.email ?? member?.email ?? '');
  const [role, setRole] = useState<Role>(roles.find((known) => known === wanted) ?? 'member');
  const [teamId, setTeamId] = useState(invitation?.teamId ?? member?.teamId ?? noTeam);
  const [empty, setEmpty] = useState(false);
  const invite = useMutation(trpc.members.invite.mutationOptions({ meta: { quiet: true, refresh: ['tenant'] } }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setEmpty(!email.trim());
    if (email.trim())
      invite.mutate({
        email: email.trim(),
        role,
        teamId: teamId === noTeam ? undefined : teamId,
        memberId: member?.id,
      });
  };
  const found: Record<string, string> = invite.error ? errors(invite.error) : {};
  const problem = empty ? code('required') : found.email;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent closeLabel={c('close')}>
        <DialogHeader>
          <DialogTitle>
            {invite.data ? t('sent') : member ? t('titleAs', { name: member.name }) : t('title')}
          </DialogTitle>
          <DialogDescription>
            {invite.data ? t('sentHelp', { email: invite.variables.email }) : t(member ? 'helpAs' : 'help')}
          </DialogDescription>
        </DialogHeader>
        {invite.data ? (
          <>
            <DialogBody>
              <CopyField label={t('link')} value={invite.data.link} help={t('linkHelp')} />
            </DialogBody>
            <DialogFooter>
              <Button
                variant="ghost"
                onClick={() => {
                  invite.reset();
                  setEmail('');
                }}
              >
                {t('another')}
              </Button>
              <Button onClick={onClose}>{c('done')}</Button>
            </DialogFooter>
          </>
        ) : (
          <form onSubmit={submit} noValidate className="contents">
            <DialogBody className="grid gap-4">
              <Field label={t('email')} required error={problem}>
                <Input
                  type="email"
                  inputMode="email"
                  autoComplete="off"
                  autoFocus
                  maxLength={254}
                  value={email}
                  onChange={(event) => setEmail(event.target.value)}
                />
              </Field>
              <Field label={t('role')} help={fields(`roleHelp.${role}`)} error={found.role}>
                <Select value={role} onValueChange={(value) => setRole(roles.find((known) => known === value) ?? role)}>
                  <SelectTrigger>
                    <SelectValue />
                  </SelectTrigger>
                  <SelectContent>
                    {roles.map((known) => (
                      <SelectItem key={known} value={known}>
                        {labels.role(known)}
                      </SelectItem>
                    ))}
                  </SelectContent>
                </Select>
              </Field>
              {teams.length > 0 && (
                <Field label={t('team')}>
                  <Select value={teamId} onValueChange={setTeamId}>
                    <SelectTrigger>
                      <SelectValue />
                    </SelectTrigger>
                    <SelectContent>
                      <SelectItem value={noTeam}>{t('noTeam')}</SelectItem>
                      {teams.map((team) => (
                        <SelectItem key={team.id} value={team.id}>
                          {team.name}
                        </SelectItem>
                      ))}
                    </SelectContent>
                  </Select>
                </Field>
              )}
              {refusalOf(invite.error)?.code === 'confirmEmailFirst' ? (
                <UnconfirmedNotice />
              ) : (
                invite.error &&
                !found.email &&
                !found.role && (
                  <Alert variant="destructive">
                    <AlertDescription>{refusal(invite.error)}</AlertDescription>
                  </Alert>
                )
              )}
            </DialogBody>
            <DialogFooter>
              <Button variant="ghost" onClick={onClose}>
                {c('cancel')}
              </Button>
              <Button type="submit" busy={invite.isPending}>
                {t('button')}
              </Button>
            </DialogFooter>
          </form>
        )}
      </DialogContent>
    </Dialog>
  );
}
