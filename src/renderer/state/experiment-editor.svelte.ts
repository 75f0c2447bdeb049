import type { ExperimentCheck, StudioClient } from '../../shared/ipc/contract.ts';
import { experiment as experimentSchema, type Experiment } from '../../shared/schema/experiment.ts';
import { getAt, normalisePath, setAt, type Json } from '../text/json-path.ts';

const CHECK_MS = 150;
const LAYERS = 'model.layers';

/**
 * An experiment being written, as data that may be wrong in any way: the form and the JSON text are two views of
 * it. The studio checks every draft shortly after its last change.
 */
export class ExperimentEditor {
  draft = $state.raw<Json>({});
  /** The JSON tab's text; differs from the draft only while it does not parse. */
  text = $state('');
  /** Why the text does not parse. */
  textFault = $state.raw<string | null>(null);
  check = $state.raw<ExperimentCheck | null>(null);
  /** The last check is of the draft as it is now. */
  checked = $state(false);
  changed = $state(false);
  /** Where it is stored among the user's own; null for one not stored yet. */
  ownId = $state.raw<string | null>(null);

  readonly #client: StudioClient;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #version = 0;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Begins with an experiment. `ownId` is its id where it is the user's own. */
  open(experiment: Experiment, ownId: string | null): Promise<void> {
    this.ownId = ownId;
    this.#replace(experiment);
    this.changed = false;
    clearTimeout(this.#timer);
    return this.#checkNow();
  }

  /** Stops a check that waits. */
  close(): void {
    clearTimeout(this.#timer);
    this.#version++;
  }

  /** What the draft says at a path, or the default the studio will take. */
  valueAt(path: string): unknown {
    return getAt(this.draft, path) ?? getAt(this.check?.experiment, path);
  }

  /** Faults at a path, and below it where `deep`. */
  issuesAt(path: string, deep = false): string[] {
    const wanted = normalisePath(path);
    return (this.check?.issues ?? [])
      .filter((issue) => {
        const found = normalisePath(issue.path);
        return found === wanted || (deep && found.startsWith(`${wanted}.`));
      })
      .map((issue) => issue.message);
  }

  /** Can it be run: checked as it is, and without faults? */
  get runnable(): Experiment | null {
    const fits = this.checked && this.textFault === null && this.check?.issues.length === 0;
    return fits ? (this.check?.experiment ?? null) : null;
  }

  set(path: string, value: Json | undefined): void {
    this.#replace(setAt(this.draft, path, value));
    this.#changedNow();
  }

  setText(text: string): void {
    this.text = text;
    try {
      this.draft = JSON.parse(text) as Json;
      this.textFault = null;
      this.#changedNow();
    } catch (error) {
      this.textFault = error instanceof Error ? error.message : String(error);
      this.checked = false;
    }
  }

  get layers(): readonly Json[] {
    return this.listAt(LAYERS);
  }

  /** What a layer or a head can read: "input", then every layer's name in order, made up where it has none. */
  get layerNames(): readonly string[] {
    const names = this.layers.map((layer, index) => {
      const name = getAt(layer, 'name');
      return typeof name === 'string' ? name : `${String(getAt(layer, 'kind'))}-${index + 1}`;
    });
    return ['input', ...names];
  }

  insertLayer(index: number, layer: Json): void {
    this.insertItem(LAYERS, index, layer);
  }

  removeLayer(index: number): void {
    this.removeItem(LAYERS, index);
  }

  /** As {@link moveItem}. */
  moveLayer(index: number, by: -1 | 1): number {
    return this.moveItem(LAYERS, index, by);
  }

  /** The list at a path; empty where there is none. */
  listAt(path: string): readonly Json[] {
    const list = getAt(this.draft, path);
    return Array.isArray(list) ? (list as Json[]) : [];
  }

  insertItem(path: string, index: number, item: Json): void {
    const list = this.listAt(path);
    this.set(path, [...list.slice(0, index), item, ...list.slice(index)]);
  }

  removeItem(path: string, index: number): void {
    this.set(
      path,
      this.listAt(path).filter((_, i) => i !== index),
    );
  }

  /** Swaps an item with its neighbour; at an end nothing happens. Returns where the item now is. */
  moveItem(path: string, index: number, by: -1 | 1): number {
    const target = index + by;
    const list = [...this.listAt(path)];
    const [moved, other] = [list[index], list[target]];
    if (moved === undefined || other === undefined) return index;
    list[index] = other;
    list[target] = moved;
    this.set(path, list);
    return target;
  }

  /** Puts a copy after a layer, without its name, since names are unique. */
  duplicateLayer(index: number): void {
    const layer = this.layers[index];
    if (layer !== undefined) this.insertLayer(index + 1, setAt(layer, 'name', undefined));
  }

  /** Stores it among the user's own and returns its id. Throws what the studio says, or when it has faults. */
  async save(): Promise<string> {
    const experiment = experimentSchema.parse(this.runnable ?? this.draft);
    const { id } = await this.#client.invoke('experiments.save', { id: this.ownId, experiment });
    this.ownId = id;
    this.changed = false;
    return id;
  }

  #replace(draft: Json): void {
    this.draft = draft;
    this.text = JSON.stringify(draft, null, 2);
    this.textFault = null;
  }

  #changedNow(): void {
    this.changed = true;
    this.checked = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#checkNow(), CHECK_MS);
  }

  async #checkNow(): Promise<void> {
    const version = ++this.#version;
    try {
      const check = await this.#client.invoke('experiments.check', { experiment: this.draft });
      if (version !== this.#version) return;
      // The last model that fitted stays in sight while a change is being typed.
      this.check =
        check.model === null && this.check !== null ? { ...check, model: this.check.model } : check;
      this.checked = true;
    } catch {
      // The link is down: its bar says so, and the next change checks again.
    }
  }
}
