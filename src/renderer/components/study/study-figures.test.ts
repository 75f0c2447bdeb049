import { packTrials } from '../../../shared/experiment/trial-table.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drawFigure } from '../../../shared/figures/draw-figure.ts';
import { writeSvg } from '../../../shared/figures/svg.ts';
import { figureSpec, printOptions, type FigureSpec } from '../../../shared/schema/figure.ts';
import { LiveStudy } from '../../state/live-study.svelte.ts';
import { parameterAxisId } from '../../state/study-axes.ts';
import { StudyExplorer } from '../../state/study-explorer.svelte.ts';
import { createFakeClient } from '../../state/testing/fake-client.ts';
import {
  sampleFolds,
  sampleSearch,
  sampleStudy,
  sampleStudyDetail,
  sampleTrials,
} from '../../state/testing/sample-study.ts';
import {
  contourFigure,
  distributionFigure,
  historyFigure,
  importanceFigure,
  paretoFigure,
  rankFigure,
  slicesFigure,
  timelineFigure,
  trialCurvesFigure,
  trialsParallelFigure,
} from './study-figures.ts';

const search = {
  ...sampleSearch,
  secondObjective: { ...sampleSearch.objective, metric: 'accuracy' as const },
};
/** With a second number that the first one's loss is the price of. */
const trials = sampleTrials(200).map((trial) => {
  const [value = null] = trial.values;
  return { ...trial, values: [value, value === null ? null : 0.9 - 0.1 * value] };
});
const valued = trials.filter(({ values }) => values[0] !== null);

type Of<K extends FigureSpec['kind']> = Extract<FigureSpec, { kind: K }>;

/** The figure as what crosses to the studio, which refuses what is no figure; it can be drawn, too. */
function checked<K extends FigureSpec['kind']>(kind: K, made: FigureSpec | null): Of<K> {
  const figure = figureSpec.parse(made);
  expect(figure.kind).toBe(kind);
  const svg = writeSvg(drawFigure(figure, printOptions.parse({}), { creator: 'test' }));
  expect(svg).toContain(figure.title);
  return figure as Of<K>;
}

