import type { DatasetInfo } from '../../../shared/schema/dataset.ts';
import type { Json } from '../../text/json-path.ts';
import { flag, number, under, type Field } from './fields.ts';

/** How the examples are divided; what a dataset does not need is left out. `info` null: not known yet. */
export function splitFields(info: DatasetInfo | null): Field[] {
  const isOnePart = info === null || info.testExamples === 0;
  const isClasses = info === null || info.task === 'classification';
  return under('data.split', [
    number('devFraction', 'Dev share', { hint: 'of the training part, from 0 to below 1' }),
    number('devExamples', 'Dev examples', { nullLabel: 'by the share' }),
    ...(isOnePart
      ? [
          number('testExamples', 'Test examples drawn', {
            nullLabel: 'a fifth',
            hint: 'it comes as one part; the seed draws them',
          }),
        ]
      : []),
    number('trainLimit', 'Training examples', { nullLabel: 'all' }),
    number('testLimit', 'Test examples', { nullLabel: 'all' }),
    ...(isClasses ? [flag('stratified', 'Same class shares in every part')] : []),
  ]);
}

export const GENERATOR_FIELDS: readonly Field[] = under('data.generator', [
  number('trainExamples', 'Training points made'),
  number('testExamples', 'Test points made'),
  number('noise', 'Noise', { hint: 'standard deviation' }),
  number('seed', 'Seed of the data', { hint: 'every run sees the same points' }),
]);

/** Numbers to begin with when a generator's own are not to be taken. */
export const GENERATOR_TEMPLATE: Json = { trainExamples: 2_000, testExamples: 1_000, noise: 0.1, seed: 1 };
