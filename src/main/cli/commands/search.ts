import type { StudioClient } from '../../../shared/ipc/contract.ts';
import { pointText } from '../../../shared/experiment/point-text.ts';
import { unpackTrials } from '../../../shared/experiment/trial-table.ts';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { engineChoice } from '../../../shared/schema/engine.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
import { prunerKinds, prunerSpec, type PrunerSpec } from '../../../shared/schema/search.ts';
import type { StudyId, StudyProgress, StudySummary, TrialSummary } from '../../../shared/schema/study.ts';
import { choiceOption, integerOption } from '../arguments.ts';
import { exitCodes, type Command, type CommandInput, type StudioSession, type Terminal } from '../command.ts';
import { isGalleryId, loadExperiment } from '../experiment-file.ts';
import { formatCount, formatDuration, formatNumber, formatTable } from '../format.ts';
import { followRun } from '../follow-run.ts';
import { printRunEnd } from '../run-report.ts';
import { withStudio } from '../with-studio.ts';

const MOST_WORKERS = 64;
const MOST_SEED = 0xffff_ffff;
const SHOWN = 10;
const ENDED: readonly StudySummary['state'][] = ['finished', 'failed', 'cancelled', 'paused', 'crashed'];

/**
 * `search EXPERIMENT` trains a search to its end; `search resume ID`, `search extend ID N`, `search list`, `search show ID`,
 * `search nested ID` and `search run ID`.
 */
export const searchCommand: Command = {
  name: 'search',
  usage: 'EXPERIMENT | resume ID | extend ID N | show ID | nested ID | run ID [TRIAL] | list',
  summary: 'run a whole search, go on with one, or show what it found',
  options: {
    seed: { type: 'string', value: 'N', help: 'seed of the points and nets (default: 1)' },
    workers: {
      type: 'string',
      value: 'N',
      help: 'processes that train beside each other (default: one per core)',
    },
    engine: { type: 'string', value: 'NAME', help: `engine: ${engineChoice.options.join(', ')}` },
    pruner: {
      type: 'string',
      value: 'NAME',
      help: `ends bad trials early: ${prunerKinds.join(', ')} (default: what the experiment says)`,
    },
  },
  positionals: { min: 1, max: 3 },
  async run(input, terminal) {
    const [first = '', second, third] = input.positionals;
    if (first === 'list' && second === undefined) return list(input, terminal);
    if (first === 'show' && second !== undefined) return show(input, terminal, second);
    if (first === 'nested' && second !== undefined) return nested(input, terminal, second);
    if (first === 'run' && second !== undefined) return runTrial(input, terminal, second, third);
    if (first === 'resume' && second !== undefined && third === undefined) {
      return work(input, terminal, async (client) => {
        await client.invoke('studies.resume', { studyId: second, workers: workersOf(input) });
        return second;
      });
    }
    if (first === 'extend' && second !== undefined && third !== undefined) {
      const trials = integerOption({ ...input, values: { trials: third } }, 'trials', {
        min: 1,
        max: 1_000_000,
      });
      return work(input, terminal, async (client) => {
        await client.invoke('studies.extend', {
          studyId: second,
          trials: trials ?? 1,
          workers: workersOf(input),
        });
        return second;
      });
    }
    if (second === undefined) return work(input, terminal, (client) => start(input, client, first));
    throw new StudioError(
      'invalid-input',
      `search: found "${input.positionals.join(' ')}", expected "${searchCommand.usage}"`,
    );
  },
};

/** null for one per core. */
function workersOf(input: CommandInput): number | null {
  return integerOption(input, 'workers', { min: 1, max: MOST_WORKERS });
}

/** The experiment, its search with the pruner that the command names. */
function withPruner(input: CommandInput, experiment: Experiment): Experiment {
  const kind = choiceOption(input, 'pruner', prunerKinds);
  if (kind === null || experiment.search === null) return experiment;
  const pruner: PrunerSpec = prunerSpec.parse({ kind });
  return { ...experiment, search: { ...experiment.search, pruner } };
}

async function start(input: CommandInput, client: StudioClient, word: string): Promise<StudyId> {
  const experiment = withPruner(input, await loadExperiment(client, word));
  const { studyId } = await client.invoke('studies.start', {
    experiment,
    experimentId: isGalleryId(word) ? word : null,
    seed: integerOption(input, 'seed', { min: 0, max: MOST_SEED }) ?? 1,
    engine: choiceOption(input, 'engine', engineChoice.options) ?? 'auto',
    workers: workersOf(input),
  });
  return studyId;
}

/** Follows a study to its end; Ctrl-C pauses it. */
async function work(
  input: CommandInput,
  terminal: Terminal,
  begin: (client: StudioClient) => Promise<StudyId>,
): Promise<number> {
  return withStudio(input, terminal, async (session) => {
    const watched = watch(session, terminal);
    const studyId = await begin(session.client);
    const stop = terminal.onInterrupt(() => void session.client.invoke('studies.pause', { studyId }));
    try {
      await Promise.race([watched.untilEnd(studyId), session.lost]);
    } finally {
      stop();
      terminal.progress?.clear();
    }
    await print(input, terminal, session.client, studyId);
    const { summary } = await session.client.invoke('studies.get', { studyId });
    return summary.state === 'finished' ? exitCodes.success : exitCodes.interrupted;
  });
}

