import { median } from '../statistics.ts';

/** One seed's whole search beside the same search with the pruner. */
export interface SeedResult {
  readonly seed: number;
  readonly whole: Winner;
  readonly halved: Winner & { readonly finished: number; readonly pruned: number };
  /** Of the whole search's winner over its folds. */
  readonly standardError: number;
}

export interface Winner {
  readonly epochs: number;
  readonly trial: number;
  /** Mean dev loss over the folds. */
  readonly loss: number;
  /** On the test part, trained on all training data; null where not finite. */
  readonly testLoss: number | null;
}

/** Everything the comparison found. */
export interface AshaResults {
  readonly date: string;
  readonly machine: string;
  readonly minimumEpochs: number;
  readonly reductionFactor: number;
  readonly trials: number;
  readonly folds: number;
  readonly seeds: readonly SeedResult[];
}

/** What is claimed: so many times fewer epochs, and in so many seeds of 20 a winner within a standard error. */
export const REDUCTION = 3;
export const SHARE_WITHIN = 18 / 20;
export const ASHA_HEADING = "A1's search with successive halving";

export const isWithin = ({ whole, halved, standardError }: SeedResult): boolean =>
  halved.loss <= whole.loss + standardError;

export const reductionOf = ({ whole, halved }: SeedResult): number => whole.epochs / halved.epochs;

/** By all epochs of all seeds. */
export function overallReduction(seeds: readonly SeedResult[]): number {
  const sum = (valueOf: (seed: SeedResult) => number): number =>
    seeds.reduce((total, seed) => total + valueOf(seed), 0);
  return sum(({ whole }) => whole.epochs) / sum(({ halved }) => halved.epochs);
}

/** Do the results bear out both claims? */
export function isBorneOut({ seeds }: AshaResults): boolean {
  const within = seeds.filter(isWithin).length;
  return overallReduction(seeds) >= REDUCTION && within >= SHARE_WITHIN * seeds.length;
}

const number = (value: number | null, digits = 4): string => value?.toFixed(digits) ?? 'not finite';

function row(result: SeedResult): string {
  const { seed, whole, halved, standardError } = result;
  const cells = [
    seed,
    `${(whole.epochs / 1_000).toFixed(0)} k`,
    `${(halved.epochs / 1_000).toFixed(0)} k`,
    `${reductionOf(result).toFixed(2)} x`,
    `${number(whole.loss)} ± ${number(standardError)}`,
    number(halved.loss),
    whole.trial === halved.trial ? 'the same' : isWithin(result) ? 'yes' : '**no**',
    `${halved.finished} / ${halved.pruned}`,
    number(whole.testLoss),
    number(halved.testLoss),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** What it comes to, in a few lines. */
export function formatAshaSummary(results: AshaResults): string {
  const { seeds, minimumEpochs, reductionFactor } = results;
  const within = seeds.filter(isWithin).length;
  const testLosses = (of: (seed: SeedResult) => Winner): number =>
    median(seeds.flatMap((seed) => of(seed).testLoss ?? []));
  return [
    `${results.trials} configurations on ${results.folds} folds, ${seeds.length} seeds; first rung after`,
    `${minimumEpochs} epochs, 1 of ${reductionFactor} goes on at each. Epochs of all nets: ${overallReduction(seeds).toFixed(2)}`,
    `times fewer (least ${Math.min(...seeds.map(reductionOf)).toFixed(2)}; wanted ${REDUCTION}). The winner's mean dev loss over`,
    `the folds is within one standard error of the whole search's winner in ${within} of ${seeds.length} seeds (wanted`,
    `${Math.ceil(SHARE_WITHIN * seeds.length)}), and the same trial wins in ${seeds.filter(({ whole, halved }) => whole.trial === halved.trial).length}.`,
    `Median test loss of the winners, trained on all training data: ${number(testLosses(({ whole }) => whole))} of the whole`,
    `searches, ${number(testLosses(({ halved }) => halved))} with halving.`,
  ].join('\n');
}

/** The report, as Markdown. */
export function formatAshaReport(results: AshaResults): string {
  return `# ${ASHA_HEADING}

${results.date}, ${results.machine}.

${formatAshaSummary(results)}

Each seed's search is trained whole, with each net's dev loss measured at all epochs the pruner may ask for. Then the study
is replayed with the pruner: the program's own study engine, plan, judge and store hand out the nets and decide, and what
the searchers tell is what was measured. A net's numbers do not depend on which others train, so the decisions are those of
a real search with the same turns; the turns are those of two searchers whose populations take time in proportion to steps
and places. A searcher hears at a net's next measurement that it is to end; the epochs until then are counted.

| seed | epochs, whole | halved | fewer | winner's loss ± s.e. | halved winner's | within | finished / pruned | test loss, whole | halved |
| ---: | ---: | ---: | ---: | ---: | ---: | :---: | ---: | ---: | ---: |
${results.seeds.map(row).join('\n')}
`;
}
