import { resolvePoint } from '../../shared/experiment/resolve-point.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { SearchSpec } from '../../shared/schema/search.ts';
import type { SearchPoint } from '../../shared/schema/study.ts';
import type { StudyMember } from './member.ts';

/**
 * Folds of a search: leave-one-out has one for each example that is not of the test part.
 * @param available such examples
 */
export function foldCount({ folds }: SearchSpec, available: number): number {
  return folds === 0 ? available : folds;
}

/** Nets that each trial trains. */
export function netsPerTrial(search: SearchSpec, available: number): number {
  return foldCount(search, available) * search.foldRepeats * search.seeds;
}

/**
 * The nets of a trial: its point on each fold of each repeat, with each seed. Folds are cut, and the test part is drawn,
 * by the study's seed alone.
 * @throws StudioError `invalid-input` where the point makes no valid experiment
 */
export function membersOf(
  whole: Experiment,
  search: SearchSpec,
  studySeed: number,
  trial: number,
  point: SearchPoint,
  available: number,
): StudyMember[] {
  const folds = foldCount(search, available);
  return range(search.foldRepeats).flatMap((repeat) =>
    range(folds).flatMap((fold) => {
      const cut = folds === 1 ? null : { index: fold, folds, repeat, seed: studySeed };
      const experiment = resolvePoint(whole, point, cut);
      return range(search.seeds).map((offset) => ({
        trial,
        fold,
        repeat,
        // Seeds have 32 bits; after the largest comes 0.
        seed: (studySeed + offset) % 2 ** 32,
        experiment,
      }));
    }),
  );
}

function range(count: number): number[] {
  return [...Array(count).keys()];
}

/**
 * A guess, without any data, of which nets may train as one population: those whose experiments differ in numbers alone.
 * Searchers look closer.
 */
export function kindOf({ experiment }: StudyMember): string {
  const { model, training, data, evaluation } = experiment;
  const optimizer = { ...training.optimizer, learningRate: 0, weightDecay: 0, momentum: 0 };
  return JSON.stringify([
    model.layers.map((layer) => (layer.kind === 'dropout' ? layer.kind : layer)),
    optimizer,
    [training.batchSize, training.loss, training.labelSmoothing, training.earlyStopping],
    [data.dataset, data.generator, data.table],
    evaluation.metrics,
  ]);
}

/** What an update of all weights takes beside a batch's products, in examples. */
const EXAMPLES_OF_AN_UPDATE = 8;

/** A guess, without any data, of the work that a net of dense layers is, to be compared with others' on the same data. */
export function workOf({ experiment: { model, training } }: Pick<StudyMember, 'experiment'>): number {
  const units = model.layers.flatMap((layer) => (layer.kind === 'dense' ? [layer.units] : []));
  const weights = units.reduce((sum, width, at) => sum + width * (units[at - 1] ?? 1), 0);
  return training.epochs * weights * (1 + EXAMPLES_OF_AN_UPDATE / training.batchSize);
}
