import { untrack } from 'svelte';
import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { SplitName } from '../../shared/schema/dataset.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { HeadResult, LayerHistograms, ModelField, RunResults } from '../../shared/schema/results.ts';
import type { RunEpoch, RunState } from '../../shared/schema/run.ts';
import { EpochAnswers, nearestFirst, type EpochPlace, type EpochQuestion } from './epoch-answers.ts';
import { EpochPlayer, stopAfter, type EpochDriver } from './epoch-player.svelte.ts';
import { isLive } from './live-run.svelte.ts';
import { endEpoch, epochStops, type EpochStop } from './run-results-epochs.ts';
import { ExampleReader } from './run-results-examples.ts';
import { Latest } from './run-results-loader.svelte.ts';

/** What a panel needs: predictions on the chosen split, on train and test both, the model's field, or histograms. */
export type ResultKind = 'results' | 'points' | 'field' | 'histograms';

/** Points along each side of a decision boundary. */
const FIELD_SIDE = 96;
/** A slider that is drawn along asks only where it rests; what is kept is shown on the way. */
const REST_MS = 80;
/** After so long without a move other epochs are read ahead. */
const IDLE_MS = 500;
/** The nearest epochs are read ahead, all of them of a run of common length; only neighbours while a net trains. */
const AHEAD = { most: 64, whileBusy: 5 } as const;

/** What the results need to know of their surroundings. */
export interface ResultSurroundings {
  /** Does a net train now, whose time reading ahead would take? */
  readonly busy: () => boolean;
}

/**
 * What a run's stored nets say: the epoch, split and head looked at, and the answers for them. An answer is asked for
 * only while a panel that shows it is open, and while a run still trains only once the user has chosen an epoch.
 */
export class RunResultsState implements EpochDriver {
  /** The epoch looked at; null for the weights the run ended with. */
  choice = $state.raw<number | null>(null);
  split = $state<SplitName>('test');
  headName = $state.raw<string | null>(null);
  stops = $state.raw<readonly EpochStop[]>([]);
  following = $state(false);
  over = $state(false);

  readonly predictions = new Latest<RunResults>();
  readonly trainPoints = new Latest<RunResults>();
  readonly testPoints = new Latest<RunResults>();
  readonly field = new Latest<ModelField>();
  readonly histograms = new Latest<LayerHistograms[]>();
  readonly examples: ExampleReader;
  readonly experiment: Experiment;
  readonly client: StudioClient;
  readonly runId: string;

  readonly #answers = new EpochAnswers();
  readonly #surroundings: ResultSurroundings;
  readonly #player: EpochPlayer;
  readonly #wanted = new Map<ResultKind, { count: number; stop: () => void }>();
  #restTimer: ReturnType<typeof setTimeout> | undefined;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #readingAhead = false;
  #stopped = false;
  #catchingUp = false;
  #end = $state.raw<number | null>(null);

