import { isExperimentField, isNamedRunField } from './run-fields.ts';

/** Short names that one types, in lower case, and the fields they stand for. */
export const FIELD_ALIASES: Readonly<Record<string, string>> = {
  acc: 'accuracy',
  rmse: 'error',
  tag: 'tags',
  data: 'dataset',
  experiment: 'experimentId',
  engine: 'engineKind',
  epochs: 'epochsPlanned',
  done: 'epochsDone',
  time: 'durationMs',
  duration: 'durationMs',
  speed: 'examplesPerSecond',
  created: 'createdAt',
  started: 'createdAt',
  finished: 'finishedAt',
  optimizer: 'training.optimizer.kind',
  lr: 'training.optimizer.learningRate',
  learningrate: 'training.optimizer.learningRate',
  momentum: 'training.optimizer.momentum',
  decay: 'training.optimizer.weightDecay',
  weightdecay: 'training.optimizer.weightDecay',
  batch: 'training.batchSize',
  batchsize: 'training.batchSize',
  schedule: 'training.schedule.kind',
};

const measures: Readonly<Record<string, string>> = {
  loss: 'Loss',
  acc: 'Accuracy',
  accuracy: 'Accuracy',
  error: 'Error',
  rmse: 'Error',
};

/** The field that a typed word names, such as `lr`, `dev.acc` or "training.batchSize"; null for none. */
export function resolveField(word: string): string | null {
  const folded = word.toLowerCase();
  const alias = Object.hasOwn(FIELD_ALIASES, folded) ? FIELD_ALIASES[folded] : undefined;
  if (alias !== undefined) return alias;
  if (isNamedRunField(word) || isExperimentField(word)) return word;
  if (isNamedRunField(folded)) return folded;
  const ofSplit = /^(train|dev|test)[./-]?([a-z]+)$/.exec(folded);
  const measure = ofSplit === null ? undefined : measures[ofSplit[2]!];
  return measure === undefined ? null : `${ofSplit![1]}${measure}`;
}
