import { describe, expect, it } from 'vitest';
import type { PipelineView } from '@/domain/pipelines';
import { type Caller, clock, createTestTenant } from '../support/tenants';

// Invitations end by the database's own clock.
clock.now = new Date();

async function firstPipeline(api: Caller): Promise<PipelineView> {
  const [pipeline] = await api.pipelines.list();
  if (!pipeline) throw new Error('no pipeline');
  return pipeline;
}

/** A tenant, its first pipeline and its stages by their kind or place. */
async function setup() {
  const tenant = await createTestTenant();
  const pipeline = await firstPipeline(tenant.api);
  const [qualified, discovery, proposal] = pipeline.stages;
  const won = pipeline.stages.find((stage) => stage.kind === 'won');
  const lost = pipeline.stages.find((stage) => stage.kind === 'lost');
  if (!qualified || !discovery || !proposal || !won || !lost) throw new Error('no stages');
  return { ...tenant, pipeline, qualified, discovery, proposal, won, lost };
}

const refused = (code: string) => ({ message: code });

describe('pipelines', () => {
  it('begins with stages of its own, is renamed, ordered and taken back', async () => {
    const { api, pipeline } = await setup();
    const made = await api.pipelines.create({ name: 'Renewals' });
    const created = (await api.pipelines.list()).find(({ id }) => id === made.id);
    expect(created?.stages.map((stage) => stage.kind)).toEqual(['open', 'open', 'open', 'open', 'won', 'lost']);

    await expect(api.pipelines.rename({ id: made.id, name: pipeline.name.toUpperCase() })).rejects.toMatchObject(
      refused('nameTaken'),
    );
    const renamed = await api.pipelines.rename({ id: made.id, name: 'Partners' });
    await api.pipelines.reorder({ ids: [made.id, pipeline.id] });
    expect((await api.pipelines.list()).map(({ name }) => name)).toEqual(['Partners', pipeline.name]);
    await expect(api.pipelines.reorder({ ids: [made.id] })).rejects.toMatchObject(refused('stale'));
    await api.changes.undo({ changeSetId: renamed.changeSetId });
    expect((await api.pipelines.list())[0]?.name).toBe('Renewals');
  });

  it('hands its deals to a stage of another pipeline; undo brings pipeline, stages and deals back', async () => {
    const { api, pipeline, discovery, won } = await setup();
    const target = await api.pipelines.create({ name: 'Other' });
    const place = (await api.pipelines.list()).find(({ id }) => id === target.id)?.stages[1];
    const open = await api.deals.create({ values: { name: 'Open', stageId: discovery.id } });
    const closed = await api.deals.create({ values: { name: 'Closed', stageId: won.id } });

    await expect(api.pipelines.remove({ id: pipeline.id })).rejects.toMatchObject(refused('moveToNeeded'));
    await expect(api.pipelines.remove({ id: pipeline.id, moveTo: discovery.id })).rejects.toMatchObject(
      refused('noSuchRecord'),
    );
    const removed = await api.pipelines.remove({ id: pipeline.id, moveTo: place?.id });
    expect(removed.moved).toBe(2);
    for (const { id } of [open, closed]) {
      expect(await api.deals.get({ id })).toMatchObject({
        stageId: place?.id,
        pipelineId: target.id,
        status: 'open',
        probability: place?.probability,
      });
    }
    await expect(api.pipelines.remove({ id: target.id, moveTo: place?.id })).rejects.toMatchObject(
      refused('lastPipeline'),
    );

    expect((await api.changes.undo({ changeSetId: removed.changeSetId })).kept).toEqual([]);
    expect((await firstPipeline(api)).stages).toEqual(pipeline.stages);
    expect(await api.deals.get({ id: open.id })).toMatchObject({ stageId: discovery.id, pipelineId: pipeline.id });
    expect(await api.deals.get({ id: closed.id })).toMatchObject({ stageId: won.id, status: 'won', probability: 100 });
  });

  it('is set up by admins only', async () => {
    const tenant = await createTestTenant();
    const [admin, manager] = [await tenant.person('admin'), await tenant.person('manager')];
    await admin.api.pipelines.create({ name: 'By admin' });
    await expect(manager.api.pipelines.create({ name: 'By manager' })).rejects.toMatchObject(refused('forbidden'));
  });
});

