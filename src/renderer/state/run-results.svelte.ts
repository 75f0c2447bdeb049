import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { SplitName } from '../../shared/schema/dataset.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { HeadResult, LayerHistograms, ModelField, RunResults } from '../../shared/schema/results.ts';
import type { RunEpoch, RunState } from '../../shared/schema/run.ts';
import { isLive } from './live-run.svelte.ts';
import { endEpoch, epochStops, type EpochStop } from './run-results-epochs.ts';
import { ExampleReader } from './run-results-examples.ts';
import { AnswerCache, Latest } from './run-results-loader.svelte.ts';

/** What a panel needs: predictions on the chosen split, on train and test both, the model's field, or histograms. */
export type ResultKind = 'results' | 'points' | 'field' | 'histograms';

/** Points along each side of a decision boundary. */
const FIELD_SIDE = 96;
const KEPT_ANSWERS = 24;
/** A slider that is drawn along asks only where it rests. */
const REST_MS = 80;
/** How long each epoch is shown while playing, at least, and how many are shown of a long run, at most. */
const FRAME_MS = 350;
const MOST_FRAMES = 60;

/**
 * What a run's stored nets say: the epoch, split and head looked at, and the answers for them. An answer is asked for
 * only while a panel that shows it is open, and while a run still trains only once the user has chosen an epoch.
 */
export class RunResultsState {
  /** The epoch looked at; null for the weights the run ended with. */
  choice = $state.raw<number | null>(null);
  split = $state<SplitName>('test');
  headName = $state.raw<string | null>(null);
  stops = $state.raw<readonly EpochStop[]>([]);
  playing = $state(false);
  /** Move on with every epoch that is stored while it trains. */
  following = $state(false);
  over = $state(false);

  readonly predictions = new Latest<RunResults>();
  readonly trainPoints = new Latest<RunResults>();
  readonly testPoints = new Latest<RunResults>();
  readonly field = new Latest<ModelField>();
  readonly histograms = new Latest<LayerHistograms[]>();
  readonly examples: ExampleReader;
  readonly experiment: Experiment;

  readonly #client: StudioClient;
  readonly #runId: string;
  readonly #cache = new AnswerCache(KEPT_ANSWERS);
  readonly #wanted = new Map<ResultKind, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #catchingUp = false;
  #end = $state.raw<number | null>(null);

  constructor(client: StudioClient, runId: string, experiment: Experiment) {
    this.#client = client;
    this.#runId = runId;
    this.experiment = experiment;
    this.examples = new ExampleReader(client, experiment.data);
  }

  /** The splits that have examples. */
  get splits(): readonly SplitName[] {
    const { devFraction, devExamples } = this.experiment.data.split;
    const hasDev = devExamples === null ? devFraction > 0 : devExamples > 0;
    return hasDev ? ['train', 'dev', 'test'] : ['train', 'test'];
  }

  /** Is there anything to ask? Not of a run that trains, until an epoch is chosen, nor of one without stored weights. */
  get active(): boolean {
    return this.choice !== null || (this.over && this.#end !== null);
  }

  /** The slider's place: the chosen epoch or the one the run ended with. */
  get epoch(): number {
    return this.choice ?? this.#end ?? 0;
  }

  get head(): HeadResult | null {
    const heads = this.predictions.value?.heads ?? [];
    return heads.find((head) => head.name === this.headName) ?? heads[0] ?? null;
  }

  /** Tells of the run's epochs and state; reads what that changes. */
  setRun(epochs: readonly RunEpoch[], state: RunState): void {
    const stops = epochStops(epochs);
    // A support vector machine is fitted at once: there is no before and between to look at.
    this.stops = this.experiment.svm === null ? stops : [];
    this.over = !isLive({ state });
    this.#end = endEpoch(this.experiment, stops, state);
    if (this.following && this.over) this.#endFollowing();
    else if (this.following) void this.#follow();
    this.#refresh();
  }

  #endFollowing(): void {
    this.following = false;
    this.choice = null;
  }

  /** Looks at an epoch; at the one the run ended with it is the end that is looked at. */
  choose(epoch: number): void {
    this.playing = false;
    this.following = false;
    this.#moveTo(epoch);
  }

