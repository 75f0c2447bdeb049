/**
 * `npm run bench -- parity`: C2, H, I4 and K5 trained for twenty steps here and in PyTorch from the same specification,
 * first weights and batches, without dropout and augmentation, whose random numbers differ. Writes docs/parity.md; ends
 * with an error where a loss differs by more than the limit, and by more than rounding moves PyTorch's own.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheDirectory, projectRoot } from '../src/main/host/paths.ts';
import { installPeers } from './install-peers.ts';
import type { CaseName } from './experiment-cases.ts';
import { runProgram } from './run-program.ts';
import { largestRelativeDifference } from './statistics.ts';

const compared: readonly CaseName[] = ['C2', 'H', 'I4', 'K5'];
/** Most the losses may differ, relatively. */
const LIMIT = 1e-3;
const TIMEOUT_MS = 300_000;

const answer = z.object({
  losses: z.array(z.number()),
  statistics: z.record(z.string(), z.array(z.number())),
});
type Answer = z.infer<typeof answer>;

interface Comparison {
  readonly name: CaseName;
  readonly losses: number;
  /** Null where the net has no batch norm. */
  readonly statistics: number | null;
  /** PyTorch's losses with one thread against those with two. */
  readonly itself: number;
  readonly first: number;
  readonly last: number;
  readonly isReal: boolean;
  readonly executor: string;
}

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function compare(name: CaseName, python: string, directory: string): Promise<Comparison> {
  const folder = join(directory, `parity-${name}`);
  const steps = join(import.meta.dirname, 'experiment-steps.ts');
  const own = await runProgram(process.execPath, [steps, name, 'losses', folder], {
    timeoutMs: TIMEOUT_MS,
    label: `Epoch Studio, ${name}`,
  });
  const script = join(projectRoot(), 'test', 'reference', 'parity', 'torch_experiment.py');
  const torch = async (threads: number): Promise<Answer> =>
    answer.parse(
      await runProgram(python, [script, '--inputs', folder, '--threads', String(threads)], {
        timeoutMs: TIMEOUT_MS,
        label: `PyTorch, ${name}`,
      }),
    );
  const [one, two] = [await torch(1), await torch(2)];
  const { isReal, executor } = z.object({ isReal: z.boolean(), executor: z.string() }).parse(own);
  const itself = largestRelativeDifference(one.losses, two.losses);
  return { name, ...differences(answer.parse(own), two), itself, isReal, executor };
}

function differences(
  own: Answer,
  other: Answer,
): Pick<Comparison, 'losses' | 'statistics' | 'first' | 'last'> {
  const flat = ({ statistics }: Answer): number[] => Object.values(statistics).flat();
  return {
    losses: largestRelativeDifference(own.losses, other.losses),
    statistics: flat(own).length === 0 ? null : largestRelativeDifference(flat(own), flat(other)),
    first: own.losses[0] ?? NaN,
    last: own.losses.at(-1) ?? NaN,
  };
}

/** Within the limit, or where rounding alone takes PyTorch beyond it, no further from PyTorch than that. */
function isReached({ losses, itself }: Comparison): boolean {
  return losses <= Math.max(LIMIT, itself);
}

function toRow(comparison: Comparison): string {
  const { name, losses, statistics, itself, first, last, isReal, executor } = comparison;
  const verdict =
    losses <= LIMIT ? 'reached' : isReached(comparison) ? '**missed**, within rounding' : '**missed**';
  const cells = [
    name,
    isReal ? 'its own' : 'made up, of its shape',
    executor,
    `${first.toPrecision(5)} to ${last.toPrecision(5)}`,
    losses.toExponential(1),
    statistics === null ? 'none' : statistics.toExponential(1),
    itself.toExponential(1),
    verdict,
  ];
  return `| ${cells.join(' | ')} |`;
}

function report(comparisons: readonly Comparison[]): string {
  return `# Parity with PyTorch

Written by \`npm run bench -- parity\`. Losses of the first 20 steps from the same specification, first weights and
batches, without dropout and augmentation (their random numbers differ). The largest relative difference counts; the
limit is ${LIMIT}. "Statistics" are the norms of batch norm's running means and variances after the last step, layer by
layer. "PyTorch from itself" is how far its losses with one thread are from those with two: rounding alone.

| case | data | executor | loss | losses differ by | statistics differ by | PyTorch from itself | |
| --- | --- | --- | --- | --- | --- | --- | --- |
${comparisons.map(toRow).join('\n')}
`;
}

const directory = join(cacheDirectory(), 'bench');
const { python } = await installPeers(directory, process.execPath, tell);
const comparisons: Comparison[] = [];
for (const name of compared) {
  comparisons.push(await compare(name, python.torch, join(directory, 'inputs')));
  tell(`${name}: losses differ by at most ${comparisons.at(-1)?.losses.toExponential(1) ?? ''}`);
}
const text = report(comparisons);
await writeFile(join(projectRoot(), 'docs', 'parity.md'), text);
process.stdout.write(text);
if (!comparisons.every(isReached)) process.exitCode = 1;
