import { parallelFigure } from '../../../shared/figures/builders/parallel.ts';
import { settingNames, sweepFigure, type SweepPoint } from '../../../shared/figures/builders/sweep.ts';
import { resolveVariant } from '../../../shared/experiment/resolve-variant.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
import type { VariantResults } from '../../../shared/schema/results.ts';
import type { Collector } from './source.ts';
import { metricOf, type Headline, type Subject } from './subject.ts';

/** Fewer variants are a comparison, no sweep. */
const FEWEST_POINTS = 6;

/** What each setting does, where variants are points of a grid (or nearly one). */
export async function addSweep(into: Collector, { experiment, variants, headline }: Subject): Promise<void> {
  if (headline === null || variants.length < FEWEST_POINTS) return;
  const points = sweepPoints(experiment, variants, headline);
  const names = settingNames(points);
  if (!isSweep(points, names)) return;
  const title = `${experiment.name}: ${headline.split}`;
  await into.figure('sweep', () => sweepFigure(points, headline.metric, title));
  if (names.length < 3) return;
  await into.figure('parallel', () =>
    parallelFigure(
      points.map((point) => ({ ...point, label: point.runIds.join(' ') })),
      names,
      headline.metric,
      title,
    ),
  );
}

/** Variants with their settings; only those that differ are kept. */
export function sweepPoints(
  experiment: Experiment,
  variants: readonly VariantResults[],
  headline: Headline,
): SweepPoint[] {
  const points = variants.flatMap((results) => {
    const value = metricOf(results, headline)?.mean ?? null;
    if (value === null) return [];
    const settings = settingsOf(resolveVariant(experiment, results.variant));
    return [{ settings, runIds: results.runIds, value }];
  });
  const names = settingNames(points);
  return points.map((point) => ({
    ...point,
    settings: Object.fromEntries(names.map((name) => [name, point.settings[name] ?? ''])),
  }));
}

/** Settings tell the points apart, and each is varied while the others are held for at least some of them. */
function isSweep(points: readonly SweepPoint[], names: readonly string[]): boolean {
  const key = ({ settings }: SweepPoint, without: string | null): string =>
    JSON.stringify(names.filter((name) => name !== without).map((name) => settings[name]));
  const isUnique = new Set(points.map((point) => key(point, null))).size === points.length;
  const isHeld = (name: string): boolean =>
    new Set(points.map((point) => key(point, name))).size < points.length;
  return names.length > 0 && isUnique && names.every(isHeld);
}

/** The settings people sweep over, by the names that they have on an axis. */
function settingsOf({ model, training }: Experiment): Record<string, string | number> {
  const hidden = model.layers.slice(0, -1);
  const sizes = hidden.flatMap((layer) =>
    layer.kind === 'dense' ? [layer.units] : layer.kind === 'conv2d' ? [layer.filters] : [],
  );
  const activations = hidden.flatMap((layer) =>
    'activation' in layer && layer.activation !== 'linear' ? [layer.activation] : [],
  );
  const [size] = sizes;
  const isEven = sizes.every((one) => one === size);
  const { optimizer } = training;
  return {
    'Hidden layers': sizes.length,
    Units: isEven && size !== undefined ? size : sizes.join('-'),
    Activation: [...new Set(activations)].join(', ') || 'linear',
    Optimizer: optimizer.kind,
    'Learning rate': optimizer.learningRate,
    Momentum: 'momentum' in optimizer ? optimizer.momentum : 0,
    'Weight decay': optimizer.weightDecay,
    'Batch size': training.batchSize,
    Epochs: training.epochs,
    Schedule: training.schedule.kind,
  };
}
