import {
  activationHistogramsFigure,
  deadUnitsFigure,
  weightHistogramsFigure,
  type LabelledLayers,
} from '../../../shared/figures/builders/layer-histograms.ts';
import {
  attributionFigure,
  examplePicture,
  featureMapsFigure,
  filtersFigure,
  maximisedFigure,
} from '../../../shared/figures/builders/pictures.ts';
import { activationProfileFigure } from '../../../shared/figures/builders/profile.ts';
import { maximisationOptions, type Maximisation, type NetInput } from '../../../shared/schema/inspection.ts';
import type { RunDetail } from '../../../shared/schema/run.ts';
import type { Collector, FigureSource } from './source.ts';
import type { Subject } from './subject.ts';

/** Convolutions shown, from the first on. */
const MOST_LAYERS = 4;
const MAXIMISED_UNITS = 4;
/** Histograms are shown of the start, the end and so many epochs between. */
const EPOCHS_BETWEEN = 3;
const PROFILED_INPUTS = 3;
const METHODS = ['saliency', 'grad-cam', 'occlusion'] as const;

/** What is inside of the best net: its weights, and what it makes of an example. */
export async function addInside(into: Collector, source: FigureSource, subject: Subject): Promise<void> {
  const { detail } = subject.best;
  if (detail.experiment.svm !== null || detail.model.layers.length === 0) return;
  await addHistograms(into, source, detail);
  const convolutions = detail.model.layers.filter(({ kind }) => kind === 'conv2d').map(({ name }) => name);
  if (convolutions.length === 0) return addProfile(into, source, detail);
  await addConvolutions(into, source, detail, convolutions.slice(0, MOST_LAYERS));
}

function spreadEpochs({ epochs }: RunDetail): number[] {
  const kept = epochs.filter(({ checkpoint }) => checkpoint !== null).map(({ epoch }) => epoch);
  const last = kept.length - 1;
  const picked = Array.from(
    { length: EPOCHS_BETWEEN + 1 },
    (_, i) => kept[Math.round((last * (i + 1)) / (EPOCHS_BETWEEN + 1))],
  );
  return [...new Set([0, ...picked.filter((epoch) => epoch !== undefined)])];
}

async function addHistograms(into: Collector, source: FigureSource, detail: RunDetail): Promise<void> {
  const { id, name } = detail.summary;
  const epochs: LabelledLayers[] = [];
  const runIds = [id];
  await into.figure('weights', async () => {
    for (const epoch of spreadEpochs(detail)) {
      const layers = await source['results.histograms']({ runId: id, epoch, split: 'test' });
      epochs.push({ label: epoch === 0 ? 'start' : `epoch ${epoch}`, layers });
    }
    return weightHistogramsFigure(epochs, { title: `${name}: weights`, runIds });
  });
  const last = epochs.at(-1);
  if (last === undefined) return;
  await into.figure('activations', () =>
    activationHistogramsFigure(epochs, { title: `${name}: outputs of layers`, runIds }),
  );
  await into.figure('dead-units', () =>
    last.layers.some(({ deadUnits }) => deadUnits > 0)
      ? deadUnitsFigure(last.layers, { title: `${name}: units that never answer`, runIds })
      : null,
  );
}

async function addProfile(into: Collector, source: FigureSource, detail: RunDetail): Promise<void> {
  const { id, name } = detail.summary;
  await into.figure('activation-profile', async () => {
    const inputs = Array.from({ length: PROFILED_INPUTS }, (_, row): NetInput => ({
      kind: 'row',
      part: 'test',
      row,
    }));
    const profile = await source['inspect.profile']({ net: { runId: id, epoch: null }, inputs });
    const names = inputs.map((_, row) => `test example ${row + 1}`);
    return activationProfileFigure(profile, names, { title: `${name}: activation profile`, runIds: [id] });
  });
}

async function addConvolutions(
  into: Collector,
  source: FigureSource,
  detail: RunDetail,
  layers: readonly string[],
): Promise<void> {
  const { id, name } = detail.summary;
  const net = { runId: id, epoch: null };
  const runIds = [id];
  const input: NetInput = { kind: 'row', part: 'test', row: 0 };
  for (const layer of layers) {
    await into.figure(`kernels-${layer}`, async () =>
      filtersFigure(await source['inspect.filters']({ net, layer }), {
        title: `${name}: kernels of ${layer}`,
        runIds,
      }),
    );
    await into.figure(`maps-${layer}`, async () =>
      featureMapsFigure(
        await source['inspect.featureMaps']({ net, layer, input }),
        { title: `${name}: ${layer} on test example 1`, runIds },
        { count: 8 },
      ),
    );
  }
  const last = layers.at(-1);
  if (last !== undefined) await into.figure(`maximised-${last}`, () => maximised(source, detail, last));
  await into.figure('attribution', () => attributions(source, detail));
}

/** Inputs that excite the units which answer an example most. */
async function maximised(source: FigureSource, { summary }: RunDetail, layer: string) {
  const net = { runId: summary.id, epoch: null };
  const input: NetInput = { kind: 'row', part: 'test', row: 0 };
  const { order } = await source['inspect.featureMaps']({ net, layer, input });
  const found: Maximisation[] = [];
  for (const unit of order.subarray(0, MAXIMISED_UNITS)) {
    const options = maximisationOptions.parse({});
    found.push(await source['inspect.maximise']({ net, layer, unit, options, task: null }));
  }
  const title = `${summary.name}: inputs that excite ${layer} most`;
  return maximisedFigure(found, { title, runIds: [summary.id] });
}

async function attributions(source: FigureSource, { summary, experiment }: RunDetail) {
  const net = { runId: summary.id, epoch: null };
  const input: NetInput = { kind: 'row', part: 'test', row: 0 };
  const found = [];
  for (const method of METHODS) {
    const params = { net, input, method, classIndex: null, head: null, layer: null };
    found.push(await source['inspect.attribution'](params));
  }
  const page = await source['datasets.examples']({ data: experiment.data, part: 'test', rows: [0] });
  const { heads } = await source['results.get']({ runId: summary.id, epoch: null, split: 'test' });
  const head = heads[0]?.result;
  const classes = head?.kind === 'classification' ? head.classes : [];
  const title = `${summary.name}: what bears on the class of test example 1`;
  return attributionFigure(examplePicture(page, 0, 'input'), found, classes, { title, runIds: [summary.id] });
}
