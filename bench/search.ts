/**
 * `npm run bench -- search [--rounds 3] [--quick]`: a tenth of A1's search (50 configurations on 5 folds) in the studio, in
 * PyTorch one net after the other and with a process per core, and in JAX; writes docs/benchmarks-search.md and its summary
 * in docs/benchmarks.md (`--quick`: six short trials, one round, into the cache folder).
 */
import { readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheDirectory, projectRoot } from '../src/main/host/paths.ts';
import { installPeers } from './install-peers.ts';
import { describeMachine } from './machine.ts';
import { withSection } from './report-sections.ts';
import { listSearchPeers, searchingStudios } from './search/contestants.ts';
import { measureParity } from './search/parity.ts';
import type { SearchResults } from './search/results.ts';
import { qualifySearch, runSearchRounds } from './search/rounds.ts';
import { writeSearchInputs, type SearchPart } from './search/search-inputs.ts';
import { formatSearchReport, formatSearchSummary, SEARCH_HEADING } from './search/search-report.ts';

/** Of 500 drawn trials. */
const TENTH: SearchPart = { trials: 50, epochsDividedBy: 1, dropout: true, everyKind: 1 };
const QUICK: SearchPart = { trials: 6, epochsDividedBy: 10, dropout: true, everyKind: 1 };
/** Of the kinds of nets, as many-th as take part in the qualifying round. */
const QUALIFYING_KIND = 6;

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

async function runBenchmark(rounds: number, quick: boolean): Promise<SearchResults> {
  const root = projectRoot();
  const directory = join(cacheDirectory(), 'bench');
  const { python } = await installPeers(directory, process.execPath, tell);
  const started = Date.now();
  const machine = await describeMachine(python.torch);
  const load = loadavg()[0]!;
  const part = quick ? QUICK : TENTH;
  const folder = (name: string): string => join(directory, 'inputs', `search-${name}`);
  const inputs = await writeSearchInputs(root, folder('whole'), part);
  const fewer = await writeSearchInputs(root, folder('part'), { ...part, everyKind: QUALIFYING_KIND });
  const peers = listSearchPeers(python, join(directory, 'jax-programs'));
  tell(`Qualifying on ${fewer.configurations.length} configurations`);
  const { contestants, unqualified } = await qualifySearch(peers, fewer, tell);
  const field = [...searchingStudios(), ...contestants];
  const parity = await measureParity(root, folder('parity'), field, tell);
  tell('A turn that does not count, of those who keep what they compile');
  await runSearchRounds(
    1,
    field.filter(({ keepsPrograms }) => keepsPrograms),
    inputs,
    tell,
  );
  const turns = await runSearchRounds(rounds, field, inputs, tell);
  const { configurations, folds, steps } = inputs;
  const date = new Date(started).toISOString().slice(0, 10);
  const minutes = (Date.now() - started) / 60_000;
  return {
    ...{ date, minutes, rounds, quick, machine, load },
    ...{ configurations, folds, steps, turns, unqualified, parity },
  };
}

async function write(results: SearchResults): Promise<void> {
  const report = formatSearchReport(results);
  process.stdout.write(report);
  const folder = results.quick ? join(cacheDirectory(), 'bench') : join(projectRoot(), 'docs');
  await writeFile(join(folder, 'benchmarks-search.md'), report);
  tell(`Written to ${join(folder, 'benchmarks-search.md')}`);
  if (results.quick) return;
  const whole = await readFile(join(folder, 'benchmarks.md'), 'utf8');
  await writeFile(
    join(folder, 'benchmarks.md'),
    withSection(whole, SEARCH_HEADING, formatSearchSummary(results)),
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '3' }, quick: { type: 'boolean', default: false } },
  });
  const rounds = values.quick ? 1 : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`benchmark: --rounds is "${values.rounds}", expected a whole number from 1 on`);
  }
  await write(await runBenchmark(rounds, values.quick));
}

await main();