  /** Moves by so many stored epochs. */
  moveBy(steps: number): void {
    const index = this.stops.findIndex((stop) => stop.epoch === this.epoch);
    const to = Math.max(0, Math.min(this.stops.length - 1, index + steps));
    this.choose(this.stops[to]?.epoch ?? 0);
  }

  chooseSplit(split: SplitName): void {
    this.split = split;
    this.#refresh();
  }

  setFollowing(following: boolean): void {
    this.playing = false;
    this.following = following;
    if (following) void this.#follow();
  }

  /** Shows the stored epochs one after the other (of many an even share), from the first again at the end. */
  async play(): Promise<void> {
    if (this.playing) return;
    if (this.stops.at(-1)?.epoch === this.epoch) this.#moveTo(this.stops[0]?.epoch ?? 0);
    this.following = false;
    this.playing = true;
    const stride = Math.ceil(this.stops.length / MOST_FRAMES);
    while (await this.#frame()) {
      const last = this.stops.length - 1;
      const index = this.stops.findIndex((stop) => stop.epoch === this.epoch);
      if (index === last) this.playing = false;
      else this.#moveTo(this.stops[Math.min(index + stride, last)]?.epoch ?? 0);
    }
  }

  /** Waits until the epoch shown has been seen; false when playing has ended meanwhile. */
  async #frame(): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
    await this.#settled();
    return this.playing;
  }

  pause(): void {
    this.playing = false;
  }

  /** Stops playing and asks nothing more. */
  stop(): void {
    this.playing = false;
    clearTimeout(this.#timer);
  }

  /** A panel that shows this kind is open, until the returned function is called. */
  want(kind: ResultKind): () => void {
    this.#wanted.set(kind, (this.#wanted.get(kind) ?? 0) + 1);
    this.#refresh();
    return () => this.#wanted.set(kind, (this.#wanted.get(kind) ?? 1) - 1);
  }

  #moveTo(epoch: number): void {
    this.choice = this.over && epoch === this.#end ? null : epoch;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), REST_MS);
  }

  /** Moves to the newest epoch once what was asked before is there, lest fast training outrun every answer. */
  async #follow(): Promise<void> {
    if (this.#catchingUp) return;
    this.#catchingUp = true;
    await this.#settled();
    this.#catchingUp = false;
    const newest = this.stops.at(-1)?.epoch;
    if (!this.following || newest === undefined) return;
    this.choice = newest;
    this.#refresh();
  }

  #settled(): Promise<unknown> {
    const all = [this.predictions, this.trainPoints, this.testPoints, this.field, this.histograms];
    return Promise.all(all.map((one) => one.settled()));
  }

  #wants(kind: ResultKind): boolean {
    return (this.#wanted.get(kind) ?? 0) > 0;
  }

  #refresh(): void {
    if (!this.active) return;
    const { split, choice: epoch } = this;
    // The end moves when a run is resumed, so it is another question then.
    const at = epoch === null ? `end ${this.#end ?? ''}` : String(epoch);
    if (this.#wants('results')) this.#askResults(this.predictions, split, at);
    if (this.#wants('points')) {
      this.#askResults(this.trainPoints, 'train', at);
      this.#askResults(this.testPoints, 'test', at);
    }
    const run = { runId: this.#runId, epoch };
    if (this.#wants('field')) {
      this.#ask(this.field, `field ${at}`, () =>
        this.#client.invoke('results.field', { ...run, side: FIELD_SIDE }),
      );
    }
    if (this.#wants('histograms')) {
      this.#ask(this.histograms, `histograms ${split} ${at}`, () =>
        this.#client.invoke('results.histograms', { ...run, split }),
      );
    }
  }

  #askResults(into: Latest<RunResults>, split: SplitName, at: string): void {
    const { choice: epoch } = this;
    this.#ask(into, `results ${split} ${at}`, () =>
      this.#client.invoke('results.get', { runId: this.#runId, epoch, split }),
    );
  }

  #ask<T>(into: Latest<T>, key: string, read: () => Promise<T>): void {
    into.ask(key, () => this.#cache.get(key, read));
  }
}
