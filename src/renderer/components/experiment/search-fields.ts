import {
  experimentPath,
  type PrunerSpec,
  type SamplerSpec,
  type SearchParameter,
} from '../../../shared/schema/search.ts';
import { metricName } from '../../../shared/schema/training.ts';
import { getAt, type Json } from '../../text/json-path.ts';
import { settingLabel } from '../../text/setting-text.ts';
import {
  choice,
  flag,
  formOfKind,
  number,
  templatesOf,
  under,
  variant,
  type Field,
  type KindForm,
} from './fields.ts';

const trials = number('trials', 'Trials');

/** How a space may be walked, each way with its own numbers. */
export const SAMPLERS: Readonly<Record<SamplerSpec['kind'], KindForm>> = {
  random: { label: 'Random', template: { kind: 'random', trials: 50 }, fields: [trials] },
  grid: {
    label: 'Grid',
    template: { kind: 'grid' },
    fields: [
      number('fraction', 'Share of the points', { hint: '1: all of them' }),
      number('count', 'Points at most', { nullLabel: 'no limit' }),
    ],
  },
  sobol: { label: 'Sobol', template: { kind: 'sobol', trials: 64 }, fields: [trials] },
  tpe: {
    label: 'TPE',
    template: { kind: 'tpe', trials: 50 },
    fields: [
      trials,
      number('startupTrials', 'Random at first', { unit: 'trials' }),
      number('candidates', 'Candidates'),
      flag('multivariate', 'Parameters together, not one after the other'),
    ],
  },
};

/** What may end a trial early, each with its own numbers. */
export const PRUNERS: Readonly<Record<PrunerSpec['kind'], KindForm>> = {
  none: { label: 'None', template: { kind: 'none' }, fields: [] },
  median: {
    label: 'Median',
    template: { kind: 'median' },
    fields: [
      number('startupTrials', 'After', { unit: 'trials' }),
      number('warmUpEpochs', 'Never before', { unit: 'epochs' }),
    ],
  },
  asha: {
    label: 'Successive halving',
    template: { kind: 'asha' },
    fields: [
      number('minimumEpochs', 'First rung', { unit: 'epochs' }),
      number('reductionFactor', 'Keep one of'),
    ],
  },
  wilcoxon: {
    label: 'Wilcoxon over folds',
    template: { kind: 'wilcoxon' },
    fields: [number('threshold', 'p below'), number('startupFolds', 'After', { unit: 'folds' })],
  },
};

const objective = (path: string, label: string): Field[] =>
  under(path, [
    choice('metric', label, metricName.options),
    choice('direction', 'Direction', ['minimise', 'maximise']),
    choice('at', 'After', ['last', 'best'], { hint: 'which epoch' }),
  ]);

/** The fields of a search but its parameters, as they are with what has been chosen. */
export function searchFields(sampler: unknown, pruner: unknown, hasSecond: boolean): Field[] {
  return [
    variant('search.sampler', 'Sampler', templatesOf(SAMPLERS)),
    ...under('search.sampler', formOfKind(SAMPLERS, sampler)?.fields ?? []),
    number('search.folds', 'Folds', { hint: '1: one dev part; 0: leave one out' }),
    number('search.foldRepeats', 'Fold repeats', { hint: 'each cut anew' }),
    number('search.seeds', 'Seeds', { hint: 'nets of each fold' }),
    ...objective('search.objective', 'Objective (dev)'),
    ...(hasSecond ? objective('search.secondObjective', 'Second objective') : []),
    variant('search.pruner', 'Pruner', templatesOf(PRUNERS)),
    ...under('search.pruner', formOfKind(PRUNERS, pruner)?.fields ?? []),
  ];
}

/** A field of an experiment that a parameter may set. */
export interface SearchableField {
  readonly path: string;
  readonly label: string;
  readonly value: Json;
}

