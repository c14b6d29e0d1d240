'use client';

import { useTranslations } from 'use-intl';
import { useLabels } from '@/components/shell/labels';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select';
import { type ObjectRights, type Role, recordActions, roles, type Scope, scopes } from '@/domain/permissions';

/** Owners and admins always have all rights: who locked themselves out could let nobody in again. */
const fixed: ReadonlySet<Role> = new Set(['owner', 'admin']);

/** Whose records each role may read, write and delete. */
export function RightsEditor({ rights, onChange }: { rights: ObjectRights; onChange: (rights: ObjectRights) => void }) {
  const t = useTranslations('fieldsSettings.rights');
  const actions = useTranslations('settings.roles.actions');
  const names = useTranslations('fields.scopes');
  const labels = useLabels();
  const set = (action: (typeof recordActions)[number], role: Role, scope: string) => {
    const chosen = scopes.find((known): known is Scope => known === scope);
    if (chosen) onChange({ ...rights, [action]: { ...rights[action], [role]: chosen } });
  };
  return (
    <div className="grid gap-1.5">
      <p className="font-medium text-sm">{t('label')}</p>
      <div className="overflow-x-auto rounded-md border">
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b text-left text-muted-foreground text-xs">
              <th scope="col" className="px-3 py-1.5 font-medium">
                {t('role')}
              </th>
              {recordActions.map((action) => (
                <th key={action} scope="col" className="px-1 py-1.5 font-medium">
                  {actions(action)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {roles.map((role) => (
              <tr key={role} className="border-b last:border-0">
                <th scope="row" className="whitespace-nowrap px-3 py-1 text-left font-normal">
                  {labels.role(role)}
                </th>
                {recordActions.map((action) => (
                  <td key={action} className="px-1 py-1">
                    {fixed.has(role) ? (
                      <span className="px-2.5 text-muted-foreground">{names(rights[action][role])}</span>
                    ) : (
                      <Select value={rights[action][role]} onValueChange={(scope) => set(action, role, scope)}>
                        <SelectTrigger
                          aria-label={t('cell', { role: labels.role(role), action: actions(action) })}
                          className="h-7 min-w-20"
                        >
                          <SelectValue />
                        </SelectTrigger>
                        <SelectContent>
                          {scopes.map((scope) => (
                            <SelectItem key={scope} value={scope}>
                              {names(scope)}
                            </SelectItem>
                          ))}
                        </SelectContent>
                      </Select>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="text-muted-foreground text-sm">{t('help')}</p>
    </div>
  );
}
