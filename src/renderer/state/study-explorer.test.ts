import { packTrials } from '../../shared/experiment/trial-table.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { searchSpec } from '../../shared/schema/search.ts';
import { LiveStudy } from './live-study.svelte.ts';
import { objectiveAxisId, parameterAxisId } from './study-axes.ts';
import { StudyExplorer } from './study-explorer.svelte.ts';
import { createFakeClient } from './testing/fake-client.ts';
import { sampleSearch, sampleStudy, sampleStudyDetail, sampleTrials } from './testing/sample-study.ts';

const trials = sampleTrials(200);

describe('looking at a study', () => {
  let explorer: StudyExplorer;
  let live: LiveStudy;
  let stop: () => void;

  beforeEach(async () => {
    const fake = createFakeClient({
      'studies.get': () => sampleStudyDetail(),
      'studies.trials': () => packTrials(trials),
    });
    live = new LiveStudy(fake.client, sampleStudy().id);
    stop = live.start();
    await live.load();
    explorer = new StudyExplorer(live);
  });

  afterEach(() => stop());

  const valueOf = (trial: number) => trials[trial]!.values[0]!;

  it('lists the best first, those without a value last', () => {
    const valued = trials.filter(({ values }) => values[0] !== null).length;
    const listed = explorer.listed.slice(0, valued).map(valueOf);
    expect([...listed].sort((a, b) => a - b)).toEqual(listed);
    expect(explorer.listed).toHaveLength(200);
    expect(explorer.listed.slice(valued).every((trial) => trials[trial]!.values[0] === null)).toBe(true);
  });

  it('keeps the trials inside every brush, in the table and everywhere', () => {
    explorer.brush(parameterAxisId('dropout'), { kind: 'range', from: 0, to: 0.5 });
    explorer.brush(parameterAxisId('units'), { kind: 'categories', kept: new Set([0]) });
    const expected = trials.filter(({ point }) => (point.dropout as number) <= 0.25 && point.units === 20);
    expect([...explorer.listed].sort((a, b) => a - b)).toEqual(expected.map(({ number }) => number));
    expect(explorer.kept.filter(Boolean)).toHaveLength(expected.length);
    explorer.clearBrushes();
    expect(explorer.listed).toHaveLength(200);
  });

  it('drops trials without a value where the objective is brushed', () => {
    explorer.brush(objectiveAxisId(0), { kind: 'range', from: 0, to: 1 });
    expect(explorer.listed.every((trial) => trials[trial]!.values[0] !== null)).toBe(true);
  });

  it('draws the curves of the best kept trials, or of those selected', () => {
    expect(explorer.curveTrials).toEqual(explorer.listed.slice(0, 5));
    explorer.pick(7);
    explorer.pick(9, true);
    expect(explorer.curveTrials).toEqual([7, 9]);
    expect(explorer.opened).toBe(7);
    explorer.pick(7, true);
    expect([...explorer.selected]).toEqual([9]);
    explorer.close();
    expect([explorer.opened, explorer.selected.size]).toEqual([null, 0]);
  });

  it('turns the order of a column round, and begins another with its best', () => {
    explorer.sortBy({ by: 'objective', index: 0 });
    expect(valueOf(explorer.listed[0]!)).toBe(Math.max(...trials.map(({ values }) => values[0] ?? -1)));
    explorer.sortBy({ by: 'number' });
    expect(explorer.listed.slice(0, 3)).toEqual([0, 1, 2]);
    explorer.sortBy({ by: 'parameter', index: 1 });
    expect(explorer.descending).toBe(false);
  });

  it('puts axes into the order asked for and leaves others out', () => {
    explorer.setDrawn([objectiveAxisId(0), parameterAxisId('epochs')]);
    expect(explorer.drawnAxes.map(({ title }) => title)).toEqual(['dev loss', 'epochs']);
  });

  it('takes what is larger as better where the objective says so', async () => {
    const search = searchSpec.parse({
      ...sampleSearch,
      objective: { metric: 'accuracy', direction: 'maximise' },
      secondObjective: { metric: 'loss' },
    });
    const fake = createFakeClient({
      'studies.get': () => sampleStudyDetail(sampleStudy(), search),
      'studies.trials': () =>
        packTrials(trials.map((trial) => ({ ...trial, values: [trial.values[0]!, trial.number] }))),
    });
    const other = new LiveStudy(fake.client, sampleStudy().id);
    const stopOther = other.start();
    await other.load();
    const shown = new StudyExplorer(other);
    const best = Math.max(...trials.map(({ values }) => values[0] ?? -1));
    expect(valueOf(shown.listed[0]!)).toBe(best);
    expect(shown.bestSoFar.at(-1)).toBe(best);
    expect(valueOf(shown.front[0]!)).toBe(best);
    stopOther();
  });
});
