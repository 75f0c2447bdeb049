import { StudioError } from '../../shared/ipc/errors.ts';
import { loadDataset } from '../data/index.ts';
import type { LoadedDataset } from '../data/loaded-dataset.ts';
import type { Engine } from '../engine/engine.ts';
import type { openEngine } from '../engine/index.ts';
import {
  searcherCommand,
  type MemberBatch,
  type MemberJob,
  type SearcherEvent,
} from '../training/population/member-jobs.ts';
import { trainMembers } from '../training/population/train-members.ts';
import { UnwantedNets } from '../training/population/unwanted-nets.ts';

/** Trains batches of nets, one after the other, on one engine and one dataset that it keeps. */
export class Searcher {
  readonly #open: typeof openEngine;
  readonly #emit: (event: SearcherEvent) => void;
  readonly #unwanted = new UnwantedNets();
  #engine: { readonly key: string; readonly engine: Promise<Engine> } | null = null;
  #dataset: { readonly key: string; readonly dataset: Promise<LoadedDataset> } | null = null;
  #turn: Promise<void> = Promise.resolve();

  constructor(open: typeof openEngine, emit: (event: SearcherEvent) => void) {
    this.#open = open;
    this.#emit = emit;
  }

  /** Takes a message of the parent; resolves when what it asked for is done. */
  receive(message: unknown): Promise<void> {
    const command = searcherCommand.parse(message);
    if (command.kind === 'prune') {
      this.#unwanted.add(command.keys);
      return Promise.resolve();
    }
    this.#turn = this.#turn.then(() => this.#train(command.batch));
    return this.#turn;
  }

  async #train(batch: MemberBatch): Promise<void> {
    const engine = await this.#openEngine(batch);
    await trainMembers({
      batch,
      engine,
      load: (job) => this.#load(batch, job),
      emit: this.#emit,
      unwanted: this.#unwanted,
    });
    this.#unwanted.clear();
    this.#emit({ kind: 'done' });
  }

  /** Only one engine may be alive in a process. */
  async #openEngine({ engine, cacheDirectory }: MemberBatch): Promise<Engine> {
    const key = JSON.stringify([engine, cacheDirectory]);
    if (this.#engine === null) {
      const opened = this.#open(engine, cacheDirectory, null).then((result) => result.engine);
      this.#engine = { key, engine: opened };
    }
    if (this.#engine.key === key) return this.#engine.engine;
    throw new StudioError('conflict', 'searcher: a second engine was asked for; start another searcher');
  }

  #load({ datasetDirectory }: MemberBatch, { experiment }: MemberJob): Promise<LoadedDataset> {
    const { dataset, generator, table } = experiment.data;
    const key = JSON.stringify([dataset, generator, table]);
    if (this.#dataset?.key !== key) {
      this.#dataset = { key, dataset: loadDataset(experiment.data, datasetDirectory) };
    }
    return this.#dataset.dataset;
  }
}
