import type { ExperimentCheck } from '../../../shared/ipc/contract.ts';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { exitCodes, type Command, type CommandInput, type Terminal } from '../command.ts';
import { ExperimentFileError, readJsonFile } from '../experiment-file.ts';
import { formatCount, formatShare, formatTable } from '../format.ts';
import { withStudio } from '../with-studio.ts';

/** `experiments list|check FILE`: the gallery, or what a file means without running it. */
export const experimentsCommand: Command = {
  name: 'experiments',
  usage: 'list | check FILE',
  summary: 'list the gallery, or check an experiment file without running it',
  options: {},
  positionals: { min: 1, max: 2 },
  async run(input, terminal) {
    const [action, file] = input.positionals;
    if (action === 'list' && file === undefined) return list(input, terminal);
    if (action === 'check' && file !== undefined) return check(input, terminal, file);
    throw new StudioError(
      'invalid-input',
      `experiments: found "${input.positionals.join(' ')}", expected "list" or "check FILE"`,
    );
  },
};

async function list(input: CommandInput, terminal: Terminal): Promise<number> {
  const gallery = await withStudio(input, terminal, ({ client }) => client.invoke('gallery.list', {}));
  if (input.json) {
    terminal.print(JSON.stringify(gallery, null, 2));
    return exitCodes.success;
  }
  const rows = gallery.map(({ id, experiment, dataset, model, bestRun }) => [
    id,
    experiment.name,
    dataset.name,
    formatCount(model.parameterCount),
    formatShare(bestRun?.headline.testAccuracy ?? null),
  ]);
  const headings = ['id', 'name', 'dataset', 'parameters', 'best test accuracy'];
  for (const line of formatTable(headings, rows)) terminal.print(line);
  return exitCodes.success;
}

async function check(input: CommandInput, terminal: Terminal, file: string): Promise<number> {
  const experiment = readJsonFile(file);
  const result = await withStudio(input, terminal, ({ client }) =>
    client.invoke('experiments.check', { experiment }),
  );
  if (input.json) {
    terminal.print(JSON.stringify(result, null, 2));
    return result.issues.length === 0 ? exitCodes.success : exitCodes.badInput;
  }
  if (result.issues.length > 0) throw new ExperimentFileError(file, result.issues);
  for (const line of describeCheck(file, result)) terminal.print(line);
  return exitCodes.success;
}

function describeCheck(file: string, { model, stepsPerEpoch }: ExperimentCheck): string[] {
  const lines = [
    `${file}: valid${stepsPerEpoch === null ? '' : `, ${formatCount(stepsPerEpoch)} steps an epoch`}`,
  ];
  if (!model) return lines;
  const rows = model.layers.map((layer) => [
    layer.name,
    layer.kind,
    layer.outputShape.join('x'),
    formatCount(layer.parameterCount),
    layer.receptiveField?.join('x') ?? '-',
  ]);
  const headings = ['layer', 'kind', 'output', 'parameters', 'receptive field'];
  return [...lines, ...formatTable(headings, rows), `${formatCount(model.parameterCount)} parameters in all`];
}
