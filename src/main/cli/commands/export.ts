import { StudioError } from '../../../shared/ipc/errors.ts';
import type { Command, CommandInput, Terminal } from '../command.ts';
import { exportModel } from '../export/model.ts';
import { exportRuns } from '../export/runs.ts';

/** One thing that can be exported; `subjects` are the words after its name. */
type Export = (input: CommandInput, terminal: Terminal, subjects: readonly string[]) => Promise<number>;

const exports: Readonly<Record<string, Export>> = { model: exportModel, runs: exportRuns };

/** `export model|runs ...`: what other programs, and other studios, take in. */
export const exportCommand: Command = {
  name: 'export',
  usage: 'model ID | runs ID...',
  summary: 'write a trained net or whole runs as files',
  options: {
    out: { type: 'string', value: 'PATH', help: 'folder, or of runs the archive (default: here, runs.zip)' },
    format: { type: 'string', value: 'FORMAT', help: 'model: onnx (default), saved-model, tfjs' },
    epoch: { type: 'string', value: 'N', help: 'model: after this epoch (default: as the run ended)' },
    checkpoints: { type: 'string', value: 'WHICH', help: 'runs: best-and-last (default) or all' },
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
