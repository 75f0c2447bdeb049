import type { StudioClient } from '../../shared/ipc/contract.ts';
import { PAIR_SETS, type PairComparison, type PairSet } from '../../shared/schema/comparison.ts';
import type { SplitName } from '../../shared/schema/dataset.ts';
import { ExampleReader } from './run-results-examples.ts';
import { Latest } from './run-results-loader.svelte.ts';

/** Which of the compared examples are looked at: one of the sets, or a cell of the agreement matrix. */
export type PairChoice =
  | { readonly kind: 'set'; readonly set: PairSet }
  | { readonly kind: 'cell'; readonly a: number; readonly b: number };

/** Confidence of both nets in their answers, by row. */
export type PairConfidences = ReadonlyMap<number, { readonly a: number | null; readonly b: number | null }>;

/** Two classifiers on the same examples, and those of the examples that are looked at. */
export class ComparedPair {
  split = $state<SplitName>('test');
  choice = $state.raw<PairChoice | null>(null);
  readonly answer = new Latest<PairComparison>();
  readonly reader = new Latest<ExampleReader>();
  readonly confidences = new Latest<PairConfidences>();
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Compares the nets that the runs ended with. */
  show(a: string, b: string): void {
    const split = this.split;
    this.answer.ask(`${a} ${b} ${split}`, async () => {
      this.choice = null;
      return this.#client.invoke('compare.pair', {
        a: { runId: a, epoch: null },
        b: { runId: b, epoch: null },
        split,
        head: null,
      });
    });
  }

  /** Looks at examples, and reads what showing them needs. */
  look(choice: PairChoice | null, a: string, b: string): void {
    this.choice = choice;
    if (choice === null) return;
    this.reader.ask(a, async () => {
      const { experiment } = await this.#client.invoke('runs.get', { runId: a });
      return new ExampleReader(this.#client, experiment.data);
    });
    this.confidences.ask(`${a} ${b} ${this.split}`, () => this.#readConfidences(a, b));
  }

  async #readConfidences(a: string, b: string): Promise<PairConfidences> {
    const split = this.split;
    const [ofA, ofB] = await Promise.all(
      [a, b].map((runId) => this.#client.invoke('results.get', { runId, epoch: null, split })),
    );
    const [forA, forB] = [ofA, ofB].map((results) => {
      const result = results?.heads[0]?.result;
      if (result?.kind !== 'classification') return new Map<number, number>();
      return new Map([...result.rows].map((row, index) => [row, result.confidence[index] ?? 0]));
    });
    return new Map(
      [...(forA?.keys() ?? [])].map((row) => [row, { a: forA?.get(row) ?? null, b: forB?.get(row) ?? null }]),
    );
  }
}

/** How many examples each set holds, in the order of {@link PAIR_SETS}. */
export function setCounts({ sets }: PairComparison): number[] {
  const counts = PAIR_SETS.map(() => 0);
  for (const code of sets) counts[code]!++;
  return counts;
}

/** Positions of the examples that are looked at. */
export function chosenPositions(pair: PairComparison, choice: PairChoice): number[] {
  const code = choice.kind === 'set' ? PAIR_SETS.indexOf(choice.set) : -1;
  const positions: number[] = [];
  pair.rows.forEach((_, index) => {
    const isChosen =
      choice.kind === 'set'
        ? pair.sets[index] === code
        : pair.predictedA[index] === choice.a && pair.predictedB[index] === choice.b;
    if (isChosen) positions.push(index);
  });
  return positions;
}
