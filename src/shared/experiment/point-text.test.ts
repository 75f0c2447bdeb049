import { expect, it } from 'vitest';
import { pointText } from './point-text.ts';

it.each([
  [32, '32'],
  [123_456, '123456'],
  [0.01, '0.01'],
  [0.000_439_41, '0.0004394'],
  [1.25e-9, '1.25e-9'],
  [{ kind: 'sgd', learningRate: 0.1 }, 'sgd'],
  ['relu', 'relu'],
  [true, 'true'],
  [[5, 3], '[5,3]'],
])('a value of a point, %j, reads %s', (value, text) => {
  expect(pointText(value)).toBe(text);
});
