'use client';

import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useBoot } from '@/components/shell/boot';
import { refusalOf, useCodeText } from '@/components/shell/errors';
import { useUndoToast } from '@/components/shell/undo';
import { isReference } from '@/domain/fields';
import { missingForStage } from '@/domain/pipelines';
import { useStages } from './chips';
import { checkValue, currencyOf } from './field-text';
import { type RecordRow, useRecordUpdate } from './record-data';
import { type ObjectKey, useObject } from './use-object';
import { useRefusedText } from './use-refused';

const StageGate = lazy(async () => ({ default: (await import('@/components/deals/stage-gate')).StageGateDialog }));

interface Gate {
  dealId: string;
  stageId: string;
  missing: string[];
}

export interface CommitOptions {
  title?: string | null;
  /** The words of a refusal by the field's own rule or by the server. */
  onRefused?: (text: string) => void;
  onSaved?: (changeSetId: string) => void;
}

/**
 * Sets one field of a record: refused here when the field's own rule says no (then false), else optimistic. A stage
 * that asks for more opens the dialog that asks; render `dialog` somewhere.
 */
export function useCommit(object: ObjectKey): {
  commit: (row: RecordRow, name: string, value: unknown, options?: CommitOptions) => boolean;
  dialog: ReactNode;
} {
  const t = useTranslations('records.done');
  const kind = useObject(object);
  const update = useRecordUpdate(object);
  const codeText = useCodeText();
  const text = useRefusedText(object);
  const { tenant } = useBoot();
  const stages = useStages();
  const undoToast = useUndoToast();
  const [gate, setGate] = useState<Gate | null>(null);

  const commit = (row: RecordRow, name: string, value: unknown, { title, onRefused, onSaved }: CommitOptions = {}) => {
    const field = kind.fields[name];
    if (!field) return false;
    const checked = checkValue(field, value, currencyOf(field, row.currency, tenant.currency));
    if ('code' in checked) {
      onRefused?.(codeText(checked.code, checked.params));
      return false;
    }
    const next = checked.value;
    if (same(row[name], next)) return true;
    if (name === 'stageId' && typeof next === 'string') {
      const stage = stages.find((each) => each.id === next);
      const missing = stage ? missingForStage(stage.requiredFields, row) : [];
      if (missing.length > 0) {
        setGate({ dealId: row.id, stageId: next, missing });
        return true;
      }
      const pipelineId = stage?.pipelineId;
      update(row, pipelineId && pipelineId !== row.pipelineId ? { stageId: next, pipelineId } : { stageId: next }, {
        refs: { stageId: title ?? stage?.name ?? null },
        onSaved: (changeSetId) => {
          undoToast(changeSetId, t('moved', { stage: stage?.name ?? title ?? '' }));
          onSaved?.(changeSetId);
        },
        onRefused: (error) => {
          const refusal = refusalOf(error);
          if (refusal?.code === 'stageRequires') {
            setGate({ dealId: row.id, stageId: next, missing: missingOf(refusal.params) });
          } else onRefused?.(text(error, name));
        },
      });
      return true;
    }
    update(
      row,
      { [name]: next },
      {
        refs: isReference(field) ? { [name]: title ?? null } : {},
        onRefused: onRefused && ((error) => onRefused(text(error, name))),
        onSaved,
      },
    );
    return true;
  };

  const close = () => setGate(null);
  const dialog = gate && (
    <Suspense fallback={null}>
      <StageGate {...gate} onDone={close} onCancel={close} />
    </Suspense>
  );
  return { commit, dialog };
}

function missingOf(params: Record<string, string | number> | undefined): string[] {
  return String(params?.fields ?? '')
    .split(',')
    .filter(Boolean);
}

function same(a: unknown, b: unknown): boolean {
  return (a ?? null) === (b ?? null) || JSON.stringify(a) === JSON.stringify(b);
}
