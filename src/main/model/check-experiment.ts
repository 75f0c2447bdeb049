import { StudioError } from '../../shared/ipc/errors.ts';
import type { DatasetInfo } from '../../shared/schema/dataset.ts';
import type { Experiment, ExperimentIssue } from '../../shared/schema/experiment.ts';
import { checkAugmentation, checkPreprocessing } from '../preprocess/index.ts';
import { checkSplit } from './checks/check-data.ts';
import { checkHeads, checkMetrics } from './checks/check-heads.ts';
import { checkLab, checkSvm } from './checks/check-other-kinds.ts';
import {
  checkBatches,
  checkClassWeights,
  checkLabelSmoothing,
  checkWarmUp,
  checkWatched,
} from './checks/check-training.ts';
import type { Report } from './checks/report.ts';
import { resolveHeads, type ResolvedHead } from './heads.ts';
import { planModel, type ModelPlan } from './plan.ts';

export { splitSizes, stepsPerEpoch, type SplitSizes } from './split-sizes.ts';

interface Net {
  readonly plan: ModelPlan;
  readonly heads: readonly ResolvedHead[];
}

function planOrReport(experiment: Experiment, info: DatasetInfo, report: Report): Net | null {
  try {
    const plan = planModel(experiment.model, info.featureShape);
    return { plan, heads: resolveHeads(plan, experiment.training.loss, info) };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    const { path } = error.details;
    report(typeof path === 'string' ? path : 'model', error.message);
    return null;
  }
}

function checkModel(experiment: Experiment, info: DatasetInfo, report: Report): Net | null {
  if (experiment.model.layers.length === 0) {
    report('model.layers', 'the model has no layers; add a dense or conv2d layer');
    return null;
  }
  const net = planOrReport(experiment, info, report);
  if (net === null) return null;
  const trainable = net.plan.layers.some((layer) => layer.variables.length > 0);
  if (!trainable) report('model.layers', 'no layer has anything to train; add a dense or conv2d layer');
  checkHeads(net.plan, net.heads, info, report);
  return net;
}

function checkNet(experiment: Experiment, info: DatasetInfo, report: Report): void {
  const net = checkModel(experiment, info, report);
  const heads = net?.heads ?? [];
  if (net !== null) {
    checkBatches(experiment, info, net.plan, report);
    checkClassWeights(experiment, info, heads, report);
    checkLabelSmoothing(experiment, heads, report);
    checkMetrics(experiment, heads, info, report);
  }
  issues.push(...checkAugmentation(experiment.augmentation, info));
  checkWarmUp(experiment, report);
  checkWatched(experiment, info, heads, report);
}

/** A laboratory of matrix products looks at no data, whatever its file names. */
function usesData({ lab }: Experiment): boolean {
  return lab?.kind !== 'chained-products';
}

function checkKind(experiment: Experiment, info: DatasetInfo, report: Report): void {
  const { svm, lab } = experiment;
  if (svm !== null && lab !== null) report('lab', 'measures and svm fits; remove one of them');
  if (svm !== null) {
    checkSvm(experiment, info, report);
  } else if (lab !== null) {
    checkLab(experiment, info, report);
    if (lab.kind === 'initialisation') checkModel(experiment, info, report);
  } else {
    checkNet(experiment, info, report);
  }
}

/**
 * What would stop or spoil a run of a well-formed experiment, each fault at its path, as a form shows it. An empty
 * list means that it can run. Variants and searches are checked as the experiments that they come to.
 */
export function checkExperiment(experiment: Experiment, info: DatasetInfo): ExperimentIssue[] {
  const issues: ExperimentIssue[] = [];
  const report: Report = (path, message) => issues.push({ path, message });
  if (usesData(experiment)) {
    checkSplit(experiment, info, report);
    issues.push(...checkPreprocessing(experiment.preprocessing, info));
  }
  checkKind(experiment, info, report);
  return issues;
}
