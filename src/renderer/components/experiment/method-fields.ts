import type { LabSpec } from '../../../shared/schema/lab.ts';
import { choice, number, type Field, type KindForm } from './fields.ts';

/** A support vector machine's numbers; gamma belongs to the RBF kernel only. Paths are relative to `svm`. */
export function svmFields(kernel: unknown): Field[] {
  const gamma = number('gamma', 'Gamma', { hint: 'width of the kernel: a number, or "scale"' });
  return [
    choice('kernel', 'Kernel', ['linear', 'rbf']),
    number('C', 'C', { hint: 'cost of a violated margin' }),
    ...(kernel === 'rbf' ? [gamma] : []),
    number('tolerance', 'Tolerance', { hint: 'of the stopping rule' }),
  ];
}

/** The measurements that train nothing. Paths are relative to `lab`. */
export const LABS: Readonly<Record<LabSpec['kind'], KindForm>> = {
  'chained-products': {
    label: 'Chained matrix products',
    template: { kind: 'chained-products', count: 100, size: 10, minimum: 0, maximum: 0.1 },
    fields: [
      number('count', 'Factors', { hint: 'matrices multiplied' }),
      number('size', 'Side of a matrix'),
      number('minimum', 'Smallest entry'),
      number('maximum', 'Largest entry'),
    ],
  },
  initialisation: {
    label: 'Signal and gradient at the first weights',
    template: { kind: 'initialisation', batchSize: 256 },
    fields: [number('batchSize', 'Batch size', { hint: 'examples' })],
  },
};
