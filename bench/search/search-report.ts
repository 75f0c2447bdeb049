import { median } from '../statistics.ts';
import {
  searchPeers,
  STUDIO_ANEW,
  STUDIO_KEEPING,
  type SearchMeasurement,
  type SearchName,
  type SearchPeer,
} from './contestants.ts';
import type { Distance, WinnerComparison } from './noise.ts';
import {
  compareLosses,
  isSameWinner,
  LEAST_PROBABILITY,
  medianTimesAsFast,
  MEMORY_LIMIT_BYTES,
  PARITY_LIMIT,
  peakMemoryOf,
  searchTargets,
  studioTurns,
  turnsOf,
  type Agreement,
  type Agreements,
  type SearchResults,
} from './results.ts';
import type { SearchTurns } from './rounds.ts';

/** Heading of the summary in docs/benchmarks.md. */
export const SEARCH_HEADING = 'A search against PyTorch and JAX';

/** A load average at the start from which others took part of the machine. */
const BUSY_LOAD = 1;

const count = (value: number): string => Math.round(value).toLocaleString('en-GB');
const verdict = (reached: boolean): string => (reached ? 'reached' : '**missed**');
const seconds = (value: number): string => `${value.toFixed(1)} s`;
const megabytes = (bytes: number | null): string => (bytes === null ? '-' : `${count(bytes / 1e6)} MB`);

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function medianOf(turns: SearchTurns, of: (measured: SearchMeasurement) => number | null): string {
  const values = turns.measurements.flatMap((measured) => (measured === null ? [] : (of(measured) ?? [])));
  return values.length === 0 ? '-' : seconds(median(values));
}

function timeTable(results: SearchResults): string {
  const rows = results.turns.map((one) => {
    const all = one.measurements.flatMap((measured) => (measured === null ? [] : [measured.seconds]));
    const missing = one.measurements.length - all.length;
    return [
      one.name,
      missing === 0 ? one.variant : `${one.variant} (no answer in ${missing} of ${results.rounds})`,
      ...(all.length === 0
        ? ['-', '-', '-']
        : [median(all), Math.min(...all), Math.max(...all)].map(seconds)),
      medianOf(one, ({ loadSeconds }) => loadSeconds),
      medianOf(one, ({ compileSeconds }) => compileSeconds),
      megabytes(peakMemoryOf(one)),
    ];
  });
  const header = ['', 'variant', 'median', 'fastest', 'slowest', 'of it loading', 'compiling', 'peak memory'];
  return table(header, rows);
}

/** Times as fast as a peer by the studio's first search of its kind; the peer has kept what it compiled. */
function timesAnew(results: SearchResults, peer: SearchPeer): string {
  const ratio = medianTimesAsFast(results, peer, STUDIO_ANEW);
  return Number.isNaN(ratio) ? '-' : ratio.toFixed(1);
}

function ratioTable(results: SearchResults): string {
  const rows = searchPeers.map((peer) => {
    const ratio = medianTimesAsFast(results, peer);
    const target = searchTargets[peer];
    const judged = target === undefined ? ['-', 'shown only'] : [String(target), verdict(ratio >= target)];
    const times = Number.isNaN(ratio) ? 'no answer' : ratio.toFixed(1);
    return [peer, turnsOf(results, peer)?.variant ?? '-', times, ...judged, timesAnew(results, peer)];
  });
  return table(['against', 'its best variant', 'times as fast', 'target', '', STUDIO_ANEW], rows);
}

function memoryLine(results: SearchResults): string {
  const peak = peakMemoryOf(studioTurns(results, STUDIO_KEEPING));
  if (peak === null) return 'Peak memory: not told by this platform.';
  return (
    `Peak memory of the studio's processes together (what they share counted for each): ${megabytes(peak)}, ` +
    `limit ${megabytes(MEMORY_LIMIT_BYTES)}: ${verdict(peak <= MEMORY_LIMIT_BYTES)}.`
  );
}

function unqualifiedList({ unqualified }: SearchResults): string {
  const lines = unqualified.map(({ name, variant, seconds: own, bestSeconds }) => {
    const best = bestSeconds === null ? '' : `, its best variant ${seconds(bestSeconds)}`;
    const found = own === null ? `no answer${best}` : `${seconds(own)}${best}`;
    return `- ${name}, ${variant}: ${found}`;
  });
  return lines.length === 0
    ? ''
    : `Left out after two qualifying turns on every sixth kind of net, the faster of which counted:\n\n${lines.join('\n')}`;
}

