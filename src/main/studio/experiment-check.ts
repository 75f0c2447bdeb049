import type { ExperimentCheck } from '../../shared/ipc/contract.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import { experiment, type Experiment, type ExperimentIssue } from '../../shared/schema/experiment.ts';
import { datasetInfo, listDatasets } from '../data/index.ts';
import { checkExperiment, splitSizes, stepsPerEpoch, summariseModel } from '../model/index.ts';
import { closestWord } from './did-you-mean.ts';
import { describeIssues } from './experiment-issues.ts';

/** Parses any value as an experiment; null with the faults of its form for what is none. */
export function parseUnknownExperiment(value: unknown): Pick<ExperimentCheck, 'experiment' | 'issues'> {
  const parsed = experiment.safeParse(value);
  if (parsed.success) return { experiment: parsed.data, issues: [] };
  return { experiment: null, issues: describeIssues(parsed.error, value) };
}

/** Parses and checks any value as an experiment without running anything; never throws for a bad one. */
export function checkUnknownExperiment(value: unknown, datasetDirectory: string): ExperimentCheck {
  const parsed = parseUnknownExperiment(value);
  if (parsed.experiment === null) return { ...parsed, model: null, stepsPerEpoch: null };
  return { experiment: parsed.experiment, ...checkWhole(parsed.experiment, datasetDirectory) };
}

function checkWhole(whole: Experiment, datasetDirectory: string): Omit<ExperimentCheck, 'experiment'> {
  try {
    const info = datasetInfo(whole.data, datasetDirectory);
    const issues = checkExperiment(whole, info);
    const steps = stepsPerEpoch(whole.training, splitSizes(whole.data.split, info).train);
    return { issues, model: modelOrNull(whole, info.featureShape), stepsPerEpoch: steps > 0 ? steps : null };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return { issues: [withMeant(toIssue(error), whole, datasetDirectory)], model: null, stepsPerEpoch: null };
  }
}

/** Shapes that do not fit are among the issues already. */
function modelOrNull(whole: Experiment, inputShape: readonly number[]): ExperimentCheck['model'] {
  try {
    return summariseModel(whole.model, inputShape);
  } catch (error) {
    if (error instanceof StudioError) return null;
    throw error;
  }
}

/** A dataset that is not there may be one whose name was misspelt. */
function withMeant(issue: ExperimentIssue, whole: Experiment, datasetDirectory: string): ExperimentIssue {
  if (issue.path !== 'data.dataset') return issue;
  const known = listDatasets(datasetDirectory).map(({ id }) => id);
  const meant = closestWord(whole.data.dataset, known);
  return meant === null ? issue : { ...issue, message: `${issue.message}; did you mean "${meant}"?` };
}

function toIssue(error: StudioError): ExperimentIssue {
  const { path } = error.details;
  return { path: typeof path === 'string' ? path : '', message: error.message };
}
