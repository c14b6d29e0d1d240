import { stages } from '@/db/schema/pipelines';
import { inTenant } from '@/db/tenant';
import { apply, type Change } from '@/server/core/changes';
import { newId } from '@/server/core/ids';
import { typesOf } from '@/server/core/types';
import type { Actor, Work } from '@/server/core/work';
import { readCsv } from '../support/read-csv';
import { realBytes } from '../support/real-data';

/** Rows of a file of the real sales data, by column name. */
function rowsOf(file: string): Record<string, string>[] {
  const { headers, rows } = readCsv(realBytes(`maven-crm-sales/${file}`));
  return rows.map((row) => Object.fromEntries(headers.map((name, i) => [name, row[i] ?? ''])));
}

const days: Record<string, string> = { Won: 'won', Lost: 'lost' };

/** Fills a tenant with the real sales data: 85 companies, 7 products, 6 teams, 35 people, 8,800 deals. */
export async function loadMaven(actor: Actor): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const idOf = (kind: string, name: string) => {
    const key = `${kind} ${name}`;
    const id = ids.get(key) ?? newId();
    ids.set(key, id);
    return id;
  };
  await inTenant(actor.tenantId, 'write', async (db) => {
    const work: Work = {
      db,
      actor,
      types: await typesOf(db),
      now: new Date(),
      requestId: 'maven',
      enqueue: async () => {},
      ip: null,
    };
    const create = async (object: string, rows: { id: string; values: Record<string, unknown> }[]) => {
      for (let from = 0; from < rows.length; from += 1000) {
        const part = rows.slice(from, from + 1000);
        await apply(
          work,
          'import',
          part.map((row): Change => ({ type: work.types.get(object), op: 'create', ...row })),
        );
      }
    };
    const people = rowsOf('sales_teams.csv');
    const managers = [...new Map(people.map((row) => [row.manager ?? '', row.regional_office]))];
    await create(
      'team',
      managers.map(([name, office]) => ({ id: idOf('team', name), values: { name, office } })),
    );
    await create('member', [
      ...managers.map(([name]) => ({
        id: idOf('member', name),
        values: { name, role: 'manager', status: 'placeholder', teamId: null },
      })),
      ...people.map(({ sales_agent: name = '', manager = '' }) => ({
        id: idOf('member', name),
        values: { name, role: 'member', status: 'placeholder', teamId: idOf('team', manager) },
      })),
    ]);
    const accounts = rowsOf('accounts.csv');
    const company = (row: Record<string, string>) => ({
      id: idOf('company', row.account ?? ''),
      values: {
        name: row.account,
        industry: row.sector,
        parentId: row.subsidiary_of ? idOf('company', row.subsidiary_of) : null,
      },
    });
    // Parents first: a row may only point to one that is there.
    await create('company', accounts.filter((row) => !row.subsidiary_of).map(company));
    await create('company', accounts.filter((row) => row.subsidiary_of).map(company));
    await create(
      'product',
      rowsOf('products.csv').map((row) => ({
        id: idOf('product', row.product ?? ''),
        values: {
          name: row.product,
          series: row.series,
          price: Number(row.sales_price) * 100,
          currency: 'USD',
          active: true,
        },
      })),
    );
    const pipelineId = await openingStages(work, idOf);
    await create(
      'deal',
      rowsOf('sales_pipeline.csv').map((row, i) => {
        const status = days[row.deal_stage ?? ''] ?? 'open';
        // The file spells one product in two ways.
        const product = row.product === 'GTXPro' ? 'GTX Pro' : (row.product ?? '');
        return {
          id: idOf('deal', row.opportunity_id ?? ''),
          values: {
            name: `${row.account || 'Open'} – ${product}`,
            companyId: row.account ? idOf('company', row.account) : null,
            productId: idOf('product', product),
            ownerId: idOf('member', row.sales_agent ?? ''),
            pipelineId,
            stageId: idOf('stage', row.deal_stage ?? ''),
            status,
            probability: { won: 100, lost: 0, open: 20 }[status],
            amount: row.close_value ? Number(row.close_value) * 100 : null,
            currency: 'USD',
            startedOn: row.engage_date || null,
            closedOn: row.close_date || null,
            stageEnteredAt: `${row.close_date || row.engage_date || '2017-12-31'}T09:00:00Z`,
            boardOrder: i,
          },
        };
      }),
    );
  });
  return ids;
}

/** The four stages of the file, made of the pipeline's own. */
async function openingStages(work: Work, idOf: (kind: string, name: string) => string): Promise<string> {
  const [first] = await work.db.find(stages);
  const pipelineId = first?.pipelineId ?? '';
  const wanted = { Prospecting: 'open', Engaging: 'open', Won: 'won', Lost: 'lost' } as const;
  const colours = { Prospecting: 'slate', Engaging: 'blue', Won: 'green', Lost: 'red' } as const;
  const old = await work.db.find(stages);
  await apply(work, 'configure', [
    ...old.map((stage): Change => ({ type: work.types.get('stage'), op: 'delete', id: stage.id })),
    ...Object.entries(wanted).map(
      ([name, kind], position): Change => ({
        type: work.types.get('stage'),
        op: 'create',
        id: idOf('stage', name),
        values: {
          pipelineId,
          name,
          kind,
          position,
          probability: { open: 20, won: 100, lost: 0 }[kind],
          colour: colours[name as keyof typeof colours],
          requiredFields: [],
        },
      }),
    ),
  ]);
  return pipelineId;
}
