/**
 * `npm run bench -- augmented [--rounds N] [--seconds N]`: images per second of C2, of G with rotation and of K5 with crop
 * and flip, augmentation included, against PyTorch on the same data, weights and batches: with its transforms image by
 * image, as torchvision has them, and written for whole batches. Interleaved; medians. Writes docs/benchmarks-augmented.md.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { cacheDirectory, projectRoot } from '../src/main/host/paths.ts';
import type { CaseName } from './experiment-cases.ts';
import { installPeers } from './install-peers.ts';
import { describeMachine } from './machine.ts';
import { runProgram } from './run-program.ts';
import { median } from './statistics.ts';

/** Times PyTorch's best variant that the studio should reach. */
const TARGET = 1.3;
const TIMEOUT_MS = 300_000;

const speed = z.object({ imagesPerSecond: z.number() });

interface Variant {
  readonly name: string;
  readonly measure: (folder: string) => Promise<number>;
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

function listVariants(name: CaseName, python: string, seconds: number): Variant[] {
  const script = join(projectRoot(), 'test', 'reference', 'parity', 'torch_experiment.py');
  const torch = (label: string, options: readonly string[]): Variant => ({
    name: `PyTorch, ${label}`,
    measure: async (folder) => {
      const args = [script, '--inputs', folder, '--seconds', String(seconds), ...options];
      return speed.parse(await runProgram(python, args, { timeoutMs: TIMEOUT_MS, label: `PyTorch, ${name}` }))
        .imagesPerSecond;
    },
  });
  const transforms = name === 'C2' ? ['none'] : ['per-image', 'batched'];
  const layouts = [[], ['--channels-last']];
  const torches = transforms.flatMap((kind) =>
    layouts.map((layout) =>
      torch(`${kind === 'none' ? 'no' : kind} transforms${layout.length > 0 ? ', channels last' : ''}`, [
        '--transforms',
        kind,
        ...layout,
      ]),
    ),
  );
  return [{ name: 'Epoch Studio', measure: (folder) => measureOwn(name, folder, seconds) }, ...torches];
}

async function measureOwn(name: CaseName, folder: string, seconds: number): Promise<number> {
  const steps = join(import.meta.dirname, 'experiment-steps.ts');
  const args = [steps, name, 'speed', folder, String(seconds)];
  return speed.parse(
    await runProgram(process.execPath, args, { timeoutMs: TIMEOUT_MS, label: `Epoch Studio, ${name}` }),
  ).imagesPerSecond;
}

interface Row {
  readonly name: CaseName;
  readonly variant: string;
  readonly speeds: readonly number[];
}

/** Every variant once per round; the studio first in the first, since it writes the inputs. */
async function race(
  name: CaseName,
  variants: readonly Variant[],
  rounds: number,
  folder: string,
): Promise<Row[]> {
  const speeds = variants.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < variants.length; turn++) {
      const index = (turn + round) % variants.length;
      const found = await variants[index]!.measure(folder);
      speeds[index]!.push(found);
      tell(`${name}, round ${round + 1}, ${variants[index]!.name}: ${Math.round(found)} images/s`);
    }
  }
  return variants.map((variant, index) => ({ name, variant: variant.name, speeds: speeds[index]! }));
}

/** Ours over the fastest PyTorch variant's, within each round; the median. */
function ratioOf(rows: readonly Row[]): number {
  const [own, ...others] = rows;
  const best = [...others].sort((a, b) => median(b.speeds) - median(a.speeds))[0];
  return median(own!.speeds.map((value, round) => value / (best?.speeds[round] ?? NaN)));
}

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '5' } },
});
const directory = join(cacheDirectory(), 'bench');
const { python } = await installPeers(directory, process.execPath, tell);
const machine = await describeMachine(python.torch);
const sections: string[] = [];
for (const name of ['C2', 'G', 'K5'] as const) {
  const folder = join(directory, 'inputs', `augmented-${name}`);
  const rows = await race(
    name,
    listVariants(name, python.torch, Number(values.seconds)),
    Number(values.rounds),
    folder,
  );
  const ratio = ratioOf(rows);
  const lines = rows.map(
    ({ variant, speeds }) =>
      `| ${variant} | ${Math.round(median(speeds)).toLocaleString('en-GB')} | ${Math.round(Math.min(...speeds)).toLocaleString('en-GB')} | ${Math.round(Math.max(...speeds)).toLocaleString('en-GB')} |`,
  );
  sections.push(
    `## ${name}\n\n| | median images/s | slowest | fastest |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n\n` +
      `${ratio.toFixed(2)} times the fastest PyTorch variant; target ${TARGET}: ${ratio >= TARGET ? 'reached' : '**missed**'}.\n`,
  );
}
const text = `# Training with augmentation against PyTorch

Written by \`npm run bench -- augmented\` on ${new Date().toISOString().slice(0, 10)}: ${values.rounds} interleaved rounds of ${values.seconds} s each, 2 threads.
C2 has no augmentation, G turns its digits by up to 20 degrees, K5 crops and flips; the studio does so inside its training
graph. PyTorch's rotation is \`grid_sample\`, its data resident and prepared. Ratios within each round, median over rounds.
Machine: ${machine.processor}, ${machine.cores} cores, ${machine.system}.

${sections.join('\n')}`;
await writeFile(join(projectRoot(), 'docs', 'benchmarks-augmented.md'), text);
process.stdout.write(text);
