import { engineChoice } from '../../../shared/schema/engine.ts';
import type { Experiment } from '../../../shared/schema/experiment.ts';
import { resolveVariant } from '../../../shared/experiment/resolve-variant.ts';
import { choiceOption, integerOption, textOption } from '../arguments.ts';
import type { Command } from '../command.ts';
import { isGalleryId, loadExperiment } from '../experiment-file.ts';
import { followRun } from '../follow-run.ts';
import { printRunEnd } from '../run-report.ts';
import { withStudio } from '../with-studio.ts';

const largestSeed = 0xffff_ffff;

/** `run FILE|ID`: trains an experiment once. */
export const runCommand: Command = {
  name: 'run',
  usage: 'FILE|ID [--variant V] [--dataset D] [--seed N] [--engine E] [--threads N] [--epochs N]',
  summary: 'train an experiment from a file or the gallery',
  options: {
    variant: { type: 'string', value: 'V', help: 'variant of the experiment (default: as it stands)' },
    dataset: { type: 'string', value: 'D', help: 'another dataset of the same shape, such as mnist' },
    seed: { type: 'string', value: 'N', help: 'seed of every random number (default: 1)' },
    engine: { type: 'string', value: 'E', help: `${engineChoice.options.join(', ')} (default: auto)` },
    threads: { type: 'string', value: 'N', help: 'threads inside an op (default: the settings)' },
    epochs: { type: 'string', value: 'N', help: 'epochs in place of those of the experiment' },
  },
  positionals: { min: 1, max: 1 },
  async run(input, terminal) {
    const seed = integerOption(input, 'seed', { min: 0, max: largestSeed }) ?? 1;
    const engine = choiceOption(input, 'engine', engineChoice.options) ?? 'auto';
    const variant = textOption(input, 'variant');
    const dataset = textOption(input, 'dataset');
    const threads = integerOption(input, 'threads', { min: 1, max: 1024 });
    const epochs = integerOption(input, 'epochs', { min: 1, max: 1_000_000 });
    return withStudio(input, terminal, async (session) => {
      const word = input.positionals[0]!;
      const loaded = await loadExperiment(session.client, word);
      const chosen = withDataset(resolveVariant(loaded, variant), dataset);
      const experiment = withEpochs(chosen, epochs);
      // What was changed here is not the gallery's experiment any more.
      const experimentId = isGalleryId(word) && dataset === null && epochs === null ? word : null;
      const detail = await followRun(session, terminal, async () => {
        const request = { experiment, seed, engine, threads, experimentId, variant };
        const { runId } = await session.client.invoke('runs.start', request);
        return runId;
      });
      return printRunEnd(detail, input, terminal);
    });
  },
};

/** The experiment on another dataset; what only fits its own (generator, columns) goes. */
function withDataset(experiment: Experiment, dataset: string | null): Experiment {
  if (dataset === null) return experiment;
  return { ...experiment, data: { ...experiment.data, dataset, generator: null, table: null } };
}

function withEpochs(experiment: Experiment, epochs: number | null): Experiment {
  return epochs === null ? experiment : { ...experiment, training: { ...experiment.training, epochs } };
}