function paritySection({ parity }: SearchResults): string {
  const list = parity.differences.map(({ name, largest }) => {
    const judged =
      name === 'Epoch Studio'
        ? ` (limit ${PARITY_LIMIT.toExponential(0)}: ${verdict((largest ?? Infinity) <= PARITY_LIMIT)})`
        : '';
    return `${name} ${largest === null ? 'no answer' : largest.toExponential(1)}${judged}`;
  });
  return (
    `Without dropout nothing is left to chance: of ${parity.trials} trials with epochs divided by ` +
    `${parity.epochsDividedBy} the mean losses differ from PyTorch's by at most, relatively: ${list.join(', ')}.`
  );
}

function distanceRow(name: string, distances: readonly Distance[], ...last: readonly string[]): string[] {
  const mean = (of: (distance: Distance) => number): number =>
    distances.reduce((sum, distance) => sum + of(distance), 0) / distances.length;
  return [
    name,
    mean((distance) => distance.rankCorrelation).toFixed(3),
    mean((distance) => distance.meanAbsolute).toPrecision(3),
    `${(100 * mean((distance) => distance.medianRelative)).toFixed(1)} %`,
    ...last,
  ];
}

function describeOddOneOut({ oddOneOut: { excess, probability } }: Agreement): string {
  const inside = probability >= LEAST_PROBABILITY;
  const out = `${excess < 0 ? '' : '+'}${(100 * excess).toFixed(1)} %, p = ${probability.toFixed(3)}`;
  return `${out}: ${inside ? 'within noise' : '**outside**'}`;
}

function distanceTable({ noise, diverged, contestants }: Agreements): string {
  const rows = contestants.map((one) =>
    distanceRow(`${one.name} and PyTorch`, one.distances, String(one.diverged), describeOddOneOut(one)),
  );
  const header = [
    '',
    'rank correlation',
    'mean difference',
    'median relative',
    'diverged trials',
    'odd one out',
  ];
  return table(header, [distanceRow('PyTorch, two seeds', [noise], diverged.join(' and '), '-'), ...rows]);
}

function describeRegret({ peers, regret, standardError }: WinnerComparison): string {
  if (regret === 0) return `trial ${peers} too`;
  return `trial ${peers}, better by ${regret.toPrecision(2)}, standard error ${standardError.toPrecision(2)}`;
}

function winnerTable({ contestants, seedWinners }: Agreements): string {
  const rows = contestants.map((one) => [
    one.name,
    `trial ${one.winner}`,
    one.winnerLoss.toPrecision(4),
    ...one.winners.map(describeRegret),
    isSameWinner(one) ? 'the same or within a standard error' : '**another**',
  ]);
  const [first] = seedWinners;
  const seeds =
    first === undefined
      ? ''
      : `\n\nPyTorch's own seeds: trial ${first.own} and, with the other seed, ${describeRegret(first)}.`;
  const header = ['', 'winner', 'its mean loss', 'PyTorch, seed 1', 'PyTorch, seed 2', ''];
  return `${table(header, rows)}${seeds}`;
}

function resultSection(results: SearchResults): string {
  const agreements = compareLosses(results);
  if (agreements === null)
    return 'PyTorch gave no answer with two seeds, so nothing can be compared with it.';
  return [
    `With dropout each draws for itself, so losses agree only as far as chance lets them. How far that is, two seeds of
PyTorch tell (one after the other seed 1, per core seed 2): rank correlation, mean absolute and median relative difference
of the ${results.configurations.length} mean held-out losses (differences without the trials that diverged). A contestant is within noise if it would pass for a third
seed: relabelling at random who of the three is the odd one out (nets of equal sizes and batches together, since they draw
the same numbers) must put somebody as far out at least once in ${count(1 / LEAST_PROBABILITY)} times.`,
    distanceTable(agreements),
    `The winner has the lowest mean held-out loss. Another one than PyTorch's counts as the same if, by PyTorch's own
figures, it is within a standard error over the folds of PyTorch's.`,
    winnerTable(agreements),
  ].join('\n\n');
}

