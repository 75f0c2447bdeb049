import { StudioError } from '../../../shared/ipc/errors.ts';
import type { Command, CommandInput, Terminal } from '../command.ts';
import { exportRuns, exportStudies } from '../export/archives.ts';
import { exportFigures, exportTables } from '../export/figures.ts';
import { exportModel } from '../export/model.ts';

/** One thing that can be exported; `subjects` are the words after its name. */
type Export = (input: CommandInput, terminal: Terminal, subjects: readonly string[]) => Promise<number>;

const exports: Readonly<Record<string, Export>> = {
  figures: exportFigures,
  table: exportTables,
  model: exportModel,
  runs: exportRuns,
  study: exportStudies,
};

/** `export figures|table|model|runs|study ...`: what goes into print, and what other programs and studios take in. */
export const exportCommand: Command = {
  name: 'export',
  usage: 'figures | table | model ID | runs ID... | study ID...',
  summary: 'write the figures or tables of an experiment, a trained net, whole runs or studies as files',
  options: {
    out: {
      type: 'string',
      value: 'PATH',
      help: 'folder, or of runs and studies the archive (default: here, runs.zip or study.zip)',
    },
    experiment: {
      type: 'string',
      value: 'ID',
      help: 'figures, table: of this experiment, e.g. c2-fmnist-cnn or C2',
    },
    format: {
      type: 'string',
      value: 'FORMAT',
      help: 'figures: some of svg,png,pdf,csv; table: some of latex,markdown,csv; model: onnx (default), saved-model, tfjs',
    },
    width: { type: 'string', value: 'MM', help: 'figures: 84 (default, one column) or 174 (two)' },
    dpi: { type: 'string', value: 'N', help: 'figures: dots per inch of PNG (default: 300)' },
    caption: { type: 'boolean', help: 'figures: a line beneath with runs and version' },
    'no-heading': { type: 'boolean', help: 'figures: without the title above' },
    epoch: { type: 'string', value: 'N', help: 'model: after this epoch (default: as the run ended)' },
    checkpoints: { type: 'string', value: 'WHICH', help: 'runs, study: best-and-last (default) or all' },
  },
  positionals: { min: 1, max: 1_000 },
  async run(input, terminal) {
    const [what = '', ...subjects] = input.positionals;
    const run = exports[what];
    if (run !== undefined) return run(input, terminal, subjects);
    throw new StudioError(
      'invalid-input',
      `export: found "${what}", expected ${Object.keys(exports).join(' or ')}; see "export --help"`,
    );
  },
};
