import { describe, expect, it } from 'vitest';
import { publishedResult, type PublishedResult } from '../../../shared/schema/variant.ts';
import { publishedLines, publishedText, publishedToShow } from './published.ts';

const result = (label: string, change: Partial<PublishedResult> = {}) =>
  publishedResult.parse({ label, split: 'test', metric: 'accuracy', value: null, ...change });

describe('published results', () => {
  it('show the best number on test', () => {
    const all = [
      result('words'),
      result('dev', { split: 'dev', value: 0.99 }),
      result('small', { value: 0.75 }),
      result('large', { value: 0.89 }),
    ];
    expect(publishedToShow(all)?.label).toBe('large');
    const errors = [
      result('linear', { metric: 'root-mean-squared-error', value: 80_000 }),
      result('net', { metric: 'root-mean-squared-error', value: 30_000 }),
    ];
    expect(publishedToShow(errors)?.label).toBe('net');
  });

  it('show words where there is no number, and nothing of nothing', () => {
    expect(publishedToShow([result('words')])?.label).toBe('words');
    expect(publishedText(result('words'))).toBe('in words');
    expect(publishedToShow([])).toBeUndefined();
  });

  it('are all told in a line each', () => {
    const lines = publishedLines([
      result('test accuracy', { variant: 'K5', value: 0.9 }),
      result('test accuracy', { note: 'a slip' }),
    ]);
    expect(lines.replaceAll('\u00a0', ' ').split('\n')).toEqual([
      'test accuracy (K5): 90.00 %',
      'test accuracy: in words. a slip',
    ]);
  });
});
