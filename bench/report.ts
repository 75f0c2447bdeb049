import { models, peers, type Contestant, type ModelName } from './contestants.ts';
import {
  AGREEMENT_LIMIT,
  bestTurns,
  MEMORY_ALLOWANCE_BYTES,
  medianRatio,
  speeds,
  targets,
  type BenchmarkResults,
  type Turns,
} from './results.ts';
import { largestRelativeDifference, median } from './statistics.ts';
import { paybackSteps } from './steps-answer.ts';

const titles: Readonly<Record<ModelName, string>> = {
  mlp: 'MLP 784-256-128-10',
  cnn: 'CNN conv32-pool-conv64-pool-fc128-fc10',
};

const formatCount = (value: number): string => Math.round(value).toLocaleString('en-GB');
const formatMegabytes = (bytes: number): string => `${formatCount(bytes / 1e6)} MB`;
const verdict = (passed: boolean): string => (passed ? 'reached' : '**missed**');

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The most memory a contestant's process held in any round. */
function peakMemory(turns: Turns | undefined): number | null {
  const peaks = turns?.measurements.flatMap((measured) => measured?.peakMemoryBytes ?? []) ?? [];
  return peaks.length === 0 ? null : Math.max(...peaks);
}

function speedTable(results: BenchmarkResults, model: ModelName): string {
  const rows = results.turns
    .filter((turns) => turns.model === model)
    .map((turns) => {
      const values = speeds(turns);
      const memory = peakMemory(turns);
      const missing = turns.measurements.length - values.length;
      return [
        turns.name,
        missing === 0 ? turns.variant : `${turns.variant} (${missing} rounds without an answer)`,
        ...(values.length === 0
          ? ['-', '-', '-']
          : [median(values), Math.min(...values), Math.max(...values)].map(formatCount)),
        formatCompile(turns),
        memory === null ? '-' : formatMegabytes(memory),
      ];
    });
  const header = [
    '',
    'variant',
    'median images/s',
    'slowest',
    'fastest',
    'compile and warm-up',
    'peak memory',
  ];
  return table(header, rows);
}

function formatCompile(turns: Turns): string {
  const values = turns.measurements.flatMap((measured) => measured?.compileSeconds ?? []);
  return values.length === 0 ? '-' : `${median(values).toFixed(1)} s`;
}

function ratioTable(results: BenchmarkResults, model: ModelName): string {
  const ours = bestTurns(results, model, 'Epoch Studio');
  const rows = peers.flatMap((peer) => {
    const best = bestTurns(results, model, peer);
    const target = targets[model][peer];
    if (ours === undefined || best === undefined) {
      return target === undefined ? [] : [[peer, '-', 'no answer', String(target), verdict(false)]];
    }
    const ratio = medianRatio(ours, best);
    const judgement = target === undefined ? ['-', 'shown only'] : [String(target), verdict(ratio >= target)];
    return [[peer, best.variant, ratio.toFixed(2), ...judgement]];
  });
  return table(['against', 'its best variant', 'times as fast', 'target', ''], rows);
}

function unqualifiedList(results: BenchmarkResults, model: ModelName): string {
  const lines = results.unqualified
    .filter((left) => left.model === model)
    .map(({ name, variant, imagesPerSecond, reason }) => {
      const speed = imagesPerSecond === null ? 'no answer' : `${formatCount(imagesPerSecond)} images/s`;
      return `- ${name}, ${variant}: ${speed} (${reason})`;
    });
  return lines.length === 0 ? '' : `Left out after the qualifying round:\n\n${lines.join('\n')}`;
}

/** Losses of a contestant's first 20 steps; the studio's are measured apart. */
function firstLosses(
  results: BenchmarkResults,
  model: ModelName,
  name: Contestant['name'],
): readonly number[] {
  if (name === 'Epoch Studio') return results.steps[model].losses;
  return bestTurns(results, model, name)?.measurements.find((measured) => measured !== null)?.losses ?? [];
}

function agreementLine(results: BenchmarkResults, model: ModelName): string {
  const expected = firstLosses(results, model, 'PyTorch');
  const difference = (name: Contestant['name']): number =>
    largestRelativeDifference(firstLosses(results, model, name), expected);
  const ours = difference('Epoch Studio');
  const others = (['Keras', 'JAX', 'tfjs-node'] as const).map(
    (name) => `${name} ${difference(name).toExponential(1)}`,
  );
  return (
    `Losses of the first 20 steps, same weights and batches: at most ${ours.toExponential(1)} from PyTorch's, ` +
    `relatively (limit ${AGREEMENT_LIMIT.toExponential(0)}): ${verdict(ours <= AGREEMENT_LIMIT)}. ` +
    `The other peers' differ by: ${others.join(', ')} (Keras's Adam adds epsilon before the bias correction).`
  );
}

