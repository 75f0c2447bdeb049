import { boundaryFigure } from '../../../shared/figures/builders/boundary.ts';
import { fittedCurveFigure, type CurvePoints } from '../../../shared/figures/builders/regression.ts';
import type { FigureSpec, SingleFigure } from '../../../shared/schema/figure.ts';
import type { ModelField, RunResults } from '../../../shared/schema/results.ts';
import type { RunDetail } from '../../../shared/schema/run.ts';
import type { Collector, FigureSource } from './source.ts';
import { loadVariantRun, type Subject, type VariantRun } from './subject.ts';

type PlaneFigure = Extract<SingleFigure, { kind: 'plane' }>;

/** Points of the field along each side. */
const SIDE = 96;
/** Points drawn of a split. */
const MOST_POINTS = 300;
/** Variants whose boundaries stand beside each other. */
const MOST_PLANES = 8;
/** Where in training a boundary is shown besides the start and the end: early, when it takes its shape. */
const EARLY = 0.12;

/** Fitted curve or decision boundary of nets with one feature or two. */
export async function addFields(into: Collector, source: FigureSource, subject: Subject): Promise<void> {
  const { detail } = subject.best;
  const { inputShape } = detail.model;
  if (inputShape.length !== 1 || (inputShape[0] ?? 0) > 2) return;
  if (inputShape[0] === 1) return into.figure('fitted-curve', () => fittedCurve(source, detail));
  await into.figure('boundary', () => boundaryOverEpochs(source, detail));
  if (subject.variants.length < 2 || subject.variants.length > MOST_PLANES) return;
  await into.figure('boundaries', () => boundariesOfVariants(source, subject));
}

/** Examples of a split as they are, up to so many. */
interface SplitPoints {
  readonly split: 'train' | 'dev' | 'test';
  readonly width: number;
  readonly features: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
}

async function readPoints(
  source: FigureSource,
  detail: RunDetail,
  split: SplitPoints['split'],
): Promise<SplitPoints & { readonly results: RunResults }> {
  const results = await source['results.get']({ runId: detail.summary.id, epoch: null, split });
  const rows = [...(results.heads[0]?.result.rows ?? [])].slice(0, MOST_POINTS);
  const part = split === 'test' ? 'test' : 'train';
  const page = await source['datasets.examples']({ data: detail.experiment.data, part, rows });
  const width = page.shape[0] ?? 1;
  return { split, width, features: page.values, targets: page.targets[0] ?? [], results };
}

async function fittedCurve(source: FigureSource, detail: RunDetail): Promise<FigureSpec | null> {
  const { id, name } = detail.summary;
  const field = await source['results.field']({ runId: id, epoch: null, side: 512 });
  if (field.kind !== 'line') return null;
  const points: CurvePoints[] = [];
  for (const split of ['train', 'test'] as const) {
    const { features, targets } = await readPoints(source, detail, split);
    points.push({ label: split, x: Array.from(features), y: Array.from(targets) });
  }
  return fittedCurveFigure(field, points, { x: 'x', y: 'y' }, { title: name, runIds: [id] });
}

/** Before training, early on, and at the end. */
async function boundaryOverEpochs(source: FigureSource, detail: RunDetail): Promise<FigureSpec | null> {
  const { id, name } = detail.summary;
  const points = await planePoints(source, detail);
  const figures: PlaneFigure[] = [];
  for (const epoch of shownEpochs(detail)) {
    const field = await source['results.field']({ runId: id, epoch, side: SIDE });
    const title = epoch === null ? 'at the end' : epoch === 0 ? 'before training' : `epoch ${epoch}`;
    const plane = toPlane(field, points, title, id);
    if (plane !== null) figures.push(plane);
  }
  return asPanels(figures, name, [id]);
}

function shownEpochs({ epochs, experiment }: RunDetail): (number | null)[] {
  const kept = epochs.filter(({ checkpoint }) => checkpoint !== null).map(({ epoch }) => epoch);
  if (experiment.svm !== null || kept.length < 3) return [null];
  const wanted = EARLY * (kept.at(-1) ?? 0);
  const early = kept.reduce((best, epoch) =>
    Math.abs(epoch - wanted) < Math.abs(best - wanted) ? epoch : best,
  );
  return [0, early, null];
}

async function boundariesOfVariants(source: FigureSource, subject: Subject): Promise<FigureSpec | null> {
  const runs = await Promise.all(
    subject.variants.map((results) => loadVariantRun(source, results, subject.headline)),
  );
  const figures: PlaneFigure[] = [];
  for (const run of runs) {
    const plane = await finalPlane(source, run);
    if (plane !== null) figures.push(plane);
  }
  return asPanels(
    figures,
    subject.experiment.name,
    runs.map(({ detail }) => detail.summary.id),
  );
}

async function finalPlane(
  source: FigureSource,
  { detail, results }: VariantRun,
): Promise<PlaneFigure | null> {
  const { id } = detail.summary;
  const field = await source['results.field']({ runId: id, epoch: null, side: SIDE });
  return toPlane(field, await planePoints(source, detail), results.name, id);
}

interface PlanePoints {
  readonly classes: readonly string[];
  readonly points: PlaneFigure['points'];
}

async function planePoints(source: FigureSource, detail: RunDetail): Promise<PlanePoints> {
  const { width, features, targets, split, results } = await readPoints(source, detail, 'train');
  const head = results.heads[0]?.result;
  const points = Array.from(targets, (label, i) => ({
    x: features[i * width] ?? 0,
    y: features[i * width + 1] ?? 0,
    label,
    split,
  }));
  return { classes: head?.kind === 'classification' ? head.classes : [], points };
}

function toPlane(
  field: ModelField,
  { classes, points }: PlanePoints,
  title: string,
  id: string,
): PlaneFigure | null {
  return field.kind === 'plane' ? boundaryFigure(field, classes, points, { title, runIds: [id] }) : null;
}

function asPanels(figures: readonly PlaneFigure[], title: string, runIds: string[]): FigureSpec | null {
  const [first] = figures;
  if (first === undefined) return null;
  if (figures.length === 1) return { ...first, title };
  return { kind: 'panels', title, runIds, columns: Math.min(3, figures.length), figures: [...figures] };
}
