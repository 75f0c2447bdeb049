import type { openEngine } from '../engine/index.ts';
import type { InspectorHandlers } from '../inspect/inspector-contract.ts';
import { computeField } from '../inspect/field.ts';
import { computeHistograms } from '../inspect/histograms.ts';
import { previewBatch } from '../inspect/preview-batch.ts';
import { computeProfile } from '../inspect/profile.ts';
import { computeResults } from '../inspect/results.ts';
import { walkUnit } from '../inspect/unit-walk.ts';
import { PadBench } from './pad-bench.ts';
import { Workbench } from './workbench.ts';

/**
 * Answers calls about stored nets, one after another, and keeps what it loaded for the next: calls mostly come in rows
 * about one run.
 */
export class Inspector {
  readonly #bench: Workbench;
  readonly #pad: PadBench;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(open: typeof openEngine) {
    this.#bench = new Workbench(open);
    this.#pad = new PadBench(this.#bench);
  }

  handlers(): InspectorHandlers {
    const bench = this.#bench;
    return {
      results: ({ places, net, split }) =>
        this.#inTurn(() => bench.withModel(places, net, (model) => computeResults(model, split))),
      field: ({ places, net, side }) =>
        this.#inTurn(() => bench.withModel(places, net, (model) => computeField(model, side))),
      histograms: ({ places, net, split }) =>
        this.#inTurn(() => bench.withNet(places, net, (open) => computeHistograms(open, split))),
      unit: ({ places, net, ...question }) =>
        this.#inTurn(() => bench.withNet(places, net, (open) => walkUnit(open, question))),
      profile: ({ places, net, inputs }) =>
        this.#inTurn(() => bench.withNet(places, net, (open) => computeProfile(open, inputs))),
      pad: ({ places, nets, values }) => this.#inTurn(() => this.#pad.answer(places, nets, values)),
      previewBatch: ({ places, experiment, seed, examples }) =>
        this.#inTurn(() =>
          bench.withPreview(places, experiment, seed, (source, { ops }) =>
            previewBatch(experiment, source, examples, ops),
          ),
        ),
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
