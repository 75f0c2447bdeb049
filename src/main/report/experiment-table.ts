import { pointText } from '../../shared/experiment/point-text.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { ExperimentOutcomes, OutcomeValue, RunOutcome } from '../../shared/schema/report.ts';
import type { PublishedResult } from '../../shared/schema/variant.ts';
import { meanOf, sampleDeviation } from '../metrics/spread.ts';

/** An experiment of a report with what was found of it. */
export interface ReportedExperiment {
  readonly id: string;
  readonly experiment: Experiment;
  readonly datasetName: string;
  readonly available: boolean;
  readonly outcomes: ExperimentOutcomes;
}

type Moment = 'end' | 'bestDev';

const preamble = `# The experiments of the five reports

Written by \`npm run studio -- experiments report\`. "Ours" is mean ± sample standard deviation over n seeds at the end of
training (with the weights that early stopping kept, where it is on); "at best dev" is the same at the epoch that was
best on dev. Published numbers are the reports'; where one comes from a slip the note says so. The runs behind the
numbers are in \`docs/results/\`.
`;

/** The result table, grouped as the gallery is. Experiments without a report are left out. */
export function writeExperimentTable(experiments: readonly ReportedExperiment[]): string {
  const groups = new Map<string, ReportedExperiment[]>();
  for (const reported of experiments) {
    if (reported.experiment.reference === null) continue;
    const { group } = reported.experiment;
    groups.set(group, [...(groups.get(group) ?? []), reported]);
  }
  const sections = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, group]) => writeGroup(name, group));
  return [preamble, ...sections].join('\n');
}

function writeGroup(name: string, group: readonly ReportedExperiment[]): string {
  return [`## ${name}\n`, ...group.map(writeExperiment)].join('\n');
}

function writeExperiment(reported: ReportedExperiment): string {
  const { id, experiment } = reported;
  const { ids } = experiment.reference!;
  const head = `### ${ids.join(', ')}: ${experiment.name} (\`${id}\`)\n`;
  const lines = [
    head,
    ...describeSearch(reported),
    describeRuns(reported),
    '',
    ...publishedTable(reported),
    ...variantTable(reported),
  ];
  return `${lines.join('\n')}\n`;
}

/** How far a search came and what it chose; the runs of the experiment are then its winner's. */
function describeSearch({ outcomes: { search } }: ReportedExperiment): string[] {
  if (search === null) return [];
  const { trialsDone, trialsPruned, trialsPlanned, netsDone, durationMs, objective, best } = search;
  const pruned = trialsPruned > 0 ? ` and ${count(trialsPruned)} pruned` : '';
  const point = Object.entries(best.point).map(([name, value]) => `${name} ${pointText(value)}`);
  return [
    `Search ${search.studyId}: ${count(trialsDone)} trials finished${pruned} of ${count(trialsPlanned)}, ` +
      `${count(netsDone)} nets in ${(durationMs / 60_000).toFixed(1)} min. Best dev ${objective.metric} ` +
      `${formatValue(best.value, objective.metric)}, trial ${best.trial}: ${point.join(', ')}.`,
    '',
  ];
}

/** Data, time and seeds of what ran, or why nothing did. */
function describeRuns({ datasetName, available, outcomes }: ReportedExperiment): string {
  const runs = outcomes.variants.flatMap((variant) => variant.runs);
  const [first] = runs;
  if (first === undefined) {
    return available
      ? 'Not run yet.'
      : `Not run: ${datasetName} is not on this machine; fetch or import it first.`;
  }
  const { trainExamples, testExamples } = first.data;
  const minutes = runs.reduce((sum, run) => sum + run.durationMs, 0) / 60_000;
  const engines = [
    ...new Set(
      runs.map((run) => (run.engine === null ? 'unknown' : `${run.engine.kind} ${run.engine.version}`)),
    ),
  ];
  const ids = runs.map((run) => run.runId);
  const shown = ids.length > 6 ? `${ids.slice(0, 6).join(', ')} and ${ids.length - 6} more` : ids.join(', ');
  const counted = runs.length === 1 ? '1 run' : `${runs.length} runs`;
  return (
    `Data: ${datasetName}, ${count(trainExamples)} + ${count(testExamples)} examples. ${counted} in ` +
    `${minutes < 1 ? `${Math.round(minutes * 60)} s` : `${minutes.toFixed(1)} min`} of training, ${engines.join(', ')}. Runs: ${shown}.`
  );
}

