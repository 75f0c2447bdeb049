import { engineChoice } from '../../../shared/schema/engine.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
import { choiceOption, integerOption } from '../arguments.ts';
import type { Command } from '../command.ts';
import { loadExperiment } from '../experiment-file.ts';
import { followRun } from '../follow-run.ts';
import { printRunEnd } from '../run-report.ts';
import { withStudio } from '../with-studio.ts';

const largestSeed = 0xffff_ffff;

/** `run FILE|ID`: trains an experiment once. */
export const runCommand: Command = {
  name: 'run',
  usage: 'FILE|ID [--seed N] [--engine E] [--threads N] [--epochs N]',
  summary: 'train an experiment from a file or the gallery',
  options: {
    seed: { type: 'string', value: 'N', help: 'seed of every random number (default: 1)' },
    engine: { type: 'string', value: 'E', help: `${engineChoice.options.join(', ')} (default: auto)` },
    threads: { type: 'string', value: 'N', help: 'threads inside an op (default: the settings)' },
    epochs: { type: 'string', value: 'N', help: 'epochs in place of those of the experiment' },
  },
  positionals: { min: 1, max: 1 },
  async run(input, terminal) {
    const seed = integerOption(input, 'seed', { min: 0, max: largestSeed }) ?? 1;
    const engine = choiceOption(input, 'engine', engineChoice.options) ?? 'auto';
    const threads = integerOption(input, 'threads', { min: 1, max: 1024 });
    const epochs = integerOption(input, 'epochs', { min: 1, max: 1_000_000 });
    return withStudio(input, terminal, async (session) => {
      const loaded = await loadExperiment(session.client, input.positionals[0]!);
      const experiment = withEpochs(loaded, epochs);
      const detail = await followRun(session, terminal, async () => {
        const { runId } = await session.client.invoke('runs.start', { experiment, seed, engine, threads });
        return runId;
      });
      return printRunEnd(detail, input.json, terminal);
    });
  },
};

function withEpochs(experiment: Experiment, epochs: number | null): Experiment {
  return epochs === null ? experiment : { ...experiment, training: { ...experiment.training, epochs } };
}
