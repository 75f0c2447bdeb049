import type { LoadedDataset } from '../../src/main/data/loaded-dataset.ts';
import type { Host, HostedProcess } from '../../src/main/host/host.ts';
import {
  searcherCommand,
  type MemberBatch,
  type MemberJob,
  type MemberOutcome,
  type SearcherEvent,
} from '../../src/main/training/population/member-jobs.ts';
import { populationKey } from '../../src/main/training/population/numbers.ts';
import { placesFor } from '../../src/main/training/population/places.ts';
import { prepareRun, type PreparedRun } from '../../src/main/training/prepare-run.ts';
import type { FoldResult } from '../../src/shared/schema/study.ts';

/** What was measured of each net, by what names it within its study. */
export type MeasuredNets = ReadonlyMap<string, FoldResult>;

/** A net of a batch and what is known of it. */
interface ReplayedNet {
  readonly job: MemberJob;
  readonly run: PreparedRun;
  readonly measured: FoldResult;
}

/** Nets that train at the same time. */
interface Cohort {
  readonly nets: ReplayedNet[];
  readonly places: number;
  epoch: number;
}

/** The objective after an epoch; null where not finite. */
function valueAt({ curve, epochs, values }: FoldResult, epoch: number): number | null {
  if (epoch === epochs) return values[0] ?? null;
  const point = curve.find(([one]) => one === epoch);
  if (point === undefined) throw new Error(`replay: nothing was measured after epoch ${epoch} of ${epochs}`);
  return point[1];
}

/**
 * A searcher that trains nothing: it tells what a net measured when it was trained before. Nets take turns as in
 * `trainPopulation`, in cohorts of as many as there are places, those of most epochs first; that of the rest of a cohort
 * that has thinned out is not followed.
 */
class ReplaySearcher implements HostedProcess {
  readonly pid: number;
  /** Where it is in the time of all searchers: steps of a cohort's places. */
  clock = 0;
  readonly #nets: MeasuredNets;
  readonly #dataset: LoadedDataset;
  readonly #listeners = new Set<(message: unknown) => void>();
  readonly #unwanted = new Set<string>();
  #batch: MemberBatch | null = null;
  #cohorts: Cohort[] = [];

  constructor(pid: number, nets: MeasuredNets, dataset: LoadedDataset) {
    this.pid = pid;
    this.#nets = nets;
    this.#dataset = dataset;
  }

  get isBusy(): boolean {
    return this.#batch !== null;
  }

  send(message: unknown): void {
    const command = searcherCommand.parse(message);
    if (command.kind === 'prune') for (const key of command.keys) this.#unwanted.add(key);
    else this.#begin(command.batch);
  }

  onMessage(listener: (message: unknown) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onExit(): () => void {
    return () => undefined;
  }

  end(): void {
    this.#listeners.clear();
  }

  kill(): void {
    this.end();
  }

  /** Goes on to the next epoch that is measured, or to the next cohort. */
  step(): void {
    const [cohort] = this.#cohorts;
    if (cohort === undefined) {
      this.#batch = null;
      this.#unwanted.clear();
      this.#emit({ kind: 'done' });
      return;
    }
    const { measureEvery } = this.#batch!;
    const ends = cohort.nets.map(({ measured }) => measured.epochs);
    const next = (Math.floor(cohort.epoch / measureEvery!) + 1) * measureEvery!;
    const to = Math.min(next, ...ends);
    this.clock += (to - cohort.epoch) * cohort.nets[0]!.run.stepsPerEpoch * cohort.places;
    cohort.epoch = to;
    this.#measure(cohort);
    if (cohort.nets.length === 0) this.#cohorts.shift();
  }

  #measure(cohort: Cohort): void {
    const { nets, epoch } = cohort;
    // What is said to this measurement is heard at the next one.
    const dropped = nets.filter(({ job }) => this.#unwanted.has(job.key));
    const ended = nets.filter(({ measured }) => measured.epochs === epoch);
    const over = new Set([...dropped, ...ended]);
    this.#emit({
      kind: 'measured',
      measures: nets.map(({ job, measured }) => ({ key: job.key, epoch, value: valueAt(measured, epoch) })),
    });
    cohort.nets.splice(0, nets.length, ...nets.filter((net) => !over.has(net)));
    if (over.size > 0) this.#emit({ kind: 'ended', outcomes: [...over].map((net) => outcomeOf(net, epoch)) });
  }

  #begin(batch: MemberBatch): void {
    this.#batch = batch;
    const groups = new Map<string, ReplayedNet[]>();
    for (const job of batch.members) {
      const measured = this.#nets.get(job.key);
      if (measured === undefined) throw new Error(`replay: the net ${job.key} was never trained`);
      const run = prepareRun(job.experiment, job.seed, this.#dataset);
      const key = populationKey(run) ?? job.key;
      groups.set(key, [...(groups.get(key) ?? []), { job, run, measured }]);
    }
    this.#cohorts = [...groups.values()].flatMap(cohortsOf);
  }

  #emit(event: SearcherEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function cohortsOf(group: readonly ReplayedNet[]): Cohort[] {
  const places = placesFor(group.map(({ run }) => run));
  const longest = group.toSorted((a, b) => b.measured.epochs - a.measured.epochs);
  return Array.from({ length: Math.ceil(longest.length / places) }, (_, at) => ({
    nets: longest.slice(at * places, (at + 1) * places),
    places,
    epoch: 0,
  }));
}

function outcomeOf({ job, measured }: ReplayedNet, epoch: number): MemberOutcome {
  const { fold: _, repeat: __, seed: ___, ...whole } = measured;
  if (epoch === measured.epochs) return { key: job.key, ...whole };
  return {
    key: job.key,
    state: 'pruned',
    epochs: epoch,
    values: [valueAt(measured, epoch)],
    curve: measured.curve.filter(([one]) => one <= epoch),
    durationMs: 0,
    failure: null,
  };
}

/** A host whose searchers replay what nets measured, in the order of the time it would have taken. */
export class ReplayHost implements Host {
  readonly kind = 'node-child';
  readonly #searchers: ReplaySearcher[] = [];
  readonly #nets: MeasuredNets;
  readonly #dataset: LoadedDataset;

  constructor(nets: MeasuredNets, dataset: LoadedDataset) {
    this.#nets = nets;
    this.#dataset = dataset;
  }

  launch(): HostedProcess {
    const searcher = new ReplaySearcher(1 + this.#searchers.length, this.#nets, this.#dataset);
    this.#searchers.push(searcher);
    return searcher;
  }

  /** Lets the searchers work until none has anything to do: always the one that is behind the others. */
  run(): void {
    for (;;) {
      const busy = this.#searchers.filter(({ isBusy }) => isBusy);
      const [next] = busy.toSorted((a, b) => a.clock - b.clock);
      if (next === undefined) return;
      next.step();
    }
  }
}