function publishedTable(reported: ReportedExperiment): string[] {
  const published = reported.experiment.reference?.published ?? [];
  if (published.length === 0) return [];
  const rows = published.map((result) => {
    const runs = runsOf(reported, result.variant);
    const same = ({ split, metric }: OutcomeValue): boolean =>
      split === result.split && metric === result.metric;
    return [
      result.label + (result.variant === null ? '' : `, ${variantName(reported, result.variant)}`),
      formatPublished(result),
      summarise(runs, 'end', same, result.metric),
      summarise(runs, 'bestDev', same, result.metric),
      result.note,
    ];
  });
  return table(['', 'published', 'ours', 'at best dev', 'note'], rows);
}

/** The main numbers of each variant on dev and test. */
function variantTable(reported: ReportedExperiment): string[] {
  const filled = reported.outcomes.variants.filter((variant) => variant.runs.length > 0);
  if (filled.length === 0) return [];
  const shown = columnsOf(filled.flatMap((variant) => variant.runs));
  const rows = filled.map(({ variant, runs }) => [
    variant === null ? reported.experiment.name : variantName(reported, variant),
    ...shown.map(({ split, metric }) =>
      summarise(runs, 'end', (value) => value.split === split && value.metric === metric, metric),
    ),
    summariseEpochs(runs),
  ]);
  return table(['variant', ...shown.map(({ split, metric }) => `${split} ${metric}`), 'epochs'], rows);
}

/** Accuracy or error of the parts; where neither was measured, the losses or whatever there is. */
function columnsOf(runs: readonly RunOutcome[]): Pick<OutcomeValue, 'split' | 'metric'>[] {
  const measured = new Map(
    runs.flatMap((run) => run.end).map((value) => [`${value.split} ${value.metric}`, value]),
  );
  const main = [...measured.values()].filter(({ metric }) =>
    /(^|\/)(accuracy|root-mean-squared-error)$/.test(metric),
  );
  const test = [...measured.values()].filter(({ split, metric }) => split === 'test' && metric === 'loss');
  const chosen = main.length > 0 ? [...main, ...test] : [...measured.values()];
  const heads = chosen.some(({ metric }) => metric.includes('/'));
  const order = ['train', 'dev', 'test'];
  return chosen
    .filter(({ metric }) => !heads || metric.includes('/') || metric === 'loss')
    .sort((a, b) => order.indexOf(a.split) - order.indexOf(b.split) || (a.metric < b.metric ? -1 : 1));
}

function runsOf({ outcomes }: ReportedExperiment, variant: string | null): readonly RunOutcome[] {
  const named = outcomes.variants.filter((candidate) => variant === null || candidate.variant === variant);
  // A number of the experiment as a whole belongs to its only, or its first, variant.
  return named[0]?.runs ?? [];
}

function variantName({ experiment }: ReportedExperiment, id: string): string {
  return experiment.variants.find((variant) => variant.id === id)?.name ?? id;
}

function summarise(
  runs: readonly RunOutcome[],
  moment: Moment,
  isWanted: (value: OutcomeValue) => boolean,
  metric: string,
): string {
  const values = runs.flatMap((run) => {
    const found = (moment === 'end' ? run.end : (run.bestDev?.values ?? [])).find(isWanted);
    return found === undefined || found.value === null ? [] : [found.value];
  });
  const mean = meanOf(values);
  if (mean === null) return runs.length === 0 ? 'not run' : '-';
  const deviation = sampleDeviation(values);
  const spread = deviation === null ? '' : ` ± ${formatValue(deviation, metric)}`;
  return `${formatValue(mean, metric)}${spread} (n = ${values.length})`;
}

function summariseEpochs(runs: readonly RunOutcome[]): string {
  const epochs = runs.map((run) => run.epochs);
  const [least, most] = [Math.min(...epochs), Math.max(...epochs)];
  return least === most ? String(least) : `${least} to ${most}`;
}

function formatPublished({ value, metric }: PublishedResult): string {
  return value === null ? 'in words' : formatValue(value, metric);
}

/** Accuracies in per cent, errors in whole units above a thousand, the rest in four digits. */
function formatValue(value: number, metric: string): string {
  if (metric.endsWith('accuracy')) return `${(100 * value).toFixed(2)} %`;
  if (Math.abs(value) >= 1000) return count(value);
  return String(Number(value.toPrecision(4)));
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line), ''];
}