function versionList({ turns, machine }: SearchResults): string {
  const versions = new Map<string, string>();
  for (const { measurements } of turns) {
    for (const measured of measurements) {
      for (const [name, version] of Object.entries(measured?.versions ?? {})) versions.set(name, version);
    }
  }
  return [...versions, ['node', machine.node]].map(([name, version]) => `${name} ${version}`).join(', ');
}

function describeRounds({ rounds }: SearchResults): string {
  return rounds === 1 ? 'one round' : `${rounds} rounds, the order rotating`;
}

function intro(results: SearchResults): string {
  const { machine, configurations, folds, steps, quick, date, minutes, load } = results;
  const nets = configurations.length * folds;
  const warnings = [
    ...(quick ? ['**A smoke test with few, short trials: its figures mean nothing.**'] : []),
    ...(load >= BUSY_LOAD ? ['**The machine was busy with other work: times and ratios mean little.**'] : []),
  ];
  return `# A search against PyTorch and JAX

Written by \`npm run bench -- search\` on ${date}: ${describeRounds(results)}, in ${minutes.toFixed(0)} minutes (set-up not counted).
${warnings.map((line) => `\n${line}\n`).join('')}
The first ${configurations.length} of A1's 500 drawn configurations on ${folds} folds: ${nets} nets, ${count(steps)} steps. The studio draws the
configurations; everybody trains the same nets: the same folds, first weights and batches in the same order, which the
peers read from files (so they need not shuffle). Dropout is each one's own. The peers measure the held-out part once, at
the end; the studio does so up to 20 times on the way, and stores everything. Each contestant is one command, one at a
time; its time is from the command's start to the end of its process, loading and compiling included. "Compiling" is
summed over threads and processes. The studio, PyTorch's compiler and JAX keep what they compile on disk from run to run
(JAX because it is asked to); each has had a turn that does not count. The studio also takes its turns with everything
compiled anew.

PyTorch has its data resident, gathers an epoch at a time, has no DataLoader and fused optimizers. JAX trains all folds of a
configuration as one program: \`vmap\`, \`scan\` over the steps, loops over the epochs; configurations with the same sizes,
batch size and kind of optimizer share it. "By hand" is no user's program: the whole step, optimizer included, is written
as a function of tensors so that all nets share what \`torch.compile\` makes of it.

- Machine: ${machine.processor}, ${machine.cores} cores, ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB, ${machine.system}; load average at the start ${load.toFixed(1)}
- Versions: ${versionList(results)}`;
}

/** The report as Markdown. */
export function formatSearchReport(results: SearchResults): string {
  const parts = [
    intro(results),
    '## Times',
    timeTable(results),
    'Ratios within each round, the median over rounds:',
    ratioTable(results),
    memoryLine(results),
    unqualifiedList(results),
    '## The same nets',
    paritySection(results),
    '## The same results',
    resultSection(results),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Does a contestant find what PyTorch does? */
function agreementWords(results: SearchResults, name: SearchName): string {
  const found = compareLosses(results)?.contestants.find((one) => one.name === name);
  if (found === undefined) return 'Losses could not be compared.';
  const inside = found.oddOneOut.probability >= LEAST_PROBABILITY;
  return `The same winner as PyTorch: ${verdict(isSameWinner(found))}; mean held-out losses within noise: ${verdict(inside)}.`;
}

/** What stands in docs/benchmarks.md. */
export function formatSearchSummary(results: SearchResults): string {
  const { configurations, folds } = results;
  const lines = searchPeers.flatMap((peer) => {
    const target = searchTargets[peer];
    const ratio = medianTimesAsFast(results, peer);
    if (target === undefined) return [];
    const times = Number.isNaN(ratio) ? 'no answer' : `${ratio.toFixed(1)} times as fast`;
    const anew = `${STUDIO_ANEW}: ${timesAnew(results, peer)}`;
    return [`- ${peer}: ${times} (target ${target}: ${verdict(ratio >= target)}; ${anew})`];
  });
  return `${configurations.length} configurations of A1 on ${folds} folds, from start to stored results; [benchmarks-search.md](benchmarks-search.md) has the figures and how they are made.

${lines.join('\n')}
- ${memoryLine(results)}
- ${agreementWords(results, 'Epoch Studio')}`;
}
