import type { openEngine } from '../engine/index.ts';
import { computeAttribution } from '../inspect/attribution.ts';
import { computeEmbedding } from '../inspect/embedding.ts';
import { computeFeatureMaps } from '../inspect/feature-maps.ts';
import { readFilters } from '../inspect/filters.ts';
import type { InspectedNet, InspectionPlaces, InspectorHandlers } from '../inspect/inspector-contract.ts';
import { computeField } from '../inspect/field.ts';
import { computeHistograms } from '../inspect/histograms.ts';
import { maximiseUnit } from '../inspect/maximise.ts';
import type { OpenNet } from '../inspect/open-net.ts';
import { findPatches } from '../inspect/patches.ts';
import type { Predictor } from '../inspect/predictor.ts';
import { previewBatch } from '../inspect/preview-batch.ts';
import { computeProfile } from '../inspect/profile.ts';
import { computeResults } from '../inspect/results.ts';
import { walkUnit } from '../inspect/unit-walk.ts';
import { WatchedTasks, type LongProgress } from './watched-tasks.ts';
import { PadBench } from './pad-bench.ts';
import { Workbench } from './workbench.ts';

interface AboutNet {
  readonly places: InspectionPlaces;
  readonly net: InspectedNet;
}

type NetAnswers = Omit<InspectorHandlers, 'results' | 'field' | 'pad' | 'previewBatch' | 'cancel'>;

/**
 * Answers calls about stored nets, one after another, and keeps what it loaded for the next: calls mostly come in rows
 * about one run.
 */
export class Inspector {
  readonly #bench: Workbench;
  readonly #pad: PadBench;
  readonly #tasks: WatchedTasks;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param publish told how far a long call is */
  constructor(open: typeof openEngine, publish: (progress: LongProgress) => void = () => undefined) {
    this.#tasks = new WatchedTasks(publish);
    this.#bench = new Workbench(open);
    this.#pad = new PadBench(this.#bench);
  }

  handlers(): InspectorHandlers {
    return {
      ...this.#answersOfModels(),
      ...this.#answersOfNets(),
      pad: ({ places, nets, values }) => this.#inTurn(() => this.#pad.answer(places, nets, values)),
      previewBatch: ({ places, experiment, seed, examples }) =>
        this.#inTurn(() =>
          this.#bench.withPreview(places, experiment, seed, (source, { ops }) =>
            previewBatch(experiment, source, examples, ops),
          ),
        ),
      cancel: ({ task }) => {
        this.#tasks.cancel(task);
        return {};
      },
    };
  }

  /** What nets and support vector machines answer. */
  #answersOfModels(): Pick<InspectorHandlers, 'results' | 'field'> {
    const ask = <T>({ places, net }: AboutNet, work: (model: Predictor) => Promise<T>): Promise<T> =>
      this.#inTurn(() => this.#bench.withModel(places, net, work));
    return {
      results: ({ split, ...about }) => ask(about, (model) => computeResults(model, split)),
      field: ({ side, ...about }) => ask(about, (model) => computeField(model, side)),
    };
  }

  /** What only nets answer, which have layers. */
  #answersOfNets(): NetAnswers {
    const ask = <T>({ places, net }: AboutNet, work: (open: OpenNet) => Promise<T> | T): Promise<T> =>
      this.#inTurn(() => this.#bench.withNet(places, net, async (open) => work(open)));
    return {
      histograms: ({ split, ...about }) => ask(about, (open) => computeHistograms(open, split)),
      filters: ({ layer, ...about }) => ask(about, (open) => readFilters(open, layer)),
      featureMaps: ({ layer, input, ...about }) =>
        ask(about, (open) => computeFeatureMaps(open, layer, input)),
      attribution: ({ places, net, ...question }) =>
        ask({ places, net }, (open) => computeAttribution(open, question)),
      maximise: ({ places, net, task, ...question }) =>
        this.#tasks.run(task, 'steps', (long) =>
          ask({ places, net }, (open) => maximiseUnit(open, question, long)),
        ),
      patches: ({ places, net, ...question }) => ask({ places, net }, (open) => findPatches(open, question)),
      embedding: ({ split, layer, ...about }) => ask(about, (open) => computeEmbedding(open, split, layer)),
      unit: ({ places, net, ...question }) => ask({ places, net }, (open) => walkUnit(open, question)),
      profile: ({ inputs, ...about }) => ask(about, (open) => computeProfile(open, inputs)),
    };
  }

  /** Gives the process's one engine back, after the calls before this one. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#bench.close());
  }

  /** One engine cannot serve two at once: its tensors are tfjs's global state. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