/** Listens from before the study begins, so that no end is missed. */
function watch({ client }: StudioSession, terminal: Terminal): { untilEnd(id: StudyId): Promise<void> } {
  const ended = new Map<StudyId, () => void>();
  const over = new Set<StudyId>();
  client.subscribe('study.progress', (progress) => terminal.progress?.show(describeProgress(progress)));
  client.subscribe('study.changed', ({ id, state }) => {
    if (!ENDED.includes(state)) return;
    over.add(id);
    ended.get(id)?.();
  });
  return {
    untilEnd: (id) =>
      new Promise((resolve) => {
        if (over.has(id)) resolve();
        else ended.set(id, resolve);
      }),
  };
}

function describeProgress({ netsDone, netsPlanned, stepsPerSecond, secondsLeft }: StudyProgress): string {
  const left = secondsLeft === null ? '' : `, ${formatDuration(secondsLeft * 1_000)} left`;
  return `${formatCount(netsDone)} of ${formatCount(netsPlanned)} nets, ${formatCount(stepsPerSecond)} steps/s${left}`;
}

async function list(input: CommandInput, terminal: Terminal): Promise<number> {
  const studies = await withStudio(input, terminal, ({ client }) =>
    client.invoke('studies.list', { deleted: false }),
  );
  if (input.json) terminal.print(JSON.stringify(studies, null, 2));
  else {
    const headings = ['id', 'name', 'state', 'trials', 'best', 'time'];
    const rows = studies.map((study) => [
      study.id,
      study.name,
      study.state,
      `${formatCount(study.trialsDone)} of ${formatCount(study.trialsPlanned)}`,
      formatNumber(study.bestValue),
      formatDuration(study.durationMs),
    ]);
    for (const line of formatTable(headings, rows)) terminal.print(line);
  }
  return exitCodes.success;
}

async function show(input: CommandInput, terminal: Terminal, studyId: StudyId): Promise<number> {
  return withStudio(input, terminal, async ({ client }) => {
    await print(input, terminal, client, studyId);
    return exitCodes.success;
  });
}

/** Trains a trial, the best one unless another is named, as a run of its own, which measures the test part. */
async function runTrial(
  input: CommandInput,
  terminal: Terminal,
  studyId: StudyId,
  word: string | undefined,
): Promise<number> {
  const named = integerOption({ ...input, values: { trial: word } }, 'trial', { min: 0, max: 1_000_000 });
  return withStudio(input, terminal, async (session) => {
    const detail = await followRun(session, terminal, async () => {
      const { summary } = await session.client.invoke('studies.get', { studyId });
      const trial = named ?? summary.bestTrial;
      if (trial === null) {
        throw new StudioError(
          'conflict',
          `search: ${studyId} has no finished trial to run; go on with it first`,
        );
      }
      return (await session.client.invoke('studies.runTrial', { studyId, trial })).runId;
    });
    return printRunEnd(detail, input.json, terminal);
  });
}

/** What the winner is worth where the folds that judge it did not choose it. */
async function nested(input: CommandInput, terminal: Terminal, studyId: StudyId): Promise<number> {
  const estimate = await withStudio(input, terminal, ({ client }) =>
    client.invoke('studies.nested', { studyId }),
  );
  if (input.json) terminal.print(JSON.stringify(estimate, null, 2));
  else {
    const { value, standardError, winnerValue, choices } = estimate;
    terminal.print(
      `${formatNumber(value)} ± ${formatNumber(standardError)}: each fold by the winner that the other folds choose`,
    );
    terminal.print(`${formatNumber(winnerValue)}: the winner by the folds it was chosen by`);
    terminal.print('');
    const rows = choices.map((choice) => [
      String(choice.repeat),
      String(choice.fold),
      String(choice.trial),
      formatNumber(choice.value),
    ]);
    for (const line of formatTable(['repeat', 'fold left out', 'trial', 'value'], rows)) terminal.print(line);
  }
  return exitCodes.success;
}

async function print(
  input: CommandInput,
  terminal: Terminal,
  client: StudioClient,
  studyId: StudyId,
): Promise<void> {
  const { summary, experiment } = await client.invoke('studies.get', { studyId });
  const trials = unpackTrials(await client.invoke('studies.trials', { studyId }));
  if (input.json) {
    terminal.print(JSON.stringify({ summary, trials }, null, 2));
    return;
  }
  const { direction } = experiment.search!.objective;
  for (const line of describeStudy(summary, trials, direction)) terminal.print(line);
}

function describeStudy(
  study: StudySummary,
  trials: readonly TrialSummary[],
  direction: 'minimise' | 'maximise',
): string[] {
  const sign = direction === 'minimise' ? 1 : -1;
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
      `${formatCount(study.netsDone)} nets in ${formatDuration(study.durationMs)}; test part opened ${study.testOpenings} times`,
    '',
    ...formatTable(
      ['trial', 'value', '± s.e.', 'point'],
      best.map((trial) => [
        String(trial.number),
        formatNumber(valueOf(trial)),
        formatNumber(trial.standardError),
        Object.entries(trial.point)
          .map(([name, value]) => `${name} ${pointText(value, formatNumber)}`)
          .join(', '),
      ]),
    ),
  ];
}
