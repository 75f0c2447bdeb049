import {
  calibrationFigure,
  classAccuracyFigure,
  confusionFigure,
} from '../../../shared/figures/builders/classification.ts';
import { confidentMistakes, mistakesFigure } from '../../../shared/figures/builders/pictures.ts';
import {
  predictedActualFigure,
  residualsFigure,
  sigmaDistanceFigure,
  sigmaFigure,
} from '../../../shared/figures/builders/regression.ts';
import { classTable } from '../../../shared/figures/builders/tables.ts';
import type { ClassificationResult, HeadResult, RegressionResult } from '../../../shared/schema/results.ts';
import type { RunDetail } from '../../../shared/schema/run.ts';
import type { Collector, FigureSource } from './source.ts';
import { loadVariantRun, type Subject, type VariantRun } from './subject.ts';

/** As many variants have a confusion matrix each; of more, the best alone. */
const MOST_MATRICES = 4;
const MISTAKES = 20;
/** Rows of features read for a figure. */
const MOST_ROWS = 1_000;

/** What the nets say about the test part. */
export async function addResults(into: Collector, source: FigureSource, subject: Subject): Promise<void> {
  const shown =
    subject.variants.length > 1 && subject.variants.length <= MOST_MATRICES
      ? await Promise.all(
          subject.variants.map((results) => loadVariantRun(source, results, subject.headline)),
        )
      : [subject.best];
  for (const run of shown) await addVariantResults(into, source, run, shown.length > 1);
}

async function addVariantResults(
  into: Collector,
  source: FigureSource,
  { detail, results: variant }: VariantRun,
  several: boolean,
): Promise<void> {
  const { id } = detail.summary;
  const suffix = several ? `-${variant.variant ?? 'plain'}` : '';
  let heads: readonly HeadResult[] = [];
  await into.figure(`results${suffix}`, async () => {
    ({ heads } = await source['results.get']({ runId: id, epoch: null, split: 'test' }));
    return null;
  });
  for (const { name, result } of heads) {
    const about: About = {
      detail,
      title: several ? variant.name : detail.summary.name,
      head: heads.length > 1 ? `-${name}` : '',
      suffix,
      target: name,
    };
    if (result.kind === 'classification') await addClassification(into, source, about, result);
    else await addRegression(into, source, about, result);
  }
}

interface About {
  readonly detail: RunDetail;
  readonly title: string;
  /** Parts of the names of files. */
  readonly head: string;
  readonly suffix: string;
  readonly target: string;
}

async function addClassification(
  into: Collector,
  source: FigureSource,
  { detail, title, head, suffix }: About,
  result: ClassificationResult,
): Promise<void> {
  const runIds = [detail.summary.id];
  const name = (what: string): string => `${what}${head}${suffix}`;
  const labelled = [{ label: 'test', result }];
  await into.figure(name('confusion'), () =>
    confusionFigure(result, { title: `${title}: confusion on test`, runIds }),
  );
  await into.figure(name('class-accuracy'), () =>
    classAccuracyFigure(labelled, { title: `${title}: accuracy per class on test`, runIds }),
  );
  await into.table(name('classes'), () => classTable(result, `${title}: classes on test`, runIds));
  await into.figure(name('calibration'), () =>
    result.negativeLogLikelihood === null
      ? null
      : calibrationFigure(labelled, { title: `${title}: calibration on test`, runIds }),
  );
  await into.figure(name('mistakes'), async () => {
    const positions = confidentMistakes(result, MISTAKES);
    if (detail.model.inputShape.length !== 3 || positions.length === 0) return null;
    const rows = positions.map((position) => result.rows[position] ?? 0);
    const page = await source['datasets.examples']({ data: detail.experiment.data, part: 'test', rows });
    return mistakesFigure(result, positions, page, { title: `${title}: most confident mistakes`, runIds });
  });
}

async function addRegression(
  into: Collector,
  source: FigureSource,
  { detail, title, head, suffix, target }: About,
  result: RegressionResult,
): Promise<void> {
  const runIds = [detail.summary.id];
  const name = (what: string): string => `${what}${head}${suffix}`;
  const labelled = [{ label: 'test', result }];
  await into.figure(name('predicted-actual'), () =>
    predictedActualFigure(labelled, target, { title: `${title}: predicted against actual`, runIds }),
  );
  await into.figure(name('residuals'), () =>
    residualsFigure(labelled, target, { title: `${title}: residuals`, runIds }),
  );
  if (result.sigma === null) return;
  await into.figure(name('sigma'), () =>
    sigmaFigure(labelled, { title: `${title}: error against predicted σ`, runIds }),
  );
  await into.figure(name('sigma-distance'), () => sigmaDistances(source, detail, result, title));
}

/** Sigma against each feature's distance from its mean, a panel per feature. */
async function sigmaDistances(
  source: FigureSource,
  { experiment, model, summary }: RunDetail,
  result: RegressionResult,
  title: string,
) {
  const width = model.inputShape[0] ?? 0;
  if (model.inputShape.length !== 1 || width > 8) return null;
  const rows = [...result.rows].slice(0, MOST_ROWS);
  const page = await source['datasets.examples']({ data: experiment.data, part: 'test', rows });
  const cut = { ...result, sigma: result.sigma?.subarray(0, rows.length) ?? null };
  const runIds = [summary.id];
  const figures = Array.from({ length: width }, (_, feature) => {
    const name = experiment.data.table?.features[feature] ?? `x${feature + 1}`;
    const values = rows.map((_, i) => page.values[i * width + feature] ?? Number.NaN);
    return sigmaDistanceFigure({ name, values }, { label: 'test', result: cut }, { title: name, runIds });
  });
  return {
    kind: 'panels' as const,
    title: `${title}: σ against the distance from the mean`,
    runIds,
    columns: 2,
    figures,
  };
}