describe("a study's figures for print", () => {
  let explorer: StudyExplorer;
  let stop: () => void;

  beforeAll(async () => {
    const fake = createFakeClient({
      'studies.get': () => sampleStudyDetail(sampleStudy(), search),
      'studies.trials': () => packTrials(trials),
    });
    const live = new LiveStudy(fake.client, sampleStudy().id);
    stop = live.start();
    await live.load();
    explorer = new StudyExplorer(live);
  });

  beforeEach(() => explorer.clearBrushes());
  afterAll(() => stop());

  const keepLowDropout = () =>
    explorer.brush(parameterAxisId('dropout'), { kind: 'range', from: 0, to: 0.5 });
  const low = valued.filter(({ point }) => (point['dropout'] as number) <= 0.25);

  it('show the history of the trials kept, and the best of all so far in steps', () => {
    keepLowDropout();
    const { groups, lines, y } = checked('scatter', historyFigure(explorer));
    expect(groups[0]!.x).toEqual(low.map(({ number }) => number));
    groups[0]!.y.forEach((value, i) => expect(value).toBeCloseTo(low[i]!.values[0]!, 12));
    expect(y.title).toBe('Dev loss');
    const [best] = lines;
    expect(best!.y[0]).toBe(valued[0]!.values[0]);
    expect(best!.y.at(-1)).toBe(Math.min(...valued.map(({ values }) => values[0]!)));
    // It goes across before it goes down.
    expect(best!.y.every((value, i) => i % 2 === 0 || value === best!.y[i - 1])).toBe(true);
  });

  it('show how much parameters matter, as shares', () => {
    const parameters = [
      { name: 'rate', fanova: 0.8, meanDifference: 0.6 },
      { name: 'units', fanova: 0.2, meanDifference: null },
    ];
    const figure = checked('bars', importanceFigure(parameters));
    expect(figure.categories).toEqual(['rate', 'units']);
    expect(figure.groups.map(({ values }) => values)).toEqual([
      [0.8, 0.2],
      [0.6, null],
    ]);
    expect(figure.y.percent).toBe(true);
    expect(importanceFigure([])).toBeNull();
  });

  it('show the kept trials over parallel axes with their own values, the best the darkest', () => {
    keepLowDropout();
    explorer.setDrawn([parameterAxisId('optimizer'), parameterAxisId('learning rate'), 'objective/0']);
    const { axes, lines } = checked('parallel', trialsParallelFigure(explorer));
    expect(axes).toEqual([
      { title: 'Optimizer', categories: ['sgd', 'adam'], log: false },
      { title: 'Learning rate', categories: null, log: true },
      { title: 'Dev loss', categories: null, log: false },
    ]);
    const best = low.reduce((one, other) => (other.values[0]! < one.values[0]! ? other : one));
    const line = lines.find(({ label }) => label === `Trial ${best.number}`)!;
    const kind = (best.point['optimizer'] as { kind: string }).kind;
    expect(line.values[0]).toBe(kind === 'sgd' ? 0 : 1);
    expect(line.values[1]).toBeCloseTo(best.point['learning rate'] as number, 12);
    expect(line.values[2]).toBeCloseTo(best.values[0]!, 12);
    expect(Math.max(...lines.map(({ colourShare }) => colourShare ?? 0))).toBe(line.colourShare);
    explorer.setDrawn(explorer.axes.map(({ id }) => id));
  });

  it('show a slice per parameter, words as words', () => {
    const { figures } = checked('panels', slicesFigure(explorer));
    expect(figures.map(({ title }) => title)).toEqual(search.parameters.map(({ name }) => name));
    const units = figures[3] as Of<'scatter'>;
    expect(units.x.categories).toEqual(['20', '50', '100']);
    expect(units.groups[0]!.x).toEqual(
      valued.map(({ point }) => [20, 50, 100].indexOf(point['units'] as number)),
    );
    expect((figures[0] as Of<'scatter'>).x.scale).toBe('log');
  });

  it('show the mean over two parameters between the ends of their axes, under the kept trials', () => {
    keepLowDropout();
    const axisOf = (name: string) => explorer.axes.find(({ id }) => id === parameterAxisId(name))!;
    const [rate, units] = [axisOf('learning rate'), axisOf('units')];
    const grid = { size: 2, cells: Float64Array.of(1, 2, 3, Number.NaN) };
    const figure = checked('contour', contourFigure(explorer, rate, units, { grid, bands: 4 }));
    const space = sampleSearch.parameters.find(({ name }) => name === 'learning rate') as {
      minimum: number;
      maximum: number;
    };
    expect(figure.x.minimum).toBeCloseTo(space.minimum, 12);
    expect(figure.x.maximum).toBeCloseTo(space.maximum, 12);
    expect(figure.y.categories).toEqual(['20', '50', '100']);
    expect(figure.points.x).toHaveLength(low.length);
    expect(Array.from(figure.values)).toEqual([1, 2, 3, Number.NaN]);
    expect(figure.value).toBe('Mean dev loss');
  });

  it('tell trials apart by the quarter of their rank', () => {
    const [first, second] = explorer.axes;
    const { groups } = checked('scatter', rankFigure(explorer, first!, second!));
    const sizes = groups.map(({ x }) => x.length);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(valued.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('show the distribution of all trials, and beside it of those kept', () => {
    expect(checked('lines', distributionFigure(explorer)).series).toHaveLength(1);
    keepLowDropout();
    const { series } = checked('lines', distributionFigure(explorer));
    expect(series.map(({ label }) => label)).toEqual(['All trials', 'Trials kept']);
    const at = (of: (typeof series)[number], value: number) =>
      of.y[of.x.findLastIndex((x) => x !== null && x <= value + 1e-9)];
    const middle = valued[10]!.values[0]!;
    const share = (some: typeof valued) =>
      some.filter(({ values }) => values[0]! <= middle).length / some.length;
    expect(at(series[0]!, middle)).toBeCloseTo(share(valued), 12);
    expect(at(series[1]!, middle)).toBeCloseTo(share(low), 12);
  });

  it('show the front of two objectives apart from the others', () => {
    const { groups, x, y } = checked('scatter', paretoFigure(explorer));
    expect(groups.map((group) => group.x.length)).toEqual([
      valued.length - explorer.front.length,
      explorer.front.length,
    ]);
    expect([x.title, y.title, y.percent]).toEqual(['Dev loss', 'Dev accuracy', true]);
  });

  it('show when trials ended, by how they did', () => {
    const { groups } = checked('scatter', timelineFigure(explorer));
    const ended = (state: string) => trials.filter((trial) => trial.state === state).length;
    expect(groups.map(({ label, x }) => [label, x.length])).toEqual(
      ['finished', 'pruned', 'failed'].map((state) => [state, ended(state)]),
    );
  });

  it('show learning curves as means over the nets of a trial', () => {
    const [trial] = valued;
    const folds = sampleFolds(trial!);
    const { series } = checked('lines', trialCurvesFigure([{ trial: trial!.number, folds }], 'loss', false));
    expect(series[0]!.label).toBe(`Trial ${trial!.number} (n = 5)`);
    // The folds of the sample lie evenly around the trial's value.
    expect(series[0]!.y.at(-1)).toBeCloseTo(trial!.values[0]! + 0.8 * Math.exp(-19 / 4), 12);
    expect(series[0]!.band).not.toBeNull();
    expect(trialCurvesFigure([], 'loss', false)).toBeNull();
  });
});