  constructor(
    client: StudioClient,
    runId: string,
    experiment: Experiment,
    surroundings: ResultSurroundings = { busy: () => false },
  ) {
    this.client = client;
    this.runId = runId;
    this.experiment = experiment;
    this.examples = new ExampleReader(client, experiment.data);
    this.#surroundings = surroundings;
    this.#player = new EpochPlayer({
      stops: () => this.stops,
      epoch: () => this.epoch,
      moveTo: (epoch) => this.#moveTo(epoch),
      settled: () => this.#answers.settled(),
    });
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

  get playing(): boolean {
    return this.#player.playing;
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
    this.pause();
    this.following = false;
    this.#moveTo(epoch);
    this.#readAheadLater();
  }

  /** Moves by so many stored epochs. */
  moveBy(steps: number): void {
    this.choose(stopAfter(this.stops, this.epoch, steps));
  }

  chooseSplit(split: SplitName): void {
    this.split = split;
    for (const [kind, wanted] of this.#wanted) {
      wanted.stop();
      wanted.stop = this.#watchKind(kind);
    }
    this.#refresh();
  }

  setFollowing(following: boolean): void {
    this.pause();
    this.following = following;
    if (following) void this.#follow();
  }

  /** Shows the stored epochs one after the other, from the first again at the end. */
  play(): Promise<void> {
    this.following = false;
    this.#readAheadLater();
    return this.#player.play();
  }

  pause(): void {
    this.#player.pause();
  }

  /** Resolves when everything asked about the epoch looked at has been answered. */
  settled(): Promise<unknown> {
    return this.#answers.settled();
  }

  /** Stops playing and asks nothing more. */
  stop(): void {
    this.pause();
    this.#stopped = true;
    clearTimeout(this.#restTimer);
    clearTimeout(this.#idleTimer);
  }

  /** A panel that shows this kind is open, until the returned function is called. */
  want(kind: ResultKind): () => void {
    const wanted = this.#wanted.get(kind) ?? { count: 0, stop: this.#watchKind(kind) };
    wanted.count++;
    this.#wanted.set(kind, wanted);
    this.#refresh();
    return () => {
      if (--wanted.count > 0) return;
      wanted.stop();
      this.#wanted.delete(kind);
    };
  }

  /** Keeps `into` at the answer of the epoch looked at, until the returned function is called. */
  watch<T>(into: Latest<T>, question: EpochQuestion<T>): () => void {
    const stop = this.#answers.watch(into, question);
    // The caller is an effect, which must not run again for every epoch.
    untrack(() => this.#refresh());
    return stop;
  }

  /** The answer of any stored epoch, kept like those of the slider. Rejects as its call does. */
  answerOf<T>(question: EpochQuestion<T>, epoch: number): Promise<T> {
    return this.#answers.get(question, this.#placeOf(epoch));
  }

  /** The question behind `histograms`. */
  get histogramQuestion(): EpochQuestion<LayerHistograms[]> {
    const { client, runId, split } = this;
    return {
      key: `histograms ${split}`,
      read: (epoch) => client.invoke('results.histograms', { runId, epoch, split }),
    };
  }

  #watchKind(kind: ResultKind): () => void {
    const { client, runId, split } = this;
    const answers = this.#answers;
    switch (kind) {
      case 'results':
        return answers.watch(this.predictions, this.#resultsQuestion(split));
      case 'points': {
        const stops = [
          answers.watch(this.trainPoints, this.#resultsQuestion('train')),
          answers.watch(this.testPoints, this.#resultsQuestion('test')),
        ];
        return () => stops.forEach((stop) => stop());
      }
      case 'field':
        return answers.watch(this.field, {
          key: 'field',
          read: (epoch) => client.invoke('results.field', { runId, epoch, side: FIELD_SIDE }),
        });
      case 'histograms':
        return answers.watch(this.histograms, this.histogramQuestion);
    }
  }

  #resultsQuestion(split: SplitName): EpochQuestion<RunResults> {
    const { client, runId } = this;
    return {
      key: `results ${split}`,
      read: (epoch) => client.invoke('results.get', { runId, epoch, split }),
    };
  }

  #moveTo(epoch: number): void {
    this.choice = this.over && epoch === this.#end ? null : epoch;
    this.#answers.ask(this.#placeOf(epoch), true);
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => this.#refresh(), REST_MS);
  }

  /** Moves to the newest epoch once what was asked before is there, lest fast training outrun every answer. */
  async #follow(): Promise<void> {
    if (this.#catchingUp) return;
    this.#catchingUp = true;
    await this.#answers.settled();
    this.#catchingUp = false;
    const newest = this.stops.at(-1)?.epoch;
    if (!this.following || newest === undefined) return;
    this.choice = newest;
    this.#refresh();
  }

  #refresh(): void {
    if (this.active) this.#answers.ask(this.#placeOf(this.epoch));
  }

  #placeOf(epoch: number): EpochPlace {
    const isEnd = this.over && epoch === this.#end;
    return { epoch, asked: isEnd ? null : epoch, key: isEnd ? `end ${epoch}` : String(epoch) };
  }

  #readAheadLater(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.#readAhead(), IDLE_MS);
  }

  /** Reads answers of other epochs one at a time, the nearest first, giving way to what is asked for. */
  async #readAhead(): Promise<void> {
    if (this.#readingAhead || !this.over) return;
    this.#readingAhead = true;
    try {
      do await this.#answers.settled();
      while (!this.#stopped && (await this.#answers.readAhead(this.#placesAhead())));
    } finally {
      this.#readingAhead = false;
    }
  }

  #placesAhead(): EpochPlace[] {
    const index = this.stops.findIndex((stop) => stop.epoch === this.epoch);
    const most = this.#surroundings.busy() ? AHEAD.whileBusy : AHEAD.most;
    return nearestFirst(this.stops, index, most).map((stop) => this.#placeOf(stop.epoch));
  }
}
