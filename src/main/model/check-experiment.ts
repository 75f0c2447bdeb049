import { StudioError } from '../../shared/ipc/errors.ts';
import type { DatasetInfo } from '../../shared/schema/dataset.ts';
import type { Experiment, ExperimentIssue } from '../../shared/schema/experiment.ts';
import { splitCounts } from '../data/split.ts';
import { checkAugmentation, checkPreprocessing } from '../preprocess/index.ts';
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
import type { SplitSizes } from './split-sizes.ts';

export { splitSizes, stepsPerEpoch, type SplitSizes } from './split-sizes.ts';

interface Net {
  readonly plan: ModelPlan;
  readonly heads: readonly ResolvedHead[];
}

/** What is checked, and the numbers of examples where the split is sound. */
interface Checked {
  readonly experiment: Experiment;
  readonly info: DatasetInfo;
  readonly sizes: SplitSizes | null;
}

/** Its result; null where it throws an expected error, which is reported. */
function tryOrReport<T>(action: () => T, path: string, report: Report): T | null {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    report(typeof error.details.path === 'string' ? error.details.path : path, error.message);
    return null;
  }
}

function planNet({ experiment, info }: Checked): Net {
  const plan = planModel(experiment.model, info.featureShape);
  return { plan, heads: resolveHeads(plan, experiment.training.loss, info) };
}

function checkModel(checked: Checked, report: Report): Net | null {
  if (checked.experiment.model.layers.length === 0) {
    report('model.layers', 'the model has no layers; add a dense or conv2d layer');
    return null;
  }
  const net = tryOrReport(() => planNet(checked), 'model', report);
  if (net === null) return null;
  const trainable = net.plan.layers.some((layer) => layer.variables.length > 0);
  if (!trainable) report('model.layers', 'no layer has anything to train; add a dense or conv2d layer');
  checkHeads(net.plan, net.heads, checked.info, report);
  return net;
}

function checkNet(checked: Checked, report: Report): void {
  const { experiment, info, sizes } = checked;
  const net = checkModel(checked, report);
  if (net !== null) {
    checkClassWeights(experiment, info, net.heads, report);
    checkLabelSmoothing(experiment, net.heads, report);
    checkMetrics(experiment, net.heads, info, report);
  }
  if (sizes !== null) {
    if (net !== null) checkBatches(experiment, sizes, net.plan, report);
    checkWatched(experiment, sizes, net?.heads ?? [], report);
  }
  checkWarmUp(experiment, report);
}

function checkKind(checked: Checked, report: Report): void {
  const { experiment, info, sizes } = checked;
  const { svm, lab } = experiment;
  if (svm !== null && lab !== null) report('lab', 'measures and svm fits; remove one of them');
  if (svm !== null) {
    checkSvm(experiment, info, report);
  } else if (lab !== null) {
    checkLab(lab, sizes, report);
    if (lab.kind === 'initialisation') checkModel(checked, report);
  } else {
    checkNet(checked, report);
  }
}

/** A laboratory of matrix products looks at no data, whatever its file names. */
function usesData({ lab }: Experiment): boolean {
  return lab?.kind !== 'chained-products';
}

/**
 * What would stop or spoil a run of a well-formed experiment, each fault at its path, as a form shows it. An empty
 * list means that it can run. Variants and searches are checked as the experiments that they come to.
 */
export function checkExperiment(experiment: Experiment, info: DatasetInfo): ExperimentIssue[] {
  const issues: ExperimentIssue[] = [];
  const report: Report = (path, message) => issues.push({ path, message });
  if (!usesData(experiment)) {
    checkKind({ experiment, info, sizes: null }, report);
    return issues;
  }
  const sizes = tryOrReport(() => splitCounts(experiment.data.split, info), 'data.split', report);
  issues.push(...checkPreprocessing(experiment.preprocessing, info));
  issues.push(...checkAugmentation(experiment.augmentation, info));
  checkKind({ experiment, info, sizes }, report);
  return issues;
}
