'use client';

import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';
import { type Action, actionGroups, useAllActions } from './actions';
import { type ChordProblem, chordOf, chordProblem } from './chords';
import { useOwnKeys } from './desk';
import { patience } from './keyboard';

/** Every key that works here, from the declared actions; those of every page can be changed. */
export function ShortcutSheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('shell');
  const c = useTranslations('common');
  const all = useAllActions();
  const [own, setOwn] = useOwnKeys();
  const [changing, setChanging] = useState(false);
  const [recording, setRecording] = useState<string | null>(null);
  const actions = all.filter((action) => (changing ? action.rebindable : action.keys));
  const change = (next: boolean) => {
    setChanging(false);
    setRecording(null);
    onOpenChange(next);
  };
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogContent
        closeLabel={c('close')}
        className="sm:max-w-2xl"
        onOpenAutoFocus={(event) => {
          // There is nothing to fill in: the sheet itself takes the focus, not its close button.
          event.preventDefault();
          if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
        }}
        onEscapeKeyDown={(event) => {
          if (!recording) return;
          event.preventDefault();
          setRecording(null);
        }}
      >
        <DialogHeader>
          <DialogTitle>{t('shortcuts.title')}</DialogTitle>
          <DialogDescription>{t(changing ? 'shortcuts.customiseHelp' : 'shortcuts.description')}</DialogDescription>
        </DialogHeader>
        <DialogBody className="gap-x-8 pb-5 sm:columns-2">
          {actionGroups.map((group) => {
            const members = actions.filter((action) => action.group === group);
            if (members.length === 0) return null;
            return (
              <section key={group} className="mb-4 break-inside-avoid">
                <h3 className="mb-1 font-medium text-muted-foreground text-xs">{t(`palette.${group}`)}</h3>
                <dl>
                  {members.map((action) => (
                    <div
                      key={action.id}
                      className="flex min-h-8 items-center justify-between gap-4 border-b last:border-0"
                    >
                      <dt className="shrink-0 text-sm">{action.label}</dt>
                      <dd className="shrink-0">
                        {changing ? (
                          <KeysButton
                            action={action}
                            others={all.filter((other) => other.rebindable && other.id !== action.id)}
                            recording={recording === action.id}
                            onRecording={(on) => setRecording(on ? action.id : null)}
                            onKeys={(keys) => setOwn({ ...own, [action.id]: keys })}
                          />
                        ) : (
                          <Kbd keys={action.keys ?? ''} className="pointer-coarse:inline-flex" />
                        )}
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            );
          })}
        </DialogBody>
        <DialogFooter>
          {changing && Object.keys(own).length > 0 && (
            <Button variant="ghost" className="mr-auto" onClick={() => setOwn({})}>
              {t('shortcuts.reset')}
            </Button>
          )}
          <Button variant="secondary" onClick={() => setChanging(!changing)}>
            {t(changing ? 'shortcuts.done' : 'shortcuts.customise')}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

interface KeysButtonProps {
  action: Action;
  /** What else has keys on every page. */
  others: Action[];
  recording: boolean;
  onRecording: (recording: boolean) => void;
  /** Told null when the keys are taken away. */
  onKeys: (keys: string | null) => void;
}

/** The keys of an action; pressed, it listens for others. */
function KeysButton({ action, others, recording, onRecording, onKeys }: KeysButtonProps) {
  const t = useTranslations('shell.shortcuts');
  const [first, setFirst] = useState('');
  const [problem, setProblem] = useState<ChordProblem>();
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stop = () => {
    clearTimeout(waiting.current);
    setFirst('');
    onRecording(false);
  };
  const give = (keys: string) => {
    stop();
    const found = chordProblem(keys, others);
    setProblem(found);
    if (!found) onKeys(keys);
  };
  const press = (event: KeyboardEvent) => {
    if (!recording) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return stop();
    if (event.key === 'Backspace') {
      stop();
      setProblem(undefined);
      return onKeys(null);
    }
    const chord = event.repeat ? null : chordOf(event.nativeEvent);
    if (!chord) return;
    clearTimeout(waiting.current);
    if (first) return give(`${first} ${chord}`);
    // Together with a modifier one chord says it all; a letter may be the first of two.
    if (chord.includes('+')) return give(chord);
    setFirst(chord);
    waiting.current = setTimeout(give, patience, chord);
  };
  return (
    <span className="grid justify-items-end">
      <Button
        variant={recording ? 'secondary' : 'quiet'}
        size="sm"
        aria-pressed={recording}
        title={t('pressHelp')}
        onClick={() => {
          setProblem(undefined);
          onRecording(!recording);
        }}
        onKeyDown={press}
        onBlur={() => recording && stop()}
        className={cn('min-w-20 justify-end', recording && 'text-link')}
      >
        <span className="sr-only">{t('set', { action: action.label })}</span>
        {recording ? (
          first ? (
            <Kbd keys={first} className="pointer-coarse:inline-flex" />
          ) : (
            t('press')
          )
        ) : action.keys ? (
          <Kbd keys={action.keys} className="pointer-coarse:inline-flex" />
        ) : (
          <span className="text-muted-foreground">{t('none')}</span>
        )}
      </Button>
      {problem && (
        <span role="alert" className="max-w-44 pb-1 text-right text-destructive text-xs">
          {problem.code === 'used' ? t('used', { action: problem.by }) : t('reserved')}
        </span>
      )}
    </span>
  );
}
