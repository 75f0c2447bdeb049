import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { modelFormat } from '../../../shared/schema/figure.ts';
import { choiceOption, integerOption, runIdArgument } from '../arguments.ts';
import { exitCodes, printResult, type CommandInput, type Terminal } from '../command.ts';
import { formatBytes } from '../format.ts';
import { withStudio } from '../with-studio.ts';

const MOST_EPOCHS = 1_000_000;

/** `export model ID --format FORMAT [--epoch N] [--out DIR]`: the trained net as files for other programs. */
export async function exportModel(
  input: CommandInput,
  terminal: Terminal,
  subjects: readonly string[],
): Promise<number> {
  const runId = runIdArgument(subjects[0]);
  const format = choiceOption(input, 'format', modelFormat.options) ?? 'onnx';
  const epoch = integerOption(input, 'epoch', { min: 0, max: MOST_EPOCHS });
  const files = await withStudio(input, terminal, ({ client }) =>
    client.invoke('runs.exportModel', { net: { runId, epoch }, format, zip: false }),
  );
  const folder = resolve(typeof input.values.out === 'string' ? input.values.out : '.');
  mkdirSync(folder, { recursive: true });
  const written = files.map(({ name, bytes }) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return { path, sizeBytes: bytes.length };
  });
  printResult(input, terminal, {
    document: { runId, format, files: written },
    lines: written.map(({ path, sizeBytes }) => `${path}  ${formatBytes(sizeBytes)}`),
  });
  return exitCodes.success;
}
