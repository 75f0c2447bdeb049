import type { SearchParameter } from '../../shared/schema/search.ts';
import type { TrialState, TrialSummary } from '../../shared/schema/study.ts';
import { axisPlace, type Span } from '../charts/overlay/axis-scale.ts';
import { choiceTexts } from './trial-text.ts';

type Numbers = Float64Array<ArrayBuffer>;

const FIRST_ROOM = 256;

/** How the values of a parameter lie along its axis. */
export interface ParameterScale {
  readonly parameter: SearchParameter;
  /** Of a choice, in the order of the space; null for numbers. */
  readonly categories: readonly string[] | null;
  readonly logarithmic: boolean;
  /** Ends of the axis, as places (logarithms on a logarithmic axis). */
  readonly span: Span;
  /** The share of the axis at which a value lies; NaN for none. */
  shareOf(value: unknown): number;
}

/** The axis of a parameter of a space, which does not depend on the trials. */
export function parameterScale(parameter: SearchParameter): ParameterScale {
  if (parameter.kind === 'choice') return choiceScale(parameter);
  const logarithmic = parameter.kind === 'log-uniform';
  const from = axisPlace(parameter.minimum, logarithmic);
  const to = axisPlace(parameter.maximum, logarithmic);
  const span: Span = to > from ? [from, to] : [from - 0.5, from + 0.5];
  const shareOf = (value: unknown) =>
    typeof value === 'number' ? (axisPlace(value, logarithmic) - span[0]) / (span[1] - span[0]) : Number.NaN;
  return { parameter, categories: null, logarithmic, span, shareOf };
}

function choiceScale(parameter: SearchParameter & { readonly kind: 'choice' }): ParameterScale {
  const keys = new Map(parameter.values.map((value, index) => [JSON.stringify(value), index]));
  const last = Math.max(1, keys.size - 1);
  const shareOf = (value: unknown) => {
    const index = value === undefined ? undefined : keys.get(JSON.stringify(value));
    if (index === undefined) return Number.NaN;
    return keys.size === 1 ? 0.5 : index / last;
  };
  const categories = choiceTexts(parameter.values);
  return { parameter, categories, logarithmic: false, span: [0, last], shareOf };
}

/**
 * The trials of a study as columns that grow in place: a batch of changed trials writes its own rows and nothing else.
 * A trial's row is its number; one that has not been heard of yet holds NaN everywhere.
 */
export class StudyColumns {
  readonly scales: readonly ParameterScale[];
  readonly objectives: number;
  #count = 0;
  #rows: (TrialSummary | undefined)[] = [];
  #values: Numbers[];
  #shares: Numbers[];
  #started: Numbers = blank(FIRST_ROOM);
  #ended: Numbers = blank(FIRST_ROOM);

  /** @param objectives 1, or 2 with a second objective */
  constructor(parameters: readonly SearchParameter[], objectives: number) {
    this.scales = parameters.map(parameterScale);
    this.objectives = objectives;
    this.#values = Array.from({ length: objectives }, () => blank(FIRST_ROOM));
    this.#shares = parameters.map(() => blank(FIRST_ROOM));
  }

  /** The largest number heard of, and one more. */
  get count(): number {
    return this.#count;
  }

  /** Puts trials in, or in the place of what was known of them. */
  put(trials: readonly TrialSummary[]): void {
    for (const trial of trials) {
      this.#reserve(trial.number + 1);
      this.#rows[trial.number] = trial;
      this.#started[trial.number] = trial.startedAtMs ?? Number.NaN;
      this.#ended[trial.number] = trial.endedAtMs ?? Number.NaN;
      this.#values.forEach((column, index) => (column[trial.number] = finite(trial.values[index])));
      this.scales.forEach((scale, index) => {
        this.#shares[index]![trial.number] = scale.shareOf(trial.point[scale.parameter.name]);
      });
    }
  }

  row(number: number): TrialSummary | undefined {
    return this.#rows[number];
  }

  stateOf(number: number): TrialState {
    return this.#rows[number]?.state ?? 'waiting';
  }

  /** An objective of every trial; a view, valid until the next batch. */
  values(objective: number): Numbers {
    return this.#values[objective]?.subarray(0, this.#count) ?? blank(this.#count);
  }

  /** The share of a parameter's axis of every trial, NaN where it does not count; a view, as above. */
  shares(parameter: number): Numbers {
    return this.#shares[parameter]?.subarray(0, this.#count) ?? blank(this.#count);
  }

  /** When each trial began, in ms; a view, as above. */
  get started(): Numbers {
    return this.#started.subarray(0, this.#count);
  }

  /** When each trial ended, in ms; NaN while it has not. A view, as above. */
  get ended(): Numbers {
    return this.#ended.subarray(0, this.#count);
  }

  #reserve(count: number): void {
    this.#count = Math.max(this.#count, count);
    if (this.#count <= this.#started.length) return;
    const room = Math.max(this.#count, 2 * this.#started.length);
    this.#started = grown(this.#started, room);
    this.#ended = grown(this.#ended, room);
    this.#values = this.#values.map((column) => grown(column, room));
    this.#shares = this.#shares.map((column) => grown(column, room));
  }
}

function blank(size: number): Numbers {
  return new Float64Array(size).fill(Number.NaN);
}

function grown(column: Numbers, size: number): Numbers {
  const larger = blank(size);
  larger.set(column);
  return larger;
}

function finite(value: number | null | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
}
