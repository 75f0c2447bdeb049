import type { PublishedResult } from '../../../shared/schema/variant.ts';
import { formatMetric, isShareMetric } from '../../text/format.ts';

/** A published number as it is read, or its words where there is no number. */
export function publishedText({ metric, value }: PublishedResult): string {
  return value === null ? 'in words' : formatMetric(metric, value);
}

/** The one number for a card, to stand beside our best: the best on the test split, else the first there is. */
export function publishedToShow(published: readonly PublishedResult[]): PublishedResult | undefined {
  const numbers = published.filter((result) => result.value !== null);
  const first = numbers.find((result) => result.split === 'test') ?? numbers[0] ?? published[0];
  const alike = numbers.filter(({ split, metric }) => split === first?.split && metric === first.metric);
  const sign = isShareMetric(first?.metric ?? '') ? 1 : -1;
  return alike.reduce(
    (best, result) => (sign * (result.value ?? 0) > sign * (best?.value ?? 0) ? result : best),
    first,
  );
}

/** All that was published, a line each, for a tooltip. */
export function publishedLines(published: readonly PublishedResult[]): string {
  return published
    .map((result) => {
      const variant = result.variant === null ? '' : ` (${result.variant})`;
      const note = result.note === '' ? '' : `. ${result.note}`;
      return `${result.label}${variant}: ${publishedText(result)}${note}`;
    })
    .join('\n');
}
