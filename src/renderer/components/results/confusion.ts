import type { ClassificationResult } from '../../../shared/schema/results.ts';
import { formatAccuracy, formatCount } from '../../text/format.ts';

/** What a cell's number is: how many, or which share of the actual class. */
export type ConfusionMode = 'counts' | 'shares';
/** Classes as the dataset has them, or those with most mistakes first. */
export type ClassOrder = 'original' | 'worst-first';

/** A place of the matrix, by class. */
export interface CellPlace {
  readonly actual: number;
  readonly predicted: number;
}

/** How many examples of `actual` were named `predicted`. */
export function countAt(result: ClassificationResult, { actual, predicted }: CellPlace): number {
  return result.confusion[actual * result.classes.length + predicted] ?? 0;
}

/** Which share of the actual class that is; null for a class without examples. */
export function shareAt(result: ClassificationResult, place: CellPlace): number | null {
  const support = result.perClass[place.actual]?.support ?? 0;
  return support === 0 ? null : countAt(result, place) / support;
}

/** The largest count of any cell, at least 1. */
export function largestCount(result: ClassificationResult): number {
  return result.confusion.reduce((largest, count) => Math.max(largest, count), 1);
}

/** A cell's place on the colour map in [0, 1], by square root so that a few mistakes among many examples show. */
export function intensityAt(
  result: ClassificationResult,
  place: CellPlace,
  mode: ConfusionMode,
  largest: number,
): number {
  const share = mode === 'counts' ? countAt(result, place) / largest : (shareAt(result, place) ?? 0);
  return Math.sqrt(share);
}

/** Classes in the order their rows are drawn. */
export function orderClasses(result: ClassificationResult, order: ClassOrder): number[] {
  const classes = result.classes.map((_, index) => index);
  if (order === 'original') return classes;
  const recall = (index: number) => result.perClass[index]?.recall ?? 2;
  return classes.sort((one, other) => recall(one) - recall(other) || one - other);
}

/** Positions in the result's columns of a cell's examples, the most confident first. */
export function examplesAt(result: ClassificationResult, { actual, predicted }: CellPlace): number[] {
  const positions: number[] = [];
  result.actual.forEach((label, position) => {
    if (label === actual && result.predicted[position] === predicted) positions.push(position);
  });
  return byConfidence(result, positions);
}

/** Positions of the examples that were named wrong, the most confident first. */
export function mistakes(result: ClassificationResult): number[] {
  const positions: number[] = [];
  result.actual.forEach((label, position) => {
    if (label !== result.predicted[position]) positions.push(position);
  });
  return byConfidence(result, positions);
}

function byConfidence(result: ClassificationResult, positions: number[]): number[] {
  const confidence = (position: number) => result.confidence[position] ?? 0;
  return positions.sort((one, other) => confidence(other) - confidence(one) || one - other);
}

/** A confusion that happened: one class taken for another. */
export interface Confused extends CellPlace {
  readonly count: number;
}

/** The classes most often taken for another, at most so many. */
export function mostConfused(result: ClassificationResult, most: number): Confused[] {
  const size = result.classes.length;
  const found: Confused[] = [];
  result.confusion.forEach((count, index) => {
    const place = { actual: Math.floor(index / size), predicted: index % size };
    if (count > 0 && place.actual !== place.predicted) found.push({ ...place, count });
  });
  return found.sort((one, other) => other.count - one.count).slice(0, most);
}

/** A cell in words, e.g. "actual Shirt, predicted Coat: 71, 7.10 % of Shirt". */
export function describeCell(result: ClassificationResult, place: CellPlace): string {
  const name = (index: number) => result.classes[index] ?? String(index);
  const share = shareAt(result, place);
  const of = share === null ? '' : `, ${formatAccuracy(share)} of ${name(place.actual)}`;
  return `actual ${name(place.actual)}, predicted ${name(place.predicted)}: ${formatCount(countAt(result, place))}${of}`;
}

/** The whole matrix in words. */
export function describeConfusion(result: ClassificationResult): string {
  const worst = mostConfused(result, 3).map(
    ({ actual, predicted, count }) =>
      `${result.classes[actual] ?? actual} for ${result.classes[predicted] ?? predicted} (${formatCount(count)})`,
  );
  const often =
    worst.length === 0 ? 'No class was taken for another' : `Most often taken: ${worst.join(', ')}`;
  const examples = formatCount(result.rows.length);
  return `${result.classes.length} classes, ${examples} examples, ${formatAccuracy(result.accuracy)} right. ${often}.`;
}
