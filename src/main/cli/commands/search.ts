import type { StudioClient } from '../../../shared/ipc/contract.ts';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { engineChoice } from '../../../shared/schema/engine.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
import { prunerKinds, prunerSpec, type PrunerSpec } from '../../../shared/schema/search.ts';
import type { RunDetail } from '../../../shared/schema/run.ts';
import type { StudyId, StudySummary } from '../../../shared/schema/study.ts';
import { actionCommand, type Action } from '../actions.ts';
import { choiceOption, integerArgument, integerOption, studyIdArgument } from '../arguments.ts';
import { exitCodes, printResult, type CommandInput, type StudioSession, type Terminal } from '../command.ts';
import { isGalleryId, loadExperiment } from '../experiment-file.ts';
import { followRun, followStarted } from '../follow-run.ts';
import { describeRun, exitCodeOf, printRunEnd, runReport } from '../run-report.ts';
import { describeNested, describeStudies, describeStudyProgress, printStudy } from '../study-report.ts';
import { withStudio } from '../with-studio.ts';

const MOST_WORKERS = 64;
const MOST_SEED = 0xffff_ffff;
const MOST_TRIALS = 1_000_000;
const MOST_SEEDS = 100;
const ENDED: readonly StudySummary['state'][] = ['finished', 'failed', 'cancelled', 'paused', 'crashed'];

/** What trains takes so many processes. */
const TRAINING = ['EXPERIMENT', 'resume', 'extend'];

/** `search EXPERIMENT` trains a search to its end; its other actions go on with one or show what it found. */
export const searchCommand = actionCommand({
  name: 'search',
  summary: 'run a whole search, go on with one, or show what it found',
  options: {
    seed: {
      type: 'string',
      value: 'N',
      help: 'seed of the points and nets (default: 1)',
      actions: ['EXPERIMENT'],
    },
    workers: {
      type: 'string',
      value: 'N',
      help: 'processes that train beside each other (default: one per core)',
      actions: TRAINING,
    },
    engine: {
      type: 'string',
      value: 'NAME',
      help: `${engineChoice.options.join(', ')} (default: auto)`,
      actions: ['EXPERIMENT'],
    },
    pruner: {
      type: 'string',
      value: 'NAME',
      help: `ends bad trials early: ${prunerKinds.join(', ')} (default: what the experiment says)`,
      actions: ['EXPERIMENT'],
    },
    seeds: {
      type: 'string',
      value: 'N',
      help: 'so many runs that differ by their seed alone, one opening (default: 1)',
      actions: ['test'],
    },
  },
  otherwise: {
    usage: 'EXPERIMENT',
    run: (input, terminal, [word]) => work(input, terminal, (client) => start(input, client, word!)),
  },
  actions: {
    resume: ofStudy('ID', resume),
    extend: ofStudy('ID N', (input, terminal, id, trials) => extend(input, terminal, id, trials!)),
    show: ofStudy('ID', show),
    nested: ofStudy('ID', nested),
    run: ofStudy('ID [TRIAL]', runTrial),
    test: ofStudy('ID [TRIAL]', openTest),
    list: { usage: '', run: list },
  },
});

type StudyWork = (
  input: CommandInput,
  terminal: Terminal,
  studyId: StudyId,
  word: string | undefined,
) => Promise<number>;

/** An action whose first word names a study. */
function ofStudy(usage: string, run: StudyWork): Action {
  return {
    usage,
    run: async (input, terminal, [id, word]) => run(input, terminal, studyIdArgument(id), word),
  };
}

/** null for one per core. */
function workersOf(input: CommandInput): number | null {
  return integerOption(input, 'workers', { min: 1, max: MOST_WORKERS });
}

function resume(input: CommandInput, terminal: Terminal, studyId: StudyId): Promise<number> {
  return work(input, terminal, async (client) => {
    await client.invoke('studies.resume', { studyId, workers: workersOf(input) });
    return studyId;
  });
}

function extend(input: CommandInput, terminal: Terminal, studyId: StudyId, word: string): Promise<number> {
  const trials = integerArgument(word, 'trials', { min: 1, max: MOST_TRIALS });
  return work(input, terminal, async (client) => {
    await client.invoke('studies.extend', { studyId, trials, workers: workersOf(input) });
    return studyId;
  });
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
    const { state } = await printStudy(input, terminal, session.client, studyId);
    return state === 'finished' ? exitCodes.success : exitCodes.interrupted;
  });
}

/** Listens from before the study begins, so that no end is missed. */
function watch({ client }: StudioSession, terminal: Terminal): { untilEnd(id: StudyId): Promise<void> } {
  const ended = new Map<StudyId, () => void>();
  const over = new Set<StudyId>();
  client.subscribe('study.progress', (progress) => terminal.progress?.show(describeStudyProgress(progress)));
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

async function list(input: CommandInput, terminal: Terminal): Promise<number> {
  const studies = await withStudio(input, terminal, ({ client }) =>
    client.invoke('studies.list', { deleted: false }),
  );
  printResult(input, terminal, { document: studies, lines: describeStudies(studies) });
  return exitCodes.success;
}

async function show(input: CommandInput, terminal: Terminal, studyId: StudyId): Promise<number> {
  await withStudio(input, terminal, ({ client }) => printStudy(input, terminal, client, studyId));
  return exitCodes.success;
}

/** Trains a trial, the best one unless another is named, as a run of its own, which measures the test part. */
async function runTrial(
  input: CommandInput,
  terminal: Terminal,
  studyId: StudyId,
  word: string | undefined,
): Promise<number> {
  const named = trialArgument(word);
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
    return printRunEnd(detail, input, terminal);
  });
}

/**
 * Trains a trial, the best one unless another is named, on all training data and measures the test part: what the
 * window's button does.
 */
async function openTest(
  input: CommandInput,
  terminal: Terminal,
  studyId: StudyId,
  word: string | undefined,
): Promise<number> {
  const trial = trialArgument(word);
  const seeds = integerOption(input, 'seeds', { min: 1, max: MOST_SEEDS }) ?? 1;
  return withStudio(input, terminal, async (session) => {
    const opening = await session.client.invoke('studies.openTest', { studyId, trial, seeds });
    const runs: RunDetail[] = [];
    for (const runId of opening.runIds) runs.push(await followStarted(session, terminal, runId));
    printResult(input, terminal, {
      document: { trial: opening.trial, runs: runs.map(runReport) },
      lines: runs.flatMap(describeRun),
    });
    return Math.max(...runs.map(({ summary }) => exitCodeOf(summary.state)));
  });
}

/** Null for the best one. */
function trialArgument(word: string | undefined): number | null {
  return word === undefined ? null : integerArgument(word, 'trial', { min: 0, max: MOST_TRIALS });
}

/** What the winner is worth where the folds that judge it did not choose it. */
async function nested(input: CommandInput, terminal: Terminal, studyId: StudyId): Promise<number> {
  const estimate = await withStudio(input, terminal, ({ client }) =>
    client.invoke('studies.nested', { studyId }),
  );
  printResult(input, terminal, { document: estimate, lines: describeNested(estimate) });
  return exitCodes.success;
}
