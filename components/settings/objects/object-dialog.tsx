'use client';

import { useMutation } from '@tanstack/react-query';
import { Languages } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFieldErrors, useRefusalText } from '@/components/shell/errors';
import { nounOf } from '@/components/shell/labels';
import { navigate } from '@/components/shell/router';
import { useTRPC } from '@/components/shell/trpc';
import { useUndoToast } from '@/components/shell/undo';
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
import type { ObjectDefinition } from '@/domain/catalogue';
import type { ObjectLabels } from '@/domain/custom-fields';
import { newObjectRights } from '@/domain/permissions';
import { type Tone, tones } from '@/domain/tones';
import { filledLabels, problemOf } from './draft';
import { IconPicker } from './icon-picker';
import { LabelsInput, type Language, useLanguages } from './labels-input';
import { RightsEditor } from './rights-editor';

const toneOf = (name: string | undefined): Tone => tones.find((tone) => tone === name) ?? 'teal';

/** Makes an object or changes one: what it is called, how it looks, who may do what with it. */
export function ObjectDialog({ definition, onClose }: { definition?: ObjectDefinition; onClose: () => void }) {
  const t = useTranslations('fieldsSettings.object');
  const c = useTranslations('common');
  const trpc = useTRPC();
  const undo = useUndoToast();
  const errors = useFieldErrors();
  const refusal = useRefusalText();
  const [first] = useLanguages();
  const [label, setLabel] = useState<ObjectLabels>(definition?.label ?? {});
  const [description, setDescription] = useState(definition?.description ?? {});
  const [titleLabel, setTitleLabel] = useState(definition?.titleLabel ?? {});
  const [icon, setIcon] = useState(definition?.icon ?? 'box');
  const [tone, setTone] = useState(toneOf(definition?.tone));
  const [rights, setRights] = useState(definition?.rights ?? newObjectRights);
  const name = label[first]?.other || label.en?.other || label.zh?.other || '';
  const told = {
    meta: { quiet: true },
    onSuccess: ({ changeSetId, key }: { changeSetId: string; key?: string }) => {
      onClose();
      undo(changeSetId, t(definition ? 'saved' : 'added', { object: name }));
      if (key) navigate(`/settings/objects/${key}`);
    },
  };
  const create = useMutation(trpc.objects.create.mutationOptions(told));
  const update = useMutation(trpc.objects.update.mutationOptions(told));
  const save = definition ? update : create;
  const problems: Record<string, string> = save.error ? errors(save.error) : {};
  const placed = ['label', 'description', 'titleLabel'].some((key) => problemOf(problems, key) !== undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const said = (labels: typeof description) => {
      const filled = filledLabels(labels);
      return filled.en || filled.zh ? filled : null;
    };
    const values = {
      label: filledNouns(label),
      description: said(description),
      titleLabel: said(titleLabel),
      icon,
      tone,
      rights,
    };
    if (definition) update.mutate({ id: definition.id, values });
    else create.mutate(values);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        closeLabel={c('close')}
        className="sm:top-[6dvh] sm:max-h-[88dvh] sm:max-w-xl"
        onInteractOutside={(event) => event.preventDefault()}
      >
        <DialogHeader>
          <DialogTitle>{definition ? t('edit', { object: nounOf(definition, 'Other', first) }) : t('add')}</DialogTitle>
          <DialogDescription>{t('addHelp')}</DialogDescription>
        </DialogHeader>
        <form onSubmit={submit} noValidate className="contents">
          <DialogBody className="grid content-start gap-4 pb-4">
            {save.error && !placed && (
              <Alert variant="destructive">
                <AlertDescription>{refusal(save.error)}</AlertDescription>
              </Alert>
            )}
            <div className="flex items-start gap-3">
              <IconPicker
                icon={icon}
                tone={tone}
                onChange={(next) => {
                  if (next.icon) setIcon(next.icon);
                  if (next.tone) setTone(next.tone);
                }}
              />
              <NounsInput value={label} onChange={setLabel} error={problemOf(problems, 'label')} />
            </div>
            <LabelsInput
              label={t('titleLabel')}
              help={t('titleLabelHelp')}
              value={titleLabel}
              onChange={setTitleLabel}
              error={problemOf(problems, 'titleLabel')}
            />
            <LabelsInput
              label={t('description')}
              value={description}
              onChange={setDescription}
              error={problemOf(problems, 'description')}
            />
            <RightsEditor rights={rights} onChange={setRights} />
          </DialogBody>
          <DialogFooter className="border-t">
            <Button variant="ghost" onClick={onClose}>
              {c('cancel')}
            </Button>
            <Button type="submit" busy={save.isPending}>
              {definition ? c('save') : c('create')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

/** A language counts when both its forms are there; where Chinese has only one, it is both. */
export function filledNouns(label: ObjectLabels): ObjectLabels {
  const entries = (['en', 'zh'] as const).flatMap((language) => {
    const one = label[language]?.one.trim();
    const other = label[language]?.other.trim();
    const either = one || other;
    return either ? [[language, { one: one || either, other: other || either }] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** What one and many records are called; Chinese has one word for both. */
export function NounsInput({
  value,
  onChange,
  error,
  focused = true,
}: {
  value: ObjectLabels;
  onChange: (value: ObjectLabels) => void;
  error?: string;
  /** The first of them is where one begins to type. */
  focused?: boolean;
}) {
  const t = useTranslations('fieldsSettings.object');
  const f = useTranslations('fieldsSettings');
  const c = useTranslations('common');
  const [first, second] = useLanguages();
  const [both, setBoth] = useState(value[second] !== undefined);
  const set = (language: Language, next: { one?: string; other?: string }) =>
    onChange({ ...value, [language]: { one: '', other: '', ...value[language], ...next } });
  const inputs = (language: Language, problem?: string) => {
    const named = (text: string) =>
      both ? f('inLanguage', { label: text, language: c(`languages.${language}`) }) : text;
    const { one = '', other = '' } = value[language] ?? {};
    if (language === 'zh') {
      return (
        <Field label={named(t('name'))} required={language === first} error={problem}>
          <Input
            lang="zh"
            autoFocus={focused && language === first}
            maxLength={80}
            value={other}
            onChange={(event) => set('zh', { one: event.target.value, other: event.target.value })}
          />
        </Field>
      );
    }
    return (
      <div className="grid grid-cols-2 gap-2">
        <Field label={named(t('one'))} required={language === first} error={problem}>
          <Input
            lang="en"
            autoFocus={focused && language === first}
            maxLength={80}
            value={one}
            placeholder={t('oneExample')}
            onChange={(event) => set('en', { one: event.target.value })}
          />
        </Field>
        <Field label={named(t('other'))} required={language === first}>
          <Input
            lang="en"
            maxLength={80}
            value={other}
            placeholder={t('otherExample')}
            onChange={(event) => set('en', { other: event.target.value })}
          />
        </Field>
      </div>
    );
  };
  return (
    <div className="grid min-w-0 flex-1 gap-3">
      {inputs(first, error)}
      {both ? (
        inputs(second)
      ) : (
        <Button variant="quiet" size="sm" className="-ml-2 w-fit" onClick={() => setBoth(true)}>
          <Languages />
          {f('addLanguage', { language: c(`languages.${second}`) })}
        </Button>
      )}
    </div>
  );
}
