import { costSign } from '../../shared/experiment/cost-sign.ts';
import { endedTrials } from '../../shared/experiment/ended-trials.ts';
import { pointText } from '../../shared/experiment/point-text.ts';
import { timesText } from '../../shared/experiment/times-text.ts';
import { unpackTrials } from '../../shared/experiment/trial-table.ts';
import type { StudioClient } from '../../shared/ipc/contract.ts';
import type {
  NestedEstimate,
  StudyId,
  StudyProgress,
  StudySummary,
  TrialSummary,
} from '../../shared/schema/study.ts';
import { printResult, type CommandInput, type Terminal } from './command.ts';
import { formatCount, formatDuration, formatNumber, formatTable } from './format.ts';

/** The best trials, so many of them. */
const SHOWN = 10;

/** A study while it trains, in a line. */
export function describeStudyProgress(progress: StudyProgress): string {
  const { netsDone, netsPlanned, stepsPerSecond, secondsLeft } = progress;
  const left = secondsLeft === null ? '' : `, ${formatDuration(secondsLeft * 1_000)} left`;
  return `${formatCount(netsDone)} of ${formatCount(netsPlanned)} nets, ${formatCount(stepsPerSecond)} steps/s${left}`;
}

/** Studies, one a row. */
export function describeStudies(studies: readonly StudySummary[]): string[] {
  const headings = ['id', 'name', 'state', 'trials', 'best', 'time'];
  const rows = studies.map((study) => [
    study.id,
    study.name,
    study.state,
    `${formatCount(endedTrials(study))} of ${formatCount(study.trialsPlanned)}`,
    formatNumber(study.bestValue),
    formatDuration(study.durationMs),
  ]);
  return formatTable(headings, rows);
}

/** What the winner is worth by folds that did not choose it. */
export function describeNested({ value, standardError, winnerValue, choices }: NestedEstimate): string[] {
  const rows = choices.map((choice) => [
    String(choice.repeat),
    String(choice.fold),
    String(choice.trial),
    formatNumber(choice.value),
  ]);
  return [
    `${formatNumber(value)} ± ${formatNumber(standardError)}: each fold by the winner that the other folds choose`,
    `${formatNumber(winnerValue)}: the winner by the folds it was chosen by`,
    '',
    ...formatTable(['repeat', 'fold left out', 'trial', 'value'], rows),
  ];
}

/** Prints a study with its best trials, and returns what it has come to. */
export async function printStudy(
  input: CommandInput,
  terminal: Terminal,
  client: StudioClient,
  studyId: StudyId,
): Promise<StudySummary> {
  const { summary, experiment } = await client.invoke('studies.get', { studyId });
  const trials = unpackTrials(await client.invoke('studies.trials', { studyId }));
  const lines = describeStudy(summary, trials, experiment.search!.objective.direction);
  printResult(input, terminal, { document: { summary, trials }, lines });
  return summary;
}

function describeStudy(
  study: StudySummary,
  trials: readonly TrialSummary[],
  direction: 'minimise' | 'maximise',
): string[] {
  const sign = costSign(direction);
  const valueOf = ({ values }: TrialSummary): number => values[0] ?? NaN;
  const best = trials
    .filter((trial) => Number.isFinite(valueOf(trial)))
    .sort((a, b) => sign * (valueOf(a) - valueOf(b)))
    .slice(0, SHOWN);
  const others = study.trialsPruned + study.trialsFailed;
  return [
    `${study.id}  ${study.name}: ${study.state}`,
    `${formatCount(study.trialsDone)} of ${formatCount(study.trialsPlanned)} trials finished` +
      `${others > 0 ? `, ${study.trialsPruned} pruned, ${study.trialsFailed} failed` : ''}; ` +
      `${formatCount(study.netsDone)} nets in ${formatDuration(study.durationMs)}; test part opened: ${timesText(study.testOpenings)}`,
    '',
    ...formatTable(
      ['trial', 'value', '± s.e.', 'point'],
      best.map((trial) => [
        String(trial.number),
        formatNumber(valueOf(trial)),
        formatNumber(trial.standardError),
        Object.entries(trial.point)
          .map(([name, value]) => `${name} ${pointText(value)}`)
          .join(', '),
      ]),
    ),
  ];
}