function compileLine(results: BenchmarkResults, model: ModelName): string {
  const steps = results.steps[model];
  const payback = paybackSteps(steps);
  const paid =
    payback === null ? 'never pays for itself' : `has paid for itself after ${formatCount(payback)} steps`;
  return (
    `Compiling (${steps.executor}, ${steps.stepsPerCall} steps per call) takes ${steps.compileSeconds.toFixed(2)} s and ` +
    `${paid} against the studio's own eager executor (${(1_000 * steps.stepSeconds).toFixed(2)} ms a step against ` +
    `${(1_000 * steps.eagerStepSeconds).toFixed(2)} ms).`
  );
}

function flopsLine(results: BenchmarkResults, model: ModelName): string {
  const ours = bestTurns(results, model, 'Epoch Studio');
  if (ours === undefined) return '';
  const flops = results.trainingFlops[model];
  const gflops = (median(speeds(ours)) * flops) / 1e9;
  const share = (100 * gflops) / results.machine.matmulGflops;
  return (
    `One image costs ${(flops / 1e6).toFixed(1)} MFLOP to train on: ${formatCount(gflops)} GFLOP/s, ` +
    `${share.toFixed(0)} % of the measured matrix product.`
  );
}

function memoryLine(results: BenchmarkResults): string {
  const ours = peakMemory(bestTurns(results, 'cnn', 'Epoch Studio'));
  const theirs = peakMemory(bestTurns(results, 'cnn', 'PyTorch'));
  if (ours === null || theirs === null) return 'Peak memory: not told by this platform.';
  const limit = theirs + MEMORY_ALLOWANCE_BYTES;
  return (
    `Peak memory of CNN training: trainer process ${formatMegabytes(ours)}, PyTorch's process ` +
    `${formatMegabytes(theirs)}; limit ${formatMegabytes(limit)} (PyTorch's and 300 MB): ${verdict(ours <= limit)}.`
  );
}

function modelSection(results: BenchmarkResults, model: ModelName): string {
  return [
    `## ${titles[model]}`,
    speedTable(results, model),
    unqualifiedList(results, model),
    ratioTable(results, model),
    agreementLine(results, model),
    compileLine(results, model),
    flopsLine(results, model),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function versionList(results: BenchmarkResults): string {
  const names: readonly Contestant['name'][] = ['Epoch Studio', ...peers];
  return names
    .map((name) => {
      const measured = models
        .flatMap((model) => bestTurns(results, model, name)?.measurements ?? [])
        .find((candidate) => candidate !== null);
      const versions = Object.entries(measured?.versions ?? {}).filter(([key]) => key !== 'executor');
      return `- ${name}: ${versions.map(([key, value]) => `${key} ${value}`).join(', ') || 'no answer'}`;
    })
    .join('\n');
}

function intro(results: BenchmarkResults): string {
  const { machine, rounds, startedAt, durationSeconds, quick } = results;
  const memory = `${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB`;
  const warning = quick ? '\n**A smoke test on parts of epochs: its figures mean nothing.**\n' : '';
  return `# Benchmarks

Written by \`npm run bench -- training\` on ${startedAt.slice(0, 10)}: ${rounds} rounds in ${(durationSeconds / 60).toFixed(0)} minutes (set-up not counted).
${warning}
Training on all 60,000 MNIST images, batch 64, Adam 1e-3, float32, shuffled whole epochs, loss and accuracy counted.
Everyone starts from the same weights. Each contestant is a process of its own, one at a time; a round runs each once,
and the order rotates from round to round. Times begin after compiling and warming up. Epoch Studio is the real thing:
a run started through the contract, with studio and trainer process, history, metrics and checkpoints written, timed
from its first stored epoch to its last. The peers only train. "JAX by hand" is no user's program: its convolutions and
pooling were rewritten as matrix products and maxima, since XLA's own are slow on a CPU. Variants of a peer below 0.9 of its fastest in a short
qualifying round are left out of the rounds. Ratios are taken within each round; the median over rounds counts.

- Machine: ${machine.processor}, ${machine.cores} cores, ${memory}, ${machine.system}
- Matrix product 2048 x 2048, float32, PyTorch with ${machine.matmulThreads} threads: ${formatCount(machine.matmulGflops)} GFLOP/s
- Node ${machine.node}
${versionList(results)}`;
}

/** The report as Markdown. */
export function formatReport(results: BenchmarkResults): string {
  const sections = models.map((model) => modelSection(results, model));
  return `${[intro(results), ...sections, '## Memory', memoryLine(results)].join('\n\n')}\n`;
}
