import { getContext, setContext } from 'svelte';
import type { DatasetPart } from '../../shared/schema/explore.ts';
import type { NetInput } from '../../shared/schema/inspection.ts';

/** A unit of a layer. */
export interface UnitChoice {
  readonly layer: string;
  readonly unit: number;
}

/** An example of a dataset's part. */
export interface ExampleChoice {
  readonly part: DatasetPart;
  readonly row: number;
}

/** What the panels that look inside a net have in common: the example shown to it, and the layer and unit looked at. */
export class InspectState {
  /** The example the user chose; null for the first of the split. */
  chosen = $state.raw<ExampleChoice | null>(null);
  /** The unit looked at; null until one is chosen. */
  unit = $state.raw<UnitChoice | null>(null);
  /** The layer whose maps are shown; null for the first that has some. */
  layer = $state.raw<string | null>(null);
  /** The class asked about; null for the one the net names. */
  classIndex = $state.raw<number | null>(null);

  #part = $state<DatasetPart>('test');
  #rows = $state.raw<Int32Array>(new Int32Array());

  readonly part = $derived(this.chosen?.part ?? this.#part);
  readonly row = $derived(this.chosen?.row ?? this.#rows[0] ?? 0);
  /** Is there an example to show to the net? */
  readonly ready = $derived(this.chosen !== null || this.#rows.length > 0);
  /** As calls take it. */
  readonly input = $derived<NetInput>({ kind: 'row', part: this.part, row: this.row });
  /** How many examples can be walked through, and where among them this one stands; -1 for none of them. */
  readonly count = $derived(this.#rows.length);
  readonly position = $derived(this.part === this.#part ? this.#rows.indexOf(this.row) : -1);

  /** Tells of the rows of the split looked at, which can be walked through. */
  setRows(part: DatasetPart, rows: Int32Array): void {
    this.#part = part;
    this.#rows = rows;
  }

  chooseExample(part: DatasetPart, row: number): void {
    this.chosen = { part, row };
  }

  /** Goes so many examples on, around the ends. */
  step(by: number): void {
    if (this.count === 0) return;
    const from = this.position < 0 ? 0 : this.position + by;
    this.#chooseAt((from + this.count) % this.count);
  }

  /** @param random a number in [0, 1) */
  chooseRandom(random: number): void {
    this.#chooseAt(Math.floor(random * this.count));
  }

  #chooseAt(position: number): void {
    const row = this.#rows[position];
    if (row !== undefined) this.chooseExample(this.#part, row);
  }

  chooseUnit(layer: string, unit: number): void {
    this.unit = { layer, unit };
  }
}

const INSPECT = Symbol('inside the net');

/** Gives the panels below what they have in common. */
export function provideInspect(inspect: InspectState): void {
  setContext(INSPECT, inspect);
}

/** What the page's panels have in common; null on a page that does not look inside a net. */
export function useInspect(): InspectState | null {
  return getContext<InspectState | undefined>(INSPECT) ?? null;
}
