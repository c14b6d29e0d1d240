'use client';

import { ArrowDown, ArrowUp, Check, Ellipsis, ListChecks, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLabels } from '@/components/shell/labels';
import { Dot } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { cn } from '@/components/ui/cn';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { gateFields, type StageView, stageColours, stageKinds } from '@/domain/pipelines';
import { InlineText } from './inline-text';

type StageValues = Partial<Pick<StageView, 'name' | 'kind' | 'colour' | 'probability'>> & {
  requiredFields?: (typeof gateFields)[number][];
};

export interface StageRowProps {
  stage: StageView;
  handle: ReactNode;
  /** Deals in it. */
  count: number;
  configures: boolean;
  onChange: (values: StageValues) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

export function StageRow({ stage, handle, count, configures, onChange, onMove, onRemove }: StageRowProps) {
  const t = useTranslations('settings.pipelines');
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1 px-2 py-1.5">
      <div className="flex min-w-0 flex-1 basis-52 items-center gap-1.5">
        {handle}
        <ColourPicker stage={stage} disabled={!configures} onPick={(colour) => onChange({ colour })} />
        <InlineText
          key={stage.name}
          value={stage.name}
          aria-label={t('nameOf', { name: stage.name })}
          readOnly={!configures}
          maxLength={80}
          onSave={(name) => onChange({ name })}
          className="flex-1 font-medium"
        />
        <span className="tabular shrink-0 whitespace-nowrap text-muted-foreground text-sm">
          {t('dealCount', { count })}
        </span>
      </div>
      <div className="flex items-center gap-2 max-sm:w-full max-sm:pl-14">
        <KindSelect stage={stage} disabled={!configures} onPick={(kind) => onChange({ kind })} />
        <Probability stage={stage} disabled={!configures} onSave={(probability) => onChange({ probability })} />
        <Gate stage={stage} disabled={!configures} onChange={(requiredFields) => onChange({ requiredFields })} />
        {configures && <StageMenu stage={stage} onMove={onMove} onRemove={onRemove} />}
      </div>
    </div>
  );
}

function ColourPicker({
  stage,
  disabled,
  onPick,
}: {
  stage: StageView;
  disabled: boolean;
  onPick: (colour: StageView['colour']) => void;
}) {
  const t = useTranslations('settings.pipelines');
  const colours = useTranslations('fields.stageColours');
  const [open, setOpen] = useState(false);
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button
          variant="ghost"
          size="icon-sm"
          disabled={disabled}
          aria-label={t('colourOf', { name: stage.name, colour: colours(stage.colour) })}
        >
          <Dot tone={stage.colour} className="size-3" />
        </Button>
      </PopoverTrigger>
      <PopoverContent className="w-auto p-2" aria-label={t('colour')}>
        <div role="radiogroup" aria-label={t('colour')} className="grid grid-cols-4 gap-1">
          {stageColours.map((colour) => (
            // biome-ignore lint/a11y/useSemanticElements: a radio cannot show a colour as its face
            <button
              key={colour}
              type="button"
              role="radio"
              aria-checked={colour === stage.colour}
              aria-label={colours(colour)}
              title={colours(colour)}
              data-tone={colour}
              onClick={() => {
                setOpen(false);
                if (colour !== stage.colour) onPick(colour);
              }}
              className="grid size-8 place-items-center rounded-md hover:bg-accent"
            >
              <span className="grid size-5 place-items-center rounded-full bg-tone">
                {colour === stage.colour && <Check className="size-3.5 text-white" strokeWidth={3} />}
              </span>
            </button>
          ))}
        </div>
      </PopoverContent>
    </Popover>
  );
}

function KindSelect({
  stage,
  disabled,
  onPick,
}: {
  stage: StageView;
  disabled: boolean;
  onPick: (kind: StageView['kind']) => void;
}) {
  const t = useTranslations('settings.pipelines');
  const kinds = useTranslations('fields.stageKinds');
  return (
    <Select
      value={stage.kind}
      disabled={disabled}
      onValueChange={(value) => {
        const kind = stageKinds.find((known) => known === value);
        if (kind && kind !== stage.kind) onPick(kind);
      }}
    >
      <SelectTrigger size="sm" className="w-24" aria-label={t('kindOf', { name: stage.name })}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {stageKinds.map((kind) => (
          <SelectItem key={kind} value={kind}>
            {kinds(kind)}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}

/** Won is certain and lost is over: only open stages have a probability of their own. */
function Probability({
  stage,
  disabled,
  onSave,
}: {
  stage: StageView;
  disabled: boolean;
  onSave: (probability: number) => void;
}) {
  const t = useTranslations('settings.pipelines');
  return (
    <span className="relative">
      <InlineText
        key={stage.probability}
        value={String(stage.probability)}
        inputMode="numeric"
        aria-label={t('probabilityOf', { name: stage.name })}
        disabled={disabled || stage.kind !== 'open'}
        maxLength={3}
        onSave={(typed) => {
          const percent = Number(typed);
          if (Number.isInteger(percent) && percent >= 0 && percent <= 100) onSave(percent);
        }}
        className="tabular h-7 w-16 border-input pr-6 text-right pointer-coarse:h-9"
      />
      <span
        aria-hidden
        className="-translate-y-1/2 pointer-events-none absolute top-1/2 right-2 text-muted-foreground text-sm"
      >
        %
      </span>
    </span>
  );
}

function Gate({
  stage,
  disabled,
  onChange,
}: {
  stage: StageView;
  disabled: boolean;
  onChange: (fields: (typeof gateFields)[number][]) => void;
}) {
  const t = useTranslations('settings.pipelines');
  const labels = useLabels();
  const count = stage.requiredFields.length;
  const chosen = gateFields.filter((name) => stage.requiredFields.includes(name));
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button
          variant="secondary"
          size="sm"
          disabled={disabled && count === 0}
          aria-label={t('requiredOf', { name: stage.name, count })}
          className={cn('w-16 px-2 max-sm:w-auto', count === 0 && 'text-muted-foreground')}
        >
          <ListChecks />
          <span className="tabular">{count}</span>
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" className="w-64" aria-label={t('required')}>
        <p className="font-medium text-sm">{t('required')}</p>
        <p className="mt-0.5 mb-2 text-muted-foreground text-sm">{t('requiredHelp')}</p>
        <ul className="grid gap-px">
          {gateFields.map((name) => (
            <li key={name}>
              {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is inside */}
              <label className="flex min-h-7 items-center gap-2.5 rounded-xs text-sm pointer-coarse:min-h-9">
                <Checkbox
                  checked={chosen.includes(name)}
                  disabled={disabled}
                  aria-label={labels.field('deal', name)}
                  onCheckedChange={(checked) =>
                    onChange(checked === true ? [...chosen, name] : chosen.filter((known) => known !== name))
                  }
                />
                {labels.field('deal', name)}
              </label>
            </li>
          ))}
        </ul>
      </PopoverContent>
    </Popover>
  );
}

function StageMenu({
  stage,
  onMove,
  onRemove,
}: {
  stage: StageView;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}) {
  const t = useTranslations('settings.pipelines');
  const c = useTranslations('common');
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button
          variant="quiet"
          size="icon-sm"
          aria-label={t('actionsFor', { name: stage.name })}
          className="max-sm:ml-auto"
        >
          <Ellipsis />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem onSelect={() => onMove(-1)}>
          <ArrowUp />
          {c('moveUp')}
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => onMove(1)}>
          <ArrowDown />
          {c('moveDown')}
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem variant="destructive" onSelect={onRemove}>
          <Trash2 />
          {c('delete')}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