describe('stages', () => {
  it('are added before the closed ones, renamed and ordered', async () => {
    const { api, pipeline, qualified } = await setup();
    const added = await api.pipelines.addStage({
      pipelineId: pipeline.id,
      name: 'Legal',
      kind: 'open',
      probability: 90,
      colour: 'violet',
    });
    expect((await firstPipeline(api)).stages.map(({ name }) => name)).toEqual([
      'Qualified',
      'Discovery',
      'Proposal',
      'Negotiation',
      'Legal',
      'Won',
      'Lost',
    ]);
    await expect(api.pipelines.updateStage({ id: added.id, name: 'won' })).rejects.toMatchObject(refused('nameTaken'));
    await api.pipelines.updateStage({ id: qualified.id, name: 'Lead', colour: 'orange' });
    const ids = (await firstPipeline(api)).stages.map(({ id }) => id);
    const ordered = await api.pipelines.reorderStages({
      pipelineId: pipeline.id,
      ids: [added.id, ...ids.filter((id) => id !== added.id)],
    });
    expect((await firstPipeline(api)).stages.map(({ name }) => name).slice(0, 2)).toEqual(['Legal', 'Lead']);
    await api.changes.undo({ changeSetId: ordered.changeSetId });
    expect((await firstPipeline(api)).stages.map(({ id }) => id)).toEqual(ids);
  });

  it('keep won at 100 and lost at 0, and take their deals along', async () => {
    const { api, pipeline, discovery, won } = await setup();
    const deal = await api.deals.create({ values: { name: 'Deal', stageId: discovery.id } });
    await api.pipelines.updateStage({ id: discovery.id, probability: 35 });
    expect(await api.deals.get({ id: deal.id })).toMatchObject({ probability: 35 });
    await api.pipelines.updateStage({ id: won.id, probability: 20 });
    expect((await firstPipeline(api)).stages.find(({ id }) => id === won.id)?.probability).toBe(100);
    const second = await api.pipelines.addStage({
      pipelineId: pipeline.id,
      name: 'Lost early',
      kind: 'lost',
      probability: 40,
      colour: 'red',
    });
    expect((await firstPipeline(api)).stages.find(({ id }) => id === second.id)?.probability).toBe(0);
  });

  it('give their deals to another; undo of the delete brings stage and deals back', async () => {
    const { api, pipeline, discovery, proposal } = await setup();
    const deals = await Promise.all(
      [1, 2, 3].map((n) => api.deals.create({ values: { name: `Deal ${n}`, stageId: discovery.id } })),
    );
    await expect(api.pipelines.removeStage({ id: discovery.id })).rejects.toMatchObject(refused('moveToNeeded'));
    await expect(api.pipelines.removeStage({ id: discovery.id, moveTo: discovery.id })).rejects.toMatchObject(
      refused('noSuchRecord'),
    );
    const removed = await api.pipelines.removeStage({ id: discovery.id, moveTo: proposal.id });
    expect(removed.moved).toBe(3);
    const board = await api.deals.board({ pipelineId: pipeline.id });
    expect(board.columns).toEqual([expect.objectContaining({ stageId: proposal.id, count: 3 })]);

    // One went on since: undo leaves it where it is and says so.
    const [moved] = deals;
    await api.deals.move({ id: moved?.id ?? '', stageId: pipeline.stages[3]?.id ?? '' });
    const report = await api.changes.undo({ changeSetId: removed.changeSetId });
    expect(report.kept.map(({ recordId, field }) => ({ recordId, field }))).toContainEqual({
      recordId: moved?.id,
      field: 'stageId',
    });
    expect((await firstPipeline(api)).stages).toEqual(pipeline.stages);
    const after = await api.deals.board({ pipelineId: pipeline.id });
    expect(after.columns.find((column) => column.stageId === discovery.id)?.count).toBe(2);
  });

  it('refuse to lose the last open, won or lost one', async () => {
    const { api, pipeline, qualified, won, lost } = await setup();
    await expect(api.pipelines.removeStage({ id: won.id })).rejects.toMatchObject(refused('lastStage'));
    await expect(api.pipelines.updateStage({ id: lost.id, kind: 'open' })).rejects.toMatchObject(refused('lastStage'));
    for (const stage of pipeline.stages.filter(({ kind, id }) => kind === 'open' && id !== qualified.id))
      await api.pipelines.removeStage({ id: stage.id });
    await expect(api.pipelines.removeStage({ id: qualified.id })).rejects.toMatchObject(refused('lastOpenStage'));
    await expect(api.pipelines.updateStage({ id: qualified.id, kind: 'won' })).rejects.toMatchObject(
      refused('lastOpenStage'),
    );
  });

  it('do not vanish under their deals when their making is undone', async () => {
    const { api, pipeline } = await setup();
    const added = await api.pipelines.addStage({
      pipelineId: pipeline.id,
      name: 'Legal',
      kind: 'open',
      probability: 90,
      colour: 'violet',
    });
    const deal = await api.deals.create({ values: { name: 'In it', stageId: added.id } });
    await expect(api.changes.undo({ changeSetId: added.changeSetId })).rejects.toMatchObject(refused('stageInUse'));
    await api.deals.remove({ ids: [deal.id] });
    await api.changes.undo({ changeSetId: added.changeSetId });
    expect((await firstPipeline(api)).stages).toHaveLength(6);
  });

  it('ask for their required fields by name before a deal may enter', async () => {
    const { api, discovery, lost, proposal } = await setup();
    await api.pipelines.updateStage({ id: lost.id, requiredFields: ['lossReason'] });
    await api.pipelines.updateStage({ id: proposal.id, requiredFields: ['amount', 'expectedClose'] });
    const deal = await api.deals.create({ values: { name: 'Deal', stageId: discovery.id } });
    const refusal = async (run: Promise<unknown>) =>
      run.then(
        () => undefined,
        (error) => error.cause?.detail,
      );

    expect(await refusal(api.deals.move({ id: deal.id, stageId: lost.id }))).toMatchObject({
      code: 'stageRequires',
      field: 'lossReason',
    });
    expect(await refusal(api.deals.move({ id: deal.id, stageId: proposal.id }))).toMatchObject({
      code: 'stageRequires',
      params: { fields: 'amount,expectedClose' },
    });
    expect(await refusal(api.deals.create({ values: { name: 'New', stageId: lost.id } }))).toMatchObject({
      code: 'stageRequires',
    });
    expect(await api.deals.get({ id: deal.id })).toMatchObject({ stageId: discovery.id, version: 1 });
    await api.deals.move({ id: deal.id, stageId: lost.id, values: { lossReason: 'Price' } });
    expect(await api.deals.get({ id: deal.id })).toMatchObject({ status: 'lost', lossReason: 'Price', probability: 0 });
  });
});
