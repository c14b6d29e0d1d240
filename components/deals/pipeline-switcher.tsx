'use client';

import { Check, ChevronsUpDown, Settings2 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useBoot, useCan } from '@/components/shell/boot';
import { useNavigate } from '@/components/shell/router';
import { Button } from '@/components/ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import type { PipelineView } from '@/domain/pipelines';

export interface PipelineSwitcherProps {
  pipeline: PipelineView | undefined;
  choose: (id: string | null) => void;
  /** Whether all pipelines together can be chosen. */
  allowAll: boolean;
}

/** Which pipeline is looked at. With only one there is nothing to switch. */
export function PipelineSwitcher({ pipeline, choose, allowAll }: PipelineSwitcherProps) {
  const t = useTranslations('deals.pipeline');
  const { pipelines } = useBoot();
  const can = useCan();
  const navigate = useNavigate();
  if (pipelines.length < 2) return null;
  const name = pipeline?.name ?? t('all');
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="secondary" size="sm" aria-label={t('label', { name })} className="self-center">
          <span className="max-w-40 truncate">{name}</span>
          <ChevronsUpDown className="text-muted-foreground" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        {allowAll && (
          <DropdownMenuItem onSelect={() => choose(null)}>
            {t('all')}
            {!pipeline && <Check className="ml-auto" />}
          </DropdownMenuItem>
        )}
        {pipelines.map((each) => (
          <DropdownMenuItem key={each.id} onSelect={() => choose(each.id)}>
            {each.name}
            {each.id === pipeline?.id && <Check className="ml-auto" />}
          </DropdownMenuItem>
        ))}
        {can('pipelines.configure') && (
          <>
            <DropdownMenuSeparator />
            <DropdownMenuItem onSelect={() => navigate('/settings/pipelines')}>
              <Settings2 />
              {t('configure')}
            </DropdownMenuItem>
          </>
        )}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