/** Parts of an experiment whose fields make nets differ. */
const SECTIONS = ['training', 'model.layers', 'preprocessing', 'augmentation', 'svm'];
/** Fields that name things, or say what a thing is: another kind has other fields. */
const NAMES = new Set(['kind', 'name', 'inputs', 'input']);

/**
 * Every number, word and flag of an experiment that a search may vary, and the optimiser as a whole.
 * @param experiment as it is being written, which may be wrong in any way
 */
export function searchableFields(experiment: Json): SearchableField[] {
  const leaves = SECTIONS.flatMap((section) => leavesOf(section, getAt(experiment, section)));
  const optimizer = {
    path: 'training.optimizer',
    label: 'optimizer',
    value: (getAt(experiment, 'training.optimizer') ?? null) as Json,
  };
  return [optimizer, ...leaves].filter(({ path }) => experimentPath.safeParse(path).success);
}

function leavesOf(path: string, value: unknown): SearchableField[] {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
    return NAMES.has(path.split('.').at(-1)!) ? [] : [{ path, label: settingLabel(path), value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, own]) => leavesOf(`${path}.${key}`, own));
}

type Kind = SearchParameter['kind'];

/** The parameter a field is best searched by: small positive numbers by size, shares evenly, the rest by words. */
export function parameterFor({ path, label, value }: SearchableField, taken: readonly string[]): Json {
  const kind: Kind =
    typeof value !== 'number'
      ? 'choice'
      : Number.isInteger(value) && value >= 1
        ? 'choice'
        : /rate$|dropout|momentum$/.test(path) && !path.endsWith('learningRate')
          ? 'uniform'
          : 'log-uniform';
  return withKind({ name: freeName(label, taken), paths: [path] }, kind, value);
}

function freeName(label: string, taken: readonly string[]): string {
  const short = label.slice(0, 56);
  if (!taken.includes(short)) return short;
  let number = 2;
  while (taken.includes(`${short} ${number}`)) number++;
  return `${short} ${number}`;
}

/** A parameter as another kind, around the value that the experiment has; name, paths and condition stay. */
export function withKind(parameter: Json, kind: Kind, value: unknown): Json {
  const kept = Object.fromEntries(
    ['name', 'paths', 'when'].flatMap((key) => {
      const own = getAt(parameter, key) as Json | undefined;
      return own === undefined ? [] : [[key, own]];
    }),
  );
  if (kind === 'choice') return { kind, ...kept, values: [(value ?? null) as Json] };
  const middle = typeof value === 'number' && value > 0 ? value : 0.1;
  if (kind === 'integer')
    return {
      kind,
      ...kept,
      minimum: Math.max(1, Math.floor(middle / 2)),
      maximum: Math.max(2, Math.ceil(middle * 2)),
    };
  const [low, high] =
    kind === 'log-uniform'
      ? [middle / 10, middle * 10]
      : [0, Math.min(2 * middle, middle < 1 ? 1 : Infinity)];
  return { kind, ...kept, minimum: round(low), maximum: round(high) };
}

/** Without the dust of a division. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}

/** The values of a choice in a line, to be typed: numbers and words with commas, anything else as JSON. */
export function choicesText(values: unknown): string {
  if (!Array.isArray(values)) return '';
  const isPlain = values.every(
    (value) => typeof value === 'number' || (typeof value === 'string' && parseChoices(value)[0] === value),
  );
  return isPlain ? values.join(', ') : values.map((value) => JSON.stringify(value)).join(', ');
}

/** What a line of values means: JSON where it is, else numbers, flags and words between commas. */
export function parseChoices(text: string): Json[] {
  try {
    return JSON.parse(`[${text}]`) as Json[];
  } catch {
    const parts = text.split(',').map((part) => part.trim());
    return parts.filter((part) => part !== '').map(parseChoice);
  }
}

function parseChoice(part: string): Json {
  if (part === 'true' || part === 'false') return part === 'true';
  const value = Number(part);
  return Number.isFinite(value) ? value : part;
}
